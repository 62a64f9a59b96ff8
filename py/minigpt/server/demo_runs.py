"""Demos at work: begun, followed and stopped; a few at once, the last ones remembered."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from minigpt.errors import MinigptError, ServerError
from minigpt.locale import LANGUAGES, sentence
from minigpt.server.demos import DEMOS

LOG = logging.getLogger(__name__)
REMEMBERED = 20


@dataclass
class DemoRun:
    """`steps` are what was told so far; `status`: running, ended, stopped or failed."""
    id: str
    demo: str
    pace: float
    by: str
    status: str = 'running'
    steps: list[dict] = field(default_factory=list)
    error: dict | None = None
    task: asyncio.Task | None = None
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    def told(self) -> dict:
        return {'id': self.id, 'demo': self.demo, 'pace': self.pace, 'by': self.by,
                'status': self.status, 'steps': self.steps, 'error': self.error}


class DemoRuns:
    """By id; started on the server's loop, computed beside it."""

    def __init__(self, server):
        self.server = server
        self.runs: dict[str, DemoRun] = {}
        self._count = 0

    def begin(self, demo: str, pace: float, by: str) -> DemoRun:
        """Start a demo; ServerError for one that is not there, or where too many run."""
        if demo not in DEMOS:
            raise ServerError('unknown_demo', got=demo[:60], demos=', '.join(DEMOS))
        most = self.server.settings.limits.demos
        if sum(it.status == 'running' for it in self.runs.values()) >= most:
            raise ServerError('too_many_demos', most=most)
        self._count += 1
        run = DemoRun(f'd{self._count}', demo, pace, by)
        self.runs[run.id] = run
        for old in [it.id for it in self.runs.values() if it.status != 'running'][:-REMEMBERED]:
            del self.runs[old]
        run.task = asyncio.ensure_future(self._show(run))
        return run

    def find(self, run_id: str) -> DemoRun:
        if run_id not in self.runs:
            raise ServerError('unknown_demo_run', got=run_id[:60],
                              runs=', '.join(self.runs) or '–')
        return self.runs[run_id]

    async def stop(self, run_id: str) -> DemoRun:
        """End it before its end; one that has ended stays as it is."""
        run = self.find(run_id)
        if run.status == 'running':
            run.task.cancel()
            await asyncio.wait([run.task])
        return run

    async def follow(self, run: DemoRun) -> AsyncIterator[dict]:
        """Its steps, those told and those to come, and how it ended."""
        told = 0
        while True:
            while told < len(run.steps):
                yield {'type': 'step', **run.steps[told]}
                told += 1
            if run.status != 'running':
                yield {'type': 'end', 'run': run.id, 'status': run.status, 'error': run.error}
                return
            async with run.news:
                await run.news.wait_for(lambda: told < len(run.steps) or run.status != 'running')

    async def close(self, _reason: str = '') -> None:
        for run in list(self.runs.values()):
            await self.stop(run.id)

    async def _show(self, run: DemoRun) -> None:
        steps = DEMOS[run.demo](self.server.state.lab)
        try:
            while (step := await self.server.compute(next, steps, None)) is not None:
                self.server.state.set(run.demo, step.values, by=f'demo:{run.id}')
                await self._tell(run, step)
                await asyncio.sleep(run.pace)
            run.status = 'ended'
        except asyncio.CancelledError:
            run.status = 'stopped'
        except Exception as error:  # whatever it is, those who follow must learn that it ended
            from minigpt.server.answers import error_body
            if not isinstance(error, MinigptError):
                LOG.exception('in the demo %s', run.demo)
                error = ServerError('server_failed')
            run.status, run.error = 'failed', error_body(error)['error']
        self.server.state.tell('demo', run=run.id, demo=run.demo, status=run.status)
        async with run.news:
            run.news.notify_all()

    async def _tell(self, run: DemoRun, step) -> None:
        said = {lang: sentence(lang, f'server.demos.{run.demo}', **step.figures)
                for lang in LANGUAGES}
        run.steps.append({'run': run.id, 'demo': run.demo, 'number': len(run.steps) + 1,
                          'values': step.values, 'figures': step.figures, 'said': said})
        self.server.state.tell('demo', **run.steps[-1], status='running')
        async with run.news:
            run.news.notify_all()
