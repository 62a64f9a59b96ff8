"""Measure /ws: many clients, many parameter changes, on loopback; prints the figures as JSON.

    python tests/bench/live_clients.py [--clients 100] [--changes 10000] [--rate 500]

The server is a process of its own. Every client sends its share of the changes, evenly paced, and
hears those of all; a change carries the moment it was sent, so its delivery time is known at each
client. One more client says hello and never reads: what it makes the server hold is told too.
"""

import argparse
import asyncio
import json
import multiprocessing
import socket
import struct
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / 'py'))

from minigpt.server.app import Server, Settings  # noqa: E402
from minigpt.server.limits import Limits  # noqa: E402

KEY = 'MDEyMzQ1Njc4OTAxMjM0NQ=='


def serve(pipe, clients: int) -> None:
    """A server that tells its port, and at the end what it measured of itself."""
    async def run():
        import psutil
        process = psutil.Process()
        server = Server(Settings(port=0, limits=Limits(clients=clients + 8, burst=10 * clients)))
        await server.start()
        pipe.send(server.port)
        peak = 0
        while not pipe.poll():
            await asyncio.sleep(0.05)
            peak = max([peak, *(it.outbox.size + len(it.ws_connection.stream._write_buffer)
                                - it.outbox._leaving
                                for it in server.hub.sessions
                                if it.client and it.client.name == 'stalled' and it.ws_connection)])
        times = process.cpu_times()
        pipe.send({'cpu_seconds': times.user + times.system, 'stalled_peak_bytes': peak,
                   'rss_bytes': process.memory_info().rss})
        await server.stop()
    asyncio.run(run())


class Client(asyncio.Protocol):
    """Says hello, and notes number and delivery time of every change."""

    def __init__(self, name: str, expected: int):
        self.name, self.expected = name, expected
        self.seqs, self.delays, self.errors = [], [], []
        self.ready = asyncio.get_running_loop().create_future()
        self.complete = asyncio.get_running_loop().create_future()
        self._data, self._open = b'', False

    def connection_made(self, transport) -> None:
        self.transport = transport
        transport.get_extra_info('socket').setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        port = transport.get_extra_info('peername')[1]
        transport.write(f'GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n'
                        f'Connection: Upgrade\r\nSec-WebSocket-Key: {KEY}\r\n'
                        'Sec-WebSocket-Version: 13\r\n\r\n'.encode())

    def say(self, **message) -> None:
        """A masked frame; the mask is 0, so the payload stands in it as it is."""
        payload = json.dumps(message).encode()
        length = (bytes([0x80 | len(payload)]) if len(payload) < 126
                  else b'\xfe' + struct.pack('!H', len(payload)))
        self.transport.write(b'\x81' + length + bytes(4) + payload)

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter_ns()
        data = self._data + data
        at = 0
        if not self._open:
            head = data.find(b'\r\n\r\n')
            if head < 0:
                self._data = data
                return
            assert data.startswith(b'HTTP/1.1 101'), data[:200]
            self._open, at = True, head + 4
            self.say(type='hello', name=self.name, kind='script', modules=['model'])
        while len(data) - at >= 2:
            length, start = data[at + 1], at + 2
            if length == 126:
                length, start = int.from_bytes(data[at + 2:at + 4], 'big'), at + 4
            elif length == 127:
                length, start = int.from_bytes(data[at + 2:at + 10], 'big'), at + 10
            if start > len(data) or start + length > len(data):
                break
            if data[at] == 0x81:
                self.take(data[start:start + length], now)
            elif data[at] == 0x89:  # a ping
                self.transport.write(bytes([0x8a, 0x80 | length]) + bytes(4)
                                     + data[start:start + length])
            at = start + length
        self._data = data[at:]

    def take(self, payload: bytes, now: int) -> None:
        if payload.startswith(b'{"type":"change"'):
            self.seqs.append(int(payload[23:payload.index(b',', 23)]))
            begin = payload.index(b'"text":"') + 8
            self.delays.append(now - int(payload[begin:payload.index(b'"', begin)]))
            if len(self.seqs) == self.expected and not self.complete.done():
                self.complete.set_result(None)
        elif payload.startswith(b'{"type":"snapshot"') and not self.ready.done():
            self.ready.set_result(None)
        elif payload.startswith((b'{"type":"error"', b'{"type":"bye"', b'{"type":"snapshot"')):
            self.errors.append(payload.decode())


async def flood(clients: list[Client], changes: int = 3000) -> None:
    """Changes of 2 kB, sent by some after the others have gone: more than any buffer holds."""
    authors, others = clients[:10], clients[10:]
    for client in others:
        client.transport.close()
    for client in authors:
        client.expected += changes
        client.complete = asyncio.get_running_loop().create_future()
    for i in range(changes):
        await asyncio.sleep(0.0005)
        authors[i % len(authors)].say(type='set', module='model',
                                      values={'text': f'{time.perf_counter_ns()}'.ljust(1900)})
    await asyncio.wait_for(asyncio.gather(*(it.complete for it in authors)), 60)


async def measure(port: int, options) -> dict:
    loop = asyncio.get_running_loop()
    clients = [(await loop.create_connection(
        lambda: Client(f'{number}', options.changes), '127.0.0.1', port))[1]
        for number in range(options.clients)]
    await asyncio.gather(*(it.ready for it in clients))
    _, stalled = await loop.create_connection(lambda: Client('stalled', 0), '127.0.0.1', port)
    await stalled.ready
    stalled.transport.pause_reading()
    began = time.perf_counter()
    for i in range(options.changes):
        wait = began + i / options.rate - time.perf_counter()
        if wait > 0 or i % 50 == 0:
            await asyncio.sleep(max(wait, 0))
        clients[i % len(clients)].say(type='set', module='model',
                                      values={'text': str(time.perf_counter_ns())})
    await asyncio.wait_for(asyncio.gather(*(it.complete for it in clients)), 120)
    seconds = time.perf_counter() - began
    delays = np.array([delay for it in clients for delay in it.delays]) / 1e6
    expected = list(range(clients[0].seqs[0], clients[0].seqs[0] + options.changes))
    figures = {'clients': len(clients), 'changes': options.changes, 'rate': options.rate,
               'deliveries': len(delays), 'seconds': round(seconds, 2),
               'lost': sum(len(set(expected) - set(it.seqs)) for it in clients),
               'out_of_order': sum(sum(a >= b for a, b in zip(it.seqs, it.seqs[1:]))
                                   for it in clients),
               'errors': sum(len(it.errors) for it in clients),
               'delivery_ms': {name: round(float(value), 2) for name, value in zip(
                   ('median', 'p95', 'p99', 'max'),
                   (*np.percentile(delays, [50, 95, 99]), delays.max()))}}
    await flood(clients)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--clients', type=int, default=100)
    parser.add_argument('--changes', type=int, default=10_000)
    parser.add_argument('--rate', type=float, default=500, help='changes a second, of all together')
    options = parser.parse_args()
    ours, theirs = multiprocessing.get_context('spawn').Pipe()
    process = multiprocessing.get_context('spawn').Process(
        target=serve, args=(theirs, options.clients))
    process.start()
    figures = asyncio.run(measure(ours.recv(), options))
    ours.send('end')
    print(json.dumps(figures | {'server': ours.recv()}, indent=1))
    process.join(10)


if __name__ == '__main__':
    main()
