"""`minigpt connect [URL]`: look at the server's state as it changes.

In a terminal, with rich, a picture that follows; else a line for each event; with --json the
messages themselves.
"""

import asyncio
import importlib.util
import os
import sys
from functools import partial

from minigpt.cli import terminal
from minigpt.cli.live_lines import held, line, values
from minigpt.cli.options import add_json, print_json
from minigpt.cli.server import add_server, connection, follow
from minigpt.locale import sentence

STREAMS = ('training', 'clients', 'metrics')


def add_arguments(parser, say) -> None:
    add_server(parser, say, positional=True)
    parser.add_argument('--controls', action='store_true', help=say('cli.connect.controls'))
    add_json(parser, say)


def run(args) -> None:
    asyncio.run(looked_at(args))


async def looked_at(args) -> None:
    streams = STREAMS if args.json or drawn() else STREAMS[:2]
    async with connection(args, streams=streams) as link:
        if args.controls:
            await link.request('controls', action='take')
        if args.json:
            await follow(link, lambda message, mirror: print_json(message))
        elif drawn():
            from minigpt.cli.dashboard import Dashboard
            with Dashboard(link.address.base, args.lang, terminal.wishes) as board:
                await follow(link, board.show)
        else:
            terminal.note(sentence(args.lang, 'cli.connect.connected', url=link.address.base))
            await follow(link, partial(printed, lang=args.lang))


def drawn() -> bool:
    """Whether the output can show a picture that changes."""
    return (sys.stdout.isatty() and not os.environ.get('MINIGPT_PLAIN')
            and importlib.util.find_spec('rich') is not None)


def printed(message: dict, mirror, lang: str) -> None:
    """A message as lines; a snapshot as all that it holds."""
    text = line(message, mirror, lang)
    if message['type'] in ('lost', 'found'):
        terminal.note(text)
    elif text:
        print(text, flush=True)
    if message['type'] != 'snapshot':
        return
    for module, found in mirror.parameters.items():
        print('  ' + values(module, {name: it for name, it in found.items() if it is not None}))
    print('  ' + held(mirror.controls, partial(sentence, lang)), flush=True)
