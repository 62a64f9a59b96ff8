"""What the README and the help show as examples is what the commands take."""

import re
import shlex
from pathlib import Path

import pytest

from minigpt.cli.parser import COMMANDS, parser
from minigpt.locale import template

README = (Path(__file__).parents[2] / 'README.md').read_text(encoding='utf-8')
EXAMPLE = re.compile(r'(?:python -m )?minigpt ((?:[a-z-]+)(?: .*)?)$')


def examples(text: str) -> list[list[str]]:
    """The words after `minigpt` of every line that shows a command."""
    found = []
    for line in text.splitlines():
        line = line.split('#')[0].rpartition('| ')[2].strip().removeprefix('eval "$(')
        match = EXAMPLE.match(line.removesuffix(')"'))
        if match:
            found.append(shlex.split(match[1]))
    return found


def test_readme_shows_the_commands_and_each_line_is_taken():
    block = README.partition('In a checkout the terminal works too')[2].partition('## Figures')[0]
    found = examples(block)
    assert {'demo', 'lesson', 'exercise', 'generate', 'train', 'list', 'tokenize', 'benchmark',
            'chunk-bench', 'web', 'connect', 'set', 'watch', 'run', 'presets', 'clients'} <= {words[0] for words in found}
    for words in found:
        assert parser('en').parse_args(words).command == words[0]


@pytest.mark.parametrize('lang', ['pt', 'en'])
@pytest.mark.parametrize('command', COMMANDS)
def test_examples_of_the_help_are_taken(command, lang):
    found = examples(template(lang, f'cli.{command}.examples'))
    assert found
    for words in found:
        assert parser(lang).parse_args(words).command == command


def test_an_example_that_is_none_would_be_found_out():
    [words] = examples('  python -m minigpt demo --modul attention --colour')
    with pytest.raises(SystemExit):
        parser('en').parse_args(words)
