"""What the commands share that speak to an integration server: where it is, and following it."""

import os
from collections.abc import Callable

from minigpt.cli import person
from minigpt.errors import ConfigError
from minigpt.server.address import DEFAULT, Address
from minigpt.server.mirror import Mirror


def add_server(parser, say, positional: bool = False) -> None:
    """Where the server is and who we are; MINIGPT_SERVER and MINIGPT_TOKEN say the same."""
    about = say('cli.server.url', default=DEFAULT)
    if positional:
        parser.add_argument('place', nargs='?', metavar='URL', help=about)
    # Errors advise it, so every command takes it.
    parser.add_argument('--url', default=os.environ.get('MINIGPT_SERVER', DEFAULT), metavar='URL',
                        help=about)
    parser.add_argument('--token', default=os.environ.get('MINIGPT_TOKEN'),
                        help=say('cli.server.token'))
    parser.add_argument('--name', default=None, metavar='NAME', help=say('cli.server.name'))


def address(args) -> Address:
    url = getattr(args, 'place', None) or args.url
    return Address.parse(url, args.token, key=person.key(), name=args.name or person.name())


def connection(args, **wanted):
    """A connection to the server of these arguments, to be entered; ConfigError without tornado."""
    try:
        from minigpt.server.connection import Connection
    except ImportError as error:
        raise ConfigError('server_not_installed', name=error.name) from error
    where = address(args)
    return Connection(where, where.name, **wanted)


async def follow(link, show: Callable[[dict, Mirror], bool | None]) -> None:
    """Show every message, with the state as it is then, until `show` returns True."""
    mirror = Mirror()
    async for message in link:
        mirror.take(message)
        if show(message, mirror):
            return
