"""The educational log in words: a line for each event, and where the time went."""

from collections.abc import Iterable

from minigpt.locale import decimal, sentence
from minigpt.teach.bottleneck import bottlenecks
from minigpt.teach.figures import Name
from minigpt.teach.log import Event


def line(event: Event, lang: str) -> str:
    """The part in brackets, the sentence, what it took."""
    cost = '' if event.seconds is None or event.key == 'part' else (
        f'  ({decimal(1000 * event.seconds, 2, lang)} ms)')
    return f'[{Name(event.part).in_language(lang)}] {event.in_language(lang)}{cost}'


def summary(events: Iterable[Event], lang: str) -> str:
    """The slowest parts first, with their shares; empty where nothing was timed."""
    costs = bottlenecks(events)
    return costs and sentence(lang, 'teach.bottlenecks', parts=', '.join(
        f'{Name(cost.part).in_language(lang)} {decimal(100 * cost.share, 0, lang)} % '
        f'({decimal(1000 * cost.seconds, 1, lang)} ms)' for cost in costs)) or ''
