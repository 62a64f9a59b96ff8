"""One update in slow motion: the next one of the run shown, on a copy of its model."""

import math
from collections.abc import Iterator

import numpy as np
import panel as pn

from minigpt.errors import MinigptError, TextError
from minigpt.training import TrainState
from minigpt.training.anatomy import Anatomy, Station, anatomy
from pages.components.actions import Actions
from pages.components.slow_step import SlowStep
from pages.lab import lab, visible
from pages.training.moments import copied
from pages.training.part import Part
from pages.work import Work

BATCH = 4    # passages at most: enough to see, and soon there
ROWS = 2     # passages shown
TOKENS = 40  # of each
STACK = ':host { display: grid !important; gap: 8px; grid-template-columns: minmax(0, 1fr); }'
BEYOND = 9   # characters of a token; a longer one is cut


class SlowMotion(Part):
    """`found` is the update drawn; it changes nothing but the picture."""

    section = 'slow'

    def __init__(self, page):
        super().__init__(page)
        self.found: Anatomy | None = None
        self.error: MinigptError | None = None
        self.picture = SlowStep()
        self.actions = Actions(lambda _: self.look())
        self.work = Work(self.paint, page.broke)
        self._tokenizer = None

    def layout(self):
        return pn.Column(self.picture, self.actions, stylesheets=[STACK],
                         sizing_mode='stretch_width')

    def start(self) -> None:
        if self.found is None:
            self.look()

    def look(self) -> None:
        """Take the next update apart."""
        if not self.page.running:
            self.work.start(self._looking())

    def forget(self) -> None:
        self.work.stop()
        self.found = self.error = None

    def material(self):
        """Model, ids, how it is trained, and a state that may be moved on; and its tokenizer.

        Raises TextError where the text is shorter than the context.
        """
        session = self.page.desk.session
        if session and session.checkpoint:
            run = session.checkpoint
            return (run.model, session.material.data, session.config, copied(run.train_state),
                    run.tokenizer)
        model, tokenizer = lab().model, lab().tokenizer
        config = self.page.settings.train_config()
        beginning = lab().corpus[:60 * model.config.block_size]
        ids = np.array(tokenizer.encode(beginning), np.int32)
        if len(ids) <= model.config.block_size:
            raise TextError('text_too_short', got=len(ids), need=model.config.block_size + 1)
        return model, ids, config, TrainState(model, config), tokenizer

    def _looking(self) -> Iterator[None]:
        yield  # what the reader does goes first
        try:
            model, ids, config, state, self._tokenizer = self.material()
            self.found = anatomy(model, ids, config, state, BATCH)
            self.error = None
        except MinigptError as error:
            self.found, self.error = None, error
        yield

    def relabel(self) -> None:
        self.picture.param.update(words=self.words, locale=self.tag)
        self.actions.words = self.words
        self.paint()

    def paint(self) -> None:
        busy = self.page.words['actions']['is_running'] if self.page.running else ''
        self.actions.buttons = [{'id': 'again', 'label': self.words['again'], 'primary': False,
                                 'reason': busy}]
        if self.found is None:
            said = self.page.sentence(self.error) if self.error else self.words['waiting']
            self.picture.param.update(stations=[], rows=[], facts=[said] * 6)
            return
        self.picture.param.update(stations=[self._station(it) for it in self.found.stations],
                                  rows=self._rows(), facts=self._facts())

    def _facts(self) -> list[str]:
        found, words = self.found, self.words['facts']
        B, T = found.inputs.shape
        worst = np.unravel_index(found.losses.argmax(), found.losses.shape)
        values = {
            'passages': B, 'tokens': T, 'count': B * T, 'loss': self.number(found.loss),
            'after': self.number(found.loss_after),
            'fell': self.number(found.loss - found.loss_after),
            'norm': self.number(found.grad_norm), 'rate': self.number(found.learning_rate, 5),
            'worst': self.number(float(found.losses[worst]), 2),
            'target': self._token(found.targets[worst])}
        return [words[name].format(**values) for name in (
            'batch', 'forward', 'loss', 'backward', 'update', 'after')]

    def _station(self, it: Station) -> dict:
        words = self.words
        layer, _, part = it.name.removeprefix('h.').partition('.')
        label = (words['parts'][part].format(number=int(layer) + 1) if part
                 else words['parts'][it.name])
        weights = it.weights
        in_stream = it.name != 'logits'  # scores are no vectors of the stream: another scale
        drawn = {'stream': it.stream if in_stream else None,
                 'back': it.back if in_stream else None, 'gradient': weights and weights.gradient,
                 'change': weights and weights.ratio}
        # Of an update that breaks the model, what is beyond all numbers is not drawn.
        drawn = {name: value if value is None or math.isfinite(value) else None
                 for name, value in drawn.items()}
        return drawn | {'id': it.name, 'label': label,
                'about': self._about(it, label)}

    def _about(self, it: Station, label: str) -> list[str]:
        """A station's line at each stage, its numbers put in."""
        words, weights = self.words['stations'], it.weights
        forth = words['stream'].format(name=label, stream=self.number(it.stream)) + (
            ' ' + words['adds'].format(adds=self.number(it.adds)) if it.adds else '')
        back = words['back'].format(name=label, back=self.number(it.back, 5)) + (
            ' ' + words['sends'].format(sends=self.number(it.sends, 5)) if it.sends else '')
        if weights:
            back += ' ' + words['gradient'].format(gradient=self.number(weights.gradient, 5))
            change = words['change'].format(
                name=label, update=self.number(weights.update, 5),
                weights=self.number(weights.weights), ratio=self.number(100 * weights.ratio, 3))
        else:
            change = words['shared'].format(name=label)
        return [words['before'].format(name=label), forth, forth, back, change, change]

    def _rows(self) -> list[list[dict]]:
        found, words = self.found, self.words
        def cell(token, target, loss) -> dict:
            said = words['token'].format(
                token=self._token(token), target=self._token(target), loss=self.number(loss),
                share=self.number(100 * math.exp(-loss), 2))
            return {'token': self._token(token), 'loss': float(loss), 'about': said}

        return [[cell(*it) for it in zip(*(table[row, :TOKENS] for table in (
                    found.inputs, found.targets, found.losses)))]
                for row in range(min(ROWS, len(found.inputs)))]

    def _token(self, token_id: int) -> str:
        said = visible(int(token_id), self._tokenizer)
        return said if len(said) <= BEYOND else said[:BEYOND - 1] + '…'
