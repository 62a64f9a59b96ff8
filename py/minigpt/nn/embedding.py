"""The entrance: ids → token vectors, plus where they stand."""

import numpy as np

from minigpt.nn.forward_pass import ForwardPass
from minigpt.nn.ops import (dropout_backward, dropout_forward, embedding_backward,
                            embedding_forward)
from minigpt.nn.parameters import Views
from minigpt.nn.positions import sinusoidal_forward

Array = np.ndarray


def embed_forward(ids: Array, p: Views, run: ForwardPass):
    """(B, T) int -> (B, T, C). With RoPE places are told later, inside attention."""
    x, wte_cache = embedding_forward(ids, p['wte.weight'])
    wpe_cache = None
    if run.config.position == 'learned':
        positions = np.asarray(run.positions, like=x)
        places, wpe_cache = embedding_forward(positions, p['wpe.weight'])
        x += places
    elif run.config.position == 'sinusoidal':
        x += np.asarray(sinusoidal_forward(run.positions, run.config.n_embd, x.dtype), like=x)
    x, dropout_mask = dropout_forward(x, run.config.dropout, run.dropout_rng)
    x = run.record('embed', x)
    return x, (wte_cache, wpe_cache, dropout_mask)


def embed_backward(dx: Array, cache) -> Views:
    """-> gradients of the tables"""
    wte_cache, wpe_cache, dropout_mask = cache
    dx = dropout_backward(dx, dropout_mask)
    grads = {'wte.weight': embedding_backward(dx, wte_cache)}
    if wpe_cache is not None:
        grads['wpe.weight'] = embedding_backward(dx.sum(axis=0), wpe_cache)
    return grads
