"""Who is connected, who has the controls, who is sent away, and how many may come."""

import asyncio

import pytest
from serving import Running
from speaking import Speaker

from minigpt.errors import ServerError
from minigpt.server.clients import BANNED, GRACE, Client, Clients
from minigpt.server.limits import Limits

KEY, OTHER = 'k' * 16, 'o' * 16


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def client(name: str, key: str, local: bool = False) -> Client:
    closed = []
    made = Client(name, 'page', key, local, closed.append)
    made.closed = closed
    return made


@pytest.fixture
def room():
    clock = Clock()
    clients = Clients(limit=4, clock=clock)
    clients.clock = clock
    return clients


def refused(call, *arguments) -> str:
    with pytest.raises(ServerError) as caught:
        call(*arguments)
    return caught.value.key


def test_the_list_tells_who_and_since_when_but_no_key(room):
    ana = client('Ana', KEY)
    room.add(ana)
    assert room.list() == [{'client': ana.id, 'name': 'Ana', 'kind': 'page', 'since': ana.since,
                            'page': None}]
    room.remove(ana)
    assert room.list() == []


def test_no_more_come_in_than_there_is_room(room):
    for i in range(4):
        room.add(client(f'{i}', KEY))
    assert refused(room.add, client('5', KEY)) == 'too_many_clients'


def test_one_person_has_the_controls_in_all_their_windows_and_nobody_else(room):
    ana, again, rui = client('Ana', KEY), client('Ana', KEY), client('Rui', OTHER)
    for it in (ana, again, rui):
        room.add(it)
    for key in (KEY, OTHER, None):
        room.require_controls(key)
    room.take(ana)
    room.require_controls(again.key)
    assert refused(room.require_controls, OTHER) == 'controls_held'
    assert refused(room.require_controls, None) == 'controls_held'
    assert refused(room.take, rui) == refused(room.give, rui) == 'controls_held'
    assert room.controls() == {'client': ana.id, 'name': 'Ana'}
    room.give(again)
    room.take(rui)
    assert room.controls()['name'] == 'Rui'


def test_at_the_servers_machine_one_may_always_take_them(room):
    ana, host = client('Ana', KEY), client('Root', OTHER, local=True)
    room.add(ana), room.add(host)
    room.take(ana)
    room.take(host)
    assert room.controls()['name'] == 'Root'


def test_the_controls_wait_for_who_lost_the_connection_but_not_forever(room):
    ana = client('Ana', KEY)
    room.add(ana), room.add(client('Rui', OTHER))
    room.take(ana)
    room.clock.now = 100.0
    room.remove(ana)
    room.clock.now += GRACE - 1
    assert refused(room.require_controls, OTHER) == 'controls_held'
    room.clock.now += 2
    room.require_controls(OTHER)
    assert room.controls() is None


def test_who_is_sent_away_stays_away_for_a_while(room):
    ana, host = client('Ana', KEY), client('Root', OTHER, local=True)
    room.add(ana)
    assert refused(room.kick, ana.id, False, OTHER) == 'may_not_kick'
    assert refused(room.kick, 'none', True) == 'no_such_client'
    room.kick(ana.id, local=host.local)
    assert ana.closed == ['kicked']
    room.remove(ana)
    assert refused(room.add, client('Ana', KEY)) == 'client_sent_away'
    room.clock.now += BANNED + 1
    room.add(client('Ana', KEY))


def test_over_the_wire_all_are_told_and_a_set_is_refused_by_name():
    running = Running()

    async def scene():
        async with Speaker(running) as ana, Speaker(running) as rui:
            await ana.hello('Ana', key=KEY)
            await rui.hello('Rui', key=OTHER, streams=['clients'])
            await ana.ask('controls', action='take')
            told = await rui.hear_kind('controls')
            assert told['holder']['name'] == 'Ana'
            answer = await rui.ask('set', module='model', values={'text': 'não'})
            assert answer['code'] == 'controls_held' and 'Ana' in answer['message']['pt']
            assert (await ana.ask('set', module='model', values={'text': 'sim'}))['type'] == 'done'
            everyone = await rui.hear_kind('clients')
            assert {it['name'] for it in everyone['clients']} == {'Ana', 'Rui'}
            assert everyone['controls']['name'] == 'Ana'
            assert KEY not in str(everyone)
            running.server.hub.clients.kick(everyone['clients'][0]['client'], local=True)
            assert (await ana.hear_kind('bye'))['reason'] == 'kicked'
            while await ana.hear() is not None:
                pass
        async with Speaker(running) as ana:
            await ana.say('hello', name='Ana', kind='page', key=KEY)
            assert (await ana.hear())['code'] == 'client_sent_away'
            assert (await ana.hear())['type'] == 'bye'
    running.do(scene())
    assert running.server.state.values('model')['text'] == 'sim'
    running.close()


def test_a_full_server_says_so():
    running = Running(limits=Limits(clients=1))

    async def scene():
        async with Speaker(running) as ana, Speaker(running) as rui:
            await ana.hello()
            await rui.say('hello', name='Rui', kind='page')
            assert (await rui.hear())['code'] == 'too_many_clients'
            assert (await rui.hear())['reason'] == 'full'
            assert await rui.hear() is None
            await asyncio.sleep(0)
            assert (await ana.ask('ping'))['type'] == 'pong'
    running.do(scene())
    running.close()


def test_rest_lists_and_ends_connections_and_minds_the_controls():
    running = Running()

    async def scene():
        def rest(*asked, **headers):
            return asyncio.to_thread(running.json, *asked, **headers)
        async with Speaker(running) as ana:
            welcome, _ = await ana.hello('Ana', key=KEY)
            await ana.ask('controls', action='take')
            status, found = await rest('GET', '/api/v1/clients')
            assert (status, found['controls']['name']) == (200, 'Ana')
            [told] = found['clients']
            assert (told['client'], told['kind']) == (welcome['client'], 'script')
            assert welcome['local'] and told['page'] is None
            await ana.ask('subscribe', streams=['clients'], page='attention')
            [told] = (await ana.hear_kind('clients'))['clients']
            assert told['page'] == 'attention'
            assert (await ana.ask('subscribe', page='../x'))['code'] == 'message_bad_letters'
            change = 'PATCH', '/api/v1/modules/model/parameters', {'text': 'a'}
            status, refusal = await rest(*change)
            assert (status, refusal['error']['code']) == (409, 'controls_held')
            status, event = await rest(*change, X_Client_Key=KEY, X_Client_Name='Jos%C3%A9')
            assert (status, event['by']) == (200, 'José')
            assert (await ana.hear_kind('change'))['by'] == 'José'
            status, _ = await rest('POST', '/api/v1/tokenize', {'text': 'sol'})
            assert status == 200  # looking is free
            assert (await rest('DELETE', '/api/v1/clients/none'))[0] == 404
            status, refusal = await rest('DELETE', f'/api/v1/clients/{told["client"]}',
                                         X_Forwarded_For='10.0.0.1')
            assert (status, refusal['error']['code']) == (403, 'may_not_kick')
            status, _ = await rest('DELETE', f'/api/v1/clients/{told["client"]}')
            assert (await ana.hear_kind('bye'))['reason'] == 'kicked'
    running.do(scene())
    running.close()
