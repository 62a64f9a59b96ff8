"""What can be asked of a lab, computed: plain functions from a lab to what JSON can hold.

They run beside the server's loop and know nothing of it.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict

import numpy as np

from minigpt.chunking import chunk, quality
from minigpt.embeddings import (cosine_similarity, dot_similarity, mean_vector, nearest_neighbours,
                                token_table)
from minigpt.errors import TextError
from minigpt.inference import next_token_distribution
from minigpt.inference.reader import check_prompt
from minigpt.lab import Lab
from minigpt.nn.ablation import switched_off
from minigpt.nn.changes import Change
from minigpt.nn.logit_lens import logit_lens
from minigpt.nn.ops import softmax_forward
from minigpt.nn.trace import Trace
from minigpt.teach.draw import visible
from minigpt.tokenizer import BPETokenizer, text_statistics
from minigpt.training.dataset import documents

DIGITS = 6        # significant, of a number in a matrix: a picture needs no more
MOST_CHUNKS = 2000
SIMILARITIES = {'cosine': cosine_similarity, 'dot': dot_similarity}


def token(lab: Lab, token_id: int) -> dict:
    return seen(lab.tokenizer, token_id)


def first_merges(tokenizer: BPETokenizer, count: int) -> BPETokenizer:
    """The tokenizer as it was after `count` merges of its learning."""
    return BPETokenizer(tokenizer.merges[:count], tokenizer.special_tokens,
                        pattern=tokenizer.pattern)


def seen(tokenizer: BPETokenizer, token_id: int) -> dict:
    """A token as one can see it."""
    raw = tokenizer.token_bytes(token_id)
    return {'id': int(token_id), 'text': visible(raw), 'bytes': raw.hex()}


def tokenized(lab: Lab, text: str, special: str = 'text', merges: int | None = None) -> dict:
    """By the lab's tokenizer, or by one of its first `merges` alone. TextError for the empty text.
    """
    tokenizer = lab.tokenizer if merges is None else first_merges(lab.tokenizer, merges)
    ids = tokenizer.encode(text, special)
    found = text_statistics(tokenizer, text)
    words = found.tokens_per_word
    return {'ids': ids, 'tokens': [seen(tokenizer, it) for it in ids],
            'characters': found.n_characters, 'bytes': found.n_bytes, 'words': found.n_words,
            'bytes_per_token': found.n_bytes / len(ids),
            'tokens_per_word': None if math.isnan(words) else words}


def decoded(lab: Lab, ids: list[int]) -> dict:
    """TokenizerError for an id that is not there."""
    return {'text': lab.tokenizer.decode(ids)}


def prompt_ids(lab: Lab, text: str) -> list[int]:
    """The ids of a text that the model can read at once; TextError for none or too many."""
    ids = lab.tokenizer.encode(text)
    check_prompt(lab.model, ids)
    return ids


def attention(lab: Lab, text: str, layer: int, head: int | None = None,
              change: Callable[[int], Change] | None = None) -> dict:
    """The weights (H, T, T) of a block, or (T, T) of one of its heads; both counted from 1.
    `change`: what is changed on the way, given the number of tokens."""
    ids = prompt_ids(lab, text)
    trace = Trace()
    lab.model.forward(np.array([ids]), trace=trace, change=change and change(len(ids)))
    weights = trace[f'h.{layer - 1}.attn.weights'][0]
    weights = weights.reshape(lab.model.config.n_head, len(ids), -1)
    chosen = weights if head is None else weights[head - 1]
    return {'tokens': [token(lab, it) for it in ids], 'layer': layer, 'head': head,
            'weights': rounded(chosen)}


def entropies(weights: list) -> list[float]:
    """Of each row of weights (T, T), in bits: 0 looks at one token."""
    rows = np.asarray(weights, float)
    logs = np.log2(np.where(rows > 0, rows, 1))
    return rounded(np.abs((rows * logs).sum(-1)))


def word_ids(lab: Lab, word: str) -> list[int]:
    """The tokens of a word as it stands within a text, or bare where that takes fewer; exactly as
    it is in quotes."""
    if len(word) > 2 and word[0] == word[-1] == '"':
        return lab.tokenizer.encode(word[1:-1])
    bare = word.strip()
    encode = lab.tokenizer.encode
    return min(encode(f' {bare}'), encode(bare), key=len) if bare else []


def neighbours(lab: Lab, ids: list[int], count: int, metric: str) -> dict:
    """EmbeddingError for no ids or one that is not there."""
    table = token_table(lab.model)
    found = nearest_neighbours(table, mean_vector(table, ids), count, metric=metric, exclude=ids)
    return {'word': [token(lab, it) for it in ids], 'metric': metric,
            'neighbours': [token(lab, it.index) | {'similarity': it.similarity} for it in found]}


def similarity(lab: Lab, one: str, other: str) -> dict:
    """Of the mean vectors of two words; EmbeddingError for one without a token."""
    table = token_table(lab.model)
    ids = word_ids(lab, one), word_ids(lab, other)
    vectors = [mean_vector(table, it) for it in ids]
    return {'words': [[token(lab, i) for i in it] for it in ids],
            **{name: float(measure(*vectors)) for name, measure in SIMILARITIES.items()}}


def lens(lab: Lab, text: str, place: int | None = None, off: Sequence[str] = ()) -> dict:
    """The word that the model would say if it stopped at the entrance or after a block, at a place
    of the text (0 the first; None, or one behind the end: the last), with parts of it off."""
    ids = prompt_ids(lab, text)
    at = len(ids) - 1 if place is None else min(place, len(ids) - 1)
    trace, row = Trace(), np.array([ids])
    lab.model.forward(row, trace=trace, change=switched_off(lab.model, row, off) if off else None)
    states = np.stack([trace['embed'][0, at], *(trace[f'h.{layer}.resid_post'][0, at]
                                                for layer in range(lab.model.config.n_layer))])
    probabilities, _ = softmax_forward(logit_lens(lab.model, states).astype(np.float64))
    best = probabilities.argmax(-1).tolist()
    return {'tokens': [token(lab, it) for it in ids], 'at': at,
            'depths': [token(lab, it) | {'depth': depth, 'probability': float(
                probabilities[depth, it])} for depth, it in enumerate(best)]}


def likely(lab: Lab, text: str, count: int, **sampling) -> dict:
    """The next token's candidates, likeliest first, under the sampling settings."""
    ids = prompt_ids(lab, text)
    logits = lab.model.forward(np.array([ids]))[0, -1]
    found = next_token_distribution(logits, seen=ids, **sampling)
    order = np.argsort(-found.probs, kind='stable')[:count]
    bits = -float((found.model_probs * np.log2(np.maximum(found.model_probs, 1e-300))).sum())
    return {'tokens': [token(lab, it) for it in ids], 'entropy': bits,
            'kept': int(found.kept.sum()),
            'candidates': [token(lab, it) | {'probability': float(found.probs[it]),
                                             'model_probability': float(found.model_probs[it])}
                           for it in order.tolist() if found.probs[it] > 0]}


