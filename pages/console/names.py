"""What the reader's code finds at hand: the lab and the page as they are now."""

import numpy as np

from minigpt.errors import MinigptError
from pages.lab import lab
from pages.page import on_screen


class Names(dict):
    """`lab`, `model`, `tok`, `np`, `page`, `plot`, `explain` and whatever the reader sets."""

    def __init__(self, plot, explain):
        super().__init__(__name__='__console__', __builtins__=__builtins__, np=np, plot=plot,
                         explain=explain)
        self._given: dict[str, object] = {}

    def refresh(self) -> None:
        """Names of the lab follow it, but one that the reader gave another meaning keeps that."""
        now = {'lab': lab(), 'model': lab().model, 'tok': lab().tokenizer, 'page': on_screen(),
               'MinigptError': MinigptError}
        for name, value in now.items():
            if name not in self or self[name] is self._given.get(name):
                self[name] = value
        self._given = now
