"""What depends on the machine; the only room that asks which runtime it is in."""
