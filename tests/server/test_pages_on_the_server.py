"""What the pages add to the server: /server.json, and pages computed over /ws/pages."""

import asyncio
import json
import time

import pytest
from serving import Running
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from pages import lab
from pages.hosting import handlers

VIEWERS = {'attention': 'pages.attention.page:Attention', 'index': 'pages.portal.page:Portal'}


@pytest.fixture(scope='module')
def running():
    server = Running(plugs=(lambda server: handlers.routes(server, VIEWERS),))
    yield server
    server.close()
    lab.back_to_shipped()


async def heard(socket, kind: str) -> dict:
    """The next message of this kind."""
    while (frame := await asyncio.wait_for(socket.read_message(), 60)) is not None:
        message = json.loads(frame)
        if message['type'] == kind:
            return message
    raise AssertionError(f'closed before {kind}: {socket.close_code} {socket.close_reason}')


async def ask(socket, kind: str, **fields) -> None:
    await socket.write_message(json.dumps({'type': kind, **fields}))


async def opened(running, page: str = 'attention', **query: str):
    socket = await websocket_connect(f'ws://{running.host}/ws/pages')
    await heard(socket, 'ready')
    await ask(socket, 'open', page=page, viewer=VIEWERS[page], lang='pt', theme='light',
              query=query, drawn=True)
    await heard(socket, 'render')
    await ask(socket, 'rendered', page=page)
    await heard(socket, 'live')
    return socket


def test_the_site_learns_that_there_is_a_server_and_how_links_are_spelt(running):
    status, facts = running.json('GET', '/server.json')
    assert status == 200 and facts['server'] == {'needsToken': False}
    assert facts['words']['pt'].keys() == facts['words']['en'].keys()
    layer = facts['modules']['attention']['layer']
    assert (layer['name'], layer['kind'], layer['default']) == ('layer', 'integer', 1)
    assert [0.00001, '1e-05'] in facts['modules']['training']['lr']['spelling']


def test_who_has_no_token_learns_only_that_one_is_asked_for():
    server = Running(token='a-token-of-a-test', plugs=(
        lambda server: handlers.routes(server, VIEWERS),))
    try:
        _, facts = server.json('GET', '/server.json')
        assert facts['server'] == {'needsToken': True} and 'modules' not in facts
        _, facts = server.json('GET', '/server.json', Authorization='Bearer a-token-of-a-test')
        assert 'modules' in facts

        async def without():
            with pytest.raises(HTTPClientError) as refused:
                await websocket_connect(f'ws://{server.host}/ws/pages')
            return refused.value.code
        assert asyncio.run(without()) == 401
    finally:
        server.close()


def test_another_site_s_page_is_refused(running):
    async def foreign():
        with pytest.raises(HTTPClientError) as refused:
            await websocket_connect(HTTPRequest(f'ws://{running.host}/ws/pages', headers={
                'Origin': 'http://evil.example'}))
        return refused.value.code
    assert asyncio.run(foreign()) == 403


def test_a_page_is_opened_and_follows(running):
    async def visit():
        socket = await opened(running, text='O gato')
        await ask(socket, 'follow', page='attention', changes={'head': '3'})
        told = await heard(socket, 'query')
        await heard(socket, 'followed')
        socket.close()
        return told
    assert asyncio.run(visit()) == {'type': 'query', 'page': 'attention', 'own': False,
                                    'query': {'text': 'O gato', 'head': '3'}}


def test_a_lab_set_on_the_server_is_on_every_page_and_the_reverse(running):
    from dataclasses import replace

    from minigpt.lab import shipped_lab
    own = replace(shipped_lab(), corpus='O rato roeu a roupa do rei de Roma. ' * 9, name='rato')

    async def visit():
        socket = await opened(running)
        running.call(running.server.state.set_lab, own, 'rest')
        await heard(socket, 'patch')  # the page says so
        while lab.lab().name != 'rato':
            await asyncio.sleep(0.01)
        running.server.pages.thread.do(lab.back_to_shipped)
        while running.server.state.lab is not shipped_lab():
            await asyncio.sleep(0.01)
        socket.close()
    asyncio.run(asyncio.wait_for(visit(), 60))
    assert lab.is_shipped()


def test_a_message_that_is_none_ends_the_connection_and_nobody_else_s(running):
    async def visit():
        socket, other = await opened(running), await opened(running)
        await socket.write_message('{"type": "launch"}')
        assert await asyncio.wait_for(until_closed(socket), 10) is None
        assert socket.close_code == handlers.WRONG
        await ask(other, 'show', page='attention')
        await ask(other, 'follow', page='attention', changes={'head': '2'})
        await heard(other, 'followed')
        other.close()
    asyncio.run(visit())


async def until_closed(socket):
    while await socket.read_message() is not None:
        pass


def test_no_more_visitors_than_there_is_room_for(running, monkeypatch):
    monkeypatch.setattr(handlers, 'MOST_VISITORS', 0)

    async def visit():
        socket = await websocket_connect(f'ws://{running.host}/ws/pages')
        await asyncio.wait_for(until_closed(socket), 10)
        return socket.close_code
    assert asyncio.run(visit()) == handlers.FULL


def test_a_tab_that_would_owe_too_much_is_let_go(running, monkeypatch):
    monkeypatch.setattr(handlers, 'MOST_BYTES', 10_000)

    async def visit():
        socket = await websocket_connect(f'ws://{running.host}/ws/pages')
        await heard(socket, 'ready')
        await ask(socket, 'open', page='attention', viewer=VIEWERS['attention'], lang='pt',
                  theme='light', query={}, drawn=True)
        await asyncio.wait_for(until_closed(socket), 30)
        return socket.close_code
    assert asyncio.run(visit()) == handlers.BEHIND
    for _ in range(100):  # the other side hears of it in its own time
        if not running.server.pages.sockets:
            break
        time.sleep(0.05)
    assert not running.server.pages.sockets
