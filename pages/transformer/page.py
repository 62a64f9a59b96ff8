"""Transformer: one block at work, the stream that runs through it, and what each part is for."""

import functools
from collections.abc import Iterator

import param

from minigpt.errors import MinigptError
from minigpt.locale import decimal
from minigpt.nn.ablation import switched_off, switches
from minigpt.nn.attention import attention_forward
from minigpt.nn.logit_lens import direct_contributions, head_parts, logit_lens
from minigpt.nn.neurons import strongest_firing
from minigpt.nn.norms import norm_forward
from minigpt.nn.transformer import block_forward, mlp_forward
from pages.exercises import Exercise
from pages.lab import lab, visible
from pages.layout import stack
from pages.own_text import OwnText
from pages.page import Page
from pages.tour import Stop
from pages.transformer.block_part import BlockPart
from pages.transformer.detail_part import KINDS, DetailPart
from pages.transformer.kin_part import KinPart
from pages.transformer.lens_part import LensPart
from pages.transformer.neurons import ORDERS
from pages.transformer.reading import Look, Reading
from pages.transformer.script import transformer_script
from pages.transformer.state import FIRST_PART, FIRST_PROMPT, KIN, read_state, write_state
from pages.transformer.sums import Sums
from pages.transformer.tasks import (blocks, gates, knows_the_size, one_part_changes_the_word,
                                     reads_the_answer_early)
from pages.work import Work


