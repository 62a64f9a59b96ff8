"""Texts to begin with."""

from pages import first_text
from pages.locale import text


def examples() -> list[str]:
    """One or more texts; the first one is what the page opens on."""
    return first_text.examples(text('pt')['attention']['examples'])
