"""`minigpt clients`: who is connected to the server; `kick` ends a connection."""

import time
from functools import partial

from minigpt.cli import terminal
from minigpt.cli.live_lines import clean, held
from minigpt.cli.options import add_json, print_json
from minigpt.cli.plain import duration
from minigpt.cli.server import add_server, address
from minigpt.errors import ServerError
from minigpt.locale import sentence


def add_arguments(parser, say) -> None:
    parser.add_argument('action', nargs='?', choices=('list', 'kick'), default='list',
                        metavar='ACTION', help=say('cli.clients.action'))
    parser.add_argument('who', nargs='?', metavar='CLIENT', help=say('cli.clients.who'))
    add_server(parser, say)
    add_json(parser, say)
    parser.set_defaults(misused=parser.error)


def run(args) -> None:
    if (args.action == 'list') == bool(args.who):
        args.misused(sentence(args.lang, 'cli.clients.unexpected' if args.who
                              else 'cli.clients.nobody'))
    server = address(args)
    told = server.call('GET', 'clients')
    if args.action == 'list':
        return print_json(told) if args.json else show(told, args.lang)
    gone = server.call('DELETE', f'clients/{server.part(meant(told["clients"], args.who))}')
    if args.json:
        return print_json(gone)
    print(sentence(args.lang, 'cli.clients.kicked', name=clean(gone['name']),
                   client=gone['client']))


def meant(clients: list[dict], who: str) -> str:
    """The id of the connection; a name will do where only one has it."""
    named = [it['client'] for it in clients if it['name'] == who]
    if len(named) > 1:
        raise ServerError('several_clients', name=who, clients=', '.join(named))
    return named[0] if named else who


def show(told: dict, lang: str) -> None:
    say = partial(sentence, lang)
    terminal.note(held(told['controls'], say))
    if not told['clients']:
        print(say('cli.clients.none'))
        return
    head = [say(f'cli.clients.head.{name}') for name in ('name', 'kind', 'page', 'since',
                                                        'client')]
    terminal.table(head,
                   [(clean(it['name']), it['kind'], it['page'] or '–',
                     duration(time.time() - it['since']), it['client'])
                    for it in told['clients']], 'lllrl')
