"""Inference: how the model chooses the next word, token by token."""

from collections.abc import Iterator
from itertools import chain

import param

from minigpt.errors import MinigptError
from minigpt.inference import next_token_distribution
from minigpt.inference.generate import next_logits
from minigpt.inference.sampling import draw, survivors
from minigpt.locale import decimal
from minigpt.nn.ops import softmax_forward
from pages.exercises import Exercise
from pages.first_text import first_text
from pages.inference.batch import Batch
from pages.inference.cache import Cache
from pages.inference.continuation import Continuation, Sampling
from pages.inference.duel import Duel
from pages.inference.influence import Teachers
from pages.inference.link import FIRST_PROMPT, link_state, read_knobs
from pages.inference.part import Experiment
from pages.inference.script import inference_script
from pages.inference.settings import KNOBS, read_branches, read_picks
from pages.inference.surprise import Surprise
from pages.inference.tasks import knows_the_ratio, took_a_cut_token, writes_greedily
from pages.inference.tree_view import TreeView
from pages.inference.view import InferenceView
from pages.inference.way import Way
from pages.lab import lab
from pages.layout import stack
from pages.page import Page
from pages.settings import each, whole
from pages.tour import Stop
from pages.work import Work

OPENING = 40  # tokens written before the page is shown; what is more comes while it is read
ROWS = 14     # candidates in the table at first
MORE_ROWS = 20


