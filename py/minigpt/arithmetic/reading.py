"""A text read once by a model, all of whose numbers can be asked for by name and index."""

import functools

import numpy as np

from minigpt.arithmetic.cell import Cell
from minigpt.arithmetic.spelling import SPELLINGS, learnt
from minigpt.arithmetic.steps import Step, steps
from minigpt.nn.model import GPT
from minigpt.nn.ops import softmax_forward
from minigpt.nn.trace import Trace

Array = np.ndarray


class Reading:
    """One traced forward pass over `ids` (T,). TextError or ConfigError for ids that do not fit.

    Arrays come without the batch axis: 'embed' is (T, C), 'h.0.attn.q' (H, T, D).
    """

    def __init__(self, model: GPT, ids: list[int]):
        self.model = model
        self.ids = np.asarray(ids)
        self.trace  # now: ids that do not fit are told at once
        self.steps: dict[str, Step] = {it.name: it for it in steps(model.config, len(self.ids))}

    @functools.cached_property
    def trace(self) -> Trace:
        """Everything the pass computed, with its batch axis."""
        trace = Trace()
        self.model.forward(self.ids[None], trace=trace)
        trace['tokens'] = self.ids[None]
        trace['shares'] = softmax_forward(trace['logits'])[0]
        return trace

    @property
    def T(self) -> int:
        return len(self.ids)

    def array(self, name: str) -> Array:
        """What a step computed, or the weights of that name. KeyError for an unknown name."""
        if name not in self.trace:
            return self.model.params[name]
        array = self.trace[name]
        return array if name.endswith('.attn.mask') else array[0]  # one mask for all the batch

    def cell(self, name: str, index: tuple[int, ...]) -> Cell:
        """One number with what it was computed from. IndexError for a place that is not there."""
        array = self.array(name)
        if len(index) != array.ndim or any(not 0 <= i < size
                                           for i, size in zip(index, array.shape)):
            raise IndexError(f'{name} has shape {array.shape}, not a place {index}')
        step = self.steps.get(name)
        spell = SPELLINGS[step.operation] if step else learnt
        operation, lines, numbers = spell(self, name, index)
        return Cell(name, index, float(array[index]), operation, lines, numbers)
