"""The block's younger kin: the same small model with one switch the other way, trained together."""

import math
from collections.abc import Iterator

import numpy as np

from minigpt.errors import TextError
from minigpt.nn import GPT, GPTConfig, Trace
from minigpt.nn.counts import memory
from minigpt.nn.parameters import block_shapes, count
from minigpt.training import Evaluation, TrainConfig, TrainStep, train
from minigpt.training.dataset import documents, encode_documents, split_documents
from minigpt.training.trainer import mean_loss
from pages.asleep import forgettable

Array = np.ndarray
SWITCHES = {'gpt2': {}, 'rope': {'position': 'rope'}, 'rmsnorm': {'norm': 'rmsnorm'},
            'swiglu': {'activation': 'swiglu'}, 'gqa': {'n_kv_head': 2}}
SIZES = {'block_size': 32, 'n_embd': 64, 'n_head': 4, 'n_layer': 2}
HOW = {'steps': 120, 'batch_size': 16, 'learning_rate': 3e-3, 'warmup': 12, 'eval_every': 12,
       'eval_batches': 4, 'seed': 1}
READ = 200_000  # characters of the corpus they learn from


def kin_config(name: str, vocab_size: int) -> GPTConfig:
    return GPTConfig(vocab_size, **SIZES, **SWITCHES[name])


def block_parameters(config: GPTConfig) -> int:
    """Weights of one block."""
    return count(block_shapes(config))


def cache_bytes(config: GPTConfig) -> int:
    """What one token's keys and values take while generating."""
    return memory(config)['kv cache'] // config.block_size


class KinRace:
    """Five models from one seed, over the same batches. `losses`: name → (updates, nats per token
    on held-out text); `seconds`: name → of each update."""

    def __init__(self, lab):
        self.losses: dict[str, list[tuple[int, float]]] = {name: [] for name in SWITCHES}
        self.seconds: dict[str, list[float]] = {name: [] for name in SWITCHES}
        self.step = 0
        self._lab = lab

    @forgettable
    def _models(self) -> dict[str, GPT]:  # before they learn, the seed makes them again
        return {}

    def model(self, name: str) -> GPT:
        """New from the seed when first asked for."""
        if name not in self._models:
            config = kin_config(name, self._lab.model.config.vocab_size)
            self._models[name] = GPT(config, np.random.default_rng(HOW['seed']))
        return self._models[name]

    def updates(self) -> Iterator[None]:
        """Let each take a step in turn. Raises TextError for a corpus too short to learn from."""
        learnt, held_out = texts(self._lab)
        config = TrainConfig(**HOW)
        runs = {name: iter(train(self.model(name), learnt, config, validation=held_out))
                for name in SWITCHES}
        for name in SWITCHES:
            first = mean_loss(self.model(name), held_out, HOW['batch_size'], HOW['eval_batches'])
            self.losses[name].append((0, first))
            yield
        while runs:
            for name in list(runs):
                event = next(runs[name], None)
                if event is None:
                    del runs[name]
                elif isinstance(event, TrainStep):
                    self.step = event.step
                    self.seconds[name].append(event.seconds)
                elif isinstance(event, Evaluation):
                    self.losses[name].append((event.step, event.validation_loss))
                yield


def texts(lab) -> tuple[Array, Array]:
    """Ids to learn from and ids held out; of a text that is all one document, its last tenth.

    Raises TextError where there is too little for both.
    """
    corpus, least = lab.corpus[:READ], SIZES['block_size'] + 1
    sides = [encode_documents(pieces, lab.tokenizer) for pieces in
             split_documents(documents(corpus)) if pieces]
    if len(sides) == 2 and min(map(len, sides)) >= least:
        return sides[0], sides[1]
    ids = np.array(lab.tokenizer.encode(corpus), np.int32)
    if len(ids) < 2 * least:
        raise TextError('text_too_short', got=len(ids), need=2 * least)
    cut = len(ids) - max(least, len(ids) // 10)
    return ids[:cut], ids[cut:]


def scores_at_one_distance(model: GPT, ids: Array, shift: int) -> tuple[float, float]:
    """q·k ÷ √D of the last token for the first, in the first head of the first block: where they
    stand, and `shift` places further on. In the first block both know only themselves and their
    place, so whatever fills the places before them does not matter.
    """
    def score(row: Array, first: int) -> float:
        trace = Trace()
        model.forward(row[None], trace=trace)
        q, k = trace['h.0.attn.q'][0, 0, -1], trace['h.0.attn.k'][0, 0, first]
        return float(q @ k) / math.sqrt(len(q))

    return score(ids, 0), score(np.concatenate([np.repeat(ids[:1], shift), ids]), shift)
