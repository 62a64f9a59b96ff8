"""The terminal's side of /ws: what it does when the network, or the server, goes and comes."""

import asyncio
import socket

import pytest
from serving import Running

from minigpt.errors import ServerError
from minigpt.server import hub
from minigpt.server.address import Address
from minigpt.server.connection import Connection

KEY = 'k' * 16
TOKEN = 'segredo-da-sala'


@pytest.fixture(scope='module')
def running():
    running = Running()
    yield running
    running.close()


def address(running, **more) -> Address:
    return Address(f'http://{running.host}', **more)


def connection(running, name: str = 'Ana', **more) -> Connection:
    return Connection(address(running), name, first_wait=0.01, **more)


def set_text(running, *texts: str) -> None:
    for text in texts:
        running.call(running.server.state.set, 'model', {'text': text}, 'x')


def cut(running, client: str) -> None:
    """The network's own way to end a connection: no goodbye."""
    def close():
        [found] = [it for it in running.server.hub.sessions if it.client.id == client]
        found.ws_connection.stream.close()
    running.call(close)


async def texts(link, until: str) -> list:
    """The texts that come, up to this one; what is no change, by its type."""
    heard = []
    async for message in link:
        heard.append(message['values']['text'] if message['type'] == 'change'
                     else message['type'])
        if heard[-1] == until:
            return heard


def test_two_terminals_hear_what_either_changes(running):
    async def scene():
        async with connection(running, 'Ana') as ana, connection(running, 'Rui') as rui:
            done = await ana.request('set', module='model', values={'text': 'um'})
            assert done['seq'] == running.server.state.seq
            await rui.request('set', module='model', texts={'text': 'dois'})
            assert await texts(ana, 'dois') == await texts(rui, 'dois') == [
                'welcome', 'snapshot', 'um', 'dois']
            assert ana.seq == rui.seq == running.server.state.seq
    asyncio.run(scene())


def test_after_an_interruption_the_missed_changes_follow_once_each(running):
    async def scene():
        async with connection(running) as link:
            set_text(running, 'a')
            await texts(link, 'a')
            first = link.client
            cut(running, first)
            set_text(running, 'b', 'c')
            assert await texts(link, 'c') in (
                ['lost', 'welcome', 'b', 'c'], ['lost', 'welcome', 'found', 'b', 'c'])
            set_text(running, 'd')
            assert (await texts(link, 'd'))[-1] == 'd' and link.client != first
            await link.request('set', module='model', values={'text': 'e'})
            assert (await texts(link, 'e')) == ['e']
    asyncio.run(scene())


def test_what_is_too_old_comes_as_a_snapshot(running, monkeypatch):
    async def scene():
        async with connection(running) as link:
            set_text(running, 'a')
            await texts(link, 'a')
            monkeypatch.setattr(hub, 'CATCH_UP', 10)
            cut(running, link.client)
            set_text(running, 'b', 'c')
            async for message in link:
                if message['type'] == 'snapshot':
                    break
            assert message['because'] == 'too_old'
            assert message['parameters']['model']['text'] == 'c'
            assert link.seq == running.server.state.seq
    asyncio.run(scene())


def test_a_server_that_starts_again_is_found_again():
    first = Running()
    port = first.port

    async def scene():
        async with connection(first) as link:
            assert await texts(link, 'snapshot')
            await asyncio.to_thread(first.close)
            second = await asyncio.to_thread(lambda: Running(port=port))
            try:
                heard = await texts(link, 'snapshot')
                assert heard[:2] == ['bye', 'lost'] and 'welcome' in heard
                assert (await link.request('ping'))['type'] == 'pong'
            finally:
                await asyncio.to_thread(second.close)
    asyncio.run(scene())


def test_who_is_sent_away_does_not_come_back(running):
    async def scene():
        link = Connection(address(running, key=KEY), 'Ana')
        async with link:
            running.call(running.server.hub.clients.kick, link.client, True)
            with pytest.raises(ServerError) as caught:
                await texts(link, 'never')
            assert 'encerrada' in caught.value.in_language('pt')
        with pytest.raises(ServerError, match='try again in'):
            async with Connection(address(running, key=KEY), 'Ana'):
                pass
    asyncio.run(scene())


def test_a_refused_request_says_why_in_both_languages(running):
    async def scene():
        async with connection(running) as link:
            with pytest.raises(ServerError) as caught:
                await link.request('set', module='attention', values={'layer': 99})
            assert caught.value.code == 'parameter_bounds'
            assert 'vai de 1 a 4' in caught.value.in_language('pt')
            assert 'goes from 1 to 4' in caught.value.in_language('en')
    asyncio.run(scene())


def test_nobody_there_is_one_sentence():
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    for ask in (lambda where: asyncio.run(Connection(where, 'Ana').__aenter__()),
                lambda where: where.call('GET', 'presets')):
        with pytest.raises(ServerError, match=f'no server answers at http://127.0.0.1:{port}'):
            ask(Address.parse(str(port)))


def test_a_token_opens_what_asks_for_one():
    running = Running(token=TOKEN)

    async def ping(where):
        async with Connection(where, 'Ana') as link:
            return await link.request('ping')
    try:
        url = f'{running.host}/?token={TOKEN}'
        assert asyncio.run(ping(Address.parse(url)))['type'] == 'pong'
        assert Address.parse(running.host, TOKEN).call('GET', 'clients')['clients'] == []
        for token in (None, 'outra-senha'):
            for ask in (lambda it: asyncio.run(ping(it)), lambda it: it.call('GET', 'clients')):
                with pytest.raises(ServerError) as caught:
                    ask(Address.parse(running.host, token))
                assert caught.value.code == 'token_needed'
    finally:
        running.close()


@pytest.mark.parametrize('text, base', [
    ('3001', 'http://127.0.0.1:3001'), ('sala:3001', 'http://sala:3001'),
    ('https://a.example/x', 'https://a.example'), ('http://[::1]:7', 'http://[::1]:7')])
def test_addresses_are_understood(text, base):
    assert Address.parse(text).base == base


@pytest.mark.parametrize('text', ['', 'ftp://a', 'http://', 'a b', 'a:99999', 'http://a:0',
                                  'a:x'])
def test_what_is_no_address_is_said(text):
    with pytest.raises(ServerError, match='no address'):
        Address.parse(text)
