"""The curves of a run, bounded: a run of an hour takes no more room than one of a minute."""

import math

from minigpt.training import Evaluation, Piece, TrainStep

MOST = 400        # points of a curve; one more, and pairs of them become their means
SMOOTHING = 0.9  # share of the past in a smoothed loss


class Curve:
    """Values over updates. Each point is the mean of `stride` values; x is the last one's update.

    `version` grows when points were replaced, not only added.
    """

    def __init__(self, most: int = MOST):
        self.x: list[int] = []
        self.y: list[float] = []
        self.stride = 1
        self.version = 0
        self._most, self._waiting = most, []

    def add(self, step: int, value: float) -> None:
        """Take in a value; what is beyond all numbers, as of a run that breaks, is no point."""
        if not math.isfinite(value):
            return
        self._waiting.append(value)
        if len(self._waiting) < self.stride:
            return
        self.x.append(step)
        self.y.append(sum(self._waiting) / len(self._waiting))
        self._waiting = []
        if len(self.x) > self._most:
            self._thin()

    def cut(self, step: int) -> None:
        """Forget what came after the update."""
        keep = sum(it <= step for it in self.x)
        self._waiting = []
        if keep < len(self.x):
            del self.x[keep:], self.y[keep:]
            self.version += 1

    def _thin(self) -> None:
        odd = len(self.x) % 2
        self._waiting = self.y[-1:] * self.stride if odd else []
        end = len(self.x) - odd
        self.y = [(a + b) / 2 for a, b in zip(self.y[:end:2], self.y[1:end:2])]
        self.x = self.x[1:end:2]
        self.stride *= 2
        self.version += 1

    def last(self) -> float | None:
        return self.y[-1] if self.y else None


class History:
    """The curves of one run, from its events.

    `loss` and `validation` in nats per token; `gradients` and `ratios` by part of the model;
    `best`: update and loss of the best evaluation; `under_way`: loss of the update being computed,
    as far as it has come.
    """

    def __init__(self):
        self.loss, self.smooth, self.validation = Curve(), Curve(), Curve()
        self.rate, self.gradient, self.speed = Curve(), Curve(), Curve()
        self.gradients: dict[str, Curve] = {}
        self.ratios: dict[str, Curve] = {}
        self.best: tuple[int, float] | None = None
        self.under_way: float | None = None
        self.step = 0
        self._mean, self._weight = 0.0, 0.0

    def take(self, event) -> None:
        """An event of the run; others than updates and evaluations are passed over."""
        if isinstance(event, Evaluation):
            self.validation.add(event.step, event.validation_loss)
            if event.is_best:
                self.best = event.step, event.validation_loss
        elif isinstance(event, TrainStep):
            self._update(event)
        elif isinstance(event, Piece):
            self.under_way = event.loss if math.isfinite(event.loss) else None

    def _update(self, event: TrainStep) -> None:
        self.step, self.under_way = event.step, None
        self._mean = SMOOTHING * self._mean + (1 - SMOOTHING) * event.loss
        self._weight = SMOOTHING * self._weight + (1 - SMOOTHING)
        self.loss.add(event.step, event.loss)
        self.smooth.add(event.step, self._mean / self._weight)
        self.rate.add(event.step, event.learning_rate)
        self.gradient.add(event.step, event.grad_norm)
        if event.tokens_per_second is not None:
            self.speed.add(event.step, event.tokens_per_second)
        for part, vitals in (event.vitals or {}).items():
            self.gradients.setdefault(part, Curve()).add(event.step, vitals.gradient)
            self.ratios.setdefault(part, Curve()).add(event.step, vitals.ratio)

    def cut(self, step: int) -> None:
        """Back to an earlier update."""
        self.step, self.under_way = step, None
        for curve in (self.loss, self.smooth, self.validation, self.rate, self.gradient, self.speed,
                      *self.gradients.values(), *self.ratios.values()):
            curve.cut(step)
        self._mean, self._weight = (self.smooth.last() or 0.0), float(bool(self.smooth.y))
        best = min(zip(self.validation.y, self.validation.x), default=None)
        self.best = best and best[::-1]
