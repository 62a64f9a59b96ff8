"""Six ways from text to tokens, trained on one corpus: what each makes of a text, as rows."""

import functools
from collections.abc import Iterator

from minigpt.tokenizer import (
    BPETokenizer, ByteTokenizer, CharacterTokenizer, TextStatistics, WhitespaceBPETokenizer,
    WordTokenizer)
from minigpt.tokenizer.statistics import WORD
from pages.lab import visible_bytes

ORDER = ('bytes', 'characters', 'words', 'whitespace_bpe', 'bpe_gpt4', 'bpe')
PREVIEW = 28  # tokens shown of each
LEARN_FROM = 300_000  # characters of the corpus; more would keep the reader waiting

KINDS = {
    'bytes': ByteTokenizer.train, 'characters': CharacterTokenizer.train,
    'words': WordTokenizer.train, 'whitespace_bpe': WhitespaceBPETokenizer.train,
    'bpe_gpt4': functools.partial(BPETokenizer.train, pattern='gpt4')}
QUICK = ('bytes', 'characters', 'words')  # to train


@functools.lru_cache(maxsize=2 * len(KINDS))
def trained(name: str, corpus: str, vocab_size: int):
    """One strategy's tokenizer, learnt from the corpus; of at most `vocab_size` tokens."""
    if name == 'whitespace_bpe':  # needs room for each character of the corpus
        vocab_size = max(vocab_size, len(set(corpus[:LEARN_FROM])) + 2)
    return KINDS[name](corpus[:LEARN_FROM], vocab_size)


def training(corpus: str, vocab_size: int, into: dict) -> Iterator[str]:
    """Train what `into` still lacks, one strategy after another."""
    for name in KINDS:
        if name not in into:
            into[name] = trained(name, corpus, vocab_size)
            yield name


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
