"""The parts below the curves, in the order of the screen."""

from pages.training.gradient_check import GradientCheckPart
from pages.training.part import Part
from pages.training.race import RacePart
from pages.training.slow_motion import SlowMotion


def make_parts(page) -> list[Part]:
    """One of each, for this page."""
    slow = SlowMotion(page)
    return [slow, GradientCheckPart(page, slow), RacePart(page)]
