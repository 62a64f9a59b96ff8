"""`minigpt web`: serve the site, by the same door as `python build.py serve`."""

import os
import subprocess
import sys
from pathlib import Path

from minigpt.cli import typed
from minigpt.errors import ConfigError, Refused

ROOT = Path(__file__).parents[3]  # of a checkout; an installed package has no build.py there


def add_arguments(parser, say) -> None:
    parser.add_argument('--host', default='127.0.0.1', help=say('cli.web.host'))
    parser.add_argument('--port', type=typed.port(say), metavar='N', help=say('cli.web.port'))
    parser.add_argument('--dir', metavar='FOLDER', help=say('cli.web.dir'))
    group = parser.add_argument_group(say('cli.web.integration_group'))
    group.add_argument('--integration', action='store_true', help=say('cli.web.integration'))
    group.add_argument('--token', help=say('cli.web.token'))
    group.add_argument('--state', metavar='FOLDER', help=say('cli.web.state'))
    group.add_argument('--allow-host', action='append', default=[], metavar='NAME[:PORT]',
                       help=say('cli.web.allow_host'))
    group.add_argument('--origin', action='append', default=[], metavar='ORIGIN',
                       help=say('cli.web.origin'))


def run(args) -> int:
    """Serve until Ctrl-C; the exit code is the server's."""
    if args.dir and not (Path(args.dir) / 'index.html').is_file():
        raise ConfigError('no_site_in_folder', path=args.dir)
    door = ROOT / 'build.py'
    if door.is_file():
        return subprocess.call([sys.executable, str(door), 'serve', *options(args)])
    if args.integration:
        return serve_without_site(args)
    raise ConfigError('no_site_here')


def options(args) -> list[str]:
    """The same options, for the door."""
    port = args.port if args.port is not None else 3001 if args.integration else 8080
    given = ['--host', args.host, '--port', str(port)]
    given += ['--integration'] if args.integration else []
    for name in ('dir', 'token', 'state'):
        value = getattr(args, name)
        given += [f'--{name}={value}'] if value is not None else []
    for name in ('allow_host', 'origin'):
        given += [f'--{name.replace("_", "-")}={it}' for it in getattr(args, name)]
    return given


def serve_without_site(args) -> int:
    """An installed package has no site: REST and WebSockets alone, or the site of --dir."""
    try:
        from minigpt.server import app
        from minigpt.server.guard import is_loopback
    except ImportError as error:
        raise ConfigError('server_not_installed', name=error.name) from error
    token = args.token or os.environ.get('MINIGPT_TOKEN')
    settings = app.Settings(
        host=args.host, port=3001 if args.port is None else args.port,
        token=args.token if is_loopback(args.host) else token,
        site=Path(args.dir) if args.dir else None, hosts=tuple(args.allow_host),
        origins=tuple(args.origin), folder=Path(args.state or 'minigpt-state'))
    try:
        app.run(settings, ready=lambda server: print(server.url, flush=True))
    except OSError as error:
        raise ConfigError('cannot_listen', host=settings.host, port=settings.port,
                          reason=Refused(error)) from error
    return 0
