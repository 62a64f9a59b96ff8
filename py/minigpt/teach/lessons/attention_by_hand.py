"""One head of attention recomputed with a pencil: query, keys, weights, weighted sum."""

import math

import numpy as np

from minigpt.nn import GPT, GPTConfig
from minigpt.nn.attention import attended
from minigpt.nn.forward_pass import ForwardPass
from minigpt.nn.parameters import subviews
from minigpt.teach.bug_hunt import BugHunt
from minigpt.teach.exercises import Choice, Code, Number
from minigpt.teach.figures import Bars, Heat, Rows
from minigpt.teach.lesson import Step
from minigpt.teach.material import SENTENCE, checkpoint, tokens, traced
from minigpt.teach.tensor_view import attention_map

LEVEL = 'beginner'
LAYER, HEAD = 0, 1


def story():
    trace, (ids, names) = traced(), tokens(SENTENCE)
    q, k, v = (trace[f'h.{LAYER}.attn.{name}'][0, HEAD] for name in 'qkv')
    weights = trace[f'h.{LAYER}.attn.weights'][0, HEAD]
    D = q.shape[1]
    yield Step('roles', {'tokens': len(ids), 'width': D, 'layer': LAYER + 1, 'head': HEAD + 1})
    dots = k @ q[-1]
    yield Step('scores', {'token': names[-1], 'root': math.sqrt(D), 'width': D}, (Rows(
        [(name, (float(dot), 2), (float(dot) / math.sqrt(D), 2), (100 * float(weight), 1))
         for name, dot, weight in zip(names, dots, weights[-1])]),))
    yield Step('map', {}, (attention_map(weights, names),))
    by_hand = weights[-1] @ v
    recorded = trace[f'h.{LAYER}.attn.heads'][0, -1, HEAD * D:(HEAD + 1) * D]
    yield Step('sum', {'difference': float(np.abs(by_hand - recorded).max())})
    yield Step('causal', {'change': change_before_the_last()})
    looks, spreads = focus(trace)
    yield Step('heads', {'heads': len(looks)}, (Bars(looks, spreads, digits=2),))


def change_before_the_last() -> float:
    """How much the logits of earlier places change when the last token does: not at all."""
    model, ids = checkpoint().model, tokens(SENTENCE)[0]
    other = [*ids[:-1], ids[0]]
    before, after = (model.forward(np.array([it]))[0, :-1] for it in (ids, other))
    return float(np.abs(before - after).max())


def focus(trace) -> tuple[list[str], list[float]]:
    """Mean entropy in bits of each head's weights: 0 looks at one token only."""
    names, found = [], []
    for layer in range(checkpoint().model.config.n_layer):
        for head, weights in enumerate(trace[f'h.{layer}.attn.weights'][0]):
            names.append(f'h.{layer} #{head + 1}')
            found.append(spread(weights))
    return names, found


def spread(weights) -> float:
    """Mean entropy of the rows of (T, T) weights, in bits."""
    logs = np.log2(np.where(weights > 0, weights, 1))
    return float(-(weights * logs).sum(axis=-1).mean())


def analysis():
    return Number(values={'width': 64}, expected=math.sqrt(64), tolerance=0.01)


def visualisation():
    names = tokens(SENTENCE)[1]
    row = head_weights(0)[-1]
    return Number(values={'tokens': len(names)}, tolerance=0.1, expected=1 + int(row.argmax()),
                  figures=(Heat(row[None], ['?'], [str(i + 1) for i in range(len(row))]),))


def comparison():
    maps = {'A': head_weights(0), 'B': head_weights(2)}
    return Choice(figures=tuple(map(Heat, maps.values())), choices=tuple(maps),
                  expected=min(maps, key=lambda name: spread(maps[name])))


def head_weights(head: int):
    """Of the sentence, in the first layer.   (T, T)"""
    return traced()[f'h.{LAYER}.attn.weights'][0, head]


def implementation():
    q, k, v = np.random.default_rng(2).normal(size=(3, 5, 4))
    return Code(code='def attention(q, k, v):\n    # q, k, v: (T, D)\n    ...\n',
                reference=lambda q, k, v: attended(*(x[None, None] for x in (q, k, v)))[0, 0],
                cases=[(q, k, v), (q[:1], k[:1], v[:1]), (3 * q, k, v)])


def debugging():
    return BugHunt(file='nn/attention.py', right='-np.inf, dtype), k=1)',
                   wrong='-np.inf, dtype), k=2)', judge=leak_from_the_future, limit=1e-6)


def leak_from_the_future(module) -> float:
    """How much attention's earlier outputs change when only the last input does."""
    config = GPTConfig(vocab_size=11, block_size=8, n_embd=16, n_head=2, n_layer=1)
    p = subviews(GPT(config, np.random.default_rng(0)).params, 'h.0.')
    p = {name: 10 * view for name, view in p.items()}
    x = np.random.default_rng(1).normal(size=(1, 6, 16)).astype(np.float32)
    other = x.copy()
    other[0, -1] += 5
    run = ForwardPass(config, np.arange(6)).at_layer(0)
    before, after = (module.attention_forward(it, p, run)[0][0, :-1] for it in (x, other))
    return float(np.abs(before - after).max())
