"""Training: one process at a time, bounded in time and memory, that rests and goes on.

    begin ─▶ starting ─▶ learning_vocabulary ─▶ running ─▶ ended      the lab is the new model
                                                 │   ▲
                                          pause  ▼   │ resume
                                                paused                also after a crash
"""

import asyncio
import contextlib
import json
import time
from pathlib import Path

from minigpt.errors import ServerError
from minigpt.formats.atomic import write_atomically
from minigpt.lab import Lab
from minigpt.server import processes, training_plan
from minigpt.server.answers import error_body
from minigpt.server.curves import read_curves
from minigpt.server.training_worker import EVENTS, JOB, ORIGIN, RUN
from minigpt.training import TrainConfig

GRACE = 20        # seconds that a process may take to rest before it is ended
AT_WORK = ('starting', 'learning_vocabulary', 'running', 'stopping')
HELD = (*AT_WORK, 'paused')
STREAMED = {'TrainStep': 'training_step', 'Evaluation': 'training_evaluation',
            'Sample': 'training_sample'}


class Jobs:
    """`status` is what is told of the last training, or None; see schemas.py, 'Training'."""

    def __init__(self, server, folder: Path):
        self.server, self.folder = server, folder
        self.status: dict | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._following: asyncio.Task | None = None
        self._wish = ''  # what a rest was asked for: 'pause', 'stop' or 'close'
        self._began = 0.0

    # What is asked for

    def check(self, settings: dict) -> TrainConfig:
        """How it would be trained. ServerError where a training is held already or this one needs
        too much, ConfigError where the sizes do not fit together."""
        if self.status and self.status['status'] in HELD:
            raise ServerError('training_runs', id=self.status['id'])
        plan = training_plan.train_config(settings)
        config = training_plan.model_config(settings, self.server.state.lab)
        training_plan.check_room(config, plan, self.server.settings.limits.job_bytes)
        return plan

    async def begin(self, settings: dict, text: str | None, by: str) -> dict:
        """Start a training with these parameters, of `text` or of the lab's. Errors as in `check`.
        """
        plan, lab = self.check(settings), self.server.state.lab
        corpus = text or settings['text'] or lab.corpus
        job_id = f't{time.strftime("%Y%m%d-%H%M%S", time.gmtime())}'
        before, self.status = self.status, begun(job_id, plan.steps, settings, by)
        origin = Lab(lab.checkpoint, corpus, job_id)
        try:
            await asyncio.to_thread(self._lay_out, origin)
            await self._start()
        except OSError:
            self.status = before
            raise
        return self.status

    async def pause(self) -> dict:
        """Rest after the update in hand. ServerError where nothing runs."""
        self._at_work()
        await self._ask_rest('pause')
        return self.status

    async def resume(self) -> dict:
        """Go on where it rested, or where it was last saved before it failed. ServerError where
        nothing rests."""
        rests = self.status and (self.status['status'] == 'paused' or (
            self.status['status'] == 'failed' and (self.folder / RUN).exists()))
        if not rests:
            raise ServerError('training_rests_not')
        await self._start()
        return self.status

    async def stop(self) -> dict:
        """End it here; the lab becomes the model as it is. ServerError where there is none."""
        if self.status and self.status['status'] == 'paused':
            await self._ended('ended')
            return self.status
        self._at_work()
        await self._ask_rest('stop')
        return self.status

    def _at_work(self) -> None:
        if not self.status or self.status['status'] not in AT_WORK:
            raise ServerError('no_training')

    # After a crash, and at the end

    async def take_up(self, status: dict | None) -> None:
        """What an earlier life left: a training that ran goes on from its last snapshot."""
        self.status = status
        self.server.state.training = status
        if status and status['status'] in AT_WORK:
            await self._start()

    async def close(self, _reason: str = '') -> None:
        """Let a running training save itself; it goes on when the server starts again."""
        if self._process:
            await self._ask_rest('close')
            await self._following

    # The process

    def _lay_out(self, origin: Lab) -> None:
        for name in (RUN, EVENTS):
            (self.folder / name).unlink(missing_ok=True)
        origin.save(self.folder / ORIGIN)

    async def _start(self) -> None:
        limits, status = self.server.settings.limits, self.status
        job = {'settings': status['settings'], 'name': status['id'],
               'save_seconds': limits.save_seconds, 'memory_bytes': limits.job_bytes,
               'seconds_left': max(0.0, limits.job_seconds - status['seconds'])}
        write_atomically(self.folder / JOB, json.dumps(job).encode())
        self._wish, self._began = '', time.monotonic() - status['seconds']
        self._process = await processes.started('minigpt.server.training_worker', str(self.folder))
        self._tell(status='starting', error=None)
        self._following = asyncio.ensure_future(self._follow(self._process))

    async def _ask_rest(self, wish: str) -> None:
        if self._process is None:  # it has just come to its end by itself
            return
        self._wish = wish
        if wish != 'close':
            self._tell(status='stopping')
        with contextlib.suppress(ConnectionError):
            self._process.stdin.write(b'rest\n')
            await self._process.stdin.drain()
        asyncio.get_running_loop().call_later(GRACE, processes.kill, self._process)

    async def _follow(self, process) -> None:
        """Tell what the process tells, and what became of it."""
        last = {}
        try:
            async for line in process.stdout:
                last = json.loads(line)
                self._hear(last)
        except ValueError:  # a line that is none, or too long: it broke
            processes.kill(process)
        code = await process.wait()
        self._process = None
        event = last.get('event') if code == 0 else 'failed'
        if self._wish == 'close':
            return  # as it was: the next life takes it up
        if event == 'rested' and self._wish == 'pause':
            self._tell(status='paused')
        elif event in ('rested', 'ended'):
            await self._ended('ended')
        elif event == 'out_of_time':
            await self._ended('ended', 'training_time')
        else:
            self._fail(last, code)

    def _hear(self, event: dict) -> None:
        kind, status = event['event'], self.status
        status['seconds'] = round(time.monotonic() - self._began, 3)
        if kind == 'vocabulary' and status['status'] == 'starting':
            self._tell(status='learning_vocabulary')
        if kind not in STREAMED:
            return
        status['step'] = event['step']
        if kind == 'TrainStep':
            status['loss'] = event['loss']
            if 'tokens_per_second' in event:  # else the clock has not moved meanwhile
                status['tokens_per_second'] = event['tokens_per_second']
                self.server.monitor.training_speed(event['tokens_per_second'])
        elif kind == 'Evaluation':
            status['validation_loss'] = event['validation_loss']
        else:
            status['sample'] = event['text']
        if status['status'] in ('starting', 'learning_vocabulary'):
            self._tell(status='running')
        told = {name: it for name, it in event.items() if name not in ('event', 'vitals')}
        self.server.state.stream(STREAMED[kind], id=status['id'], **told)

    async def _ended(self, status: str, note: str = '') -> None:
        """The training is over: its model, if it has learnt anything, is everybody's."""
        if (self.folder / RUN).exists():
            lab = await asyncio.to_thread(Lab.load, self.folder / RUN)
            self.server.state.set_lab(lab, by=self.status['id'])
        error = ServerError(note, seconds=int(self.server.settings.limits.job_seconds)) if (
            note) else None
        self._tell(status=status, error=_told(error))

    def _fail(self, last: dict, code: int) -> None:
        if last.get('event') == 'failed':
            error = {'code': last['code'], 'message': {'pt': last['pt'], 'en': last['en']}}
        else:
            error = _told(ServerError('training_broke', code=code))
        self._tell(status='failed', error=error)

    def _tell(self, **changes) -> None:
        self.status |= changes
        self.server.state.tell_training(dict(self.status))

    def curves(self) -> dict:
        """The losses so far; see curves.py. It reads a file, so it is called beside the loop."""
        return read_curves(self.folder / EVENTS)


def begun(job_id: str, steps: int, settings: dict, by: str) -> dict:
    """The status of a training before its first update."""
    return {'id': job_id, 'status': 'starting', 'step': 0, 'steps': steps, 'loss': None,
            'validation_loss': None, 'tokens_per_second': None, 'seconds': 0.0, 'sample': None,
            'settings': settings, 'by': by, 'error': None}


def _told(error: ServerError | None) -> dict | None:
    return error and error_body(error)['error']