def chunked(lab: Lab, text: str, strategy: str, size: int, overlap: int, in_tokens: bool,
            sentences: bool = False, paragraphs: bool = False) -> dict:
    """`overlap` in the unit of `size`. TextError for the empty text, ChunkingError for sizes that
    cannot work. The first MOST_CHUNKS chunks; figures of all."""
    if not text:
        raise TextError('empty_text')
    chunks = chunk(text, strategy, size, overlap, lab.tokenizer if in_tokens else None,
                   preserve_sentences=sentences, preserve_paragraphs=paragraphs)
    return {'count': len(chunks), 'quality': asdict(quality(chunks)),
            'chunks': [{'start': it.start, 'end': it.end, 'overlap': it.overlap,
                        'reason': it.reason, 'tokens': it.n_tokens, 'text': it.text}
                       for it in chunks[:MOST_CHUNKS]]}


def corpus(lab: Lab) -> dict:
    """Figures of the lab's whole text under its tokenizer; TextError where it is empty."""
    found = text_statistics(lab.tokenizer, lab.corpus)
    words = found.tokens_per_word
    return {'name': lab.name, 'characters': found.n_characters, 'bytes': found.n_bytes,
            'words': found.n_words, 'tokens': found.n_tokens, 'distinct_tokens': found.n_distinct,
            'documents': len(documents(lab.corpus)), 'bytes_per_token': found.bytes_per_token,
            'tokens_per_word': None if math.isnan(words) else words,
            'beginning': lab.corpus[:300]}


def rounded(array) -> list:
    """Nested lists, each number with DIGITS significant digits."""
    array = np.asarray(array, np.float64)
    size = np.where(array == 0, 1, np.abs(array))
    scale = 10.0 ** (DIGITS - 1 - np.floor(np.log10(size)))
    return (np.round(array * scale) / scale).tolist()
