"""The little Markdown that lessons are written in, taken apart: paragraphs of plain, **strong**,
*stressed* and `code` text; an indented paragraph stands as it is.
"""

import re
from dataclasses import dataclass

Piece = tuple[str, str]  # kind ('', 'strong', 'em' or 'code') and text
MARKED = re.compile(r'\*\*(?P<strong>.+?)\*\*|\*(?P<em>.+?)\*|`(?P<code>[^`]+)`')


@dataclass(frozen=True)
class Paragraph:
    """`pieces` in order; of a `verbatim` one there is a single piece, lines and all."""
    pieces: tuple[Piece, ...]
    verbatim: bool = False

    @property
    def text(self) -> str:
        """Without its marks."""
        return ''.join(text for _, text in self.pieces)


def paragraphs(text: str) -> list[Paragraph]:
    """What blank lines part.

    >>> [it.text for it in paragraphs('One **bold**\\nline.\\n\\nTwo.')]
    ['One bold line.', 'Two.']
    """
    return [Paragraph((('', part),), True) if part.startswith('    ')
            else Paragraph(tuple(pieces(' '.join(part.split()))))
            for part in re.split(r'\n\s*\n', text.strip('\n')) if part.strip()]


def pieces(line: str):
    """A line cut where its kind changes."""
    end = 0
    for found in MARKED.finditer(line):
        if found.start() > end:
            yield '', line[end:found.start()]
        yield found.lastgroup, found[found.lastgroup]
        end = found.end()
    if end < len(line):
        yield '', line[end:]
