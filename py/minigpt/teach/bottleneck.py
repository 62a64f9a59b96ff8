"""Where did the time go? The events of a log, summed by part."""

from collections.abc import Iterable
from dataclasses import dataclass

from minigpt.teach.log import Event


@dataclass(frozen=True)
class Cost:
    """What one part took in all. `share` is of the seconds of all parts, 0–1."""
    part: str
    seconds: float
    share: float
    bytes: int
    events: int


def bottlenecks(events: Iterable[Event]) -> list[Cost]:
    """The parts with measured time, the slowest first; of events told twice the finer are left out.

    A 'tensor' is part of what a 'part' has already counted.
    """
    seconds, size, count = {}, {}, {}
    for event in events:
        if event.seconds is not None and event.key != 'tensor':
            seconds[event.part] = seconds.get(event.part, 0.0) + event.seconds
            size[event.part] = size.get(event.part, 0) + (event.bytes or 0)
            count[event.part] = count.get(event.part, 0) + 1
    total = sum(seconds.values()) or 1.0
    return [Cost(part, spent, spent / total, size[part], count[part])
            for part, spent in sorted(seconds.items(), key=lambda item: -item[1])]
