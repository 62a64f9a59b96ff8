"""Training for pages computed on the server, in processes of their own: other pages stay quick.

    page ◀── events, now and then the weights ── page_training_worker.py
         ── go, or rest ──▶
"""

import asyncio
import pickle
from collections.abc import AsyncIterator, Callable

from minigpt.errors import MinigptError, ServerError
from minigpt.server import processes
from minigpt.server.limits import Limits
from minigpt.server.page_training_worker import LENGTH
from minigpt.training import TrainStep

WORKER = 'minigpt.server.page_training_worker'


class PageTraining:
    """`train` takes the place of `minigpt.training.train` for all visitors' pages; use it on one
    loop. `speed` is told of the tokens per second of each update."""

    def __init__(self, limits: Limits, speed: Callable[[float], None] = lambda it: None):
        self.limits, self.speed = limits, speed
        self.running = 0

    async def train(self, model, data, config, *, validation=None, sample_prompt=None,
                    state) -> AsyncIterator:
        """The events of a training, as `minigpt.training.train` yields them. Model and state are
        brought up to date every few updates, before a sample and at the end; closing the stream
        leaves them as they were at its last event. ServerError where too many run, where this one
        took too long or where its process broke; else the errors of `train`.
        """
        if self.running >= self.limits.page_trainings:
            raise ServerError('too_many_trainings', most=self.limits.page_trainings)
        self.running += 1
        worker = None
        try:
            worker = await processes.started(WORKER)
            ends = asyncio.get_running_loop().time() + self.limits.job_seconds
            _say(worker, {'model_config': model.config, 'flat': model.flat, 'data': data,
                          'config': config, 'validation': validation, 'state': state,
                          'sample_prompt': sample_prompt,
                          'memory_bytes': self.limits.job_bytes})
            while (event := await _heard(worker, model, state)) is not None:
                if isinstance(event, MinigptError | MemoryError):
                    raise event
                if isinstance(event, TrainStep) and event.tokens_per_second:
                    self.speed(event.tokens_per_second)
                try:
                    yield event
                except GeneratorExit:
                    await _rest(worker, model, state)
                    raise
                if asyncio.get_running_loop().time() > ends:
                    await _rest(worker, model, state)
                    raise ServerError('training_time', seconds=int(self.limits.job_seconds))
                _say(worker, 'go')
        finally:
            self.running -= 1
            if worker:
                processes.kill(worker)
                await worker.wait()


def _say(worker, what) -> None:
    said = pickle.dumps(what, protocol=5)
    worker.stdin.write(LENGTH.pack(len(said)) + said)


async def _heard(worker, model, state):
    """The next event, or the error that ended it; None at the end. Takes in weights and state."""
    try:
        size, = LENGTH.unpack(await worker.stdout.readexactly(LENGTH.size))
        event, copy = pickle.loads(await worker.stdout.readexactly(size))
    except asyncio.IncompleteReadError:
        raise ServerError('training_broke', code=await worker.wait()) from None
    if copy:
        model.flat[...] = copy[0]
        vars(state).update(vars(copy[1]))
    return event


async def _rest(worker, model, state) -> None:
    """End it after the event in hand."""
    _say(worker, 'rest')
    await _heard(worker, model, state)
