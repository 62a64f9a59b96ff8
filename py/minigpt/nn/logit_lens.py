"""Reading the residual stream half way: what the model would say if it stopped there.

The stream is a running sum that only the last norm and the head turn into words, so both can be
put to it anywhere (the logit lens, nostalgebraist 2020), and the final logit of a word is a sum of
what each part added to the stream (direct logit attribution, Elhage et al. 2021).
"""

import numpy as np

from minigpt.backend import matmul
from minigpt.nn.model import GPT
from minigpt.nn.norms import norm_forward
from minigpt.nn.trace import Trace

Array = np.ndarray


def stream_stops(n_layer: int) -> list[str]:
    """Names, in a trace, of the stream at the entrance and after each part that adds to it."""
    return ['embed', *(f'h.{layer}.{name}' for layer in range(n_layer)
                       for name in ('resid_mid', 'resid_post'))]


def logit_lens(model: GPT, stream: Array) -> Array:
    """The logits if the model stopped here: last norm, then head.   (…, C) -> (…, V)"""
    normed, _ = norm_forward(stream, model.params, 'ln_f', model.config.norm)
    logits = matmul(normed.reshape(-1, normed.shape[-1]), head_vectors(model).T)  # kernels take rows
    return logits.reshape(*stream.shape[:-1], -1)


def head_vectors(model: GPT) -> Array:
    """(V, C): the vector of each word that the last one is compared with."""
    return model.params.get('lm_head.weight', model.params['wte.weight'])


def stream_parts(model: GPT, ids: Array, trace: Trace) -> dict[str, Array]:
    """What each part added to the stream, in order: their sum is what leaves the last block.

    'wte', 'wpe' where positions are added, then 'h.0.attn', 'h.0.mlp', …; each (B, T, C) for the
    ids (B, T) that the trace is of.
    """
    words = model.params['wte.weight'][ids]
    parts = {'wte': words}
    if model.config.position != 'rope':
        parts['wpe'] = trace['embed'] - words
    for layer in range(model.config.n_layer):
        for name in ('attn', 'mlp'):
            parts[f'h.{layer}.{name}'] = trace[f'h.{layer}.{name}.out']
    return parts


def head_parts(model: GPT, layer: int, joined: Array) -> Array:
    """What each head of a block added to the stream, of what all of them gave (a trace's
    'h.0.attn.heads', or some places of it).   (…, C) -> (…, H, C)

    The projection of the joined heads is a sum over heads; its bias belongs to none of them.
    """
    config = model.config
    heads = joined.reshape(*joined.shape[:-1], config.n_head, config.head_width)
    rows = model.params[f'h.{layer}.attn.c_proj.weight'].reshape(config.n_head, -1, config.n_embd)
    return np.einsum('...hd,hdc->...hc', heads, rows)


def logit_direction(model: GPT, stream: Array, token_id: int) -> tuple[Array, float]:
    """How a word's logit reads the stream (C,) that leaves the last block.   -> (C,), float

    logit = stream · direction + constant. The last norm divides by the size of this very stream;
    that size is held fixed, and then all that is left is linear.
    """
    params, kind = model.params, model.config.norm
    _, (_, inverse_size, gain) = norm_forward(stream, params, 'ln_f', kind)
    word = head_vectors(model)[token_id]
    direction = inverse_size * gain * word
    if kind == 'rmsnorm':
        return direction, 0.0
    return direction - direction.mean(), float(params['ln_f.bias'] @ word)


def direct_contributions(model: GPT, ids: Array, trace: Trace, place: int,
                         token_id: int) -> dict[str, float]:
    """How much each part gave, by itself, to the logit of a word after this place of the first
    text: `stream_parts` and 'ln_f.bias', whose sum is the logit.

    A part also acts through the later ones that read what it wrote; that is not counted here.
    """
    last = trace[f'h.{model.config.n_layer - 1}.resid_post'][0, place]
    direction, constant = logit_direction(model, last, token_id)
    parts = {name: float(added[0, place] @ direction)
             for name, added in stream_parts(model, ids, trace).items()}
    return parts | {'ln_f.bias': constant}
