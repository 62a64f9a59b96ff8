"""Several beginnings at once: tokens per second one by one, and together."""

import statistics
from collections.abc import Iterator

import numpy as np
import param

from minigpt.backend.clock import per
from minigpt.errors import MinigptError
from minigpt.inference import generate, generate_batch
from minigpt.inference.reader import check_prompt
from pages.charts import BarChart
from pages.components.prompt_box import PromptBox
from pages.components.said import Said
from pages.components.text_cards import TextCards
from pages.first_text import examples
from pages.inference.trial import Trial
from pages.lab import lab
from pages.layout import beside, show, stack
from pages.locale import text

ROUNDS = 3
TOKENS = 24     # that each beginning is continued by; nothing ends one earlier
MOST = 16       # beginnings
LONGEST = 2000  # characters that a link carries
WAYS = ('alone', 'together')


class Batch(Trial):
    """A beginning on each line, written on one by one and all at once, in turns."""

    typed = param.String(default=None, allow_None=True, doc='None: what is offered.')

    section = 'batch'
    imports = ('from minigpt.inference import generate, generate_batch',)

    def __init__(self, page):
        self.error: MinigptError | None = None
        self.texts: dict[str, list[list[int]]] = {}     # way → ids written after each beginning
        self.seconds: dict[str, list[float]] = {}       # way → of each round
        self.asked: tuple | None = None
        super().__init__(page)
        self.param.watch(lambda *_: self._repaint(), 'typed')

    def restore(self, query: dict[str, str]) -> None:
        with param.discard_events(self):
            self.typed = query.get('prompts')

    def state(self) -> dict[str, str]:
        changed = self.written != offered() and len(self.written) <= LONGEST
        return {'prompts': self.written} if changed else {}

    def forget(self) -> None:
        super().forget()
        self.texts, self.seconds, self.asked = {}, {}, None

    def layout(self) -> list:
        self.box, self.said, self.cards = PromptBox(rows=6), Said(), TextCards()
        self.box.link(self, value='typed')
        self.chart = BarChart(self.page, role='output', named=True, height=220, digits=(0, 0))
        return [beside('minmax(0, 5fr) minmax(0, 7fr)',
                       stack(self.box, self.controls(), self.said), self.chart),
                self.cards]

    def relabel(self) -> None:
        words = self.words
        self.box.words = {'label': words['label'], 'examples': ''}
        self.cards.words = self.page.words['duel']['cards']
        self.chart.label(words['chart'], x='', y=words['y'])

    @property
    def written(self) -> str:
        """What stands in the box."""
        return offered() if self.typed is None else self.typed

    @property
    def begun(self) -> list[str]:
        """Its lines that are not blank."""
        return [line for line in self.written.split('\n') if line.strip()]

    @property
    def prompts(self) -> list[list[int]]:
        """The ids of each beginning; at most MOST of them."""
        return [lab().tokenizer.encode(line) for line in self.begun[:MOST]]

    def settings(self) -> tuple:
        return tuple(map(tuple, self.prompts)), self.page.sampling, self.page.seed

    def check(self) -> None:
        """Look whether each beginning is fit."""
        self.error = None
        try:
            for ids in self.prompts or [[]]:
                check_prompt(lab().model, ids)
        except MinigptError as error:
            self.error = error

    def steps(self) -> Iterator[None]:
        self.asked = prompts, sampling, seed = self.settings()
        settings = {'max_new_tokens': TOKENS, **vars(sampling)}
        done, whole = 0, 2 * (ROUNDS + 1) * len(prompts) * TOKENS
        for turn in range(ROUNDS + 1):  # the first one warms up, and does not count
            for way in WAYS:
                seconds, texts = 0.0, [[] for _ in prompts]
                for row, event in continued(way, prompts, seed, settings):
                    texts[row].append(event.token_id)
                    seconds, done = seconds + event.seconds, done + 1
                    self.share = done / whole
                    yield
                self.texts[way] = texts
                if turn:
                    self.seconds.setdefault(way, []).append(seconds)

    def buttons(self) -> dict[str, str]:
        self.check()
        reasons = super().buttons()
        wrong = self.page.sentence(self.error) if self.error else ''
        return reasons | {'run': reasons['run'] or wrong}

    def paint_found(self) -> None:
        words, prompts = self.words, self.prompts
        info = words['info'].format(count=len(prompts), most=MOST) + (
            ' ' + words['too_many'] if len(self.begun) > MOST else '')
        self.box.param.update(value=self.written, info=info,
                              error=self.page.sentence(self.error) if self.error else '')
        self.cards.param.update(cards=self._cards(),
                                title=words['texts'] if self.texts.get('together') else '')
        self.said.paragraphs = self._told()
        medians = self._medians()
        show(self.chart.box, len(medians) == len(WAYS))
        if len(medians) == len(WAYS):
            self.chart.draw([medians[way] for way in WAYS], [words['ways'][way] for way in WAYS])

    def _medians(self) -> dict[str, float]:
        """Tokens per second each way; a way whose rounds the clock cannot tell is left out."""
        tokens = TOKENS * len(self.asked[0]) if self.asked else 0
        speeds = {way: per(tokens, statistics.median(it)) for way, it in self.seconds.items()}
        return {way: speed for way, speed in speeds.items() if speed is not None}

    def _cards(self) -> list[dict]:
        texts, decode = self.texts.get('together'), lab().tokenizer.decode
        if not texts:
            return []
        return [{'title': self.words['line'].format(number=row + 1), 'note': '', 'figures': [],
                 'before': decode(prompt), 'text': decode(ids)}
                for row, (prompt, ids) in enumerate(zip(self.asked[0], texts, strict=True))]

    def _told(self) -> list[str]:
        words, number, medians = self.words, self.page.number, self._medians()
        if len(medians) < len(WAYS):
            return [words['invitation'].format(tokens=TOKENS, rounds=ROUNDS)]
        alone, together = self.texts['alone'], self.texts['together']
        same = sum(a == b for a, b in zip(alone, together, strict=True))
        said = [words['told'].format(
            count=len(alone), alone=number(medians['alone'], 0),
            rounds=len(self.seconds['together']),
            together=number(medians['together'], 0),
            ratio=number(medians['together'] / medians['alone'], 2))]
        return said + [words['same' if same == len(alone) else 'rounding'].format(
            same=same, count=len(alone))]

    def lines(self) -> list[str]:
        idle = self.asked and not self.work.running
        return [self.words['stale']] if idle and self.asked != self.settings() else []

    def sources(self) -> list:
        return [generate_batch]

    def script(self) -> list[str]:
        if not self.texts.get('together'):
            return []
        prompts, sampling, seed = self.asked
        return ['', '# Several beginnings at once',
                f'prompts = {list(map(list, prompts))}',
                f'rngs = [np.random.default_rng([{seed}, row]) for row in range(len(prompts))]',
                'texts = [[] for _ in prompts]',
                f'for event in generate_batch(lab.model, prompts, rngs=rngs, max_new_tokens={TOKENS},',
                f'                            **{vars(sampling)!r}):',
                '    texts[event.row].append(event.token_id)',
                'for row, text in enumerate(texts, 1):',
                "    print('line', row, repr(lab.tokenizer.decode(text)))"]


def offered() -> str:
    """The first beginnings, which fit into the context."""
    return '\n'.join(examples(text('pt')['inference']['examples']))


def continued(way: str, prompts, seed: int, settings: dict) -> Iterator[tuple]:
    """(row, event) of each token: row by row, or of all rows in step; the draws are the same."""
    rngs = [np.random.default_rng([seed, row]) for row in range(len(prompts))]
    if way == 'together':
        for event in generate_batch(lab().model, prompts, rngs=rngs, **settings):
            yield event.row, event
        return
    for row, (prompt, rng) in enumerate(zip(prompts, rngs, strict=True)):
        for event in generate(lab().model, prompt, rng=rng, **settings):
            yield row, event
