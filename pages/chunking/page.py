"""Chunking: a long text cut into chunks before the reader's eyes, by six strategies."""

import asyncio
import functools
from collections.abc import AsyncIterator, Iterator

import param

from minigpt.chunking import STRATEGIES, Chunk, Source, chunk, quality
from minigpt.chunking.walk import walk
from pages.chunking.cutting import AMOUNTS, Cutting, Request, excerpt
from pages.chunking.script import chunking_script
from pages.chunking.settings import SIZES, read_state, write_state
from pages.chunking.tasks import cuts_between_sentences, keeps_context, knows_the_count
from pages.chunking.timing import Timing, timings
from pages.chunking.view import ChunkingView
from pages.chunking.window import CHARACTERS, Window, last_begin, window_at
from pages.exercises import Exercise
from pages.lab import lab, shipped_lab
from pages.page import Page
from pages.tour import Stop
from pages.work import Work

LINKED = 2000   # characters of an own text that a link carries
RESTING = 0.2   # seconds without another size, after which a long text's figures are reckoned


class Chunking(Page):
    """A text, the knobs that cut it, and one or two cuttings of it."""

    size = param.Integer(default=SIZES['characters'].default)
    overlap = param.Integer(default=10, bounds=(0, 75), doc='Share of the size, in percent.')
    strategy = param.Selector(default='fixed', objects=list(STRATEGIES))
    other = param.Selector(default='', objects=['', *STRATEGIES], doc='Compared; empty: none.')
    unit = param.Selector(default='characters', objects=list(SIZES))
    preserve = param.List(default=[], doc="'sentences', 'paragraphs' or both.")
    amount = param.Integer(default=AMOUNTS[0], doc='Characters of the text at most; 0: all.')
    at = param.Integer(default=0, doc='An offset in the first chunk on the screen.')
    pinned = param.Integer(default=-1, doc='Index of the chunk looked at, or −1.')

    section = 'chunking'
    long_names = {'other': 'with', 'preserve': 'keep'}
    terms = ('chunk', 'overlap', 'boundary', 'sentence', 'paragraph', 'topic', 'cohesion',
             'density', 'bit', 'token', 'offset', 'strategy')
    exercises = (Exercise('sentences', check=cuts_between_sentences),
                 Exercise('context', check=keeps_context),
                 Exercise('count', answer=knows_the_count))
    tour = (Stop('size', '_view.controls.size'), Stop('text', '_view.text'),
            Stop('map', '_view.map'), Stop('figures', '_view.measures.figures'),
            Stop('speed', '_view.measures.speed'))
    follows_moments = False  # weights are no matter of where a text is cut

    def __init__(self, lang: str = 'pt', query: dict[str, str] | None = None):
        self.given = ''  # a text that came in the link, shown instead of the corpus
        self.text = ''
        self._source = Source('')
        self.cut: Cutting | None = None
        self.compared: Cutting | None = None
        self.timings: list[Timing] = []
        self.timed: tuple | None = None  # what the timings are of
        self._restoring = False
        self._linked_place = {}  # what the link shows of a text too long to be cut at once
        self.cutting = Work(self._progress, self.broke)
        self.timing = Work(lambda: self._view.measures.paint_speed(), self.broke)
        super().__init__(lang, query)
        self.param.watch(lambda *_: self._recut(), ['size', 'overlap', 'strategy', 'other',
                                                    'preserve', 'amount'])
        self.param.watch(lambda *_: self._measure_in(), 'unit')
        self.param.watch(lambda *_: self._paint(), ['at', 'pinned'])

    @functools.cached_property
    def _view(self) -> ChunkingView:
        return ChunkingView(self)

    # What a link carries

    def restore(self, query: dict[str, str]) -> None:
        """The state of the link, cut; a text that takes long only from its beginning."""
        self.stop()
        self.given = query.get('text', '')[:LINKED]
        self.timings = []
        self._restoring = True
        self.param.update(**read_state(query, self._first_amount))
        self._restoring = False
        self._linked_place = {'at': self.at, 'pinned': self.pinned}
        self.text = excerpt(self.given or lab().corpus, self.amount)
        if self.request.is_dear(self.text):
            self.text = excerpt(self.text, AMOUNTS[0])
        self._cut_now()

    def start(self) -> None:
        """Cut the whole text where only its beginning was, and measure the speed."""
        if len(self.text) < len(self.whole_text):
            self._recut(**self._linked_place)
        elif self.text:
            self.measure()

    def state(self) -> dict[str, str]:
        """What `restore` reads, without what is as at first."""
        state = write_state(self, self._first_amount)
        return state | ({'text': self.own_text} if self.own_text and self.is_linked else {})

    def lab_changed(self) -> None:
        """Another corpus or tokenizer: the first chunk of it, cut in the same way."""
        query = {key: value for key, value in self.query.items()
                 if key not in ('text', 'at', 'chunk')}
        self.restore(query)
        self.relabel()
        if self._started:
            self.start()

    def moment_changed(self) -> None:
        """Nothing here shows the lab's weights."""

    # What the page speaks of

    @property
    def request(self) -> Request:
        return Request(self.size, self.size * self.overlap // 100, self.unit == 'tokens',
                       'sentences' in self.preserve, 'paragraphs' in self.preserve)

    @property
    def whole_text(self) -> str:
        """The text, or the beginning of it, that the reader asked for."""
        return excerpt(self.given or lab().corpus, self.amount)

    @property
    def own_text(self) -> str:
        """The reader's text; empty while the corpus that comes with minigpt is in use."""
        return self.given or ('' if lab().corpus == shipped_lab().corpus else lab().corpus)

    @property
    def _first_amount(self) -> int:
        """The beginning of the corpus is enough to start with; an own text is shown whole."""
        return AMOUNTS[0] if lab().corpus == shipped_lab().corpus else 0

    @property
    def is_linked(self) -> bool:
        """Whether a copied link shows the same text elsewhere."""
        return len(self.own_text) <= LINKED

    @property
    def cuttings(self) -> list[Cutting]:
        """One, or two where another strategy stands beside it."""
        return [it for it in (self.cut, self.compared) if it]

    @property
    def window(self) -> Window | None:
        return window_at(self.cut.chunks, self.at) if self.cut.chunks else None

    @property
    def pinned_chunk(self) -> Chunk | None:
        return self.cut.chunks[self.pinned] if 0 <= self.pinned < len(self.cut.chunks) else None

    # What the reader does

    def move(self, where: float | str) -> None:
        """To a share of the text, or a window 'back' or 'on'."""
        window = self.window
        if window is None:
            return
        if where == 'on':
            last = len(self.cut.chunks) - 1
            self.at = self.cut.chunks[min(last, window.last + 1)].start
        elif where == 'back':
            self.at = max(0, window.begin - CHARACTERS)
        else:
            self.at = min(int(float(where) * len(self.cut.text)), last_begin(self.cut.chunks))

    def measure(self) -> None:
        """Measure how long the strategies take on the present text with the present settings."""
        self.timings, self.timed = [], self._measured_things()
        self.timing.start(self._measuring())

    def stop(self) -> None:
        """Stop measuring, and cutting."""
        self.timing.stop()
        self.cutting.stop()

    def stop_measuring(self) -> None:
        self.timing.stop()
        self._view.measures.paint_speed()

    @property
    def is_timing_stale(self) -> bool:
        """Whether settings or text changed since the timings were made."""
        return self.timed != self._measured_things()

    def _measured_things(self) -> tuple:
        return self.request, len(self.text), id(lab().corpus), self.given

    def _measuring(self) -> Iterator:
        for timing in timings(self.text, self.request, lab().tokenizer):
            if timing:
                self.timings.append(timing)
            yield

    # What follows

    def _measure_in(self) -> None:
        """Another unit: the size stays about as long as it was."""
        tokens = len(lab().tokenizer.encode(self.text[:AMOUNTS[0]]))
        ratio = len(self.text[:AMOUNTS[0]]) / tokens if tokens else 4
        knob = SIZES[self.unit]
        size = self.size / ratio if self.unit == 'tokens' else self.size * ratio
        size = int(min(knob.end, max(knob.start, round(size / knob.step) * knob.step)))
        if self.size == size or self._restoring:
            self._recut()
        else:
            self.size = size  # which cuts

    def _recut(self, at: int = 0, pinned: int = -1) -> None:
        """Cut anew with the present settings: at once, or in the background where that is dear.
        Of another text than before, the chunks at this place are shown."""
        if self._restoring:
            return
        self.stop()
        text = self.whole_text
        if text != self.text:
            self.param.update(at=at, pinned=pinned)
        self.text = text
        if self.request.is_dear(text):
            self.cutting.start(self._cutting_behind())
        else:
            self._cut_now()
            self._paint()

    def _cut_now(self) -> None:
        for _ in self._cutting():
            pass

    def _cutting(self) -> Iterator:
        """Let the reader's next messages come first; then cut, show it, and cut to compare."""
        yield
        self.cut = self._cutting_by(self.strategy)
        if self.pinned >= len(self.cut.chunks):
            self.pinned = -1
        if self.other:
            yield
        self.compared = self._cutting_by(self.other) if self.other else None

    async def _cutting_behind(self) -> AsyncIterator:
        """As `_cutting`; the text is painted at once, its figures when the reader's hand rests."""
        for _ in self._cutting():
            yield
        self._view.paint_texts()
        yield
        await asyncio.sleep(RESTING)

    def _cutting_by(self, strategy: str) -> Cutting:
        if self._source.text is not self.text:  # what was found out about a text stays
            self._source = Source(self.text)
        return Cutting(strategy, self.request, self.text,
                       self.request.cut(self._source, strategy, lab().tokenizer))

    def relabel(self) -> None:
        self._view.relabel()
        self._paint()

    def _progress(self) -> None:
        """While a long text is cut, the last result stays; see `_cutting_behind` for the new one."""
        if self.cutting.running:
            self._view.paint_busy()
        else:
            self._paint()

    def _paint(self) -> None:
        if self._restoring or self.cut is None:
            return
        self._view.paint()
        if not self.cutting.running:
            self.frame.check()
            self.query = self.state()

    # What the frame shows around the picture

    def body(self):
        return self._view.layout()

    def sources(self) -> list:
        """The strategies at work, the walk they share, and what measures chunks."""
        strategies = dict.fromkeys([self.strategy, self.other or self.strategy])
        return [*(STRATEGIES[it] for it in strategies), chunk, walk, Chunk, quality]

    def script(self) -> str:
        return chunking_script(self)
