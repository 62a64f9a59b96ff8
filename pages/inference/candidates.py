"""A distribution as rows of numbers, likeliest first: the table behind one next token."""

import numpy as np

from minigpt.inference.sampling import cut_by
from pages.inference.continuation import Sampling
from pages.lab import visible


def candidate_rows(logits: np.ndarray, sampling: Sampling, shown: int, drawn: int | None) -> dict:
    """The `shown` likeliest tokens, the drawn one in any case, and all others as one row.

    Shares are fractions of 1: `before` at temperature 1, `share` at this temperature, both of the
    whole vocabulary; `probability` after the cut. `rule` names what cut a token. `exp` is
    e^(scaled − largest), the operand of both divisions; at temperature 0 nothing is divided and
    `scaled` and `exp` are None.
    """
    distribution, temperature = sampling.distribution(logits), sampling.temperature
    rules = cut_by(distribution.tempered_probs, sampling.top_k, sampling.top_p, sampling.min_p)
    logits = logits.astype(np.float64)
    ranking = np.argsort(-logits, kind='stable')
    listed = [int(i) for i in ranking[:shown]]
    if drawn is not None and drawn not in listed:
        listed.append(drawn)
    scaled = logits / temperature if temperature else None
    exp = np.exp(scaled - scaled.max()) if temperature else None
    rank = {int(token_id): place for place, token_id in enumerate(ranking, 1)}
    rows = [{'id': i, 'token': visible(i), 'rank': rank[i], 'drawn': i == drawn,
             'logit': float(logits[i]), 'kept': bool(distribution.kept[i]),
             'rule': str(rules[i]), 'before': float(distribution.model_probs[i]),
             'scaled': None if scaled is None else float(scaled[i]),
             'exp': None if exp is None else float(exp[i]),
             'share': float(distribution.tempered_probs[i]),
             'probability': float(distribution.probs[i])} for i in listed]
    others = np.ones(len(logits), bool)
    others[listed] = False
    return {'rows': rows, 'others': _others(distribution, others), 'sums': _sums(
        distribution, scaled, exp), 'temperature': float(temperature)}


def _others(distribution, others: np.ndarray) -> dict:
    return {'count': int(others.sum()), 'kept': int(distribution.kept[others].sum()),
            'before': float(distribution.model_probs[others].sum()),
            'share': float(distribution.tempered_probs[others].sum()),
            'probability': float(distribution.probs[others].sum())}


def _sums(distribution, scaled, exp) -> dict:
    """The two denominators, over the whole vocabulary and over what the cut kept."""
    return {'vocabulary': len(distribution.logits), 'kept': int(distribution.kept.sum()),
            'kept_share': float(distribution.tempered_probs[distribution.kept].sum()),
            'largest': None if scaled is None else float(scaled.max()),
            'all': None if exp is None else float(exp.sum()),
            'after_cut': None if exp is None else float(exp[distribution.kept].sum())}
