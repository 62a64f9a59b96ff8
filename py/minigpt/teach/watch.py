"""Run the library while the educational log listens: each function does the real work once.

The parts of a forward pass are told apart by the trace: each recorded tensor marks the end of a
stretch of work, so the time since the one before belongs to it (copying it for the trace, a small
share, is counted with it).
"""

import time
from collections.abc import Callable, Iterator

import numpy as np

from minigpt.chunking import chunk
from minigpt.inference import GeneratedToken
from minigpt.nn import GPT
from minigpt.nn.trace import TimedTrace
from minigpt.teach.draw import visible
from minigpt.teach.figures import Name
from minigpt.teach.log import Event, tell, wanted
from minigpt.teach.tensor_view import summary
from minigpt.training import Evaluation, TrainStep

Array = np.ndarray
PARTS = {'embed': 'embedding', 'resid_mid': 'attention', 'resid_post': 'mlp', 'logits': 'head'}


def part_of(name: str) -> str:
    """The part that computed a tensor of the trace: 'h.0.attn.q' → 'attention'."""
    last = name.split('.', 2)[2] if name.startswith('h.') else name
    if last.startswith('ln_'):
        return 'norm'
    if last.startswith(('attn.', 'mlp.')):
        return 'attention' if last.startswith('attn.') else 'mlp'
    return PARTS[last]


def encode(tokenizer, text: str) -> list[int]:
    """The ids of a text; told are the tokens and, in detail, every merge."""
    started = time.perf_counter()
    ids = tokenizer.encode(text)
    seconds = time.perf_counter() - started
    if wanted('beginner'):
        tell(Event('tokenizer', 'tokens', 'beginner', {
            'characters': len(text), 'tokens': len(ids)}, seconds))
    if wanted('detail'):
        for step in tokenizer.encode_steps(text):
            tell(Event('tokenizer', 'merge', 'detail', {
                'rank': step.rank + 1, 'token': visible(step.token), 'count': step.count}))
    if wanted('numbers'):
        tell(Event('tokenizer', 'ids', 'numbers', {'ids': ' '.join(map(str, ids))}))
    return ids


def forward(model: GPT, ids: list[int]) -> Array:
    """Logits (T, V) of one text; told are all the tensors on the way, and each part's cost."""
    if not wanted('beginner'):
        return model.forward(np.array([ids]))[0]
    trace = TimedTrace()
    logits = model.forward(np.array([ids]), trace=trace)
    for name, tensor in trace.items():
        if wanted('detail'):
            tell(Event(part_of(name), 'tensor', 'detail', {}, trace.seconds[name], tensor.nbytes,
                       summary(name, tensor), tensor))
    for part, (seconds, size) in costs(trace).items():
        tell(Event(part, 'part', 'beginner', {'part': Name(part), 'milliseconds': 1000 * seconds,
                                              'kilobytes': size / 1024}, seconds, size))
    return logits[0]


def costs(trace: TimedTrace) -> dict[str, tuple[float, int]]:
    """Part → seconds and bytes of what it recorded, in the order of computation."""
    found: dict[str, tuple[float, int]] = {}
    for name, tensor in trace.items():
        seconds, size = found.get(part_of(name), (0.0, 0))
        found[part_of(name)] = seconds + trace.seconds[name], size + tensor.nbytes
    return found


def generation(events, tokenizer) -> Iterator[GeneratedToken]:
    """Pass a stream of `generate` on, telling each token and what else it could have been."""
    for event in events:
        if wanted('beginner'):
            tell(told_token(event, tokenizer))
        yield event


def reading(model: GPT, tokenizer, text: str, write: Callable[[list[int]], Iterator]) -> None:
    """A text's whole way: into tokens, of which the last that fit are read, and on with the stream
    of tokens that `write(ids)` makes of them."""
    ids = encode(tokenizer, text)[-model.config.block_size:]
    forward(model, ids)
    for _ in generation(write(ids), tokenizer):
        pass


def told_token(event: GeneratedToken, tokenizer) -> Event:
    """The event of one generated token; in numbers, with its five best rivals."""
    probs = event.distribution.probs
    values = {'index': event.index + 1, 'token': visible(tokenizer.token_bytes(event.token_id)),
              'percent': 100 * float(probs[event.token_id]),
              'candidates': int(event.distribution.kept.sum())}
    if wanted('numbers'):
        best = np.argsort(-probs)[:5]
        values['rivals'] = '  '.join(f'{visible(tokenizer.token_bytes(int(i)))} {probs[i]:.3f}'
                                     for i in best)
    return Event('sampling', 'rivals' if 'rivals' in values else 'drawn', 'beginner', values,
                 event.seconds)


def training(events) -> Iterator:
    """Pass a stream of `train` on, telling the steps (in detail) and the evaluations."""
    for event in events:
        if isinstance(event, TrainStep) and wanted('detail'):
            tell(Event('training', 'step', 'detail', {
                'step': event.step, 'loss': event.loss, 'rate': event.learning_rate,
                'norm': event.grad_norm, 'speed': event.tokens_per_second}, event.seconds))
        elif isinstance(event, Evaluation) and wanted('beginner'):
            tell(Event('training', 'evaluation', 'beginner', {
                'step': event.step, 'loss': event.validation_loss}))
        yield event


def chunks(text: str, strategy: str, size: int, overlap: float = 0.1, tokenizer=None, **settings):
    """The chunks of a text; told are their number and, in detail, why each one ends."""
    started = time.perf_counter()
    found = chunk(text, strategy, size, overlap, tokenizer, **settings)
    seconds = time.perf_counter() - started
    if wanted('beginner'):
        tell(Event('chunking', 'chunks', 'beginner', {
            'strategy': strategy, 'chunks': len(found), 'characters': len(text)}, seconds))
    if wanted('detail'):
        for number, piece in enumerate(found, 1):
            tell(Event('chunking', 'chunk', 'detail', {
                'number': number, 'start': piece.start, 'end': piece.end,
                'reason': piece.reason}))
    return found
