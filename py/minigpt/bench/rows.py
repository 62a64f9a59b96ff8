"""The rows of the speed table: each a piece of real work, ours first, then its references.

A row is a function that takes a text and returns a Contest, 'minigpt' first; a reference that is
not installed is None. Nothing a contender returns is kept, so no run can profit from an earlier
one, except where a row says that a cache is part of what is measured.
"""

from dataclasses import replace

import numpy as np

from minigpt.backend.memory import keep_freed_memory
from minigpt.bench import references
from minigpt.bench.chunk_rows import chunked
from minigpt.bench.contest import Contest
from minigpt.bench.memory_rows import (aos_soa, buffer_reuse, copies_views, memory_order,
                                       vectorised)
from minigpt.bench.model_rows import attention, embedding_search, feed_forward, threads
from minigpt.inference import generate
from minigpt.nn import GPT, GPTConfig
from minigpt.tokenizer import BPETokenizer
from minigpt.training import TrainConfig, TrainState
from minigpt.training.trainer import one_step

STEP = GPTConfig(vocab_size=1000, block_size=64, n_embd=128, n_head=4, n_layer=4)
LONG = {128: replace(STEP, block_size=512),
        256: replace(STEP, block_size=512, n_embd=256, n_head=8, n_layer=6)}
CHUNK_SIZE = 512


def encode_warm(text: str) -> Contest:
    """10,000 tokens whose words were all met before; the word cache is part of the design."""
    tokenizer = BPETokenizer.train(text[:300_000], 1000)
    ids = tokenizer.encode(text[:100_000])[:10_000]
    piece = tokenizer.decode(ids)
    tiktoken = references.tiktoken_encoder(tokenizer)
    return Contest({'minigpt': lambda: tokenizer.encode(piece),
                    'tiktoken': tiktoken and (lambda: tiktoken(piece))},
                   {'tokens': len(ids), 'characters': len(piece)})


def encode_cold(text: str) -> Contest:
    """The whole text by a tokenizer that has met no word yet; making it is not counted twice."""
    tokenizer = BPETokenizer.train(text[:300_000], 1000)
    saved = tokenizer.to_json()
    hugging_face = references.hugging_face_encoder(tokenizer)
    return Contest({'minigpt': lambda: BPETokenizer.from_json(saved).encode(text),
                    'tokenizers': hugging_face and (lambda: hugging_face()(text))},
                   {'characters': len(text)})


def train_bpe(text: str) -> Contest:
    """A vocabulary of 4,000 tokens from 800,000 characters."""
    piece = text[:800_000]
    return Contest({'minigpt': lambda: BPETokenizer.train(piece, 4000),
                    'tokenizers': references.hugging_face_trainer(piece, 4000)},
                   {'characters': len(piece)})


def training_step(text: str) -> Contest:
    """Forward, backward, clip, AdamW: 4 layers, 128 wide, 4 heads, T 64, B 16, V 1000."""
    keep_freed_memory()
    rng = np.random.default_rng(0)
    model, config = GPT(STEP, rng), TrainConfig(batch_size=16)
    state, data = TrainState(model, config), rng.integers(0, 1000, 50_000)
    torch_gpt = references.torch_gpt(STEP)
    contenders = {'minigpt': lambda: one_step(model, data, config, state), 'torch': None}
    if torch_gpt:
        import torch
        ids = torch.from_numpy(references.random_ids(STEP, 16, rng))
        contenders['torch'] = lambda: torch_gpt.train_step(ids)
    return Contest(contenders, {'tokens': 16 * STEP.block_size})


def forward_128(text: str) -> Contest:
    """Logits of 512 tokens: 4 layers, 128 wide, 4 heads."""
    return forward(LONG[128])


def forward_256(text: str) -> Contest:
    """Logits of 512 tokens: 6 layers, 256 wide, 8 heads."""
    return forward(LONG[256])


def forward(config: GPTConfig) -> Contest:
    keep_freed_memory()
    rng = np.random.default_rng(0)
    model, ids = GPT(config, rng), references.random_ids(config, 1, rng)[:, 1:]
    torch_gpt = references.torch_gpt(config)
    contenders = {'minigpt': lambda: model.forward(ids), 'torch': None}
    if torch_gpt:
        import torch
        torch_ids = torch.from_numpy(ids)

        @torch.inference_mode()
        def run():
            torch_gpt(torch_ids)

        contenders['torch'] = run
    return Contest(contenders, {'tokens': config.block_size})


def generation(text: str) -> Contest:
    """100 tokens, one at a time with a KV cache: 4 layers, 128 wide, context 128."""
    config = GPTConfig()
    model = GPT(config, np.random.default_rng(0))
    torch_gpt = references.torch_gpt(config)

    def ours():
        for _ in generate(model, [1], max_new_tokens=100, rng=np.random.default_rng(0)):
            pass

    return Contest({'minigpt': ours, 'torch': torch_gpt and (lambda: torch_gpt.generate(100))},
                   {'tokens': 100})


def chunk_fixed(text: str) -> Contest:
    """1 MB into pieces of 512 characters."""
    rival = references.chonkie_chunker(CHUNK_SIZE)
    return chunked(text, 'fixed', CHUNK_SIZE, 0, chonkie=rival and (
        lambda: references.chonkie_chunker(CHUNK_SIZE)(text)))


def chunk_sentence(text: str) -> Contest:
    """1 MB into pieces of whole sentences."""
    splitter = references.langchain_splitter(CHUNK_SIZE)
    return chunked(text, 'sentence', CHUNK_SIZE, 0, langchain=splitter and (lambda: splitter(text)))


def chunk_semantic(text: str) -> Contest:
    """1 MB into pieces of one topic; langchain's splitter looks at separators, not at words."""
    splitter = references.langchain_splitter(CHUNK_SIZE)
    return chunked(text, 'semantic', CHUNK_SIZE, 0, langchain=splitter and (lambda: splitter(text)))


ROWS = {function.__name__.replace('_', '-'): function for function in (
    encode_warm, encode_cold, train_bpe, attention, feed_forward, training_step, forward_128,
    forward_256, generation, threads, chunk_fixed, chunk_sentence, chunk_semantic,
    embedding_search, vectorised, memory_order, aos_soa, copies_views, buffer_reuse)}
