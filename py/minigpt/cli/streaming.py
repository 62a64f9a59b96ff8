"""Write generated text as it comes; what `generate` and `demo` share."""

from collections.abc import Callable, Iterator

from minigpt.inference import GeneratedToken
from minigpt.tokenizer import BPETokenizer


def write_stream(events: Iterator[GeneratedToken], tokenizer: BPETokenizer,
                 write: Callable[[str], object]) -> int:
    """Hand each piece of text to `write`, the end-of-text token left out; return how many tokens."""
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
