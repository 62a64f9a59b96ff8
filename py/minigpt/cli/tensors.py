"""Tensors and attention maps of a forward pass, in the terminal."""

from functools import partial

import numpy as np

from minigpt.cli import terminal
from minigpt.locale import sentence
from minigpt.nn import Trace
from minigpt.teach.draw import drawn, visible
from minigpt.teach.log import Event
from minigpt.teach.material import checkpoint
from minigpt.teach.tensor_view import attention_map, picture, summary
from minigpt.teach.watch import part_of

PICTURED = ('embed', 'attn.q', 'attn.weights', 'mlp.active', 'resid_post', 'logits')


def traced(ids: list[int]) -> Trace:
    trace = Trace()
    checkpoint().model.forward(np.array([ids]), trace=trace)
    return trace


def show_tensors(ids: list[int], parts: tuple[str, ...], lang: str) -> None:
    """Each tensor that these parts computed in the first block and outside the blocks: shape,
    statistics and, for the telling ones, a heat map."""
    for name, tensor in traced(ids).items():
        shown = name.startswith('h.0.') or not name.startswith('h.')
        if part_of(name) in parts and shown:
            told = Event(part_of(name), 'tensor', 'detail', tensor=summary(name, tensor))
            print(f'\n  {told.in_language(lang)}')
            if name.removeprefix('h.0.') in PICTURED:
                terminal.lines(drawn(picture(tensor), lang))


def show_attention_maps(ids: list[int], lang: str) -> None:
    """Of every layer the head that looks most sharply, as a map."""
    tokenizer, trace = checkpoint().tokenizer, traced(ids)
    tokens = [visible(tokenizer.token_bytes(i)) for i in ids]
    say = partial(sentence, lang)
    for layer in range(checkpoint().model.config.n_layer):
        weights = trace[f'h.{layer}.attn.weights'][0]
        head = int(weights.max(axis=-1).mean(axis=-1).argmax())
        print('\n  ' + say('cli.demo.map_of', layer=layer + 1, head=head + 1))
        terminal.lines(drawn(attention_map(weights[head], tokens), lang))
