"""End a streamed text before a stop sequence, wherever token borders fall.

A stop sequence may arrive in pieces, so text that could be the beginning of one is held back until
more has come:

    stop 'FIM'   pieces 'o ', 'F', 'ogo', ' FI', 'M!'
    streamed            'o ', '',  'Fogo', ' ',  ''      and the end
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from minigpt.errors import SamplingError, TextError
from minigpt.inference.generate import generate
from minigpt.nn.model import GPT


def until_stop(pieces: Iterable[str], stops: Sequence[str]) -> Iterator[str]:
    """The pieces, joined the same text, cut before the first stop sequence that is complete.

    One piece comes out for each that goes in (it may be ''), and one more at the end if text was
    still held back. Of sequences that become complete at the same character the longest counts.
    The generator's return value is the sequence that was found, or None. Raises SamplingError, at
    the call, for stops that are not a list of non-empty strings.
    """
    check_stops(stops)

    def steps():
        held = ''
        for piece in pieces:
            text = held + piece
            ends = [(start + len(stop), start) for stop in stops
                    if (start := text.find(stop)) >= 0]
            if ends:
                end, start = min(ends)
                yield text[:start]
                return text[start:end]
            shown = len(text) - length_of_beginning(text, stops)
            yield text[:shown]
            held = text[shown:]
        if held:
            yield held

    return steps()


def length_of_beginning(text: str, stops: Sequence[str]) -> int:
    """How many characters at the end of the text are the beginning of a stop sequence."""
    return max((length for stop in stops for length in range(1, len(stop))
                if text.endswith(stop[:length])), default=0)


def check_stops(stops: Sequence[str]) -> None:
    """SamplingError for one bare string, or a stop that is not a string of at least 1 character."""
    if isinstance(stops, str) or not all(isinstance(stop, str) and stop for stop in stops):
        raise SamplingError('bad_stops', got=repr(stops))


def generate_text(model: GPT, tokenizer, prompt: str, *, stops: Sequence[str] = (),
                  rng: np.random.Generator, **settings) -> Iterator[str]:
    """Stream the text that continues a prompt (without it), piece by piece; whole characters only.

    Ends before the first of `stops`, before the tokenizer's end-of-text token, or after
    max_new_tokens. `tokenizer` is a `BPETokenizer`; `settings` are those of `generate`, which is
    stopped as soon as the text ends. Raises what `generate` and `until_stop` raise, and TextError
    for a prompt that is not a string.
    """
    if not isinstance(prompt, str):
        raise TextError('not_text', kind=type(prompt).__name__)
    check_stops(stops)
    end = tokenizer.end_of_text
    stop_ids = set(settings.pop('stop_ids', ())) | ({end} - {None})
    events = generate(model, tokenizer.encode(prompt), rng=rng, stop_ids=stop_ids, **settings)
    ids = (event.token_id for event in events if event.token_id not in stop_ids)

    def steps():
        try:
            return (yield from until_stop(tokenizer.decode_stream(ids), stops))
        finally:
            events.close()

    return steps()
