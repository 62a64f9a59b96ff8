"""Cut a text into the words BPE works inside: the first step of text → ids.

Merges never cross these borders, which keeps "gato." and "gato!" sharing the token "gato".
The patterns are OpenAI's, with letters and numbers as Unicode 16 defines them:

    gpt2       GPT-2 and GPT-3 (Radford et al. 2019)
    gpt4       GPT-3.5 and GPT-4, as tiktoken's `cl100k_base` has it today
    gpt4-2022  the same as first published, which Llama 3 and Hugging Face's copies carry; it cuts
               white space at the end of a text after its last line break
"""

import functools
import re

from minigpt.errors import TextError, TokenizerError
from minigpt.tokenizer.unicode_tables import LETTERS, NUMBERS

# Unicode's White_Space property; `\s` would wrongly add U+001C–U+001F.
WHITE_SPACE = '\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000'
LAST_SPACES = r'[{S}]++\Z|'

GPT2 = (r"'(?:[sdmt]|ll|ve|re)"            # English contractions
        r'| ?[{L}]++'                      # a word, with the space before it
        r'| ?[{N}]++'                      # a number, likewise
        r'| ?[^{S}{L}{N}]++'               # punctuation and everything else
        r'|[{S}]+(?![^{S}])'               # spaces, leaving one to the next word
        r'|[{S}]+')
GPT4 = (r"'(?:[sSſdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])"
        r'|[^\r\n{L}{N}]?+[{L}]++'         # a word, with one sign before it
        r'|[{N}]{{1,3}}+'                  # numbers in groups of three
        r'| ?[^{S}{L}{N}]++[\r\n]*+'       # punctuation, with the line breaks after it
        rf'|{LAST_SPACES}[{{S}}]*[\r\n]'   # spaces up to the last line break
        r'|[{S}]+(?![^{S}])'
        r'|[{S}]+')
PATTERNS = {'gpt2': GPT2, 'gpt4': GPT4, 'gpt4-2022': GPT4.replace(LAST_SPACES, '')}

ASTRAL = re.compile('[\U00010000-\U0010ffff]+')


def split(text: str, pattern: str = 'gpt2') -> list[str]:
    """The words of a text, in order; joined they give the text back.

    >>> split('O gato dorme.')
    ['O', ' gato', ' dorme', '.']
    >>> split('(12345)', 'gpt4')
    ['(', '123', '45', ')']
    """
    return compiled(pattern, has_astral_words(text)).findall(text)


def check_pattern(pattern: str) -> str:
    """The name itself, or TokenizerError where no pattern has it."""
    if pattern not in PATTERNS:
        raise TokenizerError('unknown_pattern', got=pattern, known=', '.join(PATTERNS))
    return pattern


@functools.cache
def compiled(pattern: str, astral: bool) -> re.Pattern:
    """The pattern with Unicode's tables filled in.

    Python looks a character up in one step where a class ends at U+FFFF, and range by range where
    it goes beyond: without the rare scripts up there (`astral`) splitting is eight times faster.
    """
    letters, numbers = (table if astral else below_astral(table) for table in (LETTERS, NUMBERS))
    return re.compile(PATTERNS[check_pattern(pattern)].format(S=WHITE_SPACE, L=letters, N=numbers))


def below_astral(table: str) -> str:
    """The ranges of a table that start below U+10000; none crosses that border."""
    return ''.join(part for part in re.findall('.(?:-.)?', table) if part[0] < '\U00010000')


@functools.cache
def astral_words() -> re.Pattern:
    """The letters and numbers from U+10000 on."""
    beyond = ''.join(table[len(below_astral(table)):] for table in (LETTERS, NUMBERS))
    return re.compile(f'[{beyond}]')


def has_astral_words(text: str) -> bool:
    """Whether a letter or number from U+10000 on stands in the text (emoji are neither)."""
    if len(text.encode('utf-16-le', 'surrogatepass')) == 2 * len(text):
        return False
    return astral_words().search(''.join(set(''.join(ASTRAL.findall(text))))) is not None


def checked_text(text: str) -> str:
    """A text made ready to be split; TextError where it is not a text."""
    if not isinstance(text, str):
        raise TextError('not_text', kind=type(text).__name__)
    return without_surrogates(text)


def without_surrogates(text: str) -> str:
    """The text with each lone surrogate as U+FFFD, since it has no UTF-8 form."""
    try:
        text.encode('utf-8')
        return text
    except UnicodeEncodeError:
        return text.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace')
