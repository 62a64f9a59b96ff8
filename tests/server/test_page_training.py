"""Trainings of pages computed on the server: in processes of their own, the same to the last bit."""

import asyncio
import contextlib
from dataclasses import replace

import numpy as np
import psutil
import pytest

from minigpt.errors import ServerError, TextError, TrainingError
from minigpt.nn.config import GPTConfig
from minigpt.server.limits import Limits
from minigpt.server.page_training import PageTraining
from minigpt.tokenizer import BPETokenizer
from minigpt.training import Sample, TrainConfig, TrainStep, train
from minigpt.training.preparation import new_run

CONFIG = TrainConfig(steps=20, batch_size=4, eval_every=5, eval_batches=2, warmup=2, watch_every=4,
                     learning_rate=4e-3)
IDS = np.random.default_rng(3).integers(0, 256, 2000)


def begun(config=CONFIG):
    shape = GPTConfig(257, block_size=16, n_embd=16, n_head=2, n_layer=1, dropout=0.1)
    return new_run(BPETokenizer([], []), shape, config)


def stream(trained_by, run, data=IDS):
    return trained_by(run.model, data, run.train_config, validation=data[:400],
                      sample_prompt=[5, 6], state=run.train_state)


def told(event):
    """What does not hang on the clock."""
    return replace(event, seconds=0, tokens_per_second=0) if isinstance(event, TrainStep) else event


async def taken(run, until=lambda event: False, trained_by=None) -> list:
    """The events up to one, after which the stream is closed."""
    events = []
    trained_by = trained_by or PageTraining(Limits()).train
    async with contextlib.aclosing(stream(trained_by, run)) as coming:
        async for event in coming:
            events.append(told(event))
            if until(event):
                break
    return events


def children():
    return [it for it in psutil.Process().children() if it.is_running()
            and it.status() != psutil.STATUS_ZOMBIE]


def test_it_is_the_training_that_any_page_does_rests_and_goes_on_included():
    here, there = begun(), begun()
    events = [told(event) for event in stream(train, here)]

    async def in_two_parts():
        first = await taken(there, lambda it: isinstance(it, TrainStep) and it.step == 7)
        assert there.train_state.step == 7  # not an update ahead
        return first + await taken(there)
    assert asyncio.run(in_two_parts()) == events
    assert np.array_equal(here.model.flat, there.model.flat)
    assert here.train_state.best_validation_loss == there.train_state.best_validation_loss
    assert here.train_state.rng.bit_generator.state == there.train_state.rng.bit_generator.state


def test_a_sample_is_of_the_model_that_one_has():
    here, there = begun(), begun()
    asyncio.run(taken(there, lambda it: isinstance(it, Sample) and it.step == 10))
    for event in stream(train, here):
        if isinstance(event, Sample) and event.step == 10:
            break
    assert there.train_state.step == 10 and np.array_equal(here.model.flat, there.model.flat)


def test_what_forbids_it_is_said_and_no_process_stays():
    async def refused(kind, run, data=IDS, limits=Limits()):
        with pytest.raises(kind) as found:
            async for _ in stream(PageTraining(limits).train, run, data):
                pass
        return found.value

    async def all_of_them():
        assert (await refused(TextError, begun(), IDS[:9])).key == 'text_too_short'
        error = await refused(TrainingError, begun(replace(CONFIG, learning_rate=1e30,
                                                           max_grad_norm=1e30, warmup=0)))
        assert error.key
        late = begun()
        assert (await refused(ServerError, late, limits=Limits(
            job_seconds=0))).key == 'training_time'
        assert late.train_state.step == 1
    asyncio.run(all_of_them())
    assert not children()


def test_a_process_that_breaks_is_told_and_leaves_what_there_was():
    async def killed():
        run = begun(replace(CONFIG, steps=2000))
        with pytest.raises(ServerError, match='ended with code -9'):
            async for event in stream(PageTraining(Limits()).train, run):
                if event.step == 12:
                    children()[0].kill()
        return run.train_state.step
    assert asyncio.run(killed()) == 10  # the last sample's


def test_no_more_at_once_than_there_is_room_for():
    async def two():
        training = PageTraining(Limits(page_trainings=1))
        async with contextlib.aclosing(stream(training.train, begun())) as first:
            await anext(first)
            with pytest.raises(ServerError, match='1 trainings of pages'):
                await taken(begun(), trained_by=training.train)
        await taken(begun(), lambda _: True, training.train)  # there is room again
    asyncio.run(two())
    assert not children()
