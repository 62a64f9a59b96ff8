"""The portal: what this is, shown by doing it, and the way through the pages."""
