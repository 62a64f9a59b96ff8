"""Measure how long a page computed on the server takes while another visitor trains there.

    python tests/bench/hosted_typing.py [--changes 60]

The server is a process of its own. One visitor changes the text of the attention page and waits for
its picture, at rest first, then while a second visitor's training page trains; prints milliseconds
as JSON.
"""

import argparse
import asyncio
import json
import multiprocessing
import sys
import time
from pathlib import Path

import numpy as np
from tornado.websocket import websocket_connect

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / 'py'), str(ROOT)]

VIEWERS = {'attention': 'pages.attention.page:Attention',
           'training': 'pages.training.page:Training'}
TEXT = 'O gato preto subiu no telhado e viu a lua'


def serve(pipe) -> None:
    """A server that tells its port, until it hears something."""
    from minigpt.server.app import Server, Settings
    from pages.hosting.handlers import routes

    async def run():
        server = Server(Settings(port=0), (lambda server: routes(server, VIEWERS),))
        await server.start()
        pipe.send(server.port)
        while not pipe.poll():
            await asyncio.sleep(0.05)
        await server.stop()
    asyncio.run(run())


class Visitor:
    """One tab."""

    def __init__(self, socket):
        self.socket = socket

    async def ask(self, kind: str, answer: str, **fields) -> dict:
        await self.socket.write_message(json.dumps({'type': kind, **fields}))
        return await self.heard(answer)

    async def heard(self, kind: str) -> dict:
        while (message := json.loads(await self.socket.read_message()))['type'] != kind:
            assert message['type'] not in ('error', 'refused'), message
        return message

    async def open(self, page: str) -> dict:
        drawn = await self.ask('open', 'render', page=page, viewer=VIEWERS[page], lang='pt',
                               theme='light', query={}, drawn=False)
        await self.ask('rendered', 'live', page=page)
        await self.socket.write_message(json.dumps({'type': 'show', 'page': page}))
        return json.loads(drawn['document'])

    async def milliseconds(self, changes: int) -> dict:
        """From each change of the text to its picture; ten a second."""
        found = []
        for i in range(changes):
            began = time.perf_counter()
            await self.ask('follow', 'followed', page='attention',
                           changes={'text': TEXT[:10 + i % 30]})
            found.append(1000 * (time.perf_counter() - began))
            await asyncio.sleep(max(0.0, 0.1 - found[-1] / 1000))
        return {name: round(float(value), 1) for name, value in zip(
            ('median', 'p95', 'max'), (*np.percentile(found, [50, 95]), max(found)))}


def owner_of(node, button: str) -> str | None:
    """The id of the component that has this button."""
    if isinstance(node, dict):
        attributes = node.get('attributes')
        data = attributes.get('data') if isinstance(attributes, dict) else None
        if isinstance(data, dict) and f'["id", "{button}"]' in json.dumps(
                data.get('attributes', {}).get('buttons')):
            return node['id']
        node = list(node.values())
    if isinstance(node, list):
        return next(filter(None, (owner_of(it, button) for it in node)), None)
    return None


async def measure(port: int, changes: int) -> dict:
    async def visitor():
        tab = Visitor(await websocket_connect(f'ws://127.0.0.1:{port}/ws/pages'))
        await tab.heard('ready')
        return tab
    writer, trainer = await visitor(), await visitor()
    await writer.open('attention')
    document = await trainer.open('training')
    await writer.milliseconds(10)
    at_rest = await writer.milliseconds(changes)
    press = {'kind': 'MessageSent', 'msg_type': 'bokeh_event', 'msg_data': {
        'type': 'event', 'name': 'data_event', 'values': {
            'model': {'id': owner_of(document, 'begin')}, 'data': {'press': 'begin'}}}}
    await trainer.ask('patch', 'idle', page='training', patch={'events': [press]})
    patches = 0

    async def read():
        nonlocal patches
        while True:
            await trainer.heard('patch')
            patches += 1
    reading = asyncio.ensure_future(read())
    await asyncio.sleep(3)  # the vocabulary is learnt
    before = patches
    training = await writer.milliseconds(changes)
    reading.cancel()
    return {'at_rest': at_rest, 'while_training': training,
            'patches_of_the_training_page': patches - before}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--changes', type=int, default=60)
    options = parser.parse_args()
    spawn = multiprocessing.get_context('spawn')
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=serve, args=(theirs,))
    process.start()
    print(json.dumps(asyncio.run(measure(ours.recv(), options.changes)), indent=1))
    ours.send('end')
    process.join(10)
    process.kill()


if __name__ == '__main__':
    main()
