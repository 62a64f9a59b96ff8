"""Training: begin, rest, go on, end; checkpoints of the server's own folder."""

import asyncio
import re

from minigpt.errors import ServerError
from minigpt.lab import Lab, shipped_lab
from minigpt.server.operation import Call, Operation
from minigpt.server.schemas import COUNT, NUMBER, OPEN, STRING, closed, list_of, maybe, ref
from minigpt.training import list_checkpoints

FILE = re.compile(r'[\w][\w.-]{0,80}\.safetensors')
SHIPPED = 'shipped'  # the name of the lab that comes with minigpt


async def status(server, call: Call):
    return {'training': server.jobs.status}


async def begin(server, call: Call):
    """The settings given are set, so that all see what is trained; not where it cannot begin."""
    if given := call.body.get('settings'):
        present = server.state.values('training')
        server.jobs.check(present | server.state.module('training').check(given, present))
        server.state.set('training', given, call.by)
    return await server.jobs.begin(server.state.values('training'), call.body.get('text'), call.by)


async def pause(server, call: Call):
    return await server.jobs.pause()


async def resume(server, call: Call):
    return await server.jobs.resume()


async def stop(server, call: Call):
    return await server.jobs.stop()


async def curves(server, call: Call):
    return await server.compute(server.jobs.curves)


async def checkpoints(server, call: Call):
    found = await server.compute(list_checkpoints, server.store.checkpoints)
    return {'checkpoints': [{'name': SHIPPED, 'step': shipped_lab().step, 'validation_loss': None,
                             'config': shipped_lab().model.config.to_dict(), 'saved': None}] + [
        {'name': it.path.name, 'step': it.step, 'config': it.config.to_dict(),
         'validation_loss': it.validation_loss if it.validation_loss < float('inf') else None,
         'saved': it.saved.isoformat(timespec='seconds')} for it in found]}


async def save(server, call: Call):
    """The present lab, under a name of the folder."""
    path = file_of(server, call.path['checkpoint'])
    if not path.exists() and len(list(path.parent.glob('*.safetensors'))) >= (
            server.settings.limits.checkpoints):
        raise ServerError('too_many_checkpoints', most=server.settings.limits.checkpoints)
    await asyncio.to_thread(server.state.lab.save, path)
    return {'name': path.name, 'bytes': path.stat().st_size}


async def load(server, call: Call):
    name = call.path['checkpoint']
    if name == SHIPPED:
        lab = shipped_lab()
    else:
        path = file_of(server, name)
        if not path.is_file():
            raise ServerError('unknown_checkpoint', got=name[:90])
        lab = await asyncio.to_thread(Lab.load, path)
    server.state.set_lab(lab, call.by)
    await server.store.save()  # an answer means that it stays
    return {'seq': server.state.seq, 'lab': server.state.snapshot()['lab']}


async def delete(server, call: Call):
    path = file_of(server, call.path['checkpoint'])
    if not path.is_file():
        raise ServerError('unknown_checkpoint', got=call.path['checkpoint'][:90])
    path.unlink()
    return {'name': path.name}


def file_of(server, name: str):
    """A file of the checkpoints' folder, never one elsewhere: ServerError for a name that is no
    plain file name, and for a link."""
    path = server.store.checkpoints / name if FILE.fullmatch(name) else None
    if path is None or path.is_symlink():
        raise ServerError('bad_checkpoint_name', got=name[:90])
    return path


ENTRY = closed(name=STRING, step=maybe(COUNT), validation_loss=maybe(NUMBER), saved=maybe(STRING),
               config={'type': 'object'})
POINTS = list_of({'type': 'array', 'items': NUMBER, 'minItems': 2, 'maxItems': 2})
OPERATIONS = (
    Operation('GET', '/training', 'getTraining', 'The last training; null where there was none.',
              'training', status, closed(training=maybe(ref('Training')))),
    Operation('POST', '/training', 'beginTraining', 'Train a model with the training module\'s '
              'parameters, on a text or on the lab\'s; at its end it is the lab of all.',
              'training', begin, ref('Training'),
              closed(settings_=OPEN,
                     text_={'type': 'string', 'minLength': 1, 'maxLength': 900_000}), status=202,
              example={'settings': {'steps': 100, 'n_layer': 1}}),
    Operation('POST', '/training/pause', 'pauseTraining', 'Rest after the update in hand.',
              'training', pause, ref('Training'), status=202),
    Operation('POST', '/training/resume', 'resumeTraining', 'Go on where it rests.', 'training',
              resume, ref('Training'), status=202),
    Operation('POST', '/training/stop', 'stopTraining', 'End the training here.', 'training', stop,
              ref('Training'), status=202),
    Operation('GET', '/training/curves', 'getCurves', 'The losses so far, as [update, nats per '
              'token].', 'training', curves, closed(loss=POINTS, validation_loss=POINTS)),
    Operation('GET', '/checkpoints', 'listCheckpoints', 'The labs that can be loaded: the shipped '
              'one and those of the server\'s folder.', 'checkpoints', checkpoints,
              closed(checkpoints=list_of(ENTRY))),
    Operation('PUT', '/checkpoints/{checkpoint}', 'saveCheckpoint', 'Keep the present lab under a '
              'file name ending in .safetensors.', 'checkpoints', save,
              closed(name=STRING, bytes=COUNT)),
    Operation('POST', '/checkpoints/{checkpoint}/load', 'loadCheckpoint', 'Make this lab the one '
              'of all; `shipped` is the one that comes with minigpt.', 'checkpoints', load,
              closed(seq=COUNT, lab=ref('Lab'))),
    Operation('DELETE', '/checkpoints/{checkpoint}', 'deleteCheckpoint', 'Delete a kept lab.',
              'checkpoints', delete, closed(name=STRING)),
)
