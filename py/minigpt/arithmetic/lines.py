"""The line of minigpt that computed a cell: found in the source by its own text."""

import functools
import inspect
from collections.abc import Callable
from pathlib import Path

from minigpt.arithmetic.cell import Cell
from minigpt.nn import model as whole
from minigpt.nn.activations import gelu_forward, relu_forward, swiglu_forward
from minigpt.nn.attention import attention_forward, causal_mask, weights_step_by_step
from minigpt.nn.embedding import embed_forward
from minigpt.nn.norms import layernorm_forward, rmsnorm_forward
from minigpt.nn.ops import linear_forward, softmax_forward
from minigpt.nn.positions import turned
from minigpt.nn.transformer import block_forward

ROOT = Path(__file__).parents[2]
# Operation → the function, and what its line holds.
PLACES: dict[str, tuple[Callable, str]] = {
    'embed': (embed_forward, 'embedding_forward(ids'),
    'layernorm': (layernorm_forward, 'return normed * gain + bias'),
    'rmsnorm': (rmsnorm_forward, 'return normed * gain'),
    'project': (linear_forward, 'out = matmul(x, weight)'),
    'turned': (turned, 'return np.concatenate'),
    'dots': (weights_step_by_step, 'dots = matmul('),
    'mask': (causal_mask, 'np.triu('),
    'scores': (weights_step_by_step, 'dots * (1 / math.sqrt(D)) + mask'),
    'unseen': (softmax_forward, 'out *= 1 /'),
    'softmax': (softmax_forward, 'out *= 1 /'),
    'mix': (attention_forward, 'heads = matmul(weights, v)'),
    'linear': (linear_forward, 'out = matmul(x, weight)'),
    'logits': (whole.GPT._forward, 'matmul(x, self._head.T)'),
    'gelu': (gelu_forward, 'out *= x'),
    'relu': (relu_forward, 'return np.maximum'),
    'swiglu': (swiglu_forward, 'return gate * sigmoid'),
}
SUMS = {'resid_mid': 'x + attended', 'resid_post': 'x + thought'}


def function_of(operation: str) -> Callable | None:
    """The function of minigpt that does it; None for the ids and weights it is given."""
    return block_forward if operation == 'add' else PLACES.get(operation, (None,))[0]


def source_line(cell: Cell) -> dict | None:
    """`file`, `line` number, `text` and the function's `name`; None for ids and weights."""
    if function_of(cell.operation) is None:
        return None
    if cell.operation == 'add':
        return _found(block_forward, SUMS[cell.name.rpartition('.')[2]])
    return _found(*PLACES[cell.operation])


@functools.cache
def _found(function: Callable, text: str) -> dict:
    function = inspect.unwrap(function)
    lines, first = inspect.getsourcelines(function)
    number, line = next((first + i, it) for i, it in enumerate(lines) if text in it)
    file = Path(inspect.getsourcefile(function)).relative_to(ROOT)
    return {'name': function.__qualname__, 'file': file.as_posix(), 'line': number,
            'text': line.strip()}
