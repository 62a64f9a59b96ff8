"""Where vectors come from: the model's own tables, and what a text becomes inside the model."""

from collections.abc import Sequence

import numpy as np

from minigpt.errors import EmbeddingError
from minigpt.nn.model import GPT
from minigpt.nn.trace import Trace


def token_table(model: GPT) -> np.ndarray:
    """One vector per token, before any context: (V, C), a view on the weights."""
    return model.params['wte.weight']


def position_table(model: GPT) -> np.ndarray:
    """One vector per position: (block_size, C), a view on the weights.

    Raises EmbeddingError for a model that has no learned positions.
    """
    if 'wpe.weight' not in model.params:
        raise EmbeddingError('no_position_table')
    return model.params['wpe.weight']


def mean_vector(table: np.ndarray, ids: Sequence[int]) -> np.ndarray:
    """The vector of a word: the mean of its tokens' vectors, for most words are several tokens.

    (N, C), ids -> (C,). A mean knows nothing of order; for that see `contextual_states`.
    """
    ids = np.asarray(ids)
    if not ids.size:
        raise EmbeddingError('no_tokens')
    if ids.min() < 0 or ids.max() >= len(table):
        raise EmbeddingError('row_out_of_range', low=ids.min(), high=ids.max(), last=len(table) - 1)
    return table[ids].mean(axis=0)


def contextual_states(model: GPT, ids: Sequence[int], depth: int | None = None) -> np.ndarray:
    """The residual stream at each token of a text, so each vector knows what stood before it.

    (T) -> (T, C). Depth 0 is what enters the first block (token plus position), depth d what
    leaves block d; without one, the deepest. Raises EmbeddingError for a depth that is not there,
    TextError for a text longer than the context.
    """
    n_layer = model.config.n_layer
    depth = n_layer if depth is None else depth
    if depth not in range(n_layer + 1):
        raise EmbeddingError('bad_depth', got=depth, n_layer=n_layer)
    return states_by_depth(model, ids)[depth]


def states_by_depth(model: GPT, ids: Sequence[int]) -> np.ndarray:
    """`contextual_states` of all depths, from one reading: (T) -> (n_layer + 1, T, C)."""
    trace = Trace()
    model.forward(np.asarray(ids)[None], trace=trace)
    blocks = [trace[f'h.{layer}.resid_post'][0] for layer in range(model.config.n_layer)]
    return np.stack([trace['embed'][0], *blocks])
