"""From logits to the next token: temperature, top-k, top-p, one draw.

    logits ÷ temperature → softmax → keep the k likeliest → keep the likeliest whose
    probabilities reach p (nucleus, Holtzman et al. 2020) → share what is left → draw
"""

from dataclasses import dataclass

import numpy as np

from minigpt.errors import SamplingError
from minigpt.nn.ops import softmax_forward

Array = np.ndarray


@dataclass(frozen=True)
class Distribution:
    """Every stage on the way to one draw; arrays over the whole vocabulary, (V,)."""
    logits: Array          # the model's raw scores, float32
    model_probs: Array     # softmax(logits): what the model itself believes
    tempered_probs: Array  # softmax(logits / temperature)
    kept: Array            # bool: survived top-k and top-p
    probs: Array           # what is drawn from: tempered, cut, shared anew; sums to 1


def next_token_distribution(logits: Array, temperature: float = 1.0, top_k: int | None = None,
                            top_p: float | None = None) -> Distribution:
    """The stages for logits (V,). Temperature 0 is greedy: all probability on the likeliest."""
    check_sampling(temperature, top_k, top_p)
    model_probs, _ = softmax_forward(logits.astype(np.float64))
    if temperature == 0:
        tempered = np.zeros_like(model_probs)
        tempered[np.argmax(logits)] = 1
    else:
        tempered, _ = softmax_forward(logits.astype(np.float64) / temperature)
    kept = tempered > 0
    if top_k is not None or top_p is not None:
        kept &= survivors(tempered, top_k, top_p)
    probs = np.where(kept, tempered, 0)
    return Distribution(logits, model_probs, tempered, kept, probs / probs.sum())


def survivors(probs: Array, top_k: int | None, top_p: float | None) -> Array:
    """(V,) bool: the top_k likeliest, and of those the fewest whose share reaches top_p."""
    ranking = np.argsort(-probs, kind='stable')[:top_k]
    if top_p is not None:
        share = probs[ranking] / probs[ranking].sum()
        before = np.cumsum(share) - share  # share of all likelier tokens
        ranking = ranking[before < top_p]
    kept = np.zeros(probs.shape, bool)
    kept[ranking] = True
    return kept


def draw(probs: Array, rng: np.random.Generator) -> int:
    """One token id, each with its probability: where a uniform number falls on their sum."""
    cumulative = np.cumsum(probs)
    return int(np.searchsorted(cumulative, rng.random() * cumulative[-1], side='right'))


def check_sampling(temperature: float, top_k: int | None, top_p: float | None) -> None:
    """SamplingError unless temperature ≥ 0, top_k ≥ 1 and 0 < top_p ≤ 1 (None switches off)."""
    if not 0 <= temperature < np.inf:
        raise SamplingError('bad_temperature', got=temperature)
    if top_k is not None and (top_k != int(top_k) or top_k < 1):
        raise SamplingError('bad_top_k', got=top_k)
    if top_p is not None and not 0 < top_p <= 1:
        raise SamplingError('bad_top_p', got=top_p)
