"""Measure rows of the speed table and tell the figures: as JSON, or as lines for a terminal."""

import os
import platform
from collections.abc import Iterator

import numpy as np

from minigpt import shipped
from minigpt.bench.memory import peak_bytes
from minigpt.bench.rows import ROWS
from minigpt.bench.timing import Timing, side_by_side
from minigpt.errors import ConfigError
from minigpt.training.dataset import read_text

ONE_MEGABYTE = 1_000_000


def benchmark_text(path: str | None = None) -> str:
    """The first million characters of a text; a shorter one (the shipped corpus) is repeated."""
    text = read_text(path or shipped.folder() / shipped.CORPUS)
    return (text * (ONE_MEGABYTE // len(text) + 1))[:ONE_MEGABYTE]


def measure(names: list[str], text: str, turns: int) -> Iterator[dict]:
    """Measure one row after the other; yield what was found, ready for JSON."""
    for name in names:
        if name not in ROWS:
            raise ConfigError('unknown_choice', name='row', got=name, choices=', '.join(ROWS))
    for name in names:
        contenders = ROWS[name](text)
        present = {who: work for who, work in contenders.items() if work is not None}
        timings = side_by_side(present, turns)
        yield {'row': name, 'work': ' '.join(ROWS[name].__doc__.split()),
               'absent': [who for who in contenders if who not in present],
               'milliseconds': {timing.name: figures(timing) for timing in timings},
               'ratio': {timing.name: timings[0].median / timing.median for timing in timings[1:]},
               'peak_megabytes': peak_bytes(contenders['minigpt']) / 1e6}


def figures(timing: Timing) -> dict:
    """Median and spread in milliseconds."""
    return {name: 1000 * value for name, value in {
        'median': timing.median, 'stddev': timing.stddev,
        'p05': timing.percentile(0.05), 'p95': timing.percentile(0.95)}.items()}


def machine() -> dict:
    """What the figures were measured on."""
    return {'python': platform.python_version(), 'numpy': np.__version__,
            'system': platform.system(), 'processor': platform.machine(), 'cores': os.cpu_count()}
