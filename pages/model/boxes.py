"""The machine as boxes: which part stands where, and how large it is drawn.

One unit for every width: C numbers of the residual stream take `SCALES` pixels, whatever C is. The
T axis has a unit of its own, so that a short text can be seen. Only the two tables of V and P rows
may be too tall: those are drawn torn.
"""

import functools
import math
from dataclasses import dataclass

from minigpt.arithmetic import Step, steps
from minigpt.arithmetic.steps import alphabet
from minigpt.nn.config import GPTConfig
from minigpt.nn.parameters import parameter_shapes

# Part → the sign before it, in the order of the screen.
ENTRY = {'tokens': '', 'wte.weight': '→', 'wpe.weight': '+', 'embed': '='}
ATTENTION = {'ln_1': '', 'attn.c_attn.weight': '×', 'attn.q': '=', 'attn.k': '', 'attn.v': '',
             'attn.dots': '→', 'attn.mask': '+', 'attn.scores': '=', 'attn.weights': '→',
             'attn.heads': '→',
             'attn.c_proj.weight': '×', 'attn.out': '=', 'resid_mid': '⊕'}
MLP = {'ln_2': '→', 'mlp.c_fc.weight': '×', 'mlp.hidden': '=', 'mlp.active': '→',
       'mlp.c_proj.weight': '×', 'mlp.out': '=', 'resid_post': '⊕'}
EXIT = {'ln_f': '', 'wte.weight': '×', 'lm_head.weight': '×', 'logits': '=', 'shares': '→'}
SCALES = {'small': {'C': 26, 'T': 26, 'head': 36, 'most': 64},
          'medium': {'C': 34, 'T': 34, 'head': 40, 'most': 110},
          'large': {'C': 64, 'T': 64, 'head': 88, 'most': 170}}  # pixels
AXES = {'wte.weight': 'VC', 'wpe.weight': 'PC', 'lm_head.weight': 'VC', 'attn.c_attn.weight': 'CQ',
        'attn.c_proj.weight': 'CC', 'mlp.c_fc.weight': 'CF', 'mlp.c_proj.weight': 'fC'}
HUES = {'attn.q': 'query', 'attn.k': 'key', 'attn.v': 'value', 'attn.dots': 'attention',
        'attn.scores': 'attention', 'attn.weights': 'attention', 'shares': 'output', 'logits': 'output'}


@dataclass(frozen=True)
class Box:
    """A part as it is drawn. `step` is the place in the pass of what it is, or is used by."""
    name: str
    part: str
    sign: str
    axes: str
    shape: tuple[int, ...]
    step: int
    width_of_stream: int

    @property
    def learnt(self) -> bool:
        return self.part in AXES

    @property
    def hue(self) -> str:
        return 'weights' if self.learnt else HUES.get(self.part, 'soft')

    def size(self, scale: str) -> tuple[float, float, bool]:
        """Width and height in pixels, and whether the picture is torn for being too tall."""
        return _size(self.axes, self.shape, self.width_of_stream, scale)


@dataclass(frozen=True)
class Group:
    """'entry', a block ('h.0') or 'exit': rows of boxes, standing for `times` such blocks."""
    name: str
    rows: tuple[tuple[Box, ...], ...]
    times: int = 1


@functools.lru_cache(maxsize=256)  # the blocks are alike
def _size(axes: str, shape: tuple[int, ...], width_of_stream: int,
          scale: str) -> tuple[float, float, bool]:
    unit, T = SCALES[scale], shape[axes.index('T')] if 'T' in axes else 1
    token = min(unit['C'] / 8, unit['T'] / T)
    per_number = unit['C'] / width_of_stream
    if axes == 'HTS':
        across, down = mosaic(shape[0])
        head = min(token, unit['head'] / (across * T))
        return max(4, across * T * head), max(4, down * T * head), False
    if axes == 'TS':
        return (max(4, T * min(token, unit['head'] / (2 * T))),) * 2 + (False,)
    if axes == 'T':
        return 8, max(4, T * token), False
    columns = shape[-1] * (shape[0] if len(shape) == 3 else 1)
    width = max(4, min(columns * per_number, 2 * unit['most']))
    height = T * token if 'T' in axes else shape[0] * per_number
    torn = height > unit['most'] or columns * per_number > 2 * unit['most']
    return width, max(4, min(height, unit['most'])), torn


def mosaic(H: int) -> tuple[int, int]:
    """How many heads stand beside and below each other."""
    across = math.ceil(math.sqrt(H))
    return across, math.ceil(H / across)


def groups(config: GPTConfig, T: int, every_block: bool = True) -> list[Group]:
    """All boxes; or only one block, which stands for all."""
    taken, shapes = steps(config, T), parameter_shapes(config)
    place = {it.name: i for i, it in enumerate(taken)}
    by_name = {it.name: it for it in taken}

    def row(prefix: str, parts: dict[str, str]) -> tuple[Box, ...]:
        return tuple(box(prefix + part, part, sign) for part, sign in parts.items()
                     if prefix + part in by_name or prefix + part in shapes)

    def box(name: str, part: str, sign: str) -> Box:
        step = by_name.get(name)
        if step:
            return Box(name, part, sign, drawn_axes(step), step.shape, place[name], config.n_embd)
        users = [place[it.name] for it in taken if name in it.weights]
        user = users[-1] if part in EXIT and sign == '×' else users[0]
        return Box(name, part, sign, AXES[part], shapes[name], user, config.n_embd)

    head = 'wte.weight' if config.tied_head else 'lm_head.weight'
    last = {part: sign for part, sign in EXIT.items() if not part.endswith('.weight')
            or part == head}
    blocks = range(config.n_layer if every_block else 1)
    return [Group('entry', (row('', ENTRY),)),
            *(Group(f'h.{i}', (row(f'h.{i}.', ATTENTION), row(f'h.{i}.', MLP)),
                    1 if every_block else config.n_layer) for i in blocks),
            Group('exit', (row('', last),))]


def drawn_axes(step: Step) -> str:
    """Keys' and values' heads are drawn like queries' heads."""
    return step.axes.replace('K', 'H')


def shape_words(shape: tuple[int, ...]) -> str:
    """'8 × 128'."""
    return ' × '.join(map(str, shape))


def lengths(config: GPTConfig, T: int) -> dict[str, int]:
    """What the letters of the axes stand for."""
    return alphabet(config, T) | {
        'P': config.block_size, 'Q': config.n_embd + 2 * config.kv_heads * config.head_width}
