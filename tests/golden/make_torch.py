"""PyTorch's logits, loss, gradients and ten AdamW losses for two small models: torch.npz.

The models are written here in PyTorch's own operations (scaled_dot_product_attention, layer_norm,
rms_norm, gelu, silu), with autograd in place of a hand-written backward.
"""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from minigpt import GPT, GPTConfig

KINDS = {
    'gpt2': GPTConfig(vocab_size=31, block_size=8, n_embd=16, n_head=4, n_layer=2),
    'llama': GPTConfig(vocab_size=31, block_size=8, n_embd=16, n_head=4, n_layer=2,
                       position='rope', norm='rmsnorm', activation='swiglu', n_kv_head=2,
                       tied_head=False),
}
LEARNING_RATE, WEIGHT_DECAY, BETAS = 1e-2, 0.1, (0.9, 0.99)


def main():
    arrays = {}
    for kind, config in KINDS.items():
        rng = np.random.default_rng(1)
        model = GPT(config, rng)
        model.flat += rng.normal(0, 0.2, model.flat.size).astype(np.float32)
        ids = rng.integers(0, config.vocab_size, (3, config.block_size + 1))
        results = reference(model, config, torch.tensor(ids[:, :-1]), torch.tensor(ids[:, 1:]))
        arrays |= {f'{kind}.{name}': value for name, value in
                   {'flat': model.flat, 'ids': ids, **results}.items()}
    np.savez_compressed(Path(__file__).with_name('torch.npz'), **arrays)


def reference(model, config, ids, targets) -> dict[str, np.ndarray]:
    params = {name: torch.tensor(view, requires_grad=True) for name, view in model.params.items()}
    logits = forward(params, config, ids)
    loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten())
    loss.backward()
    grads = np.concatenate([p.grad.numpy().ravel() for p in params.values()])
    return {'logits': logits.detach().numpy(), 'loss': np.array(loss.item()), 'grads': grads,
            'losses': np.array(ten_steps(params, config, ids, targets))}


def ten_steps(params, config, ids, targets) -> list[float]:
    """AdamW with decay on the matrices alone, as GPT-2 is trained."""
    groups = [{'params': [p for p in params.values() if p.ndim > 1], 'weight_decay': WEIGHT_DECAY},
              {'params': [p for p in params.values() if p.ndim == 1], 'weight_decay': 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=LEARNING_RATE, betas=BETAS, eps=1e-8)
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = F.cross_entropy(forward(params, config, ids).flatten(0, 1), targets.flatten())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(params.values(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return losses


def forward(p, config, ids):
    x = p['wte.weight'][ids]
    if config.position == 'learned':
        x = x + p['wpe.weight'][torch.arange(ids.shape[1])]
    for layer in range(config.n_layer):
        block = {name.removeprefix(f'h.{layer}.'): value for name, value in p.items()
                 if name.startswith(f'h.{layer}.')}
        x = x + attention(norm(x, block, 'ln_1', config), block, config)
        x = x + mlp(norm(x, block, 'ln_2', config), block, config)
    head = p['wte.weight'] if config.tied_head else p['lm_head.weight']
    return F.linear(norm(x, p, 'ln_f', config), head)


def norm(x, p, name, config):
    gain = p[f'{name}.weight']
    if config.norm == 'rmsnorm':
        return F.rms_norm(x, gain.shape, gain, eps=1e-5)
    return F.layer_norm(x, gain.shape, gain, p[f'{name}.bias'], eps=1e-5)


def attention(x, p, config):
    B, T, C = x.shape
    D = C // config.n_head
    qkv = x @ p['attn.c_attn.weight'] + p['attn.c_attn.bias']
    q, k, v = (part.view(B, T, -1, D).transpose(1, 2) for part in
               qkv.split([C, config.kv_heads * D, config.kv_heads * D], dim=2))
    if config.position == 'rope':
        q, k = rotate(q), rotate(k)
    y = F.scaled_dot_product_attention(q, k, v, is_causal=True,
                                       enable_gqa=config.kv_heads != config.n_head)
    return y.transpose(1, 2).reshape(B, T, C) @ p['attn.c_proj.weight'] + p['attn.c_proj.bias']


def rotate(x):
    """RoPE by complex numbers: pair (i, i + D/2) is turned by place · 10000^(−2i/D)."""
    T, D = x.shape[2:]
    angle = torch.outer(torch.arange(T), 10_000.0 ** (-torch.arange(0, D, 2) / D))
    turned = torch.complex(x[..., :D // 2], x[..., D // 2:]) * torch.polar(torch.ones_like(angle),
                                                                           angle)
    return torch.cat([turned.real, turned.imag], dim=-1)


def mlp(x, p, config):
    hidden = x @ p['mlp.c_fc.weight'] + p['mlp.c_fc.bias']
    if config.activation == 'swiglu':
        gate, value = hidden.chunk(2, dim=-1)
        hidden = F.silu(gate) * value
    else:
        hidden = F.gelu(hidden, approximate='tanh')
    return hidden @ p['mlp.c_proj.weight'] + p['mlp.c_proj.bias']


if __name__ == '__main__':
    main()
