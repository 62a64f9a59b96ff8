"""How well a model predicts a text it was not trained on."""

import math
from dataclasses import dataclass

import numpy as np

from minigpt.errors import TextError
from minigpt.training.checkpoint import Checkpoint
from minigpt.training.dataset import consecutive_batches, encode_documents

BLANK_LINE = 2  # bytes: what an end-of-text token stands for in the file


@dataclass(frozen=True)
class HeldOutLoss:
    """Losses over `tokens` predictions. Bits per byte compare models with other tokenizers."""
    nats_per_token: float
    bits_per_byte: float
    tokens: int
    bytes: int


def held_out_loss(checkpoint: Checkpoint, pieces: list[str], batch_size: int = 16) -> HeldOutLoss:
    """The loss over the documents, read in stretches of one context each, start to end.

    TextError where all of them together are shorter than one stretch.
    """
    model, tokenizer = checkpoint.model, checkpoint.tokenizer
    ids = encode_documents(pieces, tokenizer)
    if len(ids) < model.config.block_size + 1:
        raise TextError('text_too_short', got=len(ids), need=model.config.block_size + 1)
    sizes = np.array([len(tokenizer.token_bytes(i)) for i in range(tokenizer.vocab_size)])
    if tokenizer.end_of_text is not None:
        sizes[tokenizer.end_of_text] = BLANK_LINE
    nats = tokens = n_bytes = 0
    for inputs, targets in consecutive_batches(ids, batch_size, model.config.block_size):
        nats += model.loss(inputs, targets) * targets.size
        tokens += targets.size
        n_bytes += int(sizes[targets].sum())
    return HeldOutLoss(nats / tokens, nats / math.log(2) / n_bytes, tokens, n_bytes)
