"""Many clients, many changes: none is lost, none comes out of order."""

import asyncio

from serving import Running
from speaking import Speaker

CLIENTS, EACH = 20, 50


def test_all_changes_reach_all_clients_in_one_order():
    running = Running()

    async def change(speaker, number: int) -> None:
        for i in range(EACH):
            await speaker.say('set', module='model', values={'text': f'{number}:{i}'})
            if i % 10 == 0:
                await asyncio.sleep(0)

    async def follow(speaker) -> list[tuple[int, str]]:
        return [(event['seq'], event['values']['text']) for event in
                [await speaker.hear_kind('change') for _ in range(CLIENTS * EACH)]]

    async def scene():
        speakers = [Speaker(running) for _ in range(CLIENTS)]
        for number, speaker in enumerate(speakers):
            await speaker.__aenter__()
            await speaker.hello(f'{number}')
        *_, = await asyncio.gather(*(change(it, n) for n, it in enumerate(speakers)))
        heard = await asyncio.gather(*map(follow, speakers))
        for speaker in speakers:
            await speaker.__aexit__()
        return heard

    heard = running.do(scene(), 120)
    running.close()
    first = heard[0]
    assert all(other == first for other in heard)
    assert [seq for seq, _ in first] == list(range(1, CLIENTS * EACH + 1))
    for number in range(CLIENTS):  # everyone's own changes in the order they were sent
        own = [text for _, text in first if text.startswith(f'{number}:')]
        assert own == [f'{number}:{i}' for i in range(EACH)]
