"""A token's bytes as a reader can see them: a token may hold only a part of a character.

    😀 is the bytes f0 9f 98 80; before any merge each is a token: ⟨f0⟩ ⟨9f⟩ ⟨98⟩ ⟨80⟩
"""

import codecs


def with_loose_bytes(raw: bytes) -> str:
    """The text of the bytes, those that are no whole character in hexadecimal.

    >>> with_loose_bytes(b'caf\\xc3')
    'caf⟨c3⟩'
    """
    return raw.decode('utf-8', 'loose_bytes')


def _in_hexadecimal(error: UnicodeDecodeError) -> tuple[str, int]:
    loose = error.object[error.start:error.end]
    return ''.join(f'⟨{byte:02x}⟩' for byte in loose), error.end


codecs.register_error('loose_bytes', _in_hexadecimal)
