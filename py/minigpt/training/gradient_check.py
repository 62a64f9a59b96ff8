"""Is this gradient right? Move one weight a little and see whether the loss moves as it says."""

from dataclasses import dataclass

import numpy as np

from minigpt.nn.model import GPT

Array = np.ndarray


@dataclass(frozen=True)
class GradientCheck:
    """One weight: `analytic` from backward, `numeric` from (L(w+h) − L(w−h)) / 2h."""
    name: str
    index: tuple[int, ...]
    analytic: float
    numeric: float

    @property
    def relative_error(self) -> float:
        """|analytic − numeric| over the larger of them; 1e-8 keeps two zeros from dividing."""
        size = max(abs(self.analytic), abs(self.numeric), 1e-8)
        return abs(self.analytic - self.numeric) / size


def gradient_check(model: GPT, ids: Array, targets: Array, places: list[tuple[str, tuple]],
                   h: float = 1e-6) -> list[GradientCheck]:
    """Check the weights at `places`, (name, index) each, on a float64 copy of the model."""
    exact = GPT(model.config, dtype=np.float64)
    exact.flat[...] = model.flat
    _, grads = exact.loss_and_grads(ids, targets)
    return [GradientCheck(name, index, float(grads[name][index]),
                          numeric_gradient(exact, ids, targets, name, index, h))
            for name, index in places]


def numeric_gradient(model: GPT, ids: Array, targets: Array, name: str, index: tuple,
                     h: float) -> float:
    """Central difference of the loss in one weight, which is put back afterwards."""
    view = model.params[name]
    kept = view[index]
    view[index] = kept + h
    above = model.loss(ids, targets)
    view[index] = kept - h
    below = model.loss(ids, targets)
    view[index] = kept
    return (above - below) / (2 * h)


def random_places(model: GPT, per_parameter: int, rng: np.random.Generator) -> list[tuple]:
    """A few random places in every parameter."""
    return [(name, tuple(int(rng.integers(n)) for n in view.shape))
            for name, view in model.params.items() for _ in range(per_parameter)]
