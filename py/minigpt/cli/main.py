"""`minigpt COMMAND`: choose the language, parse, run, turn errors into one sentence."""

import os
import re
import sys
from contextlib import ExitStack

from minigpt import backend
from minigpt.cli import letters, logs, profiling, terminal
from minigpt.cli.parser import chosen_language, parser
from minigpt.errors import MinigptError, Refused
from minigpt.locale import sentence


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 failed, 2 misused, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors=letters.NAME)
    argv = [with_point(word) for word in (sys.argv[1:] if argv is None else argv)]
    if argv[:1] == ['help']:  # as many other commands have it
        argv = [*argv[1:], '--help']
    lang = chosen_language(argv)
    if not argv:  # who asks for nothing may not know what there is
        parser(lang).print_help()
        return 2
    args = parser(lang).parse_args(argv)
    terminal.choose(colour=not args.no_color, quiet=args.quiet)
    try:
        code = run(args)
        sys.stdout.flush()
        return code
    except MinigptError as error:
        print(f'minigpt: {error.in_language(lang)}', file=sys.stderr)
        return 1
    except MemoryError:
        print(f'minigpt: {sentence(lang, "errors.no_memory")}', file=sys.stderr)
        return 1
    except OSError as error:
        if isinstance(error, BrokenPipeError):  # the reader (head, less) has gone: be quiet
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        reason = Refused(error).in_language(lang)
        print(f'minigpt: {error.filename}: {reason}' if error.filename else f'minigpt: {reason}',
              file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130


def with_point(word: str) -> str:
    """'-0,5' as '-0.5': argparse takes a minus before anything but a number for an option."""
    return re.sub(r'^-(\d*),(\d+)$', r'-\1.\2', word)


def run(args) -> int:
    """The command itself, watched by the log and the profiler where those were asked for."""
    # Before any work: a choice that cannot be had is told at once, the environment's too.
    backend.use(args.backend, '--backend') if args.backend else backend.current()
    with ExitStack() as stack:
        stack.enter_context(logs.as_asked(args))
        stack.enter_context(profiling.as_asked(args))
        return args.run(args) or 0
