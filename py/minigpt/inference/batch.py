"""Continue several prompts at once, each as if it were alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from minigpt.backend.waiting import Steps
from minigpt.errors import SamplingError
from minigpt.inference.generate import GeneratedToken, check_length, timed_read, write_next
from minigpt.inference.reader import Reader, check_prompt
from minigpt.inference.sampling import check_sampling
from minigpt.nn.model import GPT


@dataclass(frozen=True)
class BatchToken(GeneratedToken):
    """One step of one of the texts. `seconds` is this row's share of the step."""
    row: int  # which prompt it continues


def generate_batch(model: GPT, prompts: Sequence[Sequence[int]], *,
                   rngs: Sequence[np.random.Generator], max_new_tokens: int = 40,
                   temperature: float = 0.8, top_k: int | None = None, top_p: float | None = None,
                   min_p: float | None = None, repetition_penalty: float | None = None,
                   stop_ids: Sequence[int] = ()) -> Steps:
    """Yield the tokens that continue each prompt, in the order in which they are drawn.

    Prompts may differ in length: see `Reader`. Row b draws from `rngs[b]` and gets the very
    tokens that `generate(model, prompts[b], rng=rngs[b], …)` gives (up to float rounding of the
    logits). A row that drew a token in `stop_ids` leaves the batch; the others go on.

    Raises what `generate` raises, and SamplingError unless there is one generator per prompt.
    """
    sampling = {'temperature': temperature, 'top_k': top_k, 'top_p': top_p, 'min_p': min_p,
                'repetition_penalty': repetition_penalty}
    check_sampling(**sampling)
    check_length(max_new_tokens)
    if not len(prompts) or len(rngs) != len(prompts):
        raise SamplingError('bad_batch', prompts=len(prompts), rngs=len(rngs))
    for ids in prompts:
        check_prompt(model, ids)

    def steps():
        rows = list(range(len(prompts)))  # the prompt behind each row of the batch
        written = [0] * len(prompts)
        while rows:
            logits, seconds = yield from timed_read(reader)
            going_on = []
            for place, (row, window) in enumerate(zip(rows, reader.windows)):
                if len(window) == reader.length:  # else its prompt is not read to the end yet
                    token_id, distribution, drawing = write_next(logits[place], window, rngs[row],
                                                                 sampling)
                    yield BatchToken(written[row], token_id, distribution, reader.length,
                                     seconds / len(rows) + drawing, row)
                    written[row] += 1
                    if token_id in stop_ids or written[row] == max_new_tokens:
                        continue
                going_on.append(place)
            if len(going_on) < len(rows):
                reader.select(going_on)
                rows = [rows[place] for place in going_on]

    reader = Reader(model, [list(ids) for ids in prompts])
    return Steps(steps())
