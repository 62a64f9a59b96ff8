"""A text read by the model twice: whole, and without the parts that the reader switched off."""

from dataclasses import dataclass

import numpy as np

from minigpt.errors import SamplingError
from minigpt.inference.reader import check_prompt
from minigpt.nn import GPT, Trace
from minigpt.nn.ablation import switched_off
from minigpt.nn.logit_lens import head_parts
from minigpt.nn.ops import softmax_forward
from pages.asleep import forgettable

Array = np.ndarray


@dataclass(frozen=True)
class Reading:
    """All that the model computed for the ids (T,); `now` is `whole` while nothing is off."""
    model: GPT
    ids: Array
    off: frozenset[str]

    @classmethod
    def of(cls, model: GPT, ids: list[int], off: frozenset[str] = frozenset()) -> 'Reading':
        """Raises TextError for an empty text or one longer than the context, and SamplingError
        for a model whose numbers grew beyond all bounds.
        """
        check_prompt(model, ids)
        reading = cls(model, np.array(ids), off)
        if not np.isfinite(reading.whole['logits']).all():
            raise SamplingError('logits_not_numbers')
        return reading

    @forgettable
    def whole(self) -> Trace:
        trace = Trace()
        self.model.forward(self.ids[None], trace=trace)
        return trace

    @forgettable
    def now(self) -> Trace:
        if not self.off:
            return self.whole
        batch, trace = self.ids[None], Trace()
        self.model.forward(batch, trace=trace, change=switched_off(self.model, batch, self.off))
        return trace

    def without(self, part: str) -> Array:
        """The logits (T, V) with one part off and all others on."""
        batch = self.ids[None]
        return self.model.forward(batch, change=switched_off(self.model, batch, {part}))[0]


@dataclass(frozen=True)
class Look:
    """One block at one place of a reading: every vector that the block makes there."""
    reading: Reading
    layer: int
    place: int

    @property
    def config(self):
        return self.reading.model.config

    def vector(self, name: str, *, whole: bool = False) -> Array:
        """What the step gave at this place: 'ln_1', 'attn.out', …; 'in', 'mid' and 'out' are the
        stream. With `whole`, what it gave with all parts on."""
        trace = self.reading.whole if whole else self.reading.now
        return trace[self.step(name)][0, self.place]

    def step(self, name: str) -> str:
        """The step's name in a trace."""
        before = 'embed' if self.layer == 0 else f'h.{self.layer - 1}.resid_post'
        stream = {'in': before, 'mid': f'h.{self.layer}.resid_mid',
                  'out': f'h.{self.layer}.resid_post'}
        return stream.get(name, f'h.{self.layer}.{name}')

    def weights(self) -> Array:
        """How much this place took from each, head by head: (H, T)."""
        return self.reading.now[f'h.{self.layer}.attn.weights'][0, :, self.place]

    def head_parts(self) -> Array:
        """What each head wrote into the stream at this place, (H, C)."""
        return head_parts(self.reading.model, self.layer, self.vector('attn.heads'))

    def params(self, name: str) -> Array:
        """A parameter of this block: 'ln_1.weight'."""
        return self.reading.model.params[f'h.{self.layer}.{name}']


def shares(logits: Array) -> Array:
    """Softmax in float64, so that the shares of many words still add up to 1.   (…, V) -> (…, V)"""
    return softmax_forward(logits.astype(np.float64))[0]


def norm(vector: Array) -> float:
    """Its length: the root of the sum of its squares."""
    return float(np.linalg.norm(vector.astype(np.float64)))  # whose squares do not overflow


def cosine(one: Array, other: Array) -> float:
    """Of the angle between them; 0 where one has no length."""
    lengths = norm(one) * norm(other)
    return float(one @ other) / lengths if lengths else 0.0
