"""Other people's docstrings and line numbers are dropped, ours stay, and the code does what it did."""

import traceback

import pytest
from bokeh.core.properties import Int
from bokeh.model import Model

from pages import no_manuals

SOURCE = '"""A module."""' + '''
import param

def add(a, b):
    """Add two."""
    def inner():
        """Inside."""
        return a + b
    return inner

class Box(param.Parameterized):
    """A box."""
    size = param.Integer(default=3, doc="How large.")

    @property
    def double(self):
        """Twice."""
        return 2 * self.size
'''


class Line(Model):
    """A model of Bokeh's kind."""

    width = Int(default=2, help='How wide.')


def module(name: str) -> dict:
    """What a module of this name would hold."""
    space = {'__name__': name}
    exec(SOURCE, space)
    return space


def things(space: dict) -> list:
    box = space['Box']
    return [space['add'], box, vars(box)['double'], box.param['size']]


def docs(space: dict) -> list:
    box = space['Box']
    return [space['add'].__doc__, box.__doc__, vars(box)['double'].__doc__, box.param['size'].doc]


def test_other_people_s_docstrings_go_and_ours_stay():
    theirs, ours = module('elsewhere.boxes'), module('minigpt.boxes')
    before = docs(ours)
    no_manuals.drop(things(theirs) + things(ours))
    assert docs(theirs) == [None] * 4
    assert docs(ours) == before and all(before)


def test_the_code_does_what_it_did():
    theirs = module('elsewhere.boxes')
    no_manuals.drop(things(theirs))
    assert theirs['add'](2, 3)() == 5
    assert theirs['Box'](size=4).double == 8
    if no_manuals.HAS_DOCSTRING:
        assert theirs['add'](2, 3).__doc__ is None


@pytest.mark.parametrize('name, line', [('elsewhere.boxes', 6), ('minigpt.boxes', 8)])
def test_tracebacks_have_lines_of_ours_and_where_functions_of_others_begin(name, line):
    space = module(name)
    no_manuals.drop(things(space))
    with pytest.raises(TypeError) as caught:
        space['add'](2, 'x')()
    inside = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (inside.name, inside.lineno) == ('inner', line)


@pytest.mark.parametrize('terms', range(1, 20))
def test_every_unit_of_code_has_a_line(terms):
    code = compile('(' + '\n+ '.join(['x'] * terms) + ')', 'sum.py', 'eval')
    lean = no_manuals.made_lean(code, {})
    assert lean.co_code == code.co_code
    assert len(list(lean.co_positions())) == len(list(code.co_positions()))
    assert {line for _, _, line in lean.co_lines()} == {code.co_firstlineno}


def test_bokeh_s_properties_lose_their_help():
    descriptor = Line.lookup('width')
    no_manuals.drop([descriptor, descriptor.property])
    assert Line.width.__doc__ is None and descriptor.property.help is None
    assert Line().width == 2
