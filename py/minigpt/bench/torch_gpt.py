"""The rival of the speed tables: a GPT-2 as one writes it in PyTorch, with its fused attention."""

import torch
import torch.nn.functional as F
from torch import nn

from minigpt.nn.config import GPTConfig


class Block(nn.Module):
    def __init__(self, config: GPTConfig):
        super().__init__()
        C = config.n_embd
        self.n_head = config.n_head
        self.ln_1, self.ln_2 = nn.LayerNorm(C), nn.LayerNorm(C)
        self.c_attn, self.c_proj = nn.Linear(C, 3 * C), nn.Linear(C, C)
        self.c_fc, self.mlp_proj = nn.Linear(C, 4 * C), nn.Linear(4 * C, C)

    def forward(self, x, past=None):
        """(B, T, C) -> (B, T, C), and the keys and values so far."""
        B, T, C = x.shape
        q, k, v = (part.view(B, T, self.n_head, -1).transpose(1, 2)
                   for part in self.c_attn(self.ln_1(x)).split(C, dim=2))
        if past is not None:
            k, v = torch.cat([past[0], k], dim=2), torch.cat([past[1], v], dim=2)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=past is None)
        x = x + self.c_proj(y.transpose(1, 2).reshape(B, T, C))
        return x + self.mlp_proj(F.gelu(self.c_fc(self.ln_2(x)), approximate='tanh')), (k, v)


class TorchGPT(nn.Module):
    def __init__(self, config: GPTConfig):
        super().__init__()
        self.config = config
        self.wte = nn.Embedding(config.vocab_size, config.n_embd)
        self.wpe = nn.Embedding(config.block_size, config.n_embd)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.n_layer))
        self.ln_f = nn.LayerNorm(config.n_embd)
        self.optimizer = torch.optim.AdamW(self.parameters(), 1e-3)

    def forward(self, ids, past=None):
        """(B, T) -> (B, T, V), and the keys and values of every block."""
        start = 0 if past is None else past[0][0].shape[2]
        x = self.wte(ids) + self.wpe(torch.arange(start, start + ids.shape[1]))
        kept = []
        for layer, block in enumerate(self.blocks):
            x, key_values = block(x, None if past is None else past[layer])
            kept.append(key_values)
        return self.ln_f(x) @ self.wte.weight.T, kept

    def train_step(self, ids) -> None:
        """One AdamW update on ids (B, T + 1)."""
        logits, _ = self(ids[:, :-1])
        loss = F.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten())
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters(), 1.0)
        self.optimizer.step()

    @torch.inference_mode()
    def generate(self, n: int) -> None:
        """Draw n tokens, one at a time, with a cache of keys and values."""
        ids, past = torch.tensor([[1]]), None
        for _ in range(n):
            logits, past = self(ids, past)
            ids = torch.multinomial(torch.softmax(logits[:, -1] / 0.8, dim=-1), 1)
