"""Text → ids → text: byte-level byte-pair encoding, from splitting to files."""

from minigpt.tokenizer.bpe import END_OF_TEXT, BPETokenizer
from minigpt.tokenizer.train import Merge

__all__ = ['BPETokenizer', 'END_OF_TEXT', 'Merge']
