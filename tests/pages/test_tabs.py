"""What tabs of one browser tell each other."""

import json

import pytest

from minigpt import Checkpoint
from minigpt.lab import shipped_lab
from pages import exercises, lab, tabs
from pages.path import progress, see

pytestmark = pytest.mark.usefixtures('shipped_again')


def test_what_was_done_in_another_tab_is_done_here():
    see('tokenizer')
    there = {'seen': ['tokenizer', 'sample'], 'exercises': ['sample.end'], 'lessons': {'bpe': ['story']}}
    tabs.take_progress(json.dumps(there))
    assert progress('sample').seen and exercises.done('sample') == {'end'}
    assert lab.kept().settings['lessons'] == {'bpe': ['story']}


def test_each_tab_keeps_the_runs_of_its_own_model():
    lab.change(settings={'runs': ['mine']})
    tabs.take_progress(json.dumps({'seen': ['model'], 'runs': ['theirs']}))
    assert lab.kept().settings == {'seen': ['model'], 'runs': ['mine']}
    lab.change(settings={})
    tabs.take_progress(json.dumps({'runs': ['theirs']}))
    assert lab.kept().settings == {}


def test_what_is_known_already_changes_nothing():
    see('tokenizer')
    told = []
    lab.watch(lambda _, names: told.append(names))
    tabs.take_progress(json.dumps(lab.kept().settings))
    assert told == []


def test_a_lab_is_the_site_s_or_has_another_text_or_another_model():
    assert tabs.what_it_is() == 'shipped'
    lab.change(corpus='O rato roeu.')
    assert tabs.what_it_is() == 'text'
    lab.replace(shipped_lab())
    lab.change(checkpoint=Checkpoint(shipped_lab().model, shipped_lab().tokenizer), name='rato 2')
    assert tabs.what_it_is() == 'model rato 2'
