"""Text → ids → text: byte-level byte-pair encoding, from splitting to files.

For comparison there are four other ways (bytes, characters, words, BPE between white space), all
with `train(text, vocab_size)`, `encode`, `decode`, `token_bytes`, `vocab_size` and `unknown`.
"""

from minigpt.tokenizer.bpe import END_OF_TEXT, BPETokenizer
from minigpt.tokenizer.bytes import ByteTokenizer
from minigpt.tokenizer.characters import CharacterTokenizer
from minigpt.tokenizer.derivation import Piece, token_counts
from minigpt.tokenizer.merge import AppliedMerge
from minigpt.tokenizer.statistics import TextStatistics, text_statistics, vocabulary_growth
from minigpt.tokenizer.train import Merge
from minigpt.tokenizer.whitespace_bpe import WhitespaceBPETokenizer
from minigpt.tokenizer.words import WordTokenizer

STRATEGIES = {'bpe': BPETokenizer, 'bytes': ByteTokenizer, 'characters': CharacterTokenizer,
              'words': WordTokenizer, 'whitespace_bpe': WhitespaceBPETokenizer}

__all__ = ['AppliedMerge', 'BPETokenizer', 'ByteTokenizer', 'CharacterTokenizer', 'END_OF_TEXT',
           'Merge', 'Piece', 'STRATEGIES', 'TextStatistics', 'WhitespaceBPETokenizer',
           'WordTokenizer', 'text_statistics', 'token_counts', 'vocabulary_growth']
