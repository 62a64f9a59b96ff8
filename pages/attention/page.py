"""Attention: which tokens a token looks at, and what that changes."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import param

from minigpt.errors import MinigptError
from minigpt.nn.attention import (attention_forward, attention_weights, causal_mask,
                                  weights_step_by_step)
from minigpt.nn.attention_patterns import Measure, induction, measured
from minigpt.nn.changes import cut, forced, without_head
from minigpt.nn.ops import softmax_forward
from pages.attention import what_if as links
from pages.attention.examples import examples
from pages.attention.numbers import STAGES
from pages.attention.passes import Passes
from pages.attention.script import attention_script
from pages.attention.tasks import changed_by_a_cut, finds_a_strong_look, heads, knows_the_rest
from pages.attention.view import AttentionView
from pages.attention.what_if import WhatIf
from pages.exercises import Exercise
from pages.lab import lab
from pages.page import Page
from pages.settings import one_of, whole
from pages.tour import Stop
from pages.work import Work

FIRST_HEAD = (1, 1)  # opened at first
LONGEST = 2000       # characters of a text that a link carries
LAST_STEP = 5


class Attention(Page):
    """A text, one head of one block, one token that looks and one that it looks at."""

    typed = param.String(default='')
    layer = param.Integer(default=0)
    head = param.Integer(default=0)
    query_at = param.Integer(default=-1, doc='The token that looks; -1 for the last.')
    key_at = param.Integer(default=-1, doc='The token looked at; -1 for the one with most weight.')
    step = param.Integer(default=LAST_STEP, doc='Of the walk from q·k to the sum of v.')
    stage = param.Selector(default='weights', objects=list(STAGES), doc='What the matrix shows.')
    what_if = param.Parameter(default=WhatIf())
    error = param.Parameter(default=None, doc='The MinigptError of an unfit text, or None.')

    section = 'attention'
    long_text = ('text', 'typed')
    long_names = {'query': 'q', 'looked_at': 'k', 'temperature': 'temp'}
    terms = ('token', 'attention', 'head', 'layer', 'query', 'key', 'value', 'dot_product',
             'softmax', 'mask', 'temperature', 'probability', 'induction', 'ablation')
    exercises = (Exercise('strong', check=finds_a_strong_look, kind=heads),
                 Exercise('rest', answer=knows_the_rest), Exercise('cut', check=changed_by_a_cut))
    tour = (Stop('ribbons', '_view.ribbons'), Stop('maps', '_view.heads.maps'),
            Stop('scores', '_view.heads.matrix', {'stage': 'dots'}),
            Stop('walk', '_view.walk.walk', {'step': 1}),
            Stop('sum', '_view.walk.sum', {'stage': 'weights', 'step': 5}),
            Stop('next', '_view.shift'))

    def __init__(self, lang: str = 'pt', query: dict[str, str] | None = None):
        self.passes: Passes | None = None
        self.induction: Measure | None = None  # of this model; measured once the page is shown
        self._view = AttentionView(self)
        self.work = Work(self._view.deciders.paint, self.broke)
        super().__init__(lang, query)
        self.param.watch(lambda *_: self._text_changed(), 'typed')
        self.param.watch(lambda *_: self._changes_changed(), 'what_if')
        self.param.watch(lambda *_: self._paint(), ['layer', 'head'])
        self.param.watch(lambda *_: self._paint_query(), ['query_at', 'key_at'])
        self.param.watch(lambda *_: self._paint_stage(), 'stage')
        self.param.watch(lambda *_: self._paint_step(), 'step')

    # What a link carries

    def restore(self, query: dict[str, str]) -> None:
        config = lab().model.config
        with param.discard_events(self):
            self.typed = query.get('text', examples()[0])
            self.layer = whole(query, 'layer', range(1, config.n_layer + 1), FIRST_HEAD[0]) - 1
            self.head = whole(query, 'head', range(1, config.n_head + 1), FIRST_HEAD[1]) - 1
            self.query_at = whole(query, 'q', range(config.block_size), -1)
            self.key_at = whole(query, 'k', range(config.block_size), -1)
            self.step = whole(query, 'step', range(1, LAST_STEP + 1), LAST_STEP)
            self.stage = one_of(query, 'show', STAGES, 'weights')
            self.what_if = links.read(query)
        self.work.stop()
        self.induction = None
        self._read()
        if self.passes:
            links.note_unfit(query, self.what_if, self.passes.what_if)

    def state(self) -> dict[str, str]:
        """What `restore` reads, without what is as at first."""
        state = {'layer': str(self.layer + 1), 'head': str(self.head + 1), 'step': str(self.step),
                 'show': self.stage}
        first = dict(zip(state, (*map(str, (*FIRST_HEAD, LAST_STEP)), 'weights')))
        first['text'] = examples()[0]
        if len(self.typed) <= LONGEST:
            state['text'] = self.typed
        if self.passes:
            places = {'q': self.query_at, 'k': self.key_at}
            state |= {key: str(at) for key, at in places.items()
                      if 0 <= at < len(self.passes.ids)}
            state |= links.write(self.passes.what_if)
        return {key: value for key, value in state.items() if first.get(key) != value}

    def start(self) -> None:
        """Measure what takes longer than opening may."""
        if self.passes:
            self.work.start(self._measuring(self.passes))

    def _measuring(self, passes: Passes) -> Iterator[None]:
        """What each head does to the next word, then whether the model has induction heads."""
        yield from passes.switching_off()
        if self.induction is None:
            yield
            self.induction = induction(passes.model, np.random.default_rng(0), texts=2)
            self._view.paint_heads()
        yield

    # What the page speaks of

    @property
    def shown_query(self) -> int:
        T = len(self.passes.ids)
        return self.query_at if 0 <= self.query_at < T else T - 1

    @property
    def shown_key(self) -> int:
        """The key chosen, or the one with most weight."""
        T = len(self.passes.ids)
        if 0 <= self.key_at < T:
            return self.key_at
        return int(self.passes.at(self.layer, 'weights')[self.head, self.shown_query].argmax())

    # What the reader does

    def open_head(self, index: int) -> None:
        """Open the head of this number, counted block by block, if the model has so many."""
        layer, head = divmod(index, lab().model.config.n_head)
        if layer < lab().model.config.n_layer:
            self.param.update(layer=layer, head=head)

    def choose(self, query: int, key: int) -> None:
        """Follow this token, and this one of those it looks at; -1 for the heaviest."""
        self.param.update(query_at=query, key_at=key)

    def choose_key(self, key: int) -> None:
        self.key_at = key

    def set_mask(self, on: bool) -> None:
        self.what_if = replace(self.what_if, mask=on)

    def set_temperature(self, value: float) -> None:
        self.what_if = replace(self.what_if, temperature=value)

    def press(self, name: str) -> None:
        """A button: 'off', 'force', 'cut' for the head, token and key shown, or 'undo' for all."""
        if name == 'undo':
            self.what_if = WhatIf()
            return
        head = (self.layer, self.head)
        weight = (*head, self.shown_query, self.shown_key)
        present = self.passes.what_if
        self.what_if = (present.toggled('off', head) if name == 'off' else
                        present.with_forced(weight) if name == 'force' else
                        present.toggled('cut', weight))

    # What follows

    def _read(self) -> None:
        """Pass the text through the model; `error` says why not."""
        try:
            self.passes = Passes(self.typed)
        except MinigptError as error:
            self.passes, self.error = None, error
        else:
            self.error = None
            self.passes.apply(self.what_if)

    def _text_changed(self) -> None:
        """Typing: the token that looks is the last one again."""
        with param.discard_events(self):
            self.query_at = self.key_at = -1
        self.work.stop()
        self._read()
        self._paint()
        if self._started:
            self.start()

    def _changes_changed(self) -> None:
        if self.passes:
            self.passes.apply(self.what_if)
        self._paint()

    def relabel(self) -> None:
        self._view.relabel()
        self._paint()

    def _paint(self) -> None:
        self._view.paint()
        self._keep()

    def _paint_query(self) -> None:
        self._view.paint_query()
        self._keep()

    def _paint_stage(self) -> None:
        if self.passes:
            self._view.heads.paint_matrix()
        self._keep()

    def _paint_step(self) -> None:
        if self.passes:
            self._view.walk.paint()
        self._keep()

    def _keep(self) -> None:
        self.query = self.state()
        self.frame.check()

    # What the frame shows around the picture

    def body(self):
        return self._view.layout()

    def sources(self) -> list:
        """From the vectors to the weights and back to a vector, then the changes."""
        return [attention_forward, weights_step_by_step, causal_mask, softmax_forward,
                attention_weights, without_head, forced, cut, measured]

    def script(self) -> str:
        return attention_script(self)
