"""The console on the screen: answers above, the line being typed below."""

import asyncio
import contextlib
import platform
import time
import traceback

import numpy as np
import panel as pn
import param

from minigpt.locale import decimal
from pages.chart import Chart
from pages.components.console_answer import ConsoleAnswer
from pages.components.console_input import ConsoleInput
from pages.console.errors import raised_in, told
from pages.console.explain import Explainer
from pages.console.interpreter import Interpreter, completions, is_complete
from pages.console.names import Names
from pages.console.plots import Plotter
from pages.locale import LANGUAGES, text

ANSWERS = 40      # kept on the screen
LONGEST = 20_000  # characters of one answer that are shown
PAINT = 0.05      # seconds between two paints while code runs
LAYOUT = ':host { display: grid !important; gap: 8px; grid-template-columns: minmax(0, 1fr); }'


class Console(pn.viewable.Viewer):
    """One for all pages: it outlives going from one to another.

    `bundled`: the packages that micropip finds here. `interruptible`: see Interpreter.
    """

    lang = param.Selector(default='pt', objects=list(LANGUAGES))
    theme = param.Selector(default='light', objects=['light', 'dark'])
    query = param.Dict(default={})
    failure = param.String(default='', doc='The traceback of a mistake of ours, else empty.')

    bundled: tuple[str, ...] = ()
    interruptible = staticmethod(contextlib.nullcontext)

    def __init__(self, lang: str = 'pt', query: dict[str, str] | None = None):
        super().__init__(lang=lang)
        self.hidden = False
        self.names = Names(Plotter(self, self._add).plot, Explainer(self).explain)
        self.interpreter = Interpreter(self.names, self._write, self._told, self.interruptible)
        self.answers: list[ConsoleAnswer] = []
        self.charts: list = []  # each under its answer
        self._length = 0   # characters that the present answer would have
        self._painted = 0.0
        self._task: asyncio.Task | None = None
        self.log = pn.Column(stylesheets=[LAYOUT], sizing_mode='stretch_width')
        self.input = ConsoleInput(self._heard)
        self.relabel()
        self.param.watch(lambda *_: self.relabel(), 'lang')
        self.param.watch(lambda *_: self._wear(), 'theme')

    @property
    def words(self) -> dict:
        return text(self.lang)['console']

    @property
    def running(self) -> bool:
        return self._task is not None

    def relabel(self) -> None:
        """All words; answers stay as they were given."""
        words = self.words
        greeting = words['greeting'].format(python=platform.python_version(), numpy=np.__version__)
        self.input.param.update(words=words, locale=text(self.lang)['tag'], greeting=greeting)

    def show(self) -> None:
        """The reader opened it."""

    def catch_up(self) -> None:
        """What a page does that was left; here nothing is computed unasked."""

    # What the reader does

    def _heard(self, data: dict) -> None:
        if 'run' in data:
            self.enter(data['run'])
        elif 'complete' in data:
            self.names.refresh()
            start, names = completions(data['complete'], self.names)
            self.input._send_msg({'completions': names, 'start': start, 'of': data['complete']})
        elif 'stop' in data:
            self.stop()
        elif 'clear' in data:
            self.clear()

    def enter(self, source: str) -> None:
        """Run it if it is a whole command; otherwise the input goes on in another line."""
        if self.running:
            return
        if not is_complete(source):
            self.input._send_msg({'more': source})
            return
        self.input._send_msg({'taken': source})
        if source.strip():
            self._begin(source)
            self._task = asyncio.ensure_future(self._run(source))

    def stop(self) -> None:
        """End what is waiting; what computes without a pause can only be interrupted."""
        if self._task:
            self._task.cancel()

    def clear(self) -> None:
        """An empty screen; names and history stay."""
        self.answers, self.charts = self.answers[-1:] if self.running else [], []
        self.log.objects = list(self.answers)

    # What the interpreter does

    async def _run(self, source: str) -> None:
        started = time.perf_counter()
        self.input.busy = True
        try:
            await asyncio.sleep(0)  # the screen says so before the work begins
            self.names.refresh()
            await self.interpreter.run(source)
        except asyncio.CancelledError:  # before it began
            self._write('error', self.words['stopped'])
        except Exception as error:
            self.failure = ''.join(traceback.format_exception(error))
        finally:
            self._task = None
            self.input.busy = False
            self._paint(running=False, seconds=time.perf_counter() - started)

    def _begin(self, source: str) -> None:
        """A new answer, without text yet."""
        answer = ConsoleAnswer(source=source, words=self.words, locale=text(self.lang)['tag'])
        self.answers = [*self.answers, answer][-ANSWERS:]
        self._parts, self._length = [], 0
        oldest = self.log.objects.index(self.answers[0]) if len(self.answers) > 1 else 0
        self.log.objects = [*self.log.objects[oldest:], answer]

    def _add(self, chart) -> None:
        """A chart under the answer so far."""
        self._paint()
        self.charts = [*self.charts, chart][-ANSWERS:]
        self.log.append(chart)

    def _wear(self) -> None:
        """Charts take the theme's colours."""
        for chart in self.charts:
            if isinstance(chart, Chart):
                chart.page.theme = self.theme

    def _write(self, kind: str, text: str) -> None:
        shown = text[:max(0, LONGEST - self._length)]
        self._length += len(text)
        if self._parts and self._parts[-1][0] == kind:
            self._parts[-1][1] += shown
        elif shown:
            self._parts.append([kind, shown])
        if shown and time.perf_counter() - self._painted > PAINT:
            self._paint()

    def _paint(self, running: bool = True, seconds: float = 0) -> None:
        words, more = self.words, self._length - LONGEST
        self.answers[-1].param.update(
            parts=[list(it) for it in self._parts], running=running,
            cut='' if more <= 0 else words['cut'].format(count=decimal(more, 0, self.lang)),
            took=words['took'].format(seconds=decimal(seconds, 1, self.lang))
            if seconds >= 1 else '')
        self._painted = time.perf_counter()

    def _told(self, error: BaseException) -> str:
        """An error in words: a stop is none, and micropip's is that a package is not here."""
        words = self.words
        if isinstance(error, (KeyboardInterrupt, asyncio.CancelledError)):
            return words['stopped']
        if isinstance(error, SystemExit):
            return words['no_exit']
        if raised_in(error, 'micropip'):
            return words['not_bundled'].format(packages=', '.join(self.bundled), error=error)
        return told(error, self.lang)

    def __panel__(self):
        return pn.Column(self.log, self.input, stylesheets=[LAYOUT], sizing_mode='stretch_width')
