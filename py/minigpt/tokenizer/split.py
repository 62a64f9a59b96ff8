"""Cut a text into the words BPE works inside: the first step of text → ids.

Merges never cross these borders, which keeps "gato." and "gato!" sharing the token "gato".
The pattern is GPT-2's (Radford et al. 2019), with letters and numbers as Unicode 16 defines them.
"""

import re

from minigpt.tokenizer.unicode_tables import LETTERS, NUMBERS

# Unicode's White_Space property; `\s` would wrongly add U+001C–U+001F.
WHITE_SPACE = '\t\n\x0b\x0c\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000'

GPT2 = re.compile(
    r"'(?:[sdmt]|ll|ve|re)"                              # English contractions
    f'| ?[{LETTERS}]+'                                   # a word, with the space before it
    f'| ?[{NUMBERS}]+'                                   # a number, likewise
    f'| ?[^{WHITE_SPACE}{LETTERS}{NUMBERS}]+'            # punctuation and everything else
    f'|[{WHITE_SPACE}]+(?![^{WHITE_SPACE}])'             # spaces, leaving one to the next word
    f'|[{WHITE_SPACE}]+')


def split(text: str) -> list[str]:
    """The words of a text, in order; joined they give the text back.

    >>> split('O gato dorme.')
    ['O', ' gato', ' dorme', '.']
    """
    return GPT2.findall(text)


def without_surrogates(text: str) -> str:
    """The text with each lone surrogate as U+FFFD, since it has no UTF-8 form."""
    try:
        text.encode('utf-8')
        return text
    except UnicodeEncodeError:
        return text.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace')
