"""The learning rate over time. Each schedule says, for a share of the run, a share of the peak."""

import math

from minigpt.errors import ConfigError


def constant(progress: float) -> float:
    return 1.0


def linear(progress: float) -> float:
    """A straight line down."""
    return 1 - progress


def cosine(progress: float) -> float:
    """Half a cosine: slow, fast, slow (Loshchilov and Hutter 2017)."""
    return (1 + math.cos(math.pi * progress)) / 2


def one_cycle(progress: float) -> float:
    """Up for three tenths of the run, then down, both along half a cosine (Smith 2018).

    The way up is its warm-up; it gets no other.
    """
    rise = 0.3
    if progress < rise:
        return 0.04 + 0.96 * (1 - cosine(progress / rise))
    return cosine((progress - rise) / (1 - rise))


SCHEDULES = {'constant': constant, 'linear': linear, 'cosine': cosine, 'one-cycle': one_cycle}


def learning_rate(step: int, *, schedule: str, peak: float, floor: float, warmup: int,
                  total: int) -> float:
    """The rate for `step` (0 is the first) of `total`: a straight warm-up, then the schedule."""
    if schedule not in SCHEDULES:
        raise ConfigError('unknown_choice', name='schedule', got=schedule,
                          choices=', '.join(SCHEDULES))
    if schedule == 'one-cycle':
        warmup = 0
    if step < warmup:
        return peak * (step + 1) / warmup
    progress = min(1.0, (step - warmup) / max(1, total - warmup))
    return floor + (peak - floor) * SCHEDULES[schedule](progress)
