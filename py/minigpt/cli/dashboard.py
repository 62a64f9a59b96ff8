"""The server's state as a picture in the terminal that follows it, drawn by rich."""

import asyncio
import time
from collections import deque
from functools import partial

from rich import box
from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from minigpt.cli import live_lines
from minigpt.cli.plain import duration
from minigpt.locale import sentence
from minigpt.server.mirror import Mirror

RECENT = 3.0   # seconds that a change stands out
EVENTS = 6     # lines of what happened last
PER_SECOND = 8


class Dashboard:
    """Enter it, and call `show` with every message, on a running loop."""

    def __init__(self, url: str, lang: str, wishes):
        self.url, self.lang, self.say = url, lang, partial(sentence, lang)
        self.mirror = Mirror()
        self._lines: deque[str] = deque(maxlen=EVENTS)
        self._changed: dict[tuple[str, str], float] = {}
        self._figures = ''
        console = Console(highlight=False, no_color=not wishes.colour)
        self._live = Live(console=console, screen=True, auto_refresh=False)
        self._drawn, self._due = 0.0, None

    def __enter__(self) -> 'Dashboard':
        self._live.__enter__()
        return self

    def __exit__(self, *error) -> None:
        if self._due:
            self._due.cancel()
        self._live.__exit__(*error)

    def show(self, message: dict, mirror: Mirror) -> None:
        """Take a message in, and draw unless that was done a moment ago."""
        kind, self.mirror = message['type'], mirror
        text = live_lines.line(message, mirror, self.lang)
        if kind == 'metrics':
            self._figures = text
        elif text and kind not in ('clients', 'training_step'):
            self._lines.append(text)
        if kind == 'change':
            now = time.monotonic()
            self._changed |= {(message['module'], name): now for name in message['values']}
        if not self._due:
            wait = max(0.0, self._drawn + 1 / PER_SECOND - time.monotonic())
            self._due = asyncio.get_running_loop().call_later(wait, self.draw)

    def draw(self) -> None:
        self._due, self._drawn = None, time.monotonic()
        self._live.update(self.picture(), refresh=True)

    def picture(self) -> Group:
        """The longest part last: a low terminal cuts it off below."""
        last = Panel(Text('\n'.join(self._lines) or '–'), box=box.SIMPLE, title_align='left',
                     title=self.say('cli.connect.last'))
        training = [self.training()] if self.mirror.training else []
        return Group(self.head(), *training, self.people(), last, self.parameters())

    def head(self) -> Text:
        """Where, up to which event, and how the server is doing."""
        state = Text('●', 'green' if self.mirror.connected else 'red')
        lab = self.mirror.lab.get('name') or 'minigpt'
        return Text.assemble(state, ' ', (self.url, 'bold'), f'  #{self.mirror.seq}  ',
                             live_lines.clean(lab), ('  ' + self._figures, 'dim'))

    def parameters(self) -> Table:
        """A row for each module; what has just changed stands out."""
        table = Table(box=box.SIMPLE_HEAD, header_style='bold', expand=True, padding=(0, 1, 0, 0))
        table.add_column(self.say('cli.connect.module'), no_wrap=True)
        table.add_column(self.say('cli.connect.parameters'), overflow='fold')
        now = time.monotonic()
        for module, found in self.mirror.parameters.items():
            row = Text()
            for name, it in found.items():
                fresh = now - self._changed.get((module, name), -RECENT) < RECENT
                if it not in (None, '', []) or fresh:
                    row.append(f'{name} ', 'bold yellow' if fresh else 'dim')
                    row.append(f'{short(it)}  ', 'bold yellow' if fresh else '')
            table.add_row(Text(module, 'cyan'), row)
        return table

    def training(self) -> Group:
        """The last training: a bar, its loss and speed."""
        status, step = self.mirror.training, self.mirror.step
        done = (step or status)['step']
        text = live_lines.step(step, self.mirror, self.say, self.lang) if step else ''
        return Group(
            Text(live_lines.training({'training': status | {'step': done}}, self.mirror, self.say,
                                     self.lang)),
            ProgressBar(total=max(1, status['steps']), completed=done, width=40), Text(text))

    def people(self) -> Text:
        """Who is connected, and who has the controls."""
        since = {it['client']: time.time() - it['since'] for it in self.mirror.clients}
        names = '  '.join(f'{live_lines.clean(it["name"])} ({it["kind"]}, '
                          f'{duration(max(0, since[it["client"]]))})' for it in self.mirror.clients)
        return Text.assemble((f'{self.say("cli.connect.people")} ', 'bold'), names or '–', '\n',
                             (live_lines.held(self.mirror.controls, self.say), 'dim'))


def short(value) -> str:
    """A value that leaves room for the others."""
    text = live_lines.value(value)
    return text if len(text) <= 24 else text[:23] + '…'
