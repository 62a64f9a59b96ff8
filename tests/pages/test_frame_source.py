"""The source view shows the very lines that run; reading them waits until they are wanted."""

import inspect
from pathlib import Path

import pytest

import minigpt
from minigpt import GPT
from minigpt.inference.sampling import draw, next_token_distribution
from pages.inference.page import Inference
from pages.source import pieces, source

PACKAGE = Path(minigpt.__file__).parent


@pytest.mark.parametrize('thing', [draw, next_token_distribution, GPT, GPT.forward])
def test_the_lines_are_those_of_the_file(thing):
    shown = source(thing)
    lines = (PACKAGE.parent / shown['file']).read_text(encoding='utf-8').splitlines()
    indent = len(lines[shown['first'] - 1]) - len(lines[shown['first'] - 1].lstrip())
    for number, parts in enumerate(shown['lines'], shown['first']):
        assert ''.join(text for _, text in parts) == lines[number - 1][indent:]
    assert len(shown['lines']) == len(inspect.getsourcelines(thing)[0])


def test_comments_strings_and_keywords_are_told_apart():
    code = 'def f(x):\n    """One\n    two."""\n    return f"{x}ç" if x else \'\'  # why\n'
    lines = pieces(code)
    assert '\n'.join(''.join(text for _, text in line) for line in lines) + '\n' == code
    found = {(kind, text) for line in lines for kind, text in line if kind}
    assert {('keyword', 'def'), ('keyword', 'return'), ('keyword', 'if'), ('string', '"""One'),
            ('string', '    two."""'), ('comment', '# why')} <= found
    assert ('', ' f(x):') in lines[0]


def test_lines_are_read_when_the_fold_is_opened():
    page = Inference()
    page.frame.check()
    assert page.frame.source.pieces == []
    page.frame.source.open = True
    assert [it['name'] for it in page.frame.source.pieces] == [
        thing.__qualname__ for thing in page.sources()]
    assert page.frame.source.pieces[0]['file'] == 'minigpt/inference/sampling.py'
