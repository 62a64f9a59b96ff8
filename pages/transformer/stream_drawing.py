"""The whole stream of one token as the dictionaries that `pages.components.stream_map` draws."""

import numpy as np

from minigpt.nn.logit_lens import logit_lens, stream_stops
from pages.lab import visible
from pages.transformer.reading import Reading, norm, shares


def longest(reading: Reading, place: int) -> float:
    """The stream at its longest, in either reading: what all bands are drawn on the scale of."""
    return max(norm(trace[name][0, place]) for trace in (reading.whole, reading.now)
               for name in stream_stops(reading.model.config.n_layer)) or 1.0


def stream_blocks(reading: Reading, place: int, words: dict, percent) -> list[dict]:
    """Of each block its lengths, what the model would say after it, and how many parts are off."""
    n_layer = reading.model.config.n_layer
    stops = stream_stops(n_layer)
    now, before = ([norm(trace[name][0, place]) for name in stops]
                   for trace in (reading.now, reading.whole))
    ends = np.stack([reading.now[name][0, place] for name in stops[2::2]])
    said = shares(logit_lens(reading.model, ends))
    if 'ln_f' in reading.off:
        said[-1] = shares(reading.now['logits'][0, place])
    blocks = []
    for layer in range(n_layer):
        best = int(said[layer].argmax())
        start = 2 * layer
        blocks.append({
            'name': words['name'].format(layer=layer + 1), 'norms': now[start:start + 3],
            'before': before[start:start + 3],
            'off': sum(part.startswith(f'h.{layer}.') for part in reading.off),
            'said': words['said'].format(word=visible(best), share=percent(said[layer][best]))})
    return blocks
