"""How likely a model finds a given text: ln p of each token after those before it; how sure it was.

A text longer than the context is read in windows of one context that overlap, each giving only
the tokens that the one before did not:

    window 1   ■■■■■■■■          ■ counted   □ read, for context only
    window 2       □□□□■■■■
    window 3          □□□□□■■■   the last one ends with the text, so all are full
"""

import math
from collections.abc import Callable, Sequence
from numbers import Integral

import numpy as np

from minigpt.errors import SamplingError, TextError
from minigpt.nn.model import GPT

LOGITS_AT_ONCE = 2 ** 22  # how many logits one forward pass may give: 16 MiB


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """ln softmax along the last axis, in float64.   (…, V) -> (…, V)"""
    shifted = logits - largest(logits).astype(np.float64)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def log_probs(model: GPT, ids: Sequence[int], *, stride: int | None = None) -> np.ndarray:
    """ln p(ids[t+1] | ids before it), in nats, for each token but the first.   (N) -> (N-1) f64

    The first token has nothing before it; put an end-of-text token in front to have it counted.
    In a text longer than the context, each window starts `stride` tokens after the one before
    (default: half a context), so every token is predicted from more than block_size − stride
    tokens before it, once that many exist. A smaller stride judges better and takes longer.

    Raises TextError for fewer than two ids, SamplingError for a stride not in 1 … block_size.
    """
    return in_windows(model, ids, stride, lambda *them: chosen_log_probs(*them)[..., None])[:, 0]


def log_probs_and_entropies(model: GPT, ids: Sequence[int], *,
                            stride: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """ln p of each token but the first, and the entropy of what it was expected from, in nats.

    (N) -> (N-1), (N-1) f64. Entropy is the mean of −ln p: 0 for one sure token, ln V for pure
    guessing. Windows, and errors, as in `log_probs`.
    """
    found = in_windows(model, ids, stride, lambda logits, targets: np.stack(
        [chosen_log_probs(logits, targets), entropies(logits)], axis=-1))
    return found[:, 0], found[:, 1]


def in_windows(model: GPT, ids: Sequence[int], stride: int | None,
               measure: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> np.ndarray:
    """(N-1, M): `measure(logits (…, V), targets (…)) -> (…, M)` of each token but the first."""
    size = model.config.block_size
    stride = max(1, size // 2) if stride is None else stride
    if not isinstance(stride, Integral) or not 1 <= stride <= size:
        raise SamplingError('bad_stride', got=stride, block_size=size)
    if len(ids) < 2:
        raise TextError('nothing_to_predict', got=len(ids))
    ids = np.asarray(ids)
    width = min(size, len(ids) - 1)
    last = len(ids) - 1 - width
    starts = np.minimum(np.arange(0, last + stride, stride), last)
    at_once = max(1, LOGITS_AT_ONCE // (width * model.config.vocab_size))
    found = None
    # Backwards, so that where windows overlap the earlier one, written later, keeps its tokens.
    for some in np.split(starts, range(at_once, len(starts), at_once))[::-1]:
        places = some[:, None] + np.arange(width)
        measured = measure(model.forward(ids[places]), ids[places + 1])
        if found is None:
            found = np.empty((len(ids) - 1, measured.shape[-1]))
        for place, values in zip(places[::-1], measured[::-1]):
            found[place] = values
    return found


def chosen_log_probs(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """ln softmax(logits) at the targets only, without a second array as large as the logits in
    float64.   (…, V) f32, (…) int -> (…) f64"""
    top = largest(logits)
    sums = np.exp(logits - top).sum(axis=-1, dtype=np.float64)
    chosen = np.take_along_axis(logits, targets[..., None], axis=-1) - top
    return chosen[..., 0] - np.log(sums)


def entropies(logits: np.ndarray) -> np.ndarray:
    """−Σ p ln p of softmax(logits), in nats.   (…, V) f32 -> (…) f64"""
    shifted = logits - largest(logits)
    powers = np.exp(shifted)
    sums = powers.sum(axis=-1, dtype=np.float64)
    return np.log(sums) - (powers * shifted).sum(axis=-1, dtype=np.float64) / sums


def largest(logits: np.ndarray) -> np.ndarray:
    """(…, V) -> (…, 1); SamplingError where the logits are not numbers"""
    top = logits.max(axis=-1, keepdims=True)
    if not np.isfinite(top).all():
        raise SamplingError('logits_not_numbers')
    return top


def perplexity(model: GPT, ids: Sequence[int], *, stride: int | None = None) -> float:
    """exp(−mean ln p): among how many equally likely tokens the model was as unsure.

    V for pure guessing, 1 for a text known by heart. Raises what `log_probs` raises.
    """
    return math.exp(-log_probs(model, ids, stride=stride).mean())
