"""One transformer block: attention lets tokens talk, the MLP lets each one think.

    x = x + attention(norm(x))
    x = x + mlp(norm(x))

The running sum x is the residual stream; each part reads it and adds to it (pre-LN, as in GPT-2).
"""

import numpy as np

from minigpt.nn.activations import ACTIVATIONS
from minigpt.nn.attention import attention_backward, attention_forward
from minigpt.nn.forward_pass import ForwardPass
from minigpt.nn.norms import norm_backward, norm_forward
from minigpt.nn.ops import dropout_backward, dropout_forward, linear_backward, linear_forward
from minigpt.nn.parameters import Views

Array = np.ndarray


def unrecorded(name: str, gradient: Array) -> None:
    """Nobody looks."""


def block_forward(x: Array, p: Views, run: ForwardPass):
    """(B, T, C) -> (B, T, C); `p` holds the block's parameters."""
    config = run.config
    normed, ln_1_cache = norm_forward(x, p, 'ln_1', config.norm)
    normed = run.record('ln_1', normed)
    attended, attn_cache = attention_forward(normed, p, run)
    attended, attn_mask = dropout_forward(attended, config.dropout, run.dropout_rng)
    x = run.record('resid_mid', x + attended)
    normed, ln_2_cache = norm_forward(x, p, 'ln_2', config.norm)
    normed = run.record('ln_2', normed)
    thought, mlp_cache = mlp_forward(normed, p, run)
    thought, mlp_mask = dropout_forward(thought, config.dropout, run.dropout_rng)
    x = run.record('resid_post', x + thought)
    return x, (config, ln_1_cache, attn_cache, attn_mask, ln_2_cache, mlp_cache, mlp_mask)


def block_backward(dx: Array, cache, record=unrecorded) -> tuple[Array, Views]:
    """-> dx (B, T, C), gradients of the block's parameters

    `record(name, gradient)` is told what each part sends back, and what reaches the stream.
    """
    config, ln_1_cache, attn_cache, attn_mask, ln_2_cache, mlp_cache, mlp_mask = cache
    # A sum's gradient goes both ways: straight on, and through the part.
    dnormed, mlp_grads = mlp_backward(dropout_backward(dx, mlp_mask), mlp_cache)
    dpart, ln_2_grads = norm_backward(dnormed, ln_2_cache, 'ln_2', config.norm)
    dx = dx + dpart
    record('d.mlp', dpart)
    record('d.resid_mid', dx)
    dnormed, attn_grads = attention_backward(dropout_backward(dx, attn_mask), attn_cache)
    dpart, ln_1_grads = norm_backward(dnormed, ln_1_cache, 'ln_1', config.norm)
    record('d.attn', dpart)
    dresid_pre = dx + dpart
    record('d.resid_pre', dresid_pre)
    return dresid_pre, mlp_grads | ln_2_grads | attn_grads | ln_1_grads


def mlp_forward(x: Array, p: Views, run: ForwardPass):
    """Widen, bend, back to C.   (B, T, C) -> (B, T, C)"""
    activation_forward, activation_backward = ACTIVATIONS[run.config.activation]
    hidden, fc_cache = linear_forward(x, p['mlp.c_fc.weight'], p['mlp.c_fc.bias'])
    hidden = run.record('mlp.hidden', hidden)
    active, activation_cache = activation_forward(hidden)
    active = run.record('mlp.active', active)
    out, proj_cache = linear_forward(active, p['mlp.c_proj.weight'], p['mlp.c_proj.bias'])
    return run.record('mlp.out', out), (fc_cache, activation_backward, activation_cache, proj_cache)


def mlp_backward(dout: Array, cache) -> tuple[Array, Views]:
    """-> dx (B, T, C), gradients of the four parameters"""
    fc_cache, activation_backward, activation_cache, proj_cache = cache
    dactive, dproj_weight, dproj_bias = linear_backward(dout, proj_cache)
    dhidden = activation_backward(dactive, activation_cache)
    dx, dfc_weight, dfc_bias = linear_backward(dhidden, fc_cache)
    return dx, {'mlp.c_fc.weight': dfc_weight, 'mlp.c_fc.bias': dfc_bias,
                'mlp.c_proj.weight': dproj_weight, 'mlp.c_proj.bias': dproj_bias}
