"""From logits to the next token: penalty, temperature, top-k, top-p, min-p, one draw.

    logits → penalise tokens already there → ÷ temperature → softmax
           → keep the k likeliest → keep the likeliest whose probabilities reach p
           → keep those not far below the likeliest → share what is left → draw

Sources: repetition penalty Keskar et al. 2019 (CTRL, section 4.1); top-p, "nucleus", Holtzman et
al. 2020; min-p Nguyen et al. 2024.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from minigpt.errors import SamplingError, check_kind
from minigpt.nn.ops import softmax_forward

Array = np.ndarray


@dataclass(frozen=True)
class Distribution:
    """Every stage on the way to one draw; arrays over the whole vocabulary, (V,)."""
    logits: Array            # the model's raw scores, float32
    model_probs: Array       # softmax(logits): what the model itself believes
    tempered_probs: Array    # softmax(penalised_logits / temperature)
    kept: Array              # bool: survived top-k, top-p and min-p
    probs: Array             # what is drawn from: tempered, cut, shared anew; sums to 1
    penalised_logits: Array  # after the repetition penalty; equal to logits without one


def next_token_distribution(logits: Array, temperature: float = 1.0, top_k: int | None = None,
                            top_p: float | None = None, *, min_p: float | None = None,
                            repetition_penalty: float | None = None,
                            seen: Sequence[int] = ()) -> Distribution:
    """The stages for logits (V,). Temperature 0 is greedy: all probability on the likeliest.

    `min_p` keeps the tokens at least that fraction as likely as the likeliest.
    `repetition_penalty` weakens the token ids in `seen` (each once, however often it occurs);
    values below 1 strengthen them. Raises SamplingError for a setting out of range or logits that
    are not numbers.
    """
    check_sampling(temperature, top_k, top_p, min_p, repetition_penalty)
    if not np.isfinite(logits.max()):
        raise SamplingError('logits_not_numbers')
    model_probs, _ = softmax_forward(logits.astype(np.float64))
    penalised = penalise(logits, seen, repetition_penalty)
    if not np.isfinite(penalised.max()):
        raise SamplingError('bad_repetition_penalty', got=repetition_penalty)
    if temperature == 0:
        tempered = np.zeros_like(model_probs)
        tempered[np.argmax(penalised)] = 1
    else:
        below = penalised.astype(np.float64) - penalised.max()  # so that no temperature overflows
        with np.errstate(over='ignore'):
            tempered, _ = softmax_forward(below / temperature)
    kept = survivors(tempered, top_k, top_p, min_p)
    probs = np.where(kept, tempered, 0)
    return Distribution(logits, model_probs, tempered, kept, probs / probs.sum(), penalised)


def penalise(logits: Array, seen: Sequence[int], penalty: float | None) -> Array:
    """(V,): logits of seen ids divided by the penalty where positive, multiplied where negative."""
    if penalty is None or penalty == 1 or not len(seen):
        return logits
    ids = np.unique(np.asarray(seen))
    penalised = logits.copy()
    chosen = logits[ids]
    with np.errstate(over='ignore'):
        penalised[ids] = np.where(chosen > 0, chosen / penalty, chosen * penalty)
    return penalised


def survivors(probs: Array, top_k: int | None, top_p: float | None,
              min_p: float | None = None) -> Array:
    """(V,) bool: the top_k likeliest; of those the fewest whose share reaches top_p; of those the
    ones at least min_p times as likely as the likeliest. Tokens of probability 0 never survive."""
    kept = probs > 0
    if top_k is not None or top_p is not None:
        ranking = likeliest(probs, top_k)
        if top_p is not None:
            share = probs[ranking] / probs[ranking].sum()
            before = np.cumsum(share) - share  # share of all likelier tokens
            ranking = ranking[before < top_p]
        ranked = np.zeros(probs.shape, bool)
        ranked[ranking] = True
        kept &= ranked
    if min_p is not None:
        kept &= probs >= min_p * probs.max()
    return kept


def likeliest(probs: Array, k: int | None) -> Array:
    """(k,) int64: the indices of the k highest, highest first, of equals the first; None: all."""
    near = np.arange(len(probs))
    if k is not None and k < len(probs):  # sort only those that can be among them
        near = np.flatnonzero(~(probs < np.partition(probs, -k)[-k]))  # NaN is below nothing
    return near[np.argsort(-probs[near], kind='stable')[:k]]


def cut_by(probs: Array, top_k: int | None, top_p: float | None,
           min_p: float | None = None) -> Array:
    """(V,) str: the first rule that put a token out, 'top_k', 'top_p', 'min_p' or, for tokens of
    probability 0, 'zero'; '' for the survivors."""
    rules = np.where(probs > 0, '', 'zero').astype('<U5')
    for rule, settings in (('top_k', (top_k, None)), ('top_p', (top_k, top_p)),
                           ('min_p', (top_k, top_p, min_p))):
        rules[(rules == '') & ~survivors(probs, *settings)] = rule
    return rules


def draw(probs: Array, rng: np.random.Generator) -> int:
    """One token id, each with its probability: where a uniform number falls on their sum."""
    cumulative = np.cumsum(probs)
    return int(np.searchsorted(cumulative, rng.random() * cumulative[-1], side='right'))


def check_sampling(temperature: float, top_k: int | None, top_p: float | None,
                   min_p: float | None = None, repetition_penalty: float | None = None) -> None:
    """SamplingError unless temperature ≥ 0, top_k ≥ 1, 0 < top_p ≤ 1, 0 ≤ min_p ≤ 1 and
    repetition_penalty > 0 (None switches off)."""
    for name, value in {'temperature': temperature, 'top_p': top_p, 'min_p': min_p,
                        'repetition_penalty': repetition_penalty}.items():
        check_kind(name, value, float if name == 'temperature' else float | None, SamplingError)
    check_kind('top_k', top_k, int | None, SamplingError)
    if not 0 <= temperature < np.inf:
        raise SamplingError('bad_temperature', got=temperature)
    if top_k is not None and top_k < 1:
        raise SamplingError('bad_top_k', got=top_k)
    if top_p is not None and not 0 < top_p <= 1:
        raise SamplingError('bad_top_p', got=top_p)
    if min_p is not None and not 0 <= min_p <= 1:
        raise SamplingError('bad_min_p', got=min_p)
    if repetition_penalty is not None and not 0 < repetition_penalty < np.inf:
        raise SamplingError('bad_repetition_penalty', got=repetition_penalty)
