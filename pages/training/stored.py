"""The run that the page opens on: recorded by `minigpt train --log`, see data/README.md."""

import functools
from dataclasses import dataclass

from minigpt import shipped
from minigpt.training.event_log import event_of, read_log
from pages.training.history import History
from pages.training.samples import Written, with_sample
from pages.training.settings import FIRST


@dataclass(frozen=True)
class Stored:
    """A finished run of the first settings on the shipped corpus."""
    header: dict
    history: History
    samples: list[Written]


@functools.cache
def stored_run() -> Stored:
    """The run in data/."""
    head, *entries = read_log(shipped.folder() / shipped.RUN)
    history, samples = History(), []
    for entry in entries:
        history.take(event_of(entry))
        if entry['event'] == 'Sample':
            text = entry['text'].removeprefix(FIRST.prompt)
            samples = with_sample(samples, Written(entry['step'], FIRST.prompt, text,
                                                   history.validation.last()))
    return Stored(head, history, samples)
