"""`minigpt presets`: sets of parameters that the server keeps under a name."""

from functools import partial

from minigpt.cli import terminal
from minigpt.cli.live_lines import clean
from minigpt.cli.options import add_json, print_json
from minigpt.cli.server import add_server, address
from minigpt.locale import sentence

ACTIONS = ('list', 'save', 'apply', 'delete')


def add_arguments(parser, say) -> None:
    parser.add_argument('action', nargs='?', choices=ACTIONS, default='list', metavar='ACTION',
                        help=say('cli.presets.action', actions=', '.join(ACTIONS)))
    parser.add_argument('preset', nargs='?', metavar='PRESET', help=say('cli.presets.preset'))
    parser.add_argument('--modules', nargs='+', metavar='MODULE', help=say('cli.presets.modules'))
    add_server(parser, say)
    add_json(parser, say)
    parser.set_defaults(misused=parser.error)


def run(args) -> None:
    if (args.action == 'list') == bool(args.preset):
        args.misused(sentence(args.lang, 'cli.presets.unexpected' if args.preset
                              else 'cli.presets.no_name', action=args.action))
    if args.modules and args.action != 'save':
        args.misused(sentence(args.lang, 'cli.presets.only_save'))
    server = address(args)
    if args.action == 'list':
        return show(server.call('GET', 'presets')['presets'], args)
    path = f'presets/{server.part(args.preset)}'
    if args.action == 'save':
        body = {'modules': args.modules} if args.modules else {}
        told = server.call('PUT', path, body)
    elif args.action == 'apply':
        told = server.call('POST', f'{path}/apply')
    else:
        told = server.call('DELETE', path)
    if args.json:
        return print_json(told)
    modules = told.get('modules') or told.get('values') or ()
    print(sentence(args.lang, f'cli.presets.done.{args.action}', name=clean(args.preset),
                   modules=', '.join(modules)))


def show(presets: list[dict], args) -> None:
    if args.json:
        return print_json({'presets': presets})
    say = partial(sentence, args.lang)
    terminal.table([say('cli.presets.head.name'), say('cli.presets.head.by'),
                    say('cli.presets.head.modules')],
                   [(clean(it['name']), 'minigpt' if it['shipped'] else clean(it['by']),
                     ', '.join(it['values'])) for it in presets])
