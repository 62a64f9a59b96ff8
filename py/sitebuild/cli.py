"""The command line of build.py: what was asked for, on which Python, and how it ended."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from sitebuild import environment, integration
from sitebuild.errors import BuildError
from sitebuild.paths import Paths

# The whole suite, in two processes; a file's tests stay together, since they share a tab. The order
# of the files is that of tests/conftest.py.
ALL_AT_ONCE = ['-n', '2', '--dist', 'loadfile', '--no-loadscope-reorder']
PORT = 8080


def main(root: str, argv: list[str]) -> int:
    """Run one command and return the exit code: 0, 1 for a BuildError, 2 for wrong usage."""
    # All that follows `test` is pytest's, and what follows `bench` the bench's: options too, which
    # argparse would want for itself.
    passed_on = argv[1:] if argv[:1] in (['test'], ['bench']) else []
    arguments = parsed(argv[:len(argv) - len(passed_on)])
    if getattr(arguments, 'port', 0) is None:
        together = getattr(arguments, 'integration', False)
        arguments.port = integration.PORT if together else PORT
    paths = Paths(Path(root).resolve())
    try:
        if arguments.command == 'clean':
            from sitebuild.clean import clean
            clean(paths)
            return 0
        python = environment.ensure(paths.root)
        if not environment.is_running_in(paths):
            return _start_again(python, paths, argv)
        return _run(arguments, passed_on, paths)
    except BuildError as error:
        print(f'build.py: {error}', file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print('\nstopped', file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(prog='build.py', description='Build, serve and test minigpt.')
    top.add_argument('--portable', action='store_true',
                     help='also make dist-portable/, which opens by double click')
    top.add_argument('--no-snapshot', action='store_true',
                     help='build a site that starts without the snapshot of Python\'s memory, some '
                          'seconds later: for where Node cannot make it')
    commands = top.add_subparsers(dest='command', title='commands',
                                  description='without a command: build the site into dist/')
    for name, about in (('serve', 'build if needed, then serve dist/'),
                        ('dev', 'run the pages on Panel\'s own server')):
        command = commands.add_parser(name, help=about, description=about)
        command.add_argument('--host', default='127.0.0.1')
        command.add_argument('--port', type=_port, help=f'default: {PORT}' + (
            f'; {integration.PORT} with --integration' if name == 'serve' else ''))
        if name == 'serve':
            command.add_argument('--dir', type=Path, metavar='FOLDER',
                                 help='serve this folder as it is, building nothing')
            integration.add_arguments(command)
    commands.add_parser('test', help='build if needed, then run pytest with what follows')
    commands.add_parser('bench', help='build if needed, then measure it in Chromium beside others '
                                      '(bench --help)')
    commands.add_parser('clean', help='remove dist/, .venv/, node_modules/ and the caches')
    return top


def parsed(argv: list[str]) -> argparse.Namespace:
    """The arguments; wrong usage, such as an option that would do nothing, exits with 2."""
    top = parser()
    arguments = top.parse_args(argv)
    command = arguments.command
    if arguments.portable and command:
        top.error(f'--portable goes without a command, not with {command}: the folder that it '
                  'makes needs no server.')
    if arguments.no_snapshot and command not in (None, 'serve'):
        top.error(f'--no-snapshot goes with a build or with serve, not with {command}.')
    if command == 'serve':
        if arguments.no_snapshot and arguments.dir:
            top.error('--no-snapshot says how to build, and --dir builds nothing.')
        alone = integration.given(arguments)
        if alone and not arguments.integration:
            top.error(f'{" and ".join(alone)} only with --integration.')
    return arguments


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f'a port is a number from 0 to 65535, got {text!r}')
    return int(text)


def _start_again(python: Path, paths: Paths, argv: list[str]) -> int:
    """Do the work on .venv's Python, which has what the steps import."""
    command = [str(python), str(paths.root / 'build.py'), *argv]
    sys.stdout.flush()
    if os.name == 'posix':
        os.execv(command[0], command)
    return subprocess.call(command)


def _run(arguments: argparse.Namespace, passed_on: list[str], paths: Paths) -> int:
    from sitebuild.build import build

    if arguments.command == 'dev':
        from sitebuild.dev import dev
        dev(paths, arguments.host, arguments.port)
        return 0
    if arguments.command == 'serve':
        from sitebuild.serve import check_free, serve
        check_free(arguments.host, arguments.port)
        if arguments.dir and not (arguments.dir / 'index.html').is_file():
            raise BuildError(f'{arguments.dir} has no index.html; build the site first: '
                             'python build.py')
        site = arguments.dir or build(paths.root, snapshot=not arguments.no_snapshot)
        if arguments.integration:
            return integration.serve(paths.root, site, arguments)
        serve(site, arguments.host, arguments.port)
        return 0
    build(paths.root, snapshot=not arguments.no_snapshot)
    if arguments.portable:
        from sitebuild import portable
        folder, size = portable.make(paths)
        print(f'{folder.name}/index.html opens by double click ({size / 1e6:.0f} MB)')
    if arguments.command == 'test':
        from sitebuild.browser import ensure
        ensure()
        return subprocess.call([sys.executable, '-m', 'pytest', *(passed_on or ALL_AT_ONCE)],
                               cwd=paths.root)
    if arguments.command == 'bench':
        from sitebuild.bench import bench
        return bench(paths, passed_on)
    return 0
