"""The educational log: what every part does, told as events, by way of Python's `logging`.

    beginner   what happened, in a sentence
    detail     and what was inside: shapes, statistics, time and memory of each part
    numbers    and the numbers themselves

An event travels as `record.event` of an ordinary log record of the logger `minigpt.teach`, so that
whoever knows `logging` can filter and send it anywhere. Without a handler nothing is computed: ask
`wanted(level)` before any work that only the log needs.
"""

import json
import logging
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from minigpt.locale import template
from minigpt.locale.numbers_in_text import filled
from minigpt.teach.figures import told
from minigpt.teach.tensor_view import TensorSummary

# Audience → level of `logging`: a reader of numbers also wants what a beginner wants.
LEVELS = {'beginner': logging.INFO, 'detail': logging.INFO - 5, 'numbers': logging.DEBUG}
logger = logging.getLogger('minigpt.teach')
logger.propagate = False
logger.setLevel(logging.CRITICAL)  # off until somebody listens


@dataclass(frozen=True)
class Event:
    """Something that a part did. `key` names its sentence, `values` fill its blanks.

    `seconds` and `bytes`: what it cost, where that was measured. `tensor`, `array`: what it made.
    """
    part: str
    key: str
    level: str
    values: dict = field(default_factory=dict)
    seconds: float | None = None
    bytes: int | None = None
    tensor: TensorSummary | None = None
    array: np.ndarray | None = field(default=None, repr=False, compare=False)

    def in_language(self, lang: str) -> str:
        """The sentence, numbers written as the language writes them."""
        values = self.values | ({} if self.tensor is None else self.tensor.to_dict())
        values = {name: told(value, lang) for name, value in values.items()}
        return filled(template(lang, f'teach.log.{self.key}'), values, lang)

    def to_dict(self) -> dict:
        """Ready for JSON; the array itself stays out."""
        found = {'part': self.part, 'event': self.key, 'level': self.level, 'values': self.values,
                 'seconds': self.seconds, 'bytes': self.bytes,
                 'tensor': self.tensor and self.tensor.to_dict()}
        return {name: value for name, value in found.items() if value not in (None, {})}


def wanted(level: str = 'beginner') -> bool:
    """Whether anybody listens to events of this level."""
    return logger.isEnabledFor(LEVELS[level])


def tell(event: Event) -> None:
    """Hand an event to the listeners of its level."""
    logger.log(LEVELS[event.level], '%s: %s', event.part, event.key, extra={'event': event})


class Listener(logging.Handler):
    """Calls `hear(event)` for each event."""

    def __init__(self, hear: Callable[[Event], object]):
        super().__init__()
        self._hear = hear

    def emit(self, record: logging.LogRecord) -> None:
        self._hear(record.event)


@contextmanager
def listening(hear: Callable[[Event], object], level: str = 'beginner'):
    """Let `hear` have every event up to this level while the block runs."""
    listener, before = Listener(hear), logger.level
    listener.setLevel(LEVELS[level])
    logger.addHandler(listener)
    logger.setLevel(min(before, LEVELS[level]))
    try:
        yield
    finally:
        logger.removeHandler(listener)
        logger.setLevel(before)


def json_lines(write: Callable[[str], object]) -> Callable[[Event], None]:
    """A listener that writes one JSON object a line, with the seconds since it began."""
    started = time.perf_counter()

    def hear(event: Event) -> None:
        found = {'at': round(time.perf_counter() - started, 6)} | event.to_dict()
        write(json.dumps(found, ensure_ascii=False, default=float) + '\n')

    return hear
