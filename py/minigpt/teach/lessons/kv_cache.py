"""Remember keys and values, and a new token costs one token's work instead of all."""

import numpy as np

from minigpt.backend.clock import seconds_of
from minigpt.inference import KVCache
from minigpt.nn import GPT, GPTConfig
from minigpt.nn.ops import softmax_forward
from minigpt.teach.bug_hunt import BugHunt
from minigpt.teach.exercises import Choice, Code, Number
from minigpt.teach.figures import Curves, Name, Rows
from minigpt.teach.lesson import Step, Working
from minigpt.teach.material import checkpoint

LEVEL = 'advanced'
LENGTHS = (16, 32, 64, 128)


def story():
    model, config = checkpoint().model, checkpoint().model.config
    yield Step('waste', {'tokens': 100, 'naive': sum(range(1, 101))}, (passed(work(100)),))
    rows = []
    for n in LENGTHS:
        rows.append((n, (1000 * naive(model, n), 0), (1000 * cached(model, n), 0)))
        yield Working(len(rows) / len(LENGTHS))
    yield Step('times', {}, (Rows(rows),))
    yield Step('same', {'difference': difference(model, KVCache)})
    yield Step('room', {'layers': config.n_layer, 'heads': config.kv_heads,
                        'width': config.head_width, 'bytes': bytes_per_token(config),
                        'kilobytes': bytes_per_token(config) * config.block_size / 1024,
                        'context': config.block_size})
    yield Step('sharing', {}, (Rows([(heads, bytes_per_token(GPTConfig(n_head=4, n_kv_head=heads)))
                                     for heads in (4, 2, 1)]),))


def work(n: int) -> dict[str, list[int]]:
    """Tokens that pass through the model to write the 1st, 2nd, … nth one."""
    return {Name('naive'): list(range(1, n + 1)), Name('cache'): [1] * n}


def passed(lines) -> Curves:
    return Curves(lines, 0, x='token', y='tokens')


def naive(model: GPT, n: int) -> float:
    """Seconds to read n tokens one by one, each time with all before it."""
    ids = np.ones((1, n), int)
    return seconds_of(lambda: [model.forward(ids[:, :end]) for end in range(1, n + 1)])


def cached(model: GPT, n: int) -> float:
    """The same with a cache: each token once."""
    def read() -> None:
        cache = KVCache(model.config, like=model.flat)
        for _ in range(n):
            model.forward(np.ones((1, 1), int), kv_cache=cache)

    return seconds_of(read)


def bytes_per_token(config: GPTConfig) -> int:
    """Keys and values of one token in all layers, float32."""
    return 2 * config.n_layer * config.kv_heads * config.head_width * 4


def difference(model: GPT, cache_class) -> float:
    """The largest difference of the logits read with a cache, in three stretches, and at once."""
    ids = np.random.default_rng(0).integers(0, model.config.vocab_size, (1, 12))
    cache = cache_class(model.config, like=model.flat)
    pieces = [model.forward(ids[:, a:b], kv_cache=cache) for a, b in ((0, 5), (5, 6), (6, 12))]
    return float(np.abs(np.concatenate(pieces, axis=1) - model.forward(ids)).max())


def attend_one(q, keys, values):
    """What one query takes from all that is remembered.   (D,), (S, D), (S, D) -> (D,)"""
    return softmax_forward(keys @ q / np.sqrt(len(q)))[0] @ values


def analysis():
    config = checkpoint().model.config
    return Number(expected=bytes_per_token(config), tolerance=0.5,
                  values={'layers': config.n_layer, 'heads': config.kv_heads,
                          'width': config.head_width})


def visualisation():
    lines = dict(zip('AB', work(40).values()))
    return Choice(figures=(passed(lines),), choices=('A', 'B'),
                  expected=max(lines, key=lambda name: sum(lines[name])))


def comparison():
    sizes = {str(heads): bytes_per_token(GPTConfig(n_head=4, n_kv_head=heads)) for heads in (1, 4)}
    return Choice(choices=('1', '4'), expected=min(sizes, key=sizes.get))


def implementation():
    rng = np.random.default_rng(0)
    q, keys, values = rng.normal(size=4), rng.normal(size=(6, 4)), rng.normal(size=(6, 4))
    return Code(
        code='def attend_one(q, keys, values):\n    # (D,), (S, D), (S, D) -> (D,)\n    ...\n',
        reference=attend_one, cases=[(q, keys, values), (q, keys[:1], values[:1])])


def debugging():
    return BugHunt(file='inference/kv_cache.py',
                   right='self.keys[layer, :, :, self.length:end] = k',
                   wrong='self.keys[layer, :, :, :k.shape[2]] = k', limit=1e-3,
                   judge=lambda module: difference(checkpoint().model, module.KVCache))
