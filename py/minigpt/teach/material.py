"""What lessons work with: the shipped model, a sentence, a small text and small models."""

import functools

import numpy as np

from minigpt import shipped
from minigpt.lab import shipped_corpus
from minigpt.nn import GPT, GPTConfig, Trace
from minigpt.teach.draw import visible
from minigpt.tokenizer import BPETokenizer
from minigpt.training import Checkpoint, TrainConfig, TrainStep, train

Array = np.ndarray
SENTENCE = 'A menina abriu a porta e viu um'


@functools.cache
def checkpoint() -> Checkpoint:
    """The shipped model with its tokenizer; the lessons only read it."""
    return shipped.load()


def tokens(text: str) -> tuple[list[int], list[str]]:
    """The ids of a text under the shipped tokenizer, and the tokens as one can see them."""
    tokenizer = checkpoint().tokenizer
    ids = tokenizer.encode(text)
    return ids, [visible(tokenizer.token_bytes(i)) for i in ids]


def traced(text: str = SENTENCE) -> Trace:
    """All that the shipped model computes for a text."""
    trace = Trace()
    checkpoint().model.forward(np.array([tokens(text)[0]]), trace=trace)
    return trace


@functools.cache
def small_text() -> tuple[BPETokenizer, Array]:
    """A tokenizer of 320 tokens and the ids (N,) of the corpus' first 40,000 characters."""
    text = shipped_corpus()[:40_000]
    tokenizer = BPETokenizer.train(text, 320)
    return tokenizer, np.array(tokenizer.encode(text), np.int32)


def small_model(seed: int = 0, **settings) -> GPT:
    """A model that learns within a second: 2 layers, 32 wide, context 32."""
    sizes = {'vocab_size': 320, 'block_size': 32, 'n_embd': 32, 'n_head': 2, 'n_layer': 2}
    return GPT(GPTConfig(**sizes | settings), np.random.default_rng(seed))


def losses(model: GPT, data: Array, **settings) -> list[float]:
    """Train the model on ids and return the loss of every step."""
    config = TrainConfig(**{'batch_size': 8, 'warmup': 5, 'learning_rate': 3e-3} | settings)
    return [event.loss for event in train(model, data, config) if isinstance(event, TrainStep)]


def smooth(values: list[float], span: int = 5) -> list[float]:
    """Means of `span` numbers at a time, so that a curve shows its way and not its noise."""
    return [float(np.mean(values[i:i + span])) for i in range(0, len(values), span)]
