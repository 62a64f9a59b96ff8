"""The reader looks at an earlier moment of the training: every page follows, the lab stays whole."""

import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from event_loop import in_an_event_loop

from minigpt.errors import CheckpointError
from minigpt.lab import Lab, shipped_lab
from pages import lab
from pages.inference.page import Inference
from pages.portal.page import Portal
from pages.script import script_text

ROWS = json.loads((Path(__file__).parents[2] / 'site' / 'pages.json').read_text(encoding='utf-8'))


@pytest.fixture(autouse=True)
def a_run_of_three_moments():
    """The shipped model, as if it had been half as large after 10 updates, and nothing at 0."""
    flat = shipped_lab().model.flat.astype(np.float16)
    lab.replace(replace(shipped_lab(), snapshots=((0, 0 * flat), (10, flat / 2))))
    yield
    lab.replace(shipped_lab())


END = shipped_lab().step
WITHOUT_WEIGHTS = {'tokenizer', 'chunking', 'training', 'lessons'}  # of the moment's model


def test_the_model_shown_is_that_moment_s_and_the_lab_kept_is_whole():
    assert lab.moments() == [0, 10, END] and lab.moment() == END
    whole = lab.kept()
    lab.view_at(10)
    assert lab.moment() == 10 and lab.kept() is whole
    np.testing.assert_allclose(lab.lab().model.flat, whole.model.flat / 2, rtol=1e-3, atol=1e-7)
    lab.view_at(END)
    assert lab.lab() is whole
    with pytest.raises(CheckpointError):
        lab.view_at(11)
    assert lab.lab() is whole


@pytest.mark.parametrize('row', ROWS, ids=lambda row: row['name'])
@in_an_event_loop
def test_every_page_that_shows_weights_offers_the_moments_and_shows_the_one_chosen(row):
    module, kind = row['viewer'].split(':')
    page = getattr(import_module(module), kind)()
    page.show()
    time = page.frame.time
    assert (time.moments, time.place) == ([0, 10, END], 2)
    assert time.styles == {'display': 'none' if row['name'] in WITHOUT_WEIGHTS else 'block'}
    for place in (0, 1, 2):
        time._handle_msg({'place': place})
        assert time.place == place and lab.moment() == [0, 10, END][place]
        assert page.failure == ''
    assert page.query == {}
    lab.replace(shipped_lab())
    assert time.moments == [] and time.styles == {'display': 'none'}


@in_an_event_loop
def test_the_inference_page_keeps_what_the_reader_chose():
    page = Inference(query={'prompt': 'O gato', 'n': '6', 'seed': '3'})
    page.show()
    page.pinned = 4
    lab.view_at(10)
    assert page.text.model is lab.lab().model
    assert (page.prompt, page.pinned, len(page.text.written)) == ('O gato', 4, 6)
    text = page.text
    lab.change(settings={'seen': ['inference']})
    assert page.text is text and lab.lab().settings == {'seen': ['inference']}


@in_an_event_loop
def test_a_hidden_page_shows_the_moment_when_it_is_shown():
    portal, page = Portal(), Inference()
    page.show()
    page.hidden = True
    lab.view_at(0)
    assert page.text.model is lab.kept().model and page.frame.time.place == 0
    page.show()
    assert page.text.model is lab.lab().model
    assert portal.written == Portal().written


def test_what_is_not_of_the_run_keeps_the_moment_and_another_model_ends_it():
    lab.view_at(10)
    model = lab.lab().model
    lab.change(corpus='Outro texto.')
    assert lab.lab().model is model and lab.lab().corpus == 'Outro texto.'
    lab.replace(shipped_lab())
    assert lab.lab() is shipped_lab() and lab.moments() == []


@in_an_event_loop
def test_what_is_saved_is_the_whole_lab():
    page, files = Portal(), []
    page._lab.save = lambda data, name: files.append(data)
    lab.view_at(0)
    page._lab_pressed('save')
    assert np.array_equal(Lab.from_bytes(files[0]).model.flat, shipped_lab().model.flat)


@in_an_event_loop
def test_the_script_of_a_view_looks_at_the_same_moment():
    page = Inference(query={'n': '2'})
    assert 'return lab\n' in script_text(page)
    lab.view_at(10)
    assert 'return lab.at(10)\n' in script_text(page)


@in_an_event_loop
def test_a_lab_that_does_not_say_how_long_it_learnt_has_an_end_all_the_same():
    notes = {name: note for name, note in shipped_lab().metadata.items() if name != 'step'}
    lab.change(checkpoint=replace(shipped_lab().checkpoint, metadata=notes))
    assert lab.moments() == [0, 10, None] and lab.moment() is None
    page = Inference()
    page.frame.time._handle_msg({'place': 1})
    assert lab.moment() == 10
    page.frame.time._handle_msg({'place': 2})
    assert lab.lab() is lab.kept()
