"""Who does not read costs a bounded queue, holds nobody up, and gets a snapshot afterwards."""

import asyncio
import json
import socket
import time

import pytest
from serving import Running
from speaking import Speaker

from minigpt.server import outbox, session
from minigpt.server.frames import text_frame
from minigpt.server.outbox import OVERHEAD, STREAM_ROOM, Kind, Outbox

MB = 1_000_000
LONG = 'x' * 1900


class Pipe:
    """Stands for Tornado's stream: takes a piece, and says that it left when told to."""

    def __init__(self):
        self.written, self.future = [], None

    def write(self, piece: bytes) -> asyncio.Future:
        self.written.append(piece)
        self.future = asyncio.get_running_loop().create_future()
        return self.future

    async def drain(self) -> None:
        self.future.set_result(None)
        await asyncio.sleep(0)


@pytest.fixture
def box():
    """box(limit) → the outbox, its pipe, and how often it fell behind; inside a loop."""
    def make(limit=MB):
        pipe, stalls = Pipe(), []
        return Outbox(pipe, lambda: text_frame(b'snapshot'), lambda: stalls.append(1),
                      limit), pipe, stalls
    return make


def run(scene):
    return asyncio.run(scene())


def test_frames_leave_in_order_one_piece_at_a_time(box):
    async def scene():
        queue, pipe, _ = box()
        for i in range(3):
            queue.put(Kind.EVENT, b'%d' % i)
        queue.flush()
        queue.put(Kind.EVENT, b'3')
        queue.flush()
        assert pipe.written == [b'012']
        await pipe.drain()
        assert pipe.written == [b'012', b'3']
        await pipe.drain()
        assert queue.size == 0
    run(scene)


def test_streams_are_left_out_first(box):
    async def scene():
        queue, pipe, stalls = box(STREAM_ROOM + 10_000)
        queue.put(Kind.EVENT, b'one')
        queue.flush()  # the pipe is taken: all that follows waits
        for _ in range(400):
            queue.put(Kind.STREAM, b's' * 1000)
        assert queue.size <= STREAM_ROOM and queue.left_out > 100
        for i in range(100):
            queue.put(Kind.EVENT, b'%04d' % i + b'e' * 1000)
        assert not stalls and not queue.behind
        while queue.size:
            await pipe.drain()
        whole = b''.join(pipe.written)
        assert b's' not in whole
        assert [whole.index(b'%04de' % i) for i in range(100)] == [3 + 1004 * i for i in range(100)]
    run(scene)


def test_who_cannot_follow_gets_one_snapshot_in_place_of_the_events(box):
    async def scene():
        queue, pipe, stalls = box(50_000)
        queue.put(Kind.EVENT, b'one')
        queue.flush()
        queue.put(Kind.ANSWER, b'[done]')
        for _ in range(1000):
            queue.put(Kind.EVENT, b'e' * 1000)
            assert queue.size <= 50_000
        assert stalls == [1] and queue.behind and queue.crowded
        while queue.size or queue.behind:
            await pipe.drain()
        assert b''.join(pipe.written) == b'one[done]' + text_frame(b'snapshot')
        queue.put(Kind.EVENT, b'next')
        queue.flush()
        assert pipe.written[-1] == b'next'
    run(scene)


def stalled_client(port: int) -> socket.socket:
    """A client that says hello, with a small window, and then never reads."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(('127.0.0.1', port))
    client.sendall(f'GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n'
                   'Connection: Upgrade\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OTAxMjM0NQ==\r\n'
                   'Sec-WebSocket-Version: 13\r\n\r\n'.encode())
    say(client, type='hello', name='Parado', kind='script', streams=['training'])
    return client


def say(client: socket.socket, **message) -> None:
    """A masked frame; the mask is 0, so that the payload stands in it as it is."""
    payload = json.dumps(message).encode()
    assert len(payload) < 126
    client.sendall(bytes([0x81, 0x80 | len(payload), 0, 0, 0, 0]) + payload)


def held(running) -> int:
    """The bytes that this process holds for its only stalled client, Tornado's buffer included."""
    def count() -> int:
        [found] = [it for it in running.server.hub.sessions if it.client.name == 'Parado']
        waiting = sum(len(frame) + OVERHEAD for _, frame in found.outbox._queue)
        assert found.outbox.size >= waiting
        return waiting + len(found.ws_connection.stream._write_buffer)
    return running.call(count)


async def many_changes(running, count: int) -> None:
    """Changes of 2 kB, and a stream beside them, as fast as the server makes them."""
    state = running.server.state
    for i in range(count):
        state.stream('training_step', id='t', step=i, loss=1.0, note=LONG)
        state.set('model', {'text': f'{i}{LONG}'}, 'x')
        if i % 20 == 0:
            await asyncio.sleep(0.005)


def test_a_stalled_client_costs_at_most_a_megabyte_and_holds_nobody_up():
    running, peak = Running(), 0
    client = stalled_client(running.port)
    while not running.server.hub.clients.list():
        time.sleep(0.01)

    async def others(count: int) -> None:
        async with Speaker(running) as ana:
            await ana.hello()
            await many_changes(running, count)
            assert [(await ana.hear_kind('change'))['values'] for _ in range(count)][-1] == (
                {'text': f'{count - 1}{LONG}'})
    for _ in range(10):  # 6 MB of changes, far more than fit any buffer
        running.do(others(300), 60)
        peak = max(peak, held(running))
    assert outbox.PIECE < peak < MB
    # It reads again: what was on its way, and then one snapshot that makes up for the rest.
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    client.settimeout(30)
    heard = b''
    while b'"because":"behind"' not in heard or not heard.endswith(b'}'):
        heard += client.recv(1 << 20)
    seq = running.server.state.seq
    assert f'"seq":{seq}'.encode() in heard.partition(b'"because":"behind"')[2]
    running.call(running.server.state.set, 'model', {'text': 'depois'}, 'x')
    while b'"depois"' not in heard:
        heard += client.recv(1 << 20)
    assert heard.count(b'"type":"snapshot"') == 2  # at the hello, and for all that was left out
    client.close()
    running.close()


def test_who_stays_behind_is_let_go_with_a_reason(monkeypatch):
    monkeypatch.setattr(session, 'BEHIND_AT_MOST', 0.05)
    monkeypatch.setattr(session, 'GOODBYE_WITHIN', 0.05)
    running = Running()
    client = stalled_client(running.port)
    while not running.server.hub.clients.list():
        time.sleep(0.01)
    [stalled] = running.server.hub.sessions
    running.do(many_changes(running, 3000))
    while stalled.ws_connection:
        time.sleep(0.01)
    client.settimeout(30)
    heard = b''
    while not heard.endswith(b'behind'):  # the reason, in the frame that closes
        heard += client.recv(1 << 20)
    client.close()
    running.close()


def test_who_sends_too_fast_is_read_more_slowly_and_loses_nothing(monkeypatch):
    monkeypatch.setattr(session, 'RATE', 200.0)
    monkeypatch.setattr(session, 'BURST', 20.0)
    running = Running()

    async def scene() -> float:
        async with Speaker(running) as ana:
            await ana.hello()
            began = time.monotonic()
            for i in range(120):
                await ana.say('set', id=i, module='model', values={'text': f'{i}'})
            done = [(await ana.hear_kind('done'))['id'] for _ in range(120)]
            assert done == list(range(120))
            return time.monotonic() - began
    assert running.do(scene()) > 0.4  # 100 beyond the burst at 200 a second
    running.close()
