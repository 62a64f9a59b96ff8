"""`minigpt run demo attention`, `minigpt run training`: have the server do something, for all."""

from minigpt.cli import typed
from minigpt.cli.live_lines import clean
from minigpt.cli.options import add_json, print_json
from minigpt.cli.server import add_server, address
from minigpt.errors import ServerError
from minigpt.locale import sentence

ACTIONS = ('start', 'pause', 'resume', 'stop', 'status')  # of a training


def add_arguments(parser, say) -> None:
    parser.add_argument('what', choices=('demo', 'training'), metavar='WHAT',
                        help=say('cli.run.what'))
    parser.add_argument('which', nargs='?', metavar='NAME',
                        help=say('cli.run.which', actions=', '.join(ACTIONS)))
    parser.add_argument('--pace', type=typed.number(say), default=1.0, metavar='S',
                        help=say('cli.run.pace'))
    add_server(parser, say)
    add_json(parser, say)
    parser.set_defaults(misused=parser.error)


def run(args) -> int:
    return run_demo(args) if args.what == 'demo' else run_training(args)


def run_demo(args) -> int:
    """Follow a demo to its end; Ctrl-C stops it for all. Without a name, tell which there are."""
    server = address(args)
    if not args.which:
        names = server.call('GET', 'demos')['demos']
        if args.json:
            print_json({'demos': names})
        else:
            print('\n'.join(names))
        return 0
    run_id = server.call('POST', f'demos/{server.part(args.which)}/runs',
                         {'pace': args.pace})['id']
    try:
        for event in server.lines(f'demos/runs/{run_id}/events'):
            if args.json:
                print_json(event)
            elif event['type'] == 'step':
                print(f'{event["number"]:>3}  {clean(event["said"][args.lang])}', flush=True)
    except KeyboardInterrupt:
        server.call('DELETE', f'demos/runs/{run_id}')
        raise
    if event['type'] != 'end':
        raise ServerError('connection_lost', url=server.base)
    if not args.json:
        text = sentence(args.lang, f'cli.live.status.{event["status"]}')
        print(f'{text}: {event["error"]["message"][args.lang]}' if event['error'] else text)
    return 0 if event['status'] == 'ended' else 1


def run_training(args) -> int:
    """Begin a training with the training module's parameters, or tell the present one what to do.
    """
    action = args.which or 'start'
    if action not in ACTIONS:
        args.misused(sentence(args.lang, 'cli.run.no_action', got=action,
                              actions=', '.join(ACTIONS)))
    server = address(args)
    if action == 'status':
        told = server.call('GET', 'training')['training']
    else:
        path = 'training' if action == 'start' else f'training/{action}'
        told = server.call('POST', path, {} if action == 'start' else None)
    if args.json:
        print_json(told)
    elif told is None:
        print(sentence(args.lang, 'cli.live.no_training'))
    else:
        print(sentence(args.lang, 'cli.live.training', id=told['id'], step=told['step'],
                       steps=told['steps'],
                       status=sentence(args.lang, f'cli.live.status.{told["status"]}')))
    return 0
