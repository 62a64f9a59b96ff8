"""A training step as one usually writes it in NumPy: the mark that minigpt's own is held against.

The same GPT-2, weights, loss and AdamW as minigpt's; each line makes new arrays, products are `@`,
nothing is fused, reused or split between threads. T, C, H, V … as everywhere.
"""

import numpy as np

from minigpt.nn import GPT

EPS = np.float32(1e-5)
BETA1, BETA2, TINY = np.float32(0.9), np.float32(0.99), np.float32(1e-8)
SQRT = np.float32((2 / np.pi) ** 0.5)


class PlainStep:
    """`step(inputs, targets, lr)`, each ids (B, T): the loss, and one update of the weights."""

    def __init__(self, model: GPT):
        self.config = model.config
        self.p = {name: weight.copy() for name, weight in model.params.items()}
        self.mean = {name: np.zeros_like(weight) for name, weight in self.p.items()}
        self.square = {name: np.zeros_like(weight) for name, weight in self.p.items()}
        self.steps = 0

    def __call__(self, inputs, targets, lr: float = 1e-3) -> float:
        B, T = inputs.shape
        N, p, grads, caches = B * T, self.p, {}, []
        x = (p['wte.weight'][inputs] + p['wpe.weight'][:T]).reshape(N, -1)
        for i in range(self.config.n_layer):
            x, cache = self.block(x, f'h.{i}.', B, T)
            caches.append(cache)
        x, norm = layernorm(x, p['ln_f.weight'], p['ln_f.bias'])
        shares = softmax(x @ p['wte.weight'].T)
        place, wanted = np.arange(N), targets.ravel()
        loss = -np.log(shares[place, wanted]).mean()

        shares[place, wanted] -= 1
        dlogits = shares / np.float32(N)
        head = dlogits.T @ x
        dx = self.layernorm_backward(dlogits @ p['wte.weight'], norm, 'ln_f.', grads)
        for i in reversed(range(self.config.n_layer)):
            dx = self.block_backward(dx, f'h.{i}.', caches[i], grads)
        np.add.at(head, inputs.ravel(), dx)
        grads['wte.weight'] = head
        grads['wpe.weight'] = np.zeros_like(p['wpe.weight'])
        grads['wpe.weight'][:T] = dx.reshape(B, T, -1).sum(0)
        self.update(grads, np.float32(lr))
        return float(loss)

    def block(self, x, h, B, T):
        p, H = self.p, self.config.n_head
        normed, norm1 = layernorm(x, p[h + 'ln_1.weight'], p[h + 'ln_1.bias'])
        qkv = normed @ p[h + 'attn.c_attn.weight'] + p[h + 'attn.c_attn.bias']
        q, k, v = qkv.reshape(B, T, 3, H, -1).transpose(2, 0, 3, 1, 4)
        scores = q @ k.swapaxes(2, 3) / np.float32(np.sqrt(q.shape[-1]))
        weights = softmax(np.where(np.tri(T, dtype=bool), scores, np.float32(-1e9)))
        heads = (weights @ v).transpose(0, 2, 1, 3).reshape(B * T, -1)
        middle = x + heads @ p[h + 'attn.c_proj.weight'] + p[h + 'attn.c_proj.bias']
        wide, norm2 = layernorm(middle, p[h + 'ln_2.weight'], p[h + 'ln_2.bias'])
        up = wide @ p[h + 'mlp.c_fc.weight'] + p[h + 'mlp.c_fc.bias']
        active = gelu(up)
        out = middle + active @ p[h + 'mlp.c_proj.weight'] + p[h + 'mlp.c_proj.bias']
        return out, (normed, norm1, q, k, v, weights, heads, wide, norm2, up, active)

    def block_backward(self, dout, h, cache, grads):
        normed, norm1, q, k, v, weights, heads, wide, norm2, up, active = cache
        B, H, T, D = q.shape
        dactive = self.linear_backward(dout, active, h + 'mlp.c_proj.', grads)
        dwide = self.linear_backward(gelu_backward(up, dactive), wide, h + 'mlp.c_fc.', grads)
        dmiddle = dout + self.layernorm_backward(dwide, norm2, h + 'ln_2.', grads)
        dheads = self.linear_backward(dmiddle, heads, h + 'attn.c_proj.', grads)
        dheads = dheads.reshape(B, T, H, D).transpose(0, 2, 1, 3)
        dweights, dv = dheads @ v.swapaxes(2, 3), weights.swapaxes(2, 3) @ dheads
        dscores = weights * (dweights - (weights * dweights).sum(-1, keepdims=True))
        dscores = dscores / np.float32(np.sqrt(D))
        dq, dk = dscores @ k, dscores.swapaxes(2, 3) @ q
        dqkv = np.stack([dq, dk, dv]).transpose(1, 3, 0, 2, 4).reshape(B * T, -1)
        dnormed = self.linear_backward(dqkv, normed, h + 'attn.c_attn.', grads)
        return dmiddle + self.layernorm_backward(dnormed, norm1, h + 'ln_1.', grads)

    def linear_backward(self, dout, x, name, grads):
        grads[name + 'weight'], grads[name + 'bias'] = x.T @ dout, dout.sum(0)
        return dout @ self.p[name + 'weight'].T

    def layernorm_backward(self, dout, cache, name, grads):
        unit, scale = cache
        grads[name + 'weight'], grads[name + 'bias'] = (dout * unit).sum(0), dout.sum(0)
        dunit = dout * self.p[name + 'weight']
        return scale * (dunit - dunit.mean(-1, keepdims=True)
                        - unit * (dunit * unit).mean(-1, keepdims=True))

    def update(self, grads, lr):
        self.steps += 1
        correct1, correct2 = 1 - BETA1 ** self.steps, 1 - BETA2 ** self.steps
        for name, weight in self.p.items():
            grad = grads[name]
            self.mean[name] = BETA1 * self.mean[name] + (1 - BETA1) * grad
            self.square[name] = BETA2 * self.square[name] + (1 - BETA2) * grad * grad
            weight -= lr * (self.mean[name] / correct1) / (
                np.sqrt(self.square[name] / correct2) + TINY)


def layernorm(x, gain, bias):
    centred = x - x.mean(-1, keepdims=True)
    scale = 1 / np.sqrt((centred * centred).mean(-1, keepdims=True) + EPS)
    return centred * scale * gain + bias, (centred * scale, scale)


def softmax(x):
    powers = np.exp(x - x.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def bent(x):
    return np.tanh(SQRT * (x + np.float32(0.044715) * x * x * x))


def gelu(x):
    return np.float32(0.5) * x * (1 + bent(x))


def gelu_backward(x, dout):
    t = bent(x)
    slope = SQRT * (1 + np.float32(3 * 0.044715) * x * x)
    return dout * (np.float32(0.5) * (1 + t) + np.float32(0.5) * x * (1 - t * t) * slope)
