"""The part of the tokenizer page that learns a vocabulary: started, paused, taken step by step."""

from collections.abc import Iterator

import param

from minigpt.errors import MinigptError
from pages.lab import lab
from pages.page import Page
from pages.tokenizer.learning import Learning
from pages.tokenizer.reading import Reading
from pages.tokenizer.state import FIRST_SIZE
from pages.work import Work


class Learner(Page):
    """Base of the page. `reading` is what the page knows with its present vocabulary, the model's
    or the one being learnt; the page makes it, and paints."""

    own = param.Boolean(default=False, doc="A vocabulary learnt here, not the model's.")
    size = param.Integer(default=FIRST_SIZE, doc='Tokens that training aims at.')
    training_error = param.Parameter(default=None, doc='The MinigptError of an unfit corpus.')
    merges = param.Integer(default=0, doc='Merges applied; all of them at first.')

    reading: Reading

    def __init__(self, lang: str = 'pt', query: dict[str, str] | None = None):
        self.work = Work(self._progress, self.broke)
        self.learning: Learning | None = None  # the training of the reader's own vocabulary
        self.wanted: int | None = None         # merges that a link asks for
        self._learns = False                   # the work under way is that training
        super().__init__(lang, query)

    @property
    def is_learning(self) -> bool:
        """Whether merges are being learnt right now."""
        return self._learns and self.work.running

    # What the reader does

    def train(self) -> None:
        """Learn a vocabulary of `size` tokens from the lab's corpus, from the bytes on."""
        self.work.stop()
        try:
            self.learning = Learning(lab().corpus, self.size)
        except MinigptError as error:
            self._set(training_error=error)
            self.back()
            return
        self._set(own=True, training_error=None)
        self._grow()
        self.resume()

    def resume(self) -> None:
        """Go on learning where it was paused."""
        self._learns = True
        self.work.start(self._learning())

    def pause(self) -> None:
        """Stop learning for a while; what is learnt is a vocabulary, too."""
        self.work.stop()
        self._new_vocabulary()

    def step(self) -> None:
        """Learn one merge more."""
        if not self.learning:
            self.train()
        self.work.stop()
        if self.learning:
            self.learning.step()
            self._new_vocabulary()

    def back(self) -> None:
        """Back to the vocabulary that the lab's model uses."""
        self.learning = None
        self._set(own=False)
        self._new_vocabulary()

    # Work that takes time

    def _learning(self) -> Iterator:
        """Learn to the end, then count."""
        yield from self.learning.steps()
        self._learns = False
        self._take_vocabulary()
        if self.wanted is not None:  # as a link said
            self._set(merges=min(self.wanted, self.limit))
            self.wanted = None
        self._view.paint()
        self._changed()
        yield from self._catching_up()

    def _progress(self) -> None:
        """Painted while work goes on: a vocabulary in the making is drawn as it is."""
        if self.is_learning:
            self._grow()
        self._view.paint_training()

    def _grow(self) -> None:
        """Draw the text under the merges learnt so far; the rest is counted at the end."""
        self.reading.grow(self.learning.tokenizer(), self.special)
        self._set(merges=self.limit)
        self._view.paint_pieces()

    def _new_vocabulary(self) -> None:
        """Take the vocabulary as it is now, paint all of it, and count."""
        self._learns = False
        self._take_vocabulary()
        self._view.paint()
        self._changed()
        self.work.start(self._catching_up())
