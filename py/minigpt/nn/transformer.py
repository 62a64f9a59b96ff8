"""One transformer block: attention lets tokens talk, the MLP lets each one think.

    x = x + attention(layernorm(x))
    x = x + mlp(layernorm(x))

The running sum x is the residual stream; each part reads it and adds to it (pre-LN, as in GPT-2).
"""

import numpy as np

from minigpt.nn.attention import attention_backward, attention_forward
from minigpt.nn.ops import (gelu_backward, gelu_forward, layernorm_backward, layernorm_forward,
                            linear_backward, linear_forward)
from minigpt.nn.parameters import Views
from minigpt.nn.trace import Trace, record

Array = np.ndarray


def block_forward(x: Array, p: Views, n_head: int, *, past=None, trace: Trace | None = None,
                  name: str = ''):
    """(B, T, C) -> (B, T, C); `p` holds the block's parameters, `name` prefixes its trace."""
    normed, ln_1_cache = layernorm_forward(x, p['ln_1.weight'], p['ln_1.bias'])
    record(trace, f'{name}ln_1', normed)
    attended, attn_cache = attention_forward(normed, p, n_head, past=past, trace=trace, name=name)
    x = x + attended
    record(trace, f'{name}resid_mid', x)
    normed, ln_2_cache = layernorm_forward(x, p['ln_2.weight'], p['ln_2.bias'])
    record(trace, f'{name}ln_2', normed)
    thought, mlp_cache = mlp_forward(normed, p, trace=trace, name=name)
    x = x + thought
    record(trace, f'{name}resid_post', x)
    return x, (ln_1_cache, attn_cache, ln_2_cache, mlp_cache)


def block_backward(dx: Array, cache) -> tuple[Array, Views]:
    """-> dx (B, T, C), gradients of the block's parameters"""
    ln_1_cache, attn_cache, ln_2_cache, mlp_cache = cache
    dnormed, grads = mlp_backward(dx, mlp_cache)
    dskip, grads['ln_2.weight'], grads['ln_2.bias'] = layernorm_backward(dnormed, ln_2_cache)
    dx = dx + dskip  # the sum's gradient goes both ways: straight on and through the part
    dnormed, attn_grads = attention_backward(dx, attn_cache)
    dskip, grads['ln_1.weight'], grads['ln_1.bias'] = layernorm_backward(dnormed, ln_1_cache)
    return dx + dskip, grads | attn_grads


def mlp_forward(x: Array, p: Views, *, trace: Trace | None = None, name: str = ''):
    """Widen to 4C, GELU, back to C.   (B, T, C) -> (B, T, C)"""
    hidden, fc_cache = linear_forward(x, p['mlp.c_fc.weight'], p['mlp.c_fc.bias'])
    record(trace, f'{name}mlp.hidden', hidden)
    active, gelu_cache = gelu_forward(hidden)
    record(trace, f'{name}mlp.active', active)
    out, proj_cache = linear_forward(active, p['mlp.c_proj.weight'], p['mlp.c_proj.bias'])
    record(trace, f'{name}mlp.out', out)
    return out, (fc_cache, gelu_cache, proj_cache)


def mlp_backward(dout: Array, cache) -> tuple[Array, Views]:
    """-> dx (B, T, C), gradients of the four parameters"""
    fc_cache, gelu_cache, proj_cache = cache
    dactive, dproj_weight, dproj_bias = linear_backward(dout, proj_cache)
    dhidden = gelu_backward(dactive, gelu_cache)
    dx, dfc_weight, dfc_bias = linear_backward(dhidden, fc_cache)
    return dx, {'mlp.c_fc.weight': dfc_weight, 'mlp.c_fc.bias': dfc_bias,
                'mlp.c_proj.weight': dproj_weight, 'mlp.c_proj.bias': dproj_bias}
