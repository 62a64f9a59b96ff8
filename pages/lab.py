"""The model, tokenizer and metadata that every page shows."""

import codecs
import functools

from minigpt import shipped


@functools.cache
def lab():
    """The shipped checkpoint, read once: `.model`, `.tokenizer`, `.metadata`."""
    return shipped.load()


def visible(token_id: int) -> str:
    """A token as a reader can see it: spaces as ·, line ends as ↵, loose bytes as ⟨c3⟩.

    A token may hold only a part of a character: such bytes have no letter of their own.
    """
    tokenizer = lab().tokenizer
    for name, special_id in tokenizer.special_tokens.items():
        if token_id == special_id:
            return name
    return ''.join(map(_seen, tokenizer.token_bytes(token_id).decode('utf-8', 'loose_bytes')))


def _seen(char: str) -> str:
    if char == ' ':
        return '·'
    if char == '\n':
        return '↵'
    return char if char.isprintable() or char in '⟨⟩' else f'⟨{ord(char):02x}⟩'


def _loose_bytes(error: UnicodeDecodeError) -> tuple[str, int]:
    loose = error.object[error.start:error.end]
    return ''.join(f'⟨{byte:02x}⟩' for byte in loose), error.end


codecs.register_error('loose_bytes', _loose_bytes)
