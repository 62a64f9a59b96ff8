"""`serve --integration`: the site on the server that terminals and browsers share."""

import argparse
import os
import secrets
import sys
from pathlib import Path

from sitebuild.errors import BuildError
from sitebuild.pages_html import page_rows

PORT = 3001
STATE = Path('.cache') / 'integration'  # of the checkout, unless --state says otherwise


def add_arguments(command: argparse.ArgumentParser) -> None:
    """The options that go with --integration."""
    group = command.add_argument_group('integration', 'one state for terminals and browsers')
    group.add_argument('--integration', action='store_true',
                       help='serve REST, WebSockets and the state they share beside the site')
    group.add_argument('--token', help='asked of everybody; where --host is not this machine '
                                       'alone MINIGPT_TOKEN is it, or one is made up')
    group.add_argument('--state', type=Path, metavar='FOLDER',
                       help=f'where state and trainings are kept (default: {STATE.as_posix()})')
    group.add_argument('--allow-host', action='append', default=[], metavar='NAME[:PORT]',
                       help='a further Host header to answer to, as that of a proxy')
    group.add_argument('--origin', action='append', default=[], metavar='ORIGIN',
                       help='a site whose pages may use the server, as https://example.org')


def given(arguments: argparse.Namespace) -> list[str]:
    """Those that say something and do so only beside --integration."""
    options = {'--token': arguments.token, '--state': arguments.state,
               '--allow-host': arguments.allow_host, '--origin': arguments.origin}
    return [name for name, value in options.items() if value not in (None, [])]


def serve(root: Path, site: Path, arguments: argparse.Namespace) -> int:
    """Serve until Ctrl-C; BuildError for options that cannot be."""
    from minigpt.errors import ServerError
    from minigpt.server.app import Settings, run
    from minigpt.server.guard import is_loopback
    from sitebuild.serve import HEADERS, port_problem

    token = arguments.token
    if token is None and not is_loopback(arguments.host):
        token = os.environ.get('MINIGPT_TOKEN') or secrets.token_urlsafe(18)
    folder = arguments.state or root / STATE
    settings = Settings(host=arguments.host, port=arguments.port, token=token, site=site,
                        headers=HEADERS, hosts=tuple(arguments.allow_host),
                        origins=tuple(arguments.origin), folder=folder,
                        swagger=root / 'node_modules' / 'swagger-ui-dist')
    try:
        run(settings, plugs(root), tell)
    except ServerError as error:
        raise BuildError(str(error)) from error
    except OSError as error:  # another program was quicker
        raise BuildError(port_problem(arguments.host, arguments.port, error)) from error
    return 0


def plugs(root: Path) -> tuple:
    """What the pages add to the server: they can be computed there."""
    from pages.hosting import handlers

    viewers = {row['name']: row['viewer'] for row in page_rows(root)}
    return (lambda server: handlers.routes(server, viewers),)


def tell(server) -> None:
    """What to open here, and from other machines where the server listens to them."""
    from minigpt.server.guard import LOOPBACK, is_loopback, names_of

    token = f'?token={server.settings.token}' if server.settings.token else ''
    print(f'minigpt, one state for all, is at {server.url}{token} (Ctrl-C to stop)')
    if not is_loopback(server.settings.host):
        names = [it for it in names_of(server.settings.host)
                 if it not in LOOPBACK and not it.startswith('[fe80')]  # of one cable only
        print('from other machines:', *(f'\n  http://{it}:{server.port}/{token}' for it in names))
    sys.stdout.flush()
