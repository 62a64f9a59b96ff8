"""How a token table comes to be: a training run before your eyes."""

from collections.abc import Iterator

import numpy as np

from minigpt.embeddings import token_table
from minigpt.nn import GPT, GPTConfig
from minigpt.training import TrainConfig, train
from pages.embeddings.words import COUNTED
from pages.lab import Lab

Array = np.ndarray
STEPS = 200
EVERY = 8  # steps between two states kept
SIZES = {'block_size': 32, 'n_embd': 64, 'n_head': 2, 'n_layer': 1}
HOW = {'steps': STEPS, 'batch_size': 16, 'learning_rate': 3e-3, 'warmup': 10, 'seed': 1}


class LiveRun:
    """A small new model that learns from the lab's corpus, a few hundred updates long.

    `moments`: (update, token table (V, C)); update 0 is chance alone. `loss` is that of the
    latest batch, in nats per token.
    """
    last = STEPS

    def __init__(self, lab: Lab):
        """Raises TextError, at the first update, for a corpus shorter than the model's context."""
        config = GPTConfig(vocab_size=lab.model.config.vocab_size, **SIZES)
        self.model = GPT(config, rng=np.random.default_rng(HOW['seed']))
        self.moments = [(0, token_table(self.model).copy())]
        self.loss: float | None = None
        self.step = 0
        self._lab = lab

    def updates(self) -> Iterator[None]:
        """Train on, an update at a time."""
        ids = np.array(self._lab.tokenizer.encode(self._lab.corpus[:COUNTED]))
        for event in train(self.model, ids, TrainConfig(**HOW)):
            self.step, self.loss = event.step, event.loss
            if event.step % EVERY == 0:
                self.moments.append((event.step, token_table(self.model).copy()))
            yield
