"""Options that several commands share, and what they mean."""

import json
import os
import sys
from pathlib import Path

from minigpt import shipped
from minigpt.errors import ConfigError, TextError
from minigpt.training import Checkpoint
from minigpt.training.dataset import read_text


def add_checkpoint(parser, say) -> None:
    parser.add_argument('--checkpoint', metavar='FILE', help=say('cli.checkpoint'))


def add_json(parser, say) -> None:
    parser.add_argument('--json', action='store_true', help=say('cli.json'))


def refuse_place(path: str | Path) -> None:
    """ConfigError where no file can be put: told before work is done that would be lost there."""
    path = Path(path)
    if path.is_dir():
        raise ConfigError('is_a_folder', path=path)
    if not path.parent.is_dir():
        raise ConfigError('no_such_folder', path=path, folder=path.parent)
    if not os.access(path.parent, os.W_OK):
        raise ConfigError('folder_is_closed', path=path, folder=path.parent)


def loaded(args) -> Checkpoint:
    """The checkpoint that was asked for, or the shipped one."""
    return Checkpoint.load(args.checkpoint) if args.checkpoint else shipped.load()


def given_text(words: list[str], file: str | None) -> str:
    """The text written on the command line, in a file, or sent through a pipe ('-' or nothing).

    TextError where there is none.
    """
    if file and file != '-':
        return read_text(file)
    if words and words != ['-']:
        return ' '.join(words)
    if sys.stdin.isatty():
        raise TextError('no_text_given')
    sys.stdin.reconfigure(encoding='utf-8', errors='strict')
    try:
        text = sys.stdin.read()
    except UnicodeDecodeError as error:
        raise TextError('not_utf8', path='stdin', position=error.start) from error
    if not text.strip():
        raise TextError('empty_text')
    return text


def print_json(value) -> None:
    """One JSON object a line; paths and NumPy's numbers as what they are like."""
    print(json.dumps(value, ensure_ascii=False, default=plainly), flush=True)


def plainly(value):
    return str(value) if isinstance(value, Path) else value.item()
