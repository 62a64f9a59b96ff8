"""What one number of each operation was computed from.

Each function takes a Reading, the name of an array and an index in it, and returns the operation
as `cell.OPERATIONS` calls it, the rows and columns that went in, and the single numbers. What the
model does not record (a row's mean, an angle's cosine) is computed here from what it does.
"""

import inspect
import math

import numpy as np

from minigpt.arithmetic.cell import Line, Operand
from minigpt.nn.norms import layernorm_forward, rmsnorm_forward
from minigpt.nn.positions import sinusoidal_forward, wave_angles

Index = tuple[int, ...]
Spelled = tuple[str, tuple[Line, ...], dict[str, Operand]]


def number(reading, name: str, *index: int) -> Operand:
    """One number of an array."""
    return Operand(name, index, float(reading.array(name)[index]))


def loose(value: float) -> Operand:
    """A number that stands in no array."""
    return Operand('', (), float(value))


def line(reading, name: str, *index: int | None, start: int = 0, stop: int | None = None) -> Line:
    """The row or column of an array that runs along the axis whose index is None."""
    cut = tuple(slice(start, stop) if at is None else at for at in index)
    return Line(name, index, reading.array(name)[cut].astype(np.float64), start)


def tokens(reading, name: str, index: Index) -> Spelled:
    return 'tokens', (), {'id': loose(reading.ids[index])}


def learnt(reading, name: str, index: Index) -> Spelled:
    """A weight is computed from nothing: training found it."""
    return 'learnt', (), {'x': loose(reading.array(name)[index])}


def embed(reading, name: str, index: Index) -> Spelled:
    t, c = index
    config = reading.model.config
    found = {'token': number(reading, 'wte.weight', int(reading.ids[t]), c)}
    if config.position == 'learned':
        found['position'] = number(reading, 'wpe.weight', t, c)
    elif config.position == 'sinusoidal':
        wave = sinusoidal_forward(np.arange(t, t + 1), config.n_embd, np.float64)
        found['position'] = loose(wave[0, c])
    return 'embed', (), found


def add(reading, name: str, index: Index) -> Spelled:
    stream, branch = reading.steps[name].reads
    return 'add', (), {'stream': number(reading, stream, *index),
                       'branch': number(reading, branch, *index)}


def layernorm(reading, name: str, index: Index) -> Spelled:
    t, c = index
    step = reading.steps[name]
    row = line(reading, step.reads[0], t, None)
    gain, bias = step.weights
    return 'layernorm', (row,), {
        'x': row.operand(c), 'mean': loose(row.values.mean()), 'variance': loose(row.values.var()),
        'eps': loose(epsilon(layernorm_forward)), 'gain': number(reading, gain, c),
        'bias': number(reading, bias, c)}


def rmsnorm(reading, name: str, index: Index) -> Spelled:
    t, c = index
    step = reading.steps[name]
    row = line(reading, step.reads[0], t, None)
    return 'rmsnorm', (row,), {
        'x': row.operand(c), 'mean square': loose(np.square(row.values).mean()),
        'eps': loose(epsilon(rmsnorm_forward)), 'gain': number(reading, step.weights[0], c)}


def epsilon(norm) -> float:
    """What the norm adds so that it never divides by 0: the default of its parameter."""
    return inspect.signature(norm).parameters['eps'].default


def project(reading, name: str, index: Index) -> Spelled:
    """q, k or v: a column of the one matrix that makes all three, with RoPE turned by its place."""
    head, t, d = index
    config, step = reading.model.config, reading.steps[name]
    D, first = config.head_width, first_head(config, step.part)
    weight, bias = step.weights
    row, column = line(reading, step.reads[0], t, None), (first + head) * D + d
    lines = (row, line(reading, weight, None, column))
    numbers = {'bias': number(reading, bias, column)}
    if config.position != 'rope' or step.part == 'attn.v':
        return 'project', lines, numbers
    partner = column + (D // 2 if d < D // 2 else -D // 2)
    angle = wave_angles(np.array([t]), D)[0, d % (D // 2)]
    return 'turned', (*lines, line(reading, weight, None, partner)), numbers | {
        'bias of partner': number(reading, bias, partner), 'cos': loose(np.cos(angle)),
        'sin': loose(-np.sin(angle) if d < D // 2 else np.sin(angle))}


def first_head(config, part: str) -> int:
    """How many heads' columns stand before those of q, k or v."""
    return {'attn.q': 0, 'attn.k': config.n_head,
            'attn.v': config.n_head + config.kv_heads}[part]


def key_head(reading, head: int) -> int:
    """Which keys and values a query head looks at: with GQA several share one."""
    config = reading.model.config
    return head * config.kv_heads // config.n_head


def dots(reading, name: str, index: Index) -> Spelled:
    """How far a query points where a key points."""
    head, t, s = index
    q, k = reading.steps[name].reads
    return 'dots', (line(reading, q, head, t, None),
                    line(reading, k, key_head(reading, head), s, None)), {}


def mask(reading, name: str, index: Index) -> Spelled:
    return 'mask', (), {'x': loose(reading.array(name)[index])}


def scores(reading, name: str, index: Index) -> Spelled:
    dot, mask = reading.steps[name].reads
    return 'scores', (), {'dot': number(reading, dot, *index),
                          'root of D': loose(math.sqrt(reading.model.config.head_width)),
                          'mask': number(reading, mask, *index[1:])}


def softmax(reading, name: str, index: Index) -> Spelled:
    """Over the tokens that may be seen, or over the whole vocabulary."""
    *outer, last = index
    source = reading.steps[name].reads[0]
    if name != 'shares' and last > outer[-1]:
        return 'unseen', (), {'x': number(reading, source, *index)}
    stop = None if name == 'shares' else outer[-1] + 1
    row = line(reading, source, *outer, None, stop=stop)
    largest = row.values.max()
    return 'softmax', (row,), {'x': row.operand(last), 'largest': loose(largest),
                               'sum': loose(np.exp(row.values - largest).sum())}


def mix(reading, name: str, index: Index) -> Spelled:
    """A head's output: values, each taken as much as its weight says."""
    t, c = index
    weights, v = reading.steps[name].reads
    head, d = divmod(c, reading.model.config.head_width)
    return 'mix', (line(reading, weights, head, t, None, stop=t + 1),
                   line(reading, v, key_head(reading, head), None, d, stop=t + 1)), {}


def linear(reading, name: str, index: Index) -> Spelled:
    t, column = index
    step = reading.steps[name]
    weight, bias = step.weights
    return 'linear', (line(reading, step.reads[0], t, None),
                      line(reading, weight, None, column)), {'bias': number(reading, bias, column)}


def logits(reading, name: str, index: Index) -> Spelled:
    t, token = index
    step = reading.steps[name]
    return 'logits', (line(reading, step.reads[0], t, None),
                      line(reading, step.weights[0], token, None)), {}


def activation(reading, name: str, index: Index) -> Spelled:
    t, f = index
    source, kind = reading.steps[name].reads[0], reading.model.config.activation
    if kind != 'swiglu':
        return kind, (), {'x': number(reading, source, t, f)}
    half = reading.array(source).shape[1] // 2
    return kind, (), {'gate': number(reading, source, t, f),
                      'x': number(reading, source, t, half + f)}


SPELLINGS = {'tokens': tokens, 'embed': embed, 'add': add, 'layernorm': layernorm,
             'rmsnorm': rmsnorm, 'project': project, 'dots': dots, 'mask': mask,
             'scores': scores, 'softmax': softmax, 'mix': mix, 'linear': linear,
             'logits': logits, 'gelu': activation, 'relu': activation, 'swiglu': activation}
