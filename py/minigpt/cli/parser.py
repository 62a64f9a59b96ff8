"""The commands and their options, with help in the reader's language."""

import argparse
import difflib
import textwrap
from functools import partial

from minigpt import __version__, backend
from minigpt.cli import (benchmark, chat, checkpoints, chunk_bench, clients, completion, connect,
                         demo, evaluate, generate, lessons, presets, run_on_server, set_parameter,
                         texts, train, watch, web)
from minigpt.cli.argparse_words import speak
from minigpt.locale import LANGUAGES, preferred_language, sentence
from minigpt.teach.log import LEVELS

# Command → what adds its options, and what runs it.
COMMANDS = {
    'demo': (demo.add_arguments, demo.run),
    'lesson': (lessons.add_lesson_arguments, lessons.run_lesson),
    'exercise': (lessons.add_exercise_arguments, lessons.run_exercise),
    'generate': (generate.add_arguments, generate.run),
    'chat': (chat.add_arguments, chat.run),
    'train': (train.add_arguments, train.run),
    'evaluate': (evaluate.add_arguments, evaluate.run),
    'list': (checkpoints.add_list_arguments, checkpoints.run_list),
    'load': (checkpoints.add_load_arguments, checkpoints.run_load),
    'inspect': (checkpoints.add_inspect_arguments, checkpoints.run_inspect),
    'tokenize': (texts.add_tokenize_arguments, texts.run_tokenize),
    'chunk': (texts.add_chunk_arguments, texts.run_chunk),
    'chunk-bench': (chunk_bench.add_arguments, chunk_bench.run),
    'benchmark': (benchmark.add_arguments, benchmark.run),
    'web': (web.add_arguments, web.run),
    'connect': (connect.add_arguments, connect.run),
    'set': (set_parameter.add_arguments, set_parameter.run),
    'watch': (watch.add_arguments, watch.run),
    'run': (run_on_server.add_arguments, run_on_server.run),
    'presets': (presets.add_arguments, presets.run),
    'clients': (clients.add_arguments, clients.run),
    'completion': (completion.add_arguments, completion.run),
}


def chosen_language(argv: list[str]) -> str:
    """--lang where given and valid, else the environment's; needed before help can be written."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    early.add_argument('--lang')
    try:
        lang = early.parse_known_args(argv)[0].lang
    except argparse.ArgumentError:
        lang = None
    return lang if lang in LANGUAGES else preferred_language()


class Parser(argparse.ArgumentParser):
    """argparse's; but each command itself refuses what it does not know, under its own usage, and
    says what may have been meant."""

    def parse_known_args(self, args=None, namespace=None):
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            wrong = argparse._('unrecognized arguments: %s') % ' '.join(unknown)
            self.error(wrong + self._hint(unknown))
        return found, unknown

    def _check_value(self, action, value):
        try:
            super()._check_value(action, value)
        except argparse.ArgumentError as error:
            near = difflib.get_close_matches(str(value), map(str, action.choices), 1)
            error.message += argparse._('; is it %s?') % near[0] if near else ''
            raise

    def _hint(self, unknown: list[str]) -> str:
        """The option that is spelt most like an unknown one; for words alone, that they may belong
        to a text."""
        options = [it.partition('=')[0] for it in unknown if it.startswith('-')]
        if not options:
            return argparse._('; a text with spaces goes in quotes')
        names = [name for action in self._actions for name in action.option_strings]
        near = [it for option in options for it in difflib.get_close_matches(option, names, 1, 0.7)]
        return argparse._('; is it %s?') % near[0] if near else ''


def parser(lang: str) -> argparse.ArgumentParser:
    """The parser with all commands, its help in `lang`."""
    speak(lang)
    say = partial(sentence, lang)
    form = {'formatter_class': argparse.RawDescriptionHelpFormatter}
    root = Parser(prog='minigpt', description=say('cli.about'), epilog=say('cli.examples'),
                  **form)
    add_lang(root, lang, say)
    root.add_argument('--version', action='version', version=f'minigpt {__version__}',
                      help=say('cli.argparse.version'))
    commands = root.add_subparsers(metavar='COMMAND', dest='command', required=True)
    for name, (add_arguments, run) in COMMANDS.items():
        sub = commands.add_parser(name, help=say(f'cli.{name}.about'),
                                  description=textwrap.fill(say(f'cli.{name}.about'), 78),
                                  epilog=say(f'cli.{name}.examples'), **form)
        add_arguments(sub, say)
        add_shared(sub.add_argument_group(say('cli.shared')), lang, say)
        sub.set_defaults(run=run)
    return root


def add_lang(group, lang: str, say) -> None:
    """The language may be said before the command, too."""
    group.add_argument('--lang', choices=LANGUAGES, default=lang, help=say('cli.lang'))


def add_shared(group, lang: str, say) -> None:
    """What every command takes."""
    add_lang(group, lang, say)
    group.add_argument('--quiet', '-q', action='store_true', help=say('cli.quiet'))
    group.add_argument('--no-color', action='store_true', help=say('cli.no_color'))
    group.add_argument('--educational-logs', nargs='?', const='beginner', choices=LEVELS,
                       metavar='LEVEL', help=say('cli.logs', levels=', '.join(LEVELS)))
    group.add_argument('--log-file', metavar='FILE', help=say('cli.log_file'))
    group.add_argument('--profile', metavar='FILE', help=say('cli.profile'))
    group.add_argument('--backend', metavar='NAME',
                       help=say('cli.backend', names=', '.join(backend.names())))
