"""Every error the server may name has its sentence, and every parameter and demo its words."""

import re
from pathlib import Path

import pytest

import minigpt
from minigpt.lab import shipped_lab
from minigpt.locale import LANGUAGES, catalogue, sentence
from minigpt.server import modules
from minigpt.server.answers import STATUS
from minigpt.server.demos import DEMOS
from minigpt.server.request_check import TOLD

FOLDER = Path(minigpt.__file__).parent / 'server'


def test_every_error_has_its_sentence():
    named = set(TOLD.values()) | set(STATUS)
    for path in FOLDER.glob('*.py'):
        named |= set(re.findall(r"(?:ServerError|_unfit)\(\s*'(\w+)'",
                                path.read_text(encoding='utf-8')))
    assert len(named) > 60
    assert not [it for it in named if it not in catalogue('en')['errors']]


@pytest.mark.parametrize('lang', LANGUAGES)
def test_each_parameter_and_demo_is_told_and_nothing_else_is(lang):
    told = catalogue(lang)['server']
    assert {name: sorted(it.parameters) for name, it in modules.of(shipped_lab()).items()} == {
        name: sorted(it) for name, it in told['parameters'].items()}
    assert sorted(told['demos']) == sorted(DEMOS)


@pytest.mark.parametrize('demo', DEMOS)
def test_each_demo_sets_what_fits_and_fills_its_sentence(demo):
    module = modules.of(shipped_lab())[demo]
    steps = list(DEMOS[demo](shipped_lab()))
    assert len(steps) >= 3
    for step in steps:
        assert module.check(step.values, module.defaults()) == step.values
    said = {lang: [sentence(lang, f'server.demos.{demo}', **it.figures) for it in steps]
            for lang in LANGUAGES}
    assert len(set(said['pt'])) == len(steps)
    if any(isinstance(it, float) for step in steps for it in step.figures.values()):
        assert re.search(r'\d\.\d', said['en'][0]) and re.search(r'\d,\d', said['pt'][0])
    assert not re.search(r'\d\.\d', ' '.join(said['pt']))
