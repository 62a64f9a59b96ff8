"""The curves of a run as the lab's settings keep them: few points each, as JSON can hold them.

Each is a list of updates and one of values. 'gradients.h.0' and 'ratios.h.0' are those of a part.
"""

import math
import re

from pages.training.history import Curve, History

POINTS = 100     # of each curve kept
PART_POINTS = 40  # of each curve of a part: a deep model has many
BEYOND = 100     # nats: no loss is so large, minigpt's own ends at 87.4
LARGEST = 1e30   # of any other value
NO_CURVES = {'loss': [[], []], 'validation': [[], []]}
SINGLE = ('rate', 'gradient', 'speed')
BY_PART = ('gradients', 'ratios')
OF_A_PART = re.compile(rf'({"|".join(BY_PART)})\.(embedding|h\.[0-9]{{1,2}}|ln_f|head)')


def curves_of(history: History) -> dict[str, list[list]]:
    """All of them, 'loss' smoothed; those with nothing in them only where every run has them."""
    kept = {'loss': few(history.smooth), 'validation': few(history.validation)}
    kept |= {name: few(getattr(history, name)) for name in SINGLE}
    kept |= {f'{name}.{part}': few(curve, PART_POINTS) for name in BY_PART
             for part, curve in getattr(history, name).items()}
    return {name: curve for name, curve in kept.items() if curve[0] or name in NO_CURVES}


def few(curve: Curve, most: int = POINTS) -> list[list]:
    """At most so many points of a curve, its last among them."""
    every = max(1, math.ceil(len(curve.x) / most))
    chosen = range((len(curve.x) - 1) % every, len(curve.x), every) if curve.x else ()
    return [[curve.x[i] for i in chosen], [float(f'{curve.y[i]:.5g}') for i in chosen]]


def history_of(curves: dict[str, list[list]], step: int) -> History:
    """The history of a run after `step` updates, as far as its curves tell."""
    history = History()
    for name, points in curves.items():
        for curve in _places(history, name):
            for x, y in zip(*points):
                curve.add(x, y)
    history.cut(step)
    return history


def _places(history: History, name: str) -> list[Curve]:
    """Where a kept curve belongs: of the loss, the smoothed one is all there is."""
    if name == 'loss':
        return [history.smooth, history.loss]
    kind, _, part = name.partition('.')
    found = getattr(history, kind)
    return [found.setdefault(part, Curve()) if part else found]


def sound(curves: dict) -> dict[str, list[list]] | None:
    """The curves of a file that anybody may have written; None where its losses are none. Others
    that are none, or that nobody knows, are left out.
    """
    losses = NO_CURVES | {name: curves[name] for name in NO_CURVES if name in curves}
    if not all(_is_curve(it, BEYOND) for it in losses.values()):
        return None
    return losses | {name: it for name, it in curves.items()
                     if isinstance(name, str) and (name in SINGLE or OF_A_PART.fullmatch(name))
                     and _is_curve(it, LARGEST)}


def _is_curve(curve, beyond: float) -> bool:
    """Updates and as many values, of which none is below 0."""
    if not (isinstance(curve, list) and len(curve) == 2
            and all(isinstance(it, list) for it in curve)):
        return False
    steps, values = curve
    return (len(steps) == len(values) <= 2 * POINTS
            and all(isinstance(it, int) and it >= 0 for it in steps)
            and all(isinstance(it, (int, float)) and 0 <= it < beyond for it in values))
