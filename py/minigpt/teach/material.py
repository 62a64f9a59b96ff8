"""What lessons work with: the shipped model, a sentence, a small text and small models."""

import functools
from collections.abc import Iterator, Mapping

import numpy as np

from minigpt.lab import shipped_corpus, shipped_lab
from minigpt.nn import GPT, GPTConfig, Trace
from minigpt.teach.draw import visible
from minigpt.teach.lesson import Working
from minigpt.tokenizer import BPETokenizer
from minigpt.training import Checkpoint, TrainConfig, TrainStep, train

Array = np.ndarray
SENTENCE = 'A menina abriu a porta e viu um'


def checkpoint() -> Checkpoint:
    """The shipped model with its tokenizer; the lessons only read it."""
    return shipped_lab().checkpoint


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


def losing(model: GPT, data: Array, **settings) -> Iterator[TrainStep]:
    """Train the model on ids, step by step."""
    config = TrainConfig(**{'batch_size': 8, 'warmup': 5, 'learning_rate': 3e-3} | settings)
    return (event for event in train(model, data, config) if isinstance(event, TrainStep))


def losses(model: GPT, data: Array, **settings) -> list[float]:
    """The same at once: the loss of every step."""
    return [event.loss for event in losing(model, data, **settings)]


def trained(runs: Mapping[str, dict], data: Array) -> Iterator[Working]:
    """Train a small model with each of these settings, as a generator that says how far it is; it
    returns the losses of every run by its name."""
    total, found = sum(settings['steps'] for settings in runs.values()), {}
    for name, settings in runs.items():
        found[name] = []
        before = sum(map(len, found.values()))
        for event in losing(small_model(), data, **settings):
            found[name].append(event.loss)
            if event.step % 10 == 0:
                yield Working((before + event.step) / total)
    return found


def drained(work: Iterator):
    """Run a generator to its end; what it returns."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def smooth(values: list[float], span: int = 5) -> list[float]:
    """Means of `span` numbers at a time, so that a curve shows its way and not its noise."""
    return [float(np.mean(values[i:i + span])) for i in range(0, len(values), span)]
