"""How wrong the model was, in nats per token."""

import numpy as np

from minigpt.backend import kernel
from minigpt.nn.ops import softmax_forward


@kernel
def cross_entropy_forward(logits: np.ndarray, targets: np.ndarray):
    """Mean of −ln p(target), see `surprises`.   (…, V), (…) int -> scalar"""
    probs, _ = softmax_forward(logits)
    return mean_loss(np.take_along_axis(probs, targets[..., None], axis=-1)), (probs, targets)


def surprises(chosen: np.ndarray) -> np.ndarray:
    """−ln p in nats, from the probabilities that the targets were given.   (…) -> (…)

    A p below the smallest float (1e-38; 1e-308 in float64) counts as that one: a hopeless guess is
    told as 87 nats (708), fewer than it has but finite. Its gradient needs no logarithm and is exact.
    """
    return -np.log(np.maximum(chosen, np.finfo(chosen.dtype).tiny))


def mean_loss(chosen: np.ndarray) -> float:
    """From the probabilities that the targets were given."""
    return float(surprises(chosen).mean(dtype=np.float64))


def cross_entropy_backward(cache) -> np.ndarray:
    """-> dlogits: what the model believed minus what came, shared over the positions."""
    return cross_entropy_backward_of(*cache)


@kernel
def cross_entropy_backward_of(probs: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """-> dlogits, from the probabilities (…, V) and the targets (…) int"""
    dlogits = probs / targets.size
    rows = dlogits.reshape(-1, dlogits.shape[-1])
    rows[np.arange(targets.size, like=targets), targets.reshape(-1)] -= 1 / targets.size
    return dlogits
