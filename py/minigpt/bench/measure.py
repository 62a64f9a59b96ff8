"""Measure rows: time of every contender in turns, memory of ours, and what follows from both."""

import os
import platform
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from minigpt import shipped
from minigpt.bench.contest import REFERENCES, Contest
from minigpt.bench.memory import memory_of
from minigpt.bench.rows import ROWS
from minigpt.bench.stress import repeated
from minigpt.bench.timing import Timing, side_by_side
from minigpt.errors import ConfigError
from minigpt.training.dataset import read_text

ONE_MEGABYTE = 1_000_000
Row = Callable[[str], Contest]


@dataclass(frozen=True)
class Plan:
    """How often: `turns` rounds, in each `warmups` runs that do not count and `runs` that do.

    `references` False leaves other libraries out.
    """
    turns: int = 5
    runs: int = 3
    warmups: int = 1
    references: bool = True

    def __post_init__(self):
        for name, least in (('turns', 1), ('runs', 1), ('warmups', 0)):
            if getattr(self, name) < least:
                raise ConfigError('too_few', name=name, least=least, got=getattr(self, name))


def benchmark_text(path: str | None = None, length: int = ONE_MEGABYTE) -> str:
    """The first `length` characters of a text; a shorter one (the shipped corpus) is repeated."""
    if length < 1000:
        raise ConfigError('too_few', name='length', least=1000, got=length)
    text = read_text(path or shipped.folder() / shipped.CORPUS)
    return repeated(text, length)


def named_rows(names: Iterable[str]) -> list[tuple[str, Row]]:
    """The rows of these names; ConfigError for one that is none, before anything is measured."""
    names = list(names)
    for name in names:
        if name not in ROWS:
            raise ConfigError('unknown_choice', name='row', got=name, choices=', '.join(ROWS))
    return [(name, ROWS[name]) for name in names]


def measure(rows: Iterable[tuple[str, Row]], text: str, plan: Plan = Plan()) -> Iterator[dict]:
    """Measure one row after the other; yield what was found, ready for JSON."""
    for name, row in rows:
        contest = row(text)
        if not plan.references:
            contest = contest.without_references()
        timings = side_by_side(contest.present, plan.turns, plan.runs, plan.warmups)
        memory = {who: memory_of(work) for who, work in contest.present.items()
                  if who not in REFERENCES}
        yield {'row': name, 'work': ' '.join(row.__doc__.split()), 'absent': contest.absent,
               'milliseconds': {timing.name: figures(timing) for timing in timings},
               'runs': {timing.name: [1000 * it for it in timing.seconds] for timing in timings},
               'ratio': {timing.name: timings[0].median / timing.median for timing in timings[1:]},
               'rates': {timing.name: {unit: amount / timing.median
                                       for unit, amount in contest.amounts.items()}
                         for timing in timings},
               'memory': {who: vars(found) | {'overhead': found.overhead}
                          for who, found in memory.items()},
               'quality': dict(contest.quality)}


def figures(timing: Timing) -> dict:
    """Mean, median and spread in milliseconds."""
    return {name: 1000 * value for name, value in {
        'mean': timing.mean, 'median': timing.median, 'stddev': timing.stddev,
        'min': min(timing.seconds), 'p05': timing.percentile(0.05), 'p25': timing.percentile(0.25),
        'p75': timing.percentile(0.75), 'p95': timing.percentile(0.95)}.items()}


def machine() -> dict:
    """What the figures were measured on."""
    return {'python': platform.python_version(), 'numpy': np.__version__,
            'system': platform.system(), 'processor': platform.machine(), 'cores': os.cpu_count()}
