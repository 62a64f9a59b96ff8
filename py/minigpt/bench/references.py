"""The same work done by the libraries people know, where they are installed.

Each function takes what minigpt's side has and returns a piece of work, or None without the
library. Nothing here is needed to use minigpt.
"""

import importlib.util

import numpy as np

from minigpt.nn.config import GPTConfig
from minigpt.tokenizer import BPETokenizer


def installed(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def tiktoken_encoder(tokenizer: BPETokenizer):
    """tiktoken with our vocabulary and GPT-2's pattern: text -> ids."""
    if not installed('tiktoken'):
        return None
    import tiktoken
    ordinary = tokenizer.vocab_size - len(tokenizer.special_tokens)
    encoding = tiktoken.Encoding(
        'ours', special_tokens={},
        pat_str=r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+""",
        mergeable_ranks={tokenizer.token_bytes(i): i for i in range(ordinary)})
    return encoding.encode_ordinary


def hugging_face_encoder(tokenizer: BPETokenizer):
    """Hugging Face tokenizers, made from our tokenizer.json each time, so that its cache is cold."""
    if not installed('tokenizers'):
        return None
    from tokenizers import Tokenizer
    text = tokenizer.to_json()
    return lambda: Tokenizer.from_str(text).encode


def hugging_face_trainer(text: str, vocab_size: int):
    """Hugging Face's BPE training on the same text."""
    if not installed('tokenizers'):
        return None
    from tokenizers import Tokenizer
    from tokenizers.models import BPE
    from tokenizers.pre_tokenizers import ByteLevel
    from tokenizers.trainers import BpeTrainer

    def train():
        tokenizer = Tokenizer(BPE())
        tokenizer.pre_tokenizer = ByteLevel(add_prefix_space=False)
        trainer = BpeTrainer(vocab_size=vocab_size, show_progress=False,
                             initial_alphabet=ByteLevel.alphabet())
        tokenizer.train_from_iterator([text], trainer)

    return train


def torch_gpt(config: GPTConfig):
    """A GPT-2 of this size in PyTorch's fused operations, or None."""
    if not installed('torch'):
        return None
    from minigpt.bench.torch_gpt import TorchGPT
    return TorchGPT(config)


def chonkie_chunker(size: int):
    """chonkie's fastest chunker: text -> chunks of `size` bytes."""
    if not installed('chonkie'):
        return None
    try:
        from chonkie import FastChunker
    except ImportError:
        return None
    return FastChunker(chunk_size=size)


def langchain_splitter(size: int):
    """langchain's recursive splitter: text -> strings of up to `size` characters."""
    if not installed('langchain_text_splitters'):
        return None
    from langchain_text_splitters import RecursiveCharacterTextSplitter
    return RecursiveCharacterTextSplitter(chunk_size=size, chunk_overlap=0).split_text


def random_ids(config: GPTConfig, batch: int, rng: np.random.Generator) -> np.ndarray:
    """(B, T + 1) ids, for speed the values do not matter."""
    return rng.integers(0, config.vocab_size, (batch, config.block_size + 1))
