"""A page's long work with streams that wait for a device."""

import asyncio

from minigpt.backend.waiting import Steps, Wait
from pages.work import Work


def run(core, during=lambda work: None) -> list:
    """What went wrong, after the work on a core is over or `during` has had its way."""
    wrong = []

    async def main():
        work = Work(lambda: None, wrong.append)
        work.start(Steps(core))
        while work.running:
            await asyncio.sleep(0)
            during(work)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)
        return work.steps

    return wrong, asyncio.run(main())


def test_it_takes_the_answer_without_standing_still():
    seen = []

    def core():
        for number in range(3):
            seen.append((yield Wait(asyncio.sleep(0, number))))
            yield number

    assert run(core()) == ([], 3) and seen == [0, 1, 2]


def test_stopping_closes_the_stream_which_may_wait_once_more():
    seen = []

    def core():
        try:
            while True:
                yield 1
        except GeneratorExit:
            seen.append((yield Wait(asyncio.sleep(0, 'home'))))
            raise

    wrong, _ = run(core(), lambda work: work.steps > 2 and work.stop())
    assert seen == ['home'] and wrong == []


def test_an_error_of_the_answer_is_told():
    async def broken():
        raise KeyError('lost')

    def core():
        yield (yield Wait(broken()))

    assert isinstance(run(core())[0][0], KeyError)


def test_a_clock_that_stands_still_gives_no_speed(monkeypatch):
    monkeypatch.setattr('pages.work.time.perf_counter', lambda: 1.0)
    wrong, speeds = [], []

    async def main():
        work = Work(lambda: speeds.append(work.per_second), wrong.append)
        work.now(iter('abc'))
        work.start(iter('abc'))
        while work.running:
            await asyncio.sleep(0)

    asyncio.run(main())
    assert wrong == [] and set(speeds) == {None}
