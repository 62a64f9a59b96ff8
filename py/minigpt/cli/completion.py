"""`minigpt completion SHELL`: what a shell needs to complete our commands and options."""

import argparse
import importlib.util
from collections.abc import Iterator

from minigpt.errors import ConfigError

SHELLS = ('bash', 'zsh', 'tcsh')


def add_arguments(parser, say) -> None:
    parser.add_argument('shell', choices=SHELLS, metavar='SHELL', help=say('cli.completion.shell'))


def run(args) -> None:
    if importlib.util.find_spec('shtab') is None:
        raise ConfigError('needs_extra', package='shtab')
    import shtab

    from minigpt.cli.parser import parser
    root = parser(args.lang)
    for action in every_action(root):
        if action.metavar in ('FILE', 'FOLDER'):
            action.complete = shtab.FILE if action.metavar == 'FILE' else shtab.DIRECTORY
    print(shtab.complete(root, args.shell))


def every_action(parser) -> Iterator:
    """The options of a parser and of all its commands."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from every_action(command)
