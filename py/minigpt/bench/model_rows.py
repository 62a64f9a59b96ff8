"""Rows for parts of the model: attention, feed-forward, the table of tokens, threads."""

import numpy as np

from minigpt.backend.memory import keep_freed_memory
from minigpt.backend.threads import openblas, workers
from minigpt.bench.contest import Contest
from minigpt.bench.references import installed
from minigpt.nn import GPT, GPTConfig
from minigpt.nn.attention import attention_forward
from minigpt.nn.forward_pass import ForwardPass
from minigpt.nn.parameters import subviews
from minigpt.nn.transformer import mlp_forward

BLOCK = GPTConfig(vocab_size=1000, block_size=256, n_embd=128, n_head=4, n_layer=1)
TABLE, WIDTH, QUERIES = 10_000, 128, 32


def block() -> tuple:
    """Parameters of one block, an input (4, 256, 128) and a pass that keeps nothing."""
    keep_freed_memory()
    p = subviews(GPT(BLOCK, np.random.default_rng(0)).params, 'h.0.')
    x = np.random.default_rng(1).normal(size=(4, BLOCK.block_size, 128)).astype(np.float32)
    return p, x, ForwardPass(BLOCK, np.arange(BLOCK.block_size), keep=False).at_layer(0)


def attention(text: str) -> Contest:
    """Attention of one block, forward: B 4, T 256, 128 wide, 4 heads."""
    p, x, run = block()
    return Contest({'minigpt': lambda: attention_forward(x, p, run)[0],
                    'torch': torch_attention(p, x)}, {'tokens': x.shape[0] * x.shape[1]})


def feed_forward(text: str) -> Contest:
    """The MLP of one block, forward: B 4, T 256, 128 → 512 → 128, GELU."""
    p, x, run = block()
    return Contest({'minigpt': lambda: mlp_forward(x, p, run)[0], 'torch': torch_mlp(p, x)},
                   {'tokens': x.shape[0] * x.shape[1]})


def torch_attention(p, x):
    if not installed('torch'):
        return None
    import torch
    import torch.nn.functional as F
    weights = {name: torch.from_numpy(np.array(p[f'attn.{name}'])) for name in (
        'c_attn.weight', 'c_attn.bias', 'c_proj.weight', 'c_proj.bias')}
    given = torch.from_numpy(x)
    B, T, C = x.shape

    @torch.inference_mode()
    def run():
        qkv = torch.addmm(weights['c_attn.bias'], given.view(-1, C), weights['c_attn.weight'])
        q, k, v = (part.reshape(B, T, 4, -1).transpose(1, 2) for part in qkv.split(C, dim=1))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        y = y.transpose(1, 2).reshape(-1, C)
        return torch.addmm(weights['c_proj.bias'], y, weights['c_proj.weight'])

    return run


def torch_mlp(p, x):
    if not installed('torch'):
        return None
    import torch
    import torch.nn.functional as F
    fc, fc_bias, proj, proj_bias = (torch.from_numpy(np.array(p[f'mlp.{name}'])) for name in (
        'c_fc.weight', 'c_fc.bias', 'c_proj.weight', 'c_proj.bias'))
    rows = torch.from_numpy(x).view(-1, x.shape[-1])

    @torch.inference_mode()
    def run():
        hidden = F.gelu(torch.addmm(fc_bias, rows, fc), approximate='tanh')
        return torch.addmm(proj_bias, hidden, proj)

    return run


def embedding_search(text: str) -> Contest:
    """The 10 nearest of 10,000 vectors, 128 wide, for 32 questions: one by one, or at once."""
    rng = np.random.default_rng(0)
    table = rng.normal(size=(TABLE, WIDTH)).astype(np.float32)
    queries = rng.normal(size=(QUERIES, WIDTH)).astype(np.float32)
    return Contest({'one by one': lambda: [nearest(table, query[None]) for query in queries],
                    'at once': lambda: nearest(table, queries)}, {'questions': QUERIES})


def nearest(table: np.ndarray, queries: np.ndarray) -> np.ndarray:
    """(Q, 10) places of the largest products, in no order."""
    return np.argpartition(-(queries @ table.T), 10, axis=1)[:, :10]


def threads(text: str) -> Contest:
    """Logits of 512 tokens, 4 layers, 256 wide: by all threads there are, or by one."""
    keep_freed_memory()
    config = GPTConfig(vocab_size=1000, block_size=512, n_embd=256, n_head=4, n_layer=4)
    model = GPT(config, np.random.default_rng(0))
    ids = np.random.default_rng(1).integers(0, 1000, (1, 512))

    def by_one():
        blas = openblas()
        if blas is None:
            return model.forward(ids)
        before = blas.get_threads()
        blas.set_threads(1)
        try:
            return model.forward(ids)
        finally:
            blas.set_threads(before)

    return Contest({f'{workers()} threads' if workers() > 1 else 'all threads (1)':
                    lambda: model.forward(ids), 'one thread': by_one}, {'tokens': 512})
