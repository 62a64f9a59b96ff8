"""From one text to what a run needs: what is learnt from, what is held out, a new model."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from minigpt.nn.config import GPTConfig
from minigpt.nn.model import GPT
from minigpt.tokenizer import END_OF_TEXT, BPETokenizer, Merge
from minigpt.training.checkpoint import Checkpoint
from minigpt.training.dataset import documents, encode_documents, split_documents
from minigpt.training.train_config import TrainConfig
from minigpt.training.trainer import TrainState

Array = np.ndarray
ENOUGH = 0.05  # of the text, to judge by
CUT = 0.9      # where a text of few documents is cut in two


@dataclass(frozen=True)
class Material:
    """Ids to learn from, (N,), and ids held out, (M,), or None where the text is too short."""
    data: Array
    validation: Array | None


def split_text(text: str) -> tuple[list[str], list[str]]:
    """Documents to learn from and documents held out, whole ones, chosen by a hash.

    Where that would hold out less than a twentieth of the text, or more than half, it is the last
    tenth of the text instead.
    """
    training, held_out = split_documents(documents(text))
    size = sum(map(len, training)) + sum(map(len, held_out))
    if ENOUGH * size <= sum(map(len, held_out)) <= size / 2:
        return training, held_out
    place = int(CUT * len(text))
    training, held_out = documents(text[:place]), documents(text[place:])
    return (training, held_out) if training else (held_out, [])


def vocabulary_steps(training: list[str], vocab_size: int) -> Iterator[Merge]:
    """The merges learnt from the documents, until they, the bytes and the end of text are so many.

    TextError if there is no text.
    """
    return BPETokenizer.train_steps('\n'.join(training), vocab_size, special=1)


def vocabulary(merges: list[Merge]) -> BPETokenizer:
    """The tokenizer of these merges, with a token for the end of a document."""
    return BPETokenizer((merge.pair for merge in merges), [END_OF_TEXT])


def new_run(tokenizer: BPETokenizer, config: GPTConfig, train_config: TrainConfig) -> Checkpoint:
    """A model of random weights (from the run's seed) that suits the tokenizer, and its state."""
    model = GPT(replace(config, vocab_size=tokenizer.vocab_size),
                np.random.default_rng(train_config.seed))
    return Checkpoint(model, tokenizer, {}, train_config, TrainState(model, train_config))


def material(training: list[str], held_out: list[str], tokenizer: BPETokenizer,
             block_size: int) -> Material:
    """The ids of both sides; a held-out side shorter than one context is no use to judge by."""
    data = encode_documents(training, tokenizer)
    validation = encode_documents(held_out, tokenizer)
    return Material(data, validation if len(validation) > block_size else None)


def sample_prompt(text: str, tokenizer: BPETokenizer, block_size: int) -> list[int]:
    """The ids that samples begin with: of a long text its end, half a context; of none, one id."""
    ids = tokenizer.encode(text)[-max(1, block_size // 2):]
    return ids or [tokenizer.end_of_text or 0]
