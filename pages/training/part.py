"""A part below the curves: its own state, components and words."""

import math

import panel as pn

from minigpt.locale import decimal, scientific
from pages.part import Worded


class Part(Worded):
    """Base of the parts."""

    def __init__(self, page):
        self.page = page

    def number(self, value: float, digits: int = 3) -> str:
        """As the page's language writes it; very small ones with a power of ten."""
        if not math.isfinite(value):
            return '–'
        if value and abs(value) < 0.5 * 10 ** -digits:
            return scientific(value, 1, self.page.lang).replace('-', '−')
        return decimal(float(value), digits, self.page.lang).replace('-', '−')

    def layout(self) -> pn.viewable.Viewable:
        raise NotImplementedError

    def relabel(self) -> None:
        """Give the components their words."""

    def paint(self) -> None:
        """Everything that follows the page's state."""

    def start(self) -> None:
        """The page is on the screen: long work may begin."""

    def forget(self) -> None:
        """The model shown is another one: nothing of the old one may stay."""
