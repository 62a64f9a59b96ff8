"""Text on disk → one long row of ids → random (B, T) batches with their next-token targets."""

import hashlib
import re
from pathlib import Path

import numpy as np

from minigpt.errors import Refused, TextError
from minigpt.tokenizer import BPETokenizer


def read_text(path: str | Path) -> str:
    """The text of a UTF-8 file, without the byte order mark that some editors put before it.

    TextError if the file is unreadable, not UTF-8, or empty.
    """
    try:
        text = Path(path).read_bytes().decode('utf-8').removeprefix('\ufeff')
    except OSError as error:
        raise TextError('text_unreadable', path=path, reason=Refused(error)) from error
    except UnicodeDecodeError as error:
        raise TextError('not_utf8', path=path, position=error.start) from error
    if not text.strip():
        raise TextError('empty_file', path=path)
    return text


def documents(text: str) -> list[str]:
    """The pieces between blank lines, their line ends as '\\n'.

    Windows writes two characters at each, of which a model need not learn the other one.
    """
    text = text.replace('\r\n', '\n')
    return [piece.strip('\n') for piece in re.split(r'\n(?:[ \t]*\n)+', text) if piece.strip()]


def split_documents(pieces: list[str], held_out: float = 0.1) -> tuple[list[str], list[str]]:
    """Documents to train on and documents to test on.

    The side is decided by a hash of the document, so it never depends on order, and a document
    that stands there several times is always on one side: nothing tested was trained on.
    """
    sides = ([], [])
    for piece in pieces:
        digest = hashlib.sha256(piece.encode('utf-8', 'replace')).digest()
        sides[int.from_bytes(digest[:4], 'big') < held_out * 2 ** 32].append(piece)
    return sides


def encode_documents(pieces: list[str], tokenizer: BPETokenizer) -> np.ndarray:
    """All ids in a row, (N,) int32, the end-of-text token after each document if there is one."""
    end = [] if tokenizer.end_of_text is None else [tokenizer.end_of_text]
    return np.array([i for piece in pieces for i in [*tokenizer.encode(piece), *end]], np.int32)


def random_batch(ids: np.ndarray, batch_size: int, block_size: int,
                 rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """B stretches of T ids from random places, and the same shifted by one.   (B, T), (B, T)"""
    starts = rng.integers(0, len(ids) - block_size, size=batch_size)
    stretch = ids[starts[:, None] + np.arange(block_size + 1)]
    return stretch[:, :-1], stretch[:, 1:]


def consecutive_batches(ids: np.ndarray, batch_size: int, block_size: int):
    """All of `ids` once, in stretches of T: yields (B or fewer, T) inputs and targets."""
    n = (len(ids) - 1) // block_size
    inputs = ids[:n * block_size].reshape(n, block_size)
    targets = ids[1:n * block_size + 1].reshape(n, block_size)
    for start in range(0, n, batch_size):
        yield inputs[start:start + batch_size], targets[start:start + batch_size]
