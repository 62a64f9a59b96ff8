"""`minigpt watch training`: follow modules and streams of the server, a line for each event."""

import asyncio
import sys

from minigpt.cli import terminal, typed
from minigpt.cli.live_lines import line, values
from minigpt.cli.options import add_json, print_json
from minigpt.cli.server import add_server, connection, follow
from minigpt.server.streams import STREAMS

# A module whose own stream is followed too.
WITH_STREAM = {'training': 'training', 'inference': 'generation'}
OVER = ('ended', 'failed', 'paused')  # statuses after which a training makes no steps


def add_arguments(parser, say) -> None:
    parser.add_argument('what', nargs='*', default=['all'], metavar='WHAT',
                        help=say('cli.watch.what', streams=', '.join(STREAMS)))
    parser.add_argument('--count', type=typed.whole(say), metavar='N', help=say('cli.watch.count'))
    parser.add_argument('--until-end', action='store_true', help=say('cli.watch.until_end'))
    parser.add_argument('--every', type=typed.number(say), metavar='S', help=say('cli.watch.every'))
    add_server(parser, say)
    add_json(parser, say)


def run(args) -> int:
    shown = Shown(args)
    try:
        asyncio.run(watched(args, shown))
    finally:
        shown.progress.clear()
    return shown.code


async def watched(args, shown: 'Shown') -> None:
    modules, streams = wanted(args.what)
    async with connection(args, modules=modules, streams=streams) as link:
        if args.every is not None:
            await link.request('metrics', every=args.every)
        await follow(link, shown)


def wanted(what: list[str]) -> tuple[str | list[str], list[str]]:
    """The modules and streams that are meant."""
    everything = 'all' in what
    streams = [name for name in STREAMS if name in what
               or any(WITH_STREAM.get(it) == name for it in what)
               or everything and name in ('training', 'generation')]
    modules = [name for name in what if name not in STREAMS or name in WITH_STREAM]
    return '*' if everything else modules, streams


class Shown:
    """Prints what was asked for. A training's steps are a bar that stays on its line, where the
    output is a terminal. `code`: the exit code that the end of a training means."""

    def __init__(self, args):
        self.args, self.code, self.count = args, 0, 0
        self.progress = terminal.progress()
        self._modules = wanted(args.what)[0]

    def __call__(self, message: dict, mirror) -> bool:
        """Show a message; whether that was the last one."""
        if not self.tells(message):
            return False
        if self.args.json:
            print_json(message)
        elif message['type'] in ('lost', 'found'):
            terminal.note(line(message, mirror, self.args.lang))
            return False
        elif message['type'] == 'training_step' and sys.stdout.isatty():
            share = message['step'] / max(1, (mirror.training or {}).get('steps', 1))
            self.progress.show(share, line(message, mirror, self.args.lang))
        else:
            self.progress.clear()
            for text in self.lines(message, mirror):
                print(text, flush=True)
        self.count += 1
        return self.count == self.args.count or self.is_over(message)

    def tells(self, message: dict) -> bool:
        """Whether this was asked for; the state's other events are told with 'all'."""
        kind = message['type']
        if kind in ('welcome', 'controls', 'clients', 'lab', 'presets', 'demo'):
            everything = self._modules == '*' and kind != 'welcome'
            return everything or kind in self.args.what
        if kind == 'training':
            return self._modules == '*' or kind in self._modules
        return kind != 'snapshot' or bool(self._modules)  # streams alone have no state

    def lines(self, message: dict, mirror):
        """What a message says; a snapshot, what the followed modules are like."""
        if message['type'] != 'snapshot':
            yield line(message, mirror, self.args.lang)
            return
        for module, found in mirror.parameters.items():
            if self._modules == '*' or module in self._modules:
                yield values(module, {name: it for name, it in found.items() if it is not None})
        if mirror.training and ('training' in self._modules or self._modules == '*'):
            yield line({'type': 'training', 'training': mirror.training, 'seq': mirror.seq},
                       mirror, self.args.lang)

    def is_over(self, message: dict) -> bool:
        """With --until-end: whether no training runs any more."""
        if not self.args.until_end or message['type'] not in ('training', 'snapshot'):
            return False
        status = (message['training'] or {}).get('status', 'ended')
        self.code = 1 if status == 'failed' else 0
        return status in OVER
