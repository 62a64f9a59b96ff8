"""`explain` in the console: the educational log of a text's way through the model in use."""

import numpy as np

from minigpt.inference import generate
from minigpt.teach import watch
from minigpt.teach.log import LEVELS, Event, listening
from minigpt.teach.telling import line, summary
from pages.lab import lab


class Explainer:
    """Speaks the console's language."""

    def __init__(self, console):
        self._console = console

    def explain(self, text: str = 'Era uma vez', level: str = 'beginner', tokens: int = 5) -> None:
        """Tell what every part does with a text, and where the time goes.

            explain('A menina abriu')            level: 'beginner', 'detail' or 'numbers'

        tokens: how many the model writes after it.
        """
        if level not in LEVELS:
            raise ValueError(f'level must be one of {tuple(LEVELS)}, got {level!r}')
        lang, events = self._console.lang, []

        def hear(event: Event) -> None:
            events.append(event)
            print(line(event, lang))

        model, tokenizer = lab().model, lab().tokenizer
        with listening(hear, level):
            watch.reading(model, tokenizer, text, lambda ids: generate(
                model, ids, max_new_tokens=tokens, rng=np.random.default_rng(0)))
        print(summary(events, lang))
