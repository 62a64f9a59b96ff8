"""From ids to logits: what a transformer is made of, and what each part weighs."""

import numpy as np

from minigpt.nn import GPT, GPTConfig
from minigpt.nn.counts import parts
from minigpt.nn.forward_pass import ForwardPass
from minigpt.nn.norms import layernorm_forward
from minigpt.nn.ops import softmax_forward
from minigpt.nn.parameters import subviews
from minigpt.teach.bug_hunt import BugHunt
from minigpt.teach.exercises import Choice, Code, Number
from minigpt.teach.figures import Bars, Name, Rows
from minigpt.teach.lesson import Step
from minigpt.teach.material import SENTENCE, checkpoint, tokens, traced
from minigpt.teach.tensor_view import attention_map

LEVEL = 'beginner'
SHOWN = ('embed', 'h.0.attn.q', 'h.0.attn.weights', 'h.0.mlp.active', 'h.0.resid_post', 'logits')


def story():
    model, config = checkpoint().model, checkpoint().model.config
    ids, names = tokens(SENTENCE)
    trace = traced()
    yield Step('tokens', {'sentence': SENTENCE, 'tokens': len(ids),
                          'vocabulary': config.vocab_size}, (Rows(list(zip(names, ids))),))
    yield Step('vectors', {'width': config.n_embd, 'shape': shape(trace['embed'])})
    yield Step('stream', {'layers': config.n_layer}, (Bars(*stream_sizes(trace), digits=2),))
    last = f'h.{config.n_layer - 1}.attn.weights'
    yield Step('attention', {'layers': config.n_layer, 'heads': config.n_head},
               (attention_map(trace[last][0, 0], names),))
    yield Step('shapes', {}, (Rows([(name, shape(trace[name])) for name in SHOWN]),))
    probs, _ = softmax_forward(trace['logits'][0, -1])
    best = np.argsort(-probs)[:6]
    tokenizer = checkpoint().tokenizer
    yield Step('logits', {'next': tokenizer.decode([int(best[0])]).strip()}, (Bars(
        [tokenizer.decode([int(i)]).replace(' ', '·') for i in best],
        [100 * float(probs[i]) for i in best], unit=' %'),))
    yield Step('weights', {'parameters': model.n_params}, (Rows(
        [(Name(part.name), part.parameters, (100 * part.parameters / model.n_params, 1))
         for part in parts(config)]),))


def shape(tensor) -> str:
    return ' × '.join(map(str, tensor.shape))


def stream_sizes(trace) -> tuple[list[str], list[float]]:
    """The spread of the residual stream where it enters and after each block."""
    names = ['embed', *(name for name in trace if name.endswith('resid_post'))]
    return [name.removesuffix('.resid_post') for name in names], [
        float(trace[name].std()) for name in names]


def analysis():
    C = checkpoint().model.config.n_embd
    return Number(values={'width': C}, expected=2 * 4 * C * C + 4 * C + C, tolerance=0.5)


def visualisation():
    names, sizes = stream_sizes(traced('O rio'))
    growth = np.diff(sizes)
    return Choice(figures=(Bars(names, sizes, digits=2),), choices=names[1:],
                  expected=names[1 + int(growth.argmax())])


def comparison():
    counted = {Name(part.name): part.parameters for part in parts(checkpoint().model.config)}
    return Choice(choices=tuple(counted), expected=max(counted, key=counted.get))


def implementation():
    rng = np.random.default_rng(3)
    return Code(code='def layernorm(x, gain, bias):\n    ...\n', tolerance=1e-3,
                reference=lambda x, gain, bias: layernorm_forward(x, gain, bias)[0],
                cases=[(rng.normal(2, 3, (4, 8)), np.ones(8), np.zeros(8)),
                       (rng.normal(size=(2, 3, 5)), rng.normal(size=5), rng.normal(size=5))])


def debugging():
    return BugHunt(file='nn/transformer.py', right="('resid_mid', x + attended)",
                   wrong="('resid_mid', attended)", judge=change_by_an_idle_block, limit=1e-6)


def change_by_an_idle_block(module) -> float:
    """How much a block whose parts write nothing changes the stream: it should not at all."""
    config = GPTConfig(vocab_size=11, block_size=8, n_embd=16, n_head=2, n_layer=1)
    model = GPT(config, np.random.default_rng(0))
    for name, view in model.params.items():
        if 'c_proj' in name:
            view[...] = 0
    x = np.random.default_rng(1).normal(size=(1, 8, 16)).astype(np.float32)
    run = ForwardPass(config, np.arange(8)).at_layer(0)
    out, _ = module.block_forward(x, subviews(model.params, 'h.0.'), run)
    return float(np.abs(out - x).max())
