"""Write generated text as it comes; what `generate`, `chat` and `demo` share."""

from collections.abc import Callable, Iterator

from minigpt.inference import GeneratedToken
from minigpt.tokenizer import BPETokenizer


def write_stream(events: Iterator[GeneratedToken], tokenizer: BPETokenizer,
                 write: Callable[[str], object]) -> int:
    """Hand each piece of text to `write`, the end-of-text token left out; returns how many."""
    count = 0

    def text_ids():
        nonlocal count
        for event in events:
            count += 1
            if event.token_id != tokenizer.end_of_text:
                yield event.token_id

    for piece in tokenizer.decode_stream(text_ids()):
        write(piece)
    return count


class Paragraph:
    """Writes text that arrives in pieces, breaking lines between words at `width` columns."""

    def __init__(self, width: int = 78, indent: str = '  '):
        self._width, self._indent = width, indent
        self._column, self._word = 0, ''

    def write(self, piece: str) -> None:
        for character in piece:
            if character in ' \n':
                self._flush()
                self._column = self._width if character == '\n' else self._column
            else:
                self._word += character

    def close(self) -> None:
        """Write the last word and end the line."""
        self._flush()
        print()

    def _flush(self) -> None:
        if not self._word:
            return
        if self._column and self._column + 1 + len(self._word) > self._width:
            print()
            self._column = 0
        lead = ' ' if self._column else self._indent
        print(f'{lead}{self._word}', end='', flush=True)
        self._column += len(lead) + len(self._word)
        self._word = ''
