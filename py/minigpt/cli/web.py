"""`minigpt web`: serve the site, by the same door as `python build.py serve`."""

import subprocess
import sys
from pathlib import Path

from minigpt.errors import ConfigError

ROOT = Path(__file__).parents[3]  # of a checkout; an installed package has no build.py there


def add_arguments(parser, say) -> None:
    parser.add_argument('--host', default='127.0.0.1', help=say('cli.web.host'))
    parser.add_argument('--port', type=int, default=8080, metavar='N', help=say('cli.web.port'))
    parser.add_argument('--dir', metavar='FOLDER', help=say('cli.web.dir'))


def run(args) -> int:
    """Serve until Ctrl-C; the exit code is the server's."""
    door = ROOT / 'build.py'
    if not door.is_file():
        raise ConfigError('no_site_here')
    command = [sys.executable, str(door), 'serve', '--host', args.host, '--port', str(args.port)]
    return subprocess.call(command + (['--dir', args.dir] if args.dir else []))
