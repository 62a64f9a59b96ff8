"""The ladder of products in WGSL: the same product five times, each file with one more idea.

    naive      one thread for each element of c
    tiled      threads share tiles of a and b
    blocked    each thread computes a block from its registers
    subgroups  threads read each other's registers: no tiles, no barriers
    f16        blocked, with operands rounded to 16 bits: another result, for those who ask

The last two need a feature that not every card has.
"""

import contextlib
import math
from collections.abc import Iterator
from typing import NamedTuple

from minigpt.backend.absent import Absent
from minigpt.errors import ConfigError


class Rung(NamedTuple):
    """`rows` × `columns` of c are computed by one group of threads."""
    rows: int
    columns: int
    feature: str | None = None


RUNGS = {
    'naive': Rung(1, 64),
    'tiled': Rung(16, 16),
    'blocked': Rung(64, 64),
    'subgroups': Rung(8, 128, 'subgroups'),
    'f16': Rung(64, 64, 'shader-f16'),
}


def ladder(card) -> dict[str, Absent | None]:
    """Every rung's name, and why it cannot be taken on this card, or None."""
    return {name: None if rung.feature is None or card.offers(rung.feature)
            else Absent('no_gpu_feature', feature=rung.feature) for name, rung in RUNGS.items()}


@contextlib.contextmanager
def by_rung(card, name: str) -> Iterator[None]:
    """Every product written down inside takes this rung. ConfigError where the card has it not."""
    if name not in RUNGS:
        raise ConfigError('unknown_choice', name='rung', got=name, choices=', '.join(RUNGS))
    if reason := ladder(card)[name]:
        raise ConfigError('rung_absent', name=f'{card.name} {name}', reason=reason)
    before, card.rung = card.rung, name
    try:
        yield
    finally:
        card.rung = before


def fitting(M: int, N: int) -> str:
    """The rung for an (M, N) product that nobody asks another for.

    Never `subgroups`: it beats `blocked` on the emulated card, but on a real one nobody has
    measured it yet (bench/rungs.py does), and real cards are good at shared memory.
    """
    if M < 8:
        return 'naive'
    return 'tiled' if M < 64 or N < 64 else 'blocked'


def groups(name: str, M: int, N: int, batch: int) -> tuple[int, int, int]:
    """The grid of groups of threads."""
    return math.ceil(N / RUNGS[name].columns), math.ceil(M / RUNGS[name].rows), batch
