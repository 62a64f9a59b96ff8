"""The reader's text, read by the lab's model: as it is, and with the reader's changes."""

from collections.abc import Iterator

import numpy as np

from minigpt import Trace
from minigpt.errors import TextError
from minigpt.nn.attention_patterns import Measure, heads_weights, measured, pattern_targets
from minigpt.nn.changes import without_head
from minigpt.nn.ops import softmax_forward
from pages.asleep import forgettable
from pages.attention.what_if import Head, WhatIf
from pages.lab import lab, visible

Array = np.ndarray
CANDIDATES = 7   # next tokens that are shown
CHARACTERS = 64  # a token hardly has more: so much of a long text, for each, is cut into tokens


class Passes:
    """`ids` (T,) are the last tokens of the text that the context holds. Raises TextError for none.

    `plain` and `changed` are the traces of both passes; the same one while nothing is changed.
    """

    def __init__(self, text: str):
        self.model, self.tokenizer = lab().model, lab().tokenizer
        size = self.model.config.block_size
        end = text[-CHARACTERS * size:]
        ids = self.tokenizer.encode(end)
        if not ids:
            raise TextError('empty_prompt')
        self.ids = ids[-size:]
        self.left_out = len(end) < len(text) or len(self.ids) < len(ids)
        self.tokens = [visible(i, self.tokenizer) for i in self.ids]
        self._changed: Trace | None = None
        self.what_if = WhatIf()
        self.without: dict[Head, Array] = {}  # next token's shares with one head off, (V,) each

    @forgettable
    def plain(self) -> Trace:
        return self._read(None)

    @property
    def changed(self) -> Trace:
        return self.plain if self._changed is None else self._changed

    def _read(self, change) -> Trace:
        trace = Trace()
        self.model.forward(np.array([self.ids]), trace=trace, change=change)
        return trace

    def apply(self, what_if: WhatIf) -> None:
        """Read once more with these changes, those that fit this text."""
        fitting = what_if.fitting(self.model.config, len(self.ids))
        if fitting != self.what_if:
            self.what_if = fitting
            self._changed = (self._read(fitting.change(self.model.config)) if fitting.active
                             else None)

    # What the changed pass has

    def at(self, layer: int, name: str) -> Array:
        """An intermediate of a block's attention, of the one text: 'q' → (H, T, D)."""
        return self.changed[f'h.{layer}.attn.{name}'][0]

    def key_head(self, head: int) -> int:
        """The key head that serves a query head; with GQA, several share one."""
        config = self.model.config
        return head * config.kv_heads // config.n_head

    @property
    def hidden(self) -> Array:
        """(T, T) bool: who is out of whose sight."""
        return np.isinf(self.changed['h.0.attn.mask'])

    def maps(self) -> Array:
        """Weights of all heads, NaN for what is out of sight.   -> (L, H, T, T)"""
        weights = heads_weights(self.changed, self.model.config.n_layer)
        return np.where(self.hidden, np.nan, weights)

    def next_shares(self) -> tuple[Array, Array]:
        """Probabilities of the next token before and after the changes, (V,) each."""
        return next_shares(self.plain['logits']), next_shares(self.changed['logits'])

    def switching_off(self) -> Iterator[None]:
        """Switch each head off, alone: one pass a step, which fills `without`."""
        config = self.model.config
        for head in np.ndindex(config.n_layer, config.n_head):
            yield
            logits = self.model.forward(np.array([self.ids]), change=without_head(*head, config))
            self.without[head] = next_shares(logits)

    def measures(self) -> dict[str, Measure]:
        """Patterns of this text, of the model as it is: name → shares (L, H)."""
        targets = pattern_targets(self.ids) | {'word': same_word(self.tokenizer, self.ids)}
        weights = heads_weights(self.plain, self.model.config.n_layer)
        found = {name: measured(weights, it) for name, it in targets.items()}
        return {name: it for name, it in found.items() if it is not None}


def next_shares(logits: Array) -> Array:
    """Probabilities of the token after the last.   (1, T, V) -> (V,) float64"""
    return softmax_forward(logits[0, -1].astype(np.float64))[0]


def moved(before: Array, after: Array) -> float:
    """How much probability went from some tokens to others, a fraction of 1."""
    return float(np.abs(after - before).sum() / 2)


def same_word(tokenizer, ids: list[int]) -> Array:
    """(T, T) bool: the earlier tokens that are pieces of the same word."""
    pieces = [tokenizer.token_bytes(i).decode('utf-8', 'replace') for i in ids]
    begins = [not (it[:1].isalpha() or it[:1] == '\N{REPLACEMENT CHARACTER}') for it in pieces]
    word = np.cumsum(begins)
    return np.tri(len(ids), k=-1, dtype=bool) & (word[:, None] == word)
