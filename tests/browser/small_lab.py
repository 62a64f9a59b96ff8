"""A lab for a file: a tiny model, trained by nobody, with one other state of it."""

import numpy as np

from minigpt import BPETokenizer, Checkpoint, GPT, GPTConfig
from minigpt.lab import Lab

TEXT = 'O rato roeu a roupa do rei de Roma. <img src=x onerror=alert(1)> ' * 20


def small_lab(name: str) -> Lab:
    tokenizer = BPETokenizer.train(TEXT, 300, ['<|endoftext|>'])
    config = GPTConfig(tokenizer.vocab_size, block_size=64, n_embd=16, n_head=2, n_layer=1)
    model, other = (GPT(config, np.random.default_rng(seed)) for seed in (0, 1))
    return Lab(Checkpoint(model, tokenizer, {'step': '40'}), TEXT, name,
               snapshots=((0, other.flat.astype(np.float16)),))