class Inference(Page):
    """A prompt, knobs, and the text that follows, each token with the distribution behind it."""

    prompt = param.String(default=FIRST_PROMPT)
    temperature = param.Number(default=KNOBS['temperature'].default)
    top_k = param.Integer(default=KNOBS['top_k'].default)
    top_k_on = param.Boolean(default=True)
    top_p = param.Number(default=KNOBS['top_p'].default)
    top_p_on = param.Boolean(default=False)
    min_p = param.Number(default=KNOBS['min_p'].default)
    min_p_on = param.Boolean(default=False)
    seed = param.Integer(default=KNOBS['seed'].default)
    length = param.Integer(default=KNOBS['length'].default)
    pinned = param.Integer(default=-1, doc='Written position looked at; -1 follows the newest.')
    rows = param.Integer(default=ROWS, doc='Candidates in the table.')
    error = param.Parameter(default=None, doc='The MinigptError of an unfit prompt, or None.')

    section = 'inference'
    long_names = {name: knob.key for name, knob in KNOBS.items()}
    terms = ('token', 'logit', 'temperature', 'softmax', 'probability', 'sampling', 'top_k',
             'top_p', 'min_p', 'greedy', 'beam_search', 'seed', 'context', 'kv_cache', 'surprise',
             'entropy', 'bit', 'perplexity', 'loss', 'gradient', 'cosine', 'batch')
    exercises = (Exercise('greedy', check=writes_greedily), Exercise('cut', check=took_a_cut_token),
                 Exercise('share', answer=knows_the_ratio))
    tour = (Stop('tokens', '_view.tokens'), Stop('table', '_view.candidates'),
            Stop('knobs', '_view.fold'), Stop('tree', 'branches.component'), Stop('more', '_view.more'))

    def __init__(self, lang: str = 'pt', query: dict[str, str] | None = None):
        self.text: Continuation | None = None
        self.text_prompt = ''
        self.live = False  # on the screen, where long work may be done
        self.work = Work(self._paint, self.broke)
        self._view = InferenceView(self)
        self.branches = TreeView(self)
        self.experiments = [Surprise(self), Teachers(self), Duel(self), Cache(self), Batch(self),
                            Way(self)]
        super().__init__(lang, query)
        self.param.watch(lambda *_: self._prompt_changed(), 'prompt')
        self.param.watch(lambda *_: self._paint(), [
            'temperature', 'top_k', 'top_k_on', 'top_p', 'top_p_on', 'min_p', 'min_p_on', 'seed',
            'length', 'pinned', 'rows', 'error'])

    # What a link carries

    def restore(self, query: dict[str, str]) -> None:
        """The state of the link, and the first tokens of its text."""
        self.work.stop()
        self.branches.begin()
        self.text = None  # it may be of another lab, whose tokens are not these
        sections = [it.section for it in self.experiments]
        opened = each(query, 'open', query.get('open', '').split('.'),
                      lambda it: it if it in sections else None)
        for it in self.experiments:
            it.forget()
            it.open = it.section in opened
            it.restore(query)
        self.param.update(prompt=query.get('prompt', first_text(FIRST_PROMPT)), **read_knobs(query))
        vocab_size = lab().model.config.vocab_size
        picks, others = read_picks(query, vocab_size), read_branches(query, vocab_size)
        goal = min(whole(query, 'shown', range(10**6), self.length), KNOBS['length'].end)
        self._rest = iter(())
        if self._begin():
            self.work.now(self._writing(min(goal, OPENING), picks))
            self._rest = chain(self._writing(goal, picks), self.branches.grow(others))
            at = whole(query, 'at', range(int(KNOBS['length'].end) + 1), 0)
            self.pinned = at if self.text.written else -1

    def start(self) -> None:
        """Write what the opening left out, and begin what is open."""
        self.live = True
        self.work.start(self._rest)
        for it in self.opened:
            it.begin()

    def state(self) -> dict[str, str]:
        """What `restore` reads, without what is as at first."""
        return link_state(self)

    def moment_changed(self) -> None:
        """The same prompt and choices under other weights, and the same place looked at."""
        state, pinned = self.state(), self.pinned
        self.restore(state)
        self.pinned = min(pinned, len(self.text.written)) if self.text else -1
        self.relabel()
        self.start()

    # What the page speaks of

    @property
    def sampling(self) -> Sampling:
        return Sampling(self.temperature, self.top_k if self.top_k_on else None,
                        self.top_p if self.top_p_on else None,
                        self.min_p if self.min_p_on else None)

    @property
    def opened(self) -> list[Experiment]:
        """The experiments whose folds are open, in the order of the screen."""
        return [it for it in self.experiments if it.open]

    @property
    def ended(self) -> bool:
        """Whether the last token written is the end-of-text token."""
        return bool(self.text and self.text.ended)

    @property
    def shown(self) -> int:
        """The written position looked at; one past the last is the token to come."""
        count = len(self.text.written)
        return self.pinned if 0 <= self.pinned <= count else max(0, count - 1)

    # What the reader does

    def generate(self) -> None:
        """Write `length` tokens after the prompt, from the seed on."""
        self.stop()
        self.branches.keep()
        self.pinned = -1
        if self._begin():
            self.work.start(self._writing(self.length))

    def step(self) -> None:
        """Write one more token."""
        self.stop()
        if self.text_prompt == self.prompt or self._begin():
            self.pinned = -1
            self.work.now(self._writing(len(self.text.written) + 1))
            self._paint()

    def stop(self) -> None:
        """Stop writing; what is written stays."""
        if self.work.running:
            self.work.stop()
            self._paint()

    def clear(self) -> None:
        """Back to the prompt alone; the tree keeps what was written."""
        self.stop()
        self.branches.keep()
        self.pinned = -1
        self._begin()
        self._paint()

    def pick(self, index: int, token_id: int) -> None:
        """Go on with this token at this written place, then write the rest anew. The text as it
        was stays in the tree.

        The place is the one the reader saw the candidate for: writing may have moved on since.
        """
        count = len(self.text.written)
        if index > count:  # the text was begun anew since
            return
        self.stop()
        self.branches.keep()
        self.text.pick(index, token_id, self.sampling)
        if index >= count:  # the token to come: one choice, then look at the next one
            self.pinned = index + 1
            self._paint()
        else:
            self.pinned = index
            self.work.start(self._writing(count))

    def look_at(self, place: int) -> None:
        """Speak of this written place of a text that has just changed."""
        if self.pinned == place:
            self._paint()
        else:
            self.pinned = place

    def more(self) -> None:
        """More rows in the table."""
        self.rows += MORE_ROWS

    def _begin(self) -> bool:
        """A new text from prompt and seed; False, with `error` set, where the prompt is unfit."""
        try:
            self.text = Continuation(lab().model, lab().tokenizer.encode(self.prompt), self.seed,
                                     lab().tokenizer.end_of_text)
        except MinigptError as error:
            self.error = error
            return False
        if self.prompt != self.text_prompt:
            self.branches.begin()
        self.text_prompt, self.error = self.prompt, None
        return True

    def _writing(self, goal: int, picks: dict[int, int] | None = None) -> Iterator:
        """Write until `goal` tokens are there or the text ends; `picks` as in a link."""
        while len(self.text.written) < goal and not self.ended:
            yield self.text.step(self.sampling, (picks or {}).get(len(self.text.written)))

    # What follows

    def follow_lab(self, names: set[str]) -> None:
        """Another corpus changes nothing that is written here: only whose lines are ranked."""
        if 'corpus' in names and 'checkpoint' not in names:
            names = names - {'corpus'}
            for it in self.experiments:
                it.other_corpus()
        super().follow_lab(names)

    def relabel(self) -> None:
        self._view.relabel()
        self.branches.relabel()
        for it in self.experiments:
            it.show()
        self._paint()

    def _prompt_changed(self) -> None:
        """While nothing is being written, the picture follows the prompt at each key stroke."""
        if not self.work.running:
            self.pinned = -1
            self._begin()
        self._paint()

    def _paint(self) -> None:
        self._view.paint()
        if not self.work.running:  # a long tree would slow the writing down
            self.branches.paint()
        for it in self.opened:
            it.follow()
        self.note()

    def note(self) -> None:
        """Look whether an exercise is done, and put the state into the link."""
        self.frame.check()
        if not self.work.running:
            self.query = self.state()

    def number(self, value: float | None, digits: int) -> str:
        """As the page's language writes it, with a true minus sign; None is a dash."""
        return decimal(None if value is None else float(value), digits,
                       self.lang).replace('-', '−')

    # What the frame shows around the picture

    def body(self):
        return stack(self._view.layout(), self.branches.component, self._view.more,
                     *(it.drawer for it in self.experiments))

    def sources(self) -> list:
        """From logits to a token, in the order of the table's columns; then what is open."""
        return [next_token_distribution, softmax_forward, survivors, draw, next_logits,
                *dict.fromkeys(thing for it in self.opened for thing in it.sources())]

    def script(self) -> str:
        return inference_script(self)
