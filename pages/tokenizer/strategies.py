"""Six ways from text to tokens, trained on one corpus: what each makes of a text, as rows."""

import functools
from collections.abc import Generator, Iterator

from minigpt.tokenizer import (
    BPETokenizer, ByteTokenizer, CharacterTokenizer, TextStatistics, WhitespaceBPETokenizer,
    WordTokenizer)
from minigpt.tokenizer.statistics import WORD
from pages.lab import visible_bytes

ORDER = ('bytes', 'characters', 'words', 'whitespace_bpe', 'bpe_gpt4', 'bpe')
PREVIEW = 28  # tokens shown of each
LEARN_FROM = 300_000  # characters of the corpus; more would keep the reader waiting

QUICK = {'bytes': ByteTokenizer.train, 'characters': CharacterTokenizer.train,
         'words': WordTokenizer.train}  # to train
SLOW = ('whitespace_bpe', 'bpe_gpt4')
TRAINED = 8  # of the slow ones kept, for the reader comes back to corpora


@functools.lru_cache(maxsize=2 * len(QUICK))
def trained(name: str, corpus: str, vocab_size: int):
    """A quick strategy's tokenizer, learnt from the corpus; of at most `vocab_size` tokens."""
    return QUICK[name](corpus[:LEARN_FROM], vocab_size)


def training(corpus: str, vocab_size: int, into: dict) -> Iterator[str]:
    """Train what `into` still lacks, a merge at a time; the name of each that is ready, else ''."""
    for name in QUICK:
        if name not in into:
            into[name] = trained(name, corpus, vocab_size)
    for name in SLOW:
        if name not in into:
            into[name] = yield from _learnt(name, corpus[:LEARN_FROM], vocab_size)
            yield name


_learnt_before: dict[tuple, object] = {}


def _learnt(name: str, corpus: str, vocab_size: int) -> Generator[str, None, object]:
    """A slow strategy's tokenizer, merge by merge; one learnt before is there at once."""
    key = name, corpus, vocab_size
    if key not in _learnt_before:
        tokenizer = yield from LEARN[name](corpus, vocab_size)
        while len(_learnt_before) >= TRAINED:
            del _learnt_before[next(iter(_learnt_before))]
        _learnt_before[key] = tokenizer
    return _learnt_before[key]


def _whitespace_bpe(corpus: str, vocab_size: int) -> Generator[str, None, object]:
    """It needs room for each character of the corpus."""
    room = max(vocab_size, len(set(corpus)) + 2)
    for tokenizer in WhitespaceBPETokenizer.training(corpus, room):
        yield ''
    return tokenizer


def _bpe_gpt4(corpus: str, vocab_size: int) -> Generator[str, None, object]:
    merges = []
    for merge in BPETokenizer.train_steps(corpus, vocab_size, pattern='gpt4'):
        merges.append(merge.pair)
        yield ''
    return BPETokenizer(merges, pattern='gpt4')


LEARN = {'whitespace_bpe': _whitespace_bpe, 'bpe_gpt4': _bpe_gpt4}


def strategy_row(name: str, tokenizer, text: str) -> dict:
    """The figures of one tokenizer on a text that is not empty, and its first tokens."""
    ids = tokenizer.encode(text)
    return figures(name, tokenizer.vocab_size, len(ids), text) | {
        'unknown': ids.count(tokenizer.unknown), 'exact': tokenizer.decode(ids) == text,
        'rest': max(0, len(ids) - PREVIEW),
        'preview': [{'token': shortened(visible_bytes(tokenizer.token_bytes(i))),
                     'unknown': i == tokenizer.unknown} for i in ids[:PREVIEW]]}


def figures(name: str, vocab_size: int, n_tokens: int, text: str) -> dict:
    """Counts and averages as in `minigpt.tokenizer.TextStatistics`; None where nothing divides."""
    n_words = len(WORD.findall(text))
    measured = TextStatistics(len(text.encode('utf-8')), len(text), n_words, n_tokens, 0, 0)
    return {'name': name, 'vocab': vocab_size, 'tokens': n_tokens,
            'bytes_per_token': measured.bytes_per_token if n_tokens else None,
            'tokens_per_word': measured.tokens_per_word if n_words else None}


def shortened(token: str, longest: int = 24) -> str:
    """A token short enough to be drawn; some, such as long runs of spaces, are not."""
    return token if len(token) <= longest else token[:longest - 1] + '…'
