"""The device `webgpu` in a real Chromium, on an emulated card: every kernel's numbers.

Its speed says nothing about a card's.
"""

import ast
from pathlib import Path

import pytest
from python_tabs import CARD, python_tab

HERE = Path(__file__).parent
CASES = ast.parse((HERE / 'gpu_cases.py').read_text(encoding='utf-8')).body[-1].value.elts


@pytest.fixture(scope='module')
def python(dist, tmp_path_factory):
    with python_tab(dist, tmp_path_factory.mktemp('card'), CARD) as run:
        yield run


@pytest.mark.parametrize('case', [name.id for name in CASES])
def test_numbers_of_the_card(python, case):
    python(f'import gpu_cases; gpu_cases.{case}()')


def test_every_program_was_compiled(python):
    """So no WGSL file is untested; runs last."""
    assert python('''
from minigpt.backend import dispatch, webgpu
from pathlib import Path
card = dispatch.found('webgpu')
card._program.cache_info().currsize - len(webgpu.PROGRAMS) - len(card.OPERATIONS)
''') == 0
