"""`minigpt COMMAND`: choose the language, parse, run, turn errors into one sentence."""

import argparse
import os
import sys
from functools import partial

from minigpt import __version__, backend
from minigpt.cli import benchmark, demo, evaluate, generate, train
from minigpt.errors import MinigptError
from minigpt.locale import LANGUAGES, preferred_language, sentence

COMMANDS = (demo, generate, train, evaluate, benchmark)


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 failed, 2 misused, 130 interrupted."""
    lang = chosen_language(sys.argv[1:] if argv is None else argv)
    args = parser(lang).parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors='replace')  # a terminal that cannot show a letter shows '?'
    try:
        if args.backend:
            backend.use(args.backend)
        return args.run(args) or 0
    except MinigptError as error:
        print(f'minigpt: {error.in_language(lang)}', file=sys.stderr)
        return 1
    except OSError as error:
        if isinstance(error, BrokenPipeError):  # the reader (head, less) has gone: be quiet
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        print(f'minigpt: {error.filename or ""}: {error.strerror}', file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130


def chosen_language(argv: list[str]) -> str:
    """--lang where given and valid, else the environment's; needed before help can be written."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    early.add_argument('--lang')
    try:
        lang = early.parse_known_args(argv)[0].lang
    except argparse.ArgumentError:
        lang = None
    return lang if lang in LANGUAGES else preferred_language()


def parser(lang: str) -> argparse.ArgumentParser:
    """The parser with all commands, its help in `lang`."""
    say = partial(sentence, lang)
    root = argparse.ArgumentParser(prog='minigpt', description=say('cli.about'),
                                   formatter_class=argparse.RawDescriptionHelpFormatter)
    root.add_argument('--version', action='version', version=f'minigpt {__version__}')
    commands = root.add_subparsers(metavar='COMMAND', required=True)
    for module in COMMANDS:
        name = module.__name__.rpartition('.')[2]
        sub = commands.add_parser(name, help=say(f'cli.{name}.about'),
                                  description=say(f'cli.{name}.about'),
                                  epilog=say(f'cli.{name}.examples'),
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
        sub.add_argument('--lang', choices=LANGUAGES, default=lang, help=say('cli.lang'))
        sub.add_argument('--backend', metavar='NAME',
                         help=say('cli.backend', names=', '.join(backend.names())))
        module.add_arguments(sub, say)
        sub.set_defaults(run=module.run)
    return root