class Transformer(Page):
    """A text, one of its tokens, one block, one of its parts; and the parts that are off."""

    prompt = param.String(default=FIRST_PROMPT)
    place = param.Integer(default=-1, doc='The token looked at; -1 is the last.')
    layer = param.Integer(default=0)
    part = param.String(default=FIRST_PART, doc='The card that is pinned.')
    off = param.List(default=[], item_type=str, doc='Parts that are off: minigpt.nn.ablation.')
    neuron = param.Integer(default=-1, doc='-1 is the first of the list.')
    order = param.Selector(default=ORDERS[0], objects=list(ORDERS), doc='Of the neurons.')
    kin = param.Selector(default=KIN[0], objects=list(KIN), doc='GPT-2 is compared with it.')
    word = param.Integer(default=-1, doc='Id of the word explained; -1 is the likeliest.')
    error = param.Parameter(default=None, doc='The MinigptError of an unfit text, or None.')

    section = 'transformer'
    long_text = ('text', 'prompt')
    terms = ('token', 'residual_stream', 'layer', 'layer_norm', 'attention', 'head', 'mlp',
             'neuron', 'activation', 'logit', 'softmax', 'logit_lens', 'ablation', 'norm', 'rope',
             'rmsnorm', 'swiglu', 'gqa', 'loss', 'nat')
    exercises = (Exercise('switch', check=one_part_changes_the_word),
                 Exercise('early', check=reads_the_answer_early, kind=blocks),
                 Exercise('size', answer=knows_the_size, kind=gates))
    tour = (Stop('stream', 'picture.stream'), Stop('block', 'picture.block'),
            Stop('heads', 'detail.heads', {'part': 'heads'}),
            Stop('neurons', 'detail.head', {'part': 'neurons'}), Stop('lens', 'lens.lens'),
            Stop('next', 'picture.next'))

    def __init__(self, lang: str = 'pt', query: dict[str, str] | None = None):
        self.reading: Reading | None = None
        self.count = 0  # tokens of the text
        self.effects_work = Work(self._paint_effects, self.broke)
        self.search_work = Work(self._paint_places, self.broke)
        self.kin_work = Work(self.paint_kin, self.broke)
        super().__init__(lang, query)
        self.param.watch(lambda *_: self._read_anew(), 'prompt')
        self.param.watch(lambda *_: self._switched(), 'off')
        self.param.watch(lambda *_: self._follow(), ['place', 'word'])
        self.param.watch(lambda *_: self.paint(self.picture, self.detail, self.lens), 'layer')
        self.param.watch(lambda *_: self.paint(self.detail), ['neuron', 'order'])
        self.param.watch(lambda *_: self._pinned(), 'part')
        self.param.watch(lambda *_: self.paint(self.family), 'kin')

    # Made once the page's params are there, which charts watch

    @functools.cached_property
    def picture(self) -> BlockPart:
        return BlockPart(self)

    @functools.cached_property
    def detail(self) -> DetailPart:
        return DetailPart(self)

    @functools.cached_property
    def lens(self) -> LensPart:
        return LensPart(self)

    @functools.cached_property
    def family(self) -> KinPart:
        return KinPart(self)

    @property
    def parts(self) -> list:
        """In the order of the screen."""
        return [self.picture, self.detail, self.lens, self.family]

    # What a link carries

    def restore(self, query: dict[str, str]) -> None:
        self.effects_work.stop()
        self.search_work.stop()
        self.detail.neurons.firing = None
        self.family.renew()
        self.lens.without = {}
        with param.discard_events(self):
            self.param.update(**read_state(query))
        self._read()

    # What the page speaks of

    @property
    def look(self) -> Look:
        """The block and the place looked at."""
        last = len(self.reading.ids) - 1
        return Look(self.reading, self.layer, self.place if 0 <= self.place <= last else last)

    @property
    def target(self) -> int:
        """The word explained: the reader's, or the one that the whole model finds likeliest."""
        if self.word >= 0:
            return self.word
        return int(self.reading.whole['logits'][0, self.look.place].argmax())

    @property
    def sums(self) -> Sums:
        return Sums(self.look, self.words['about'], self.number)

    # What the reader does

    def choose_token(self, place: int) -> None:
        """Follow this token; whoever follows the last goes on with the last while typing."""
        if self.reading is None:
            return
        self.place = -1 if place == len(self.reading.ids) - 1 else place

    def choose_word(self, token_id: int) -> None:
        """Explain this word; the likeliest stays the likeliest when the text changes."""
        if self.reading is None or token_id >= lab().model.config.vocab_size:
            return
        likeliest = self.reading.whole['logits'][0, self.look.place].argmax()
        self.word = -1 if token_id == likeliest else token_id

    def choose_block(self, layer: int, **more) -> None:
        """Look into this block, if the model has so many; and change what else is given."""
        if layer < lab().model.config.n_layer:
            self.param.update(layer=layer, **more)

    def switch(self, part: str) -> None:
        """Switch a part off, or on again."""
        off = set(self.off) ^ {part}
        self.off = [it for it in switches(lab().model.config) if it in off]

    def all_on(self) -> None:
        self.off = []

    # Reading and painting

    def _read(self) -> None:
        """Read the text; where that cannot be, `error` says why and nothing stays."""
        ids = lab().tokenizer.encode(self.prompt)
        self.count, self.error = len(ids), None
        try:
            self.reading = Reading.of(lab().model, ids, frozenset(self.off))
        except MinigptError as error:
            self.reading, self.error = None, error

    def _read_anew(self) -> None:
        self._read()
        self._follow()

    def _switched(self) -> None:
        """Parts are off, or on again: what the whole model says stays as it is."""
        self._read()
        self.paint(self.picture, self.detail, self.lens)

    def _follow(self) -> None:
        """Another text, token or word: what was computed of the old one goes."""
        self.lens.without = {}
        if self._started and self.reading is not None:  # the kin, far below, may wait
            self.paint(self.picture, self.detail, self.lens)
        else:
            self.paint()
        self._try_parts()

    def _pinned(self) -> None:
        self.picture.pin()
        self.lens.pin()
        self.paint(self.detail)

    def start(self) -> None:
        """Look through the corpus for what neurons fire on, and try each part's absence."""
        self.search_work.start(self.detail.neurons.search())
        self._try_parts()

    def _try_parts(self) -> None:
        if not self._started:
            return
        if self.reading is None:
            self.effects_work.stop()
        else:
            self.effects_work.start(self._trying())

    def _trying(self) -> Iterator[None]:
        """Each part's absence, and then what is far below on the page."""
        yield from self.lens.effects()
        self.family.paint()

    def relabel(self) -> None:
        for it in self.parts:
            it.relabel()
        self.paint()

    def paint(self, *parts) -> None:
        """These parts, or all."""
        for it in parts or self.parts:
            it.paint()
            self.send_painted()
        self.query = write_state(self)
        self.frame.check()

    def _paint_effects(self) -> None:
        self.lens.paint_effects()

    def paint_kin(self) -> None:
        """The race goes on; once it rests, the blocks are of what was learnt."""
        self.family.paint_race()
        if not self.kin_work.running:
            self.family.paint()

    def _paint_places(self) -> None:
        if self.reading is not None and self.part == 'neurons':
            self.detail.neurons.paint_places()

    def number(self, value: float, digits: int) -> str:
        """As the page's language writes it, with a true minus sign, and none before a zero."""
        return decimal(round(float(value), digits) or 0.0, digits, self.lang).replace('-', '−')

    def quoted(self, token_id: int) -> str:
        """A word in the quotation marks of the language."""
        return self.words['quoted'].format(word=visible(int(token_id)))

    def percent(self, share: float) -> str:
        """A share from 0 to 1 with as many digits as it needs."""
        return f'{self.number(100 * share, 1 if share >= 0.0995 or share == 0 else 2)}%'

    # What the frame shows around the picture

    def body(self):
        *first, kin = (it.layout() for it in self.parts)
        return stack(*first, OwnText(self), kin)

    def sources(self) -> list:
        """From the block to what is read from it."""
        inner = {'norm': [norm_forward], 'heads': [attention_forward, head_parts],
                 'neurons': [mlp_forward, strongest_firing]}.get(KINDS[self.part], [])
        return [block_forward, *inner, logit_lens, direct_contributions, switched_off]

    def script(self) -> str:
        return transformer_script(self)
