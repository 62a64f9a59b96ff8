"""What the reader does on a picture of a model that is no longer there: it is passed over, or is of
the new one; never are old tokens looked up in the new tokenizer.
"""

import json
from importlib import import_module
from operator import attrgetter
from pathlib import Path

import numpy as np
import pytest
from bokeh.core.json_encoder import serialize_json
from event_loop import in_an_event_loop
from panel.io.state import set_curdoc

from minigpt import BPETokenizer, Checkpoint, GPT, GPTConfig
from minigpt.lab import Lab, shipped_lab
from pages import lab as labs
from pages.opened import OpenPages
from pages.work import running_for

ROWS = json.loads((Path(__file__).parents[2] / 'site' / 'pages.json').read_text(encoding='utf-8'))
VIEWERS = {row['name']: row['viewer'] for row in ROWS}
TEXT = 'Era uma vez uma menina que morava perto do rio e do mar'
# A component, and what it may send: params that it sets, or a message.
ACTS = {
    'attention': [
        ('_view.heads.maps', {'chosen': 15}), ('_view.heads.matrix', {'picked': [11, 7]}),
        ('_view.heads.matrix', ['look', [11, 7]]), ('_view.ribbons', ['choose', [11, 7]]),
        ('_view.ribbons', ['look', [11, 7]]), ('_view.walk.walk', ['choose', 9]),
        ('_view.walk.walk', {'step': 2}), ('_view.walk.sum', ['look', [9, 30]]),
        ('_view.deciders.list', ['choose', 15]), ('_view.heads.stage', {'value': 'dots'}),
        ('_view.actions', ['press', 'cut']), ('_view.temperature', {'value': 2})],
    'transformer': [
        ('picture.tokens', {'chosen': 11}), ('picture.stream', {'chosen': 3}),
        ('picture.next', {'chosen': 900}), ('picture.block', {'chosen': 'heads'}),
        ('picture.block', ['switch', 'h.3.mlp']), ('picture.block', ['switch', 'h.0.head.3']),
        ('detail.heads', {'pointed': 3}), ('detail.neurons.list', ['choose', 500]),
        ('lens.lens', ['choose', 'h.3.mlp']), ('lens.lens', ['choose', 'ln_f']),
        ('picture.experiments', ['choose', 'last'])],
    'model': [
        ('text.ranking', ['choose', 900]), ('machine.map', ['open', 'h.3.mlp.active']),
        ('machine.map', ['open', 'h.3']), ('machine.map', {'position': 60}),
        ('machine.panel.matrix', {'picked': [11, 100]}),
        ('machine.panel.matrix', ['look', [11, 100]]), ('machine.panel.heads', {'value': '3'}),
        ('machine.panel.arithmetic', ['term', 11]), ('machine.panel.also', ['press', 'h.3.ln_2.weight']),
        ('machine.crumbs', ['go', 'h.3']), ('edit.picker', {'value': 'gelu_forward'})]}
pytestmark = pytest.mark.usefixtures('shipped_again')


def other() -> Lab:
    """One block, one head, a small vocabulary and a short context."""
    tokenizer = BPETokenizer.train('O rato roeu a roupa do rei de Roma. ' * 20, 270)
    config = GPTConfig(tokenizer.vocab_size, block_size=8, n_embd=8, n_head=1, n_layer=1,
                       position='rope', norm='rmsnorm', activation='swiglu')
    return Lab(Checkpoint(GPT(config, np.random.default_rng(0)), tokenizer), 'O rato. ' * 30, 'rato')


def opened(*names: str) -> OpenPages:
    """On the screen, linked; the last one is seen."""
    pages = OpenPages()
    for name in names:
        pages.open(name, VIEWERS[name], 'pt', 'light', {}, False)
        pages.link(name, lambda document, changes: None, lambda *query: None, fail)
        pages.show(name)
    return pages


def fail(traceback: str) -> None:
    raise AssertionError(traceback)


def do(page, path: str, act) -> None:
    """As the screen would have it done."""
    component = attrgetter(path)(page)
    if isinstance(act, dict):
        component._process_events(act)
    else:
        component._handle_msg({'term': act[1], 'side': 0} if act[0] == 'term' else {act[0]: act[1]})


def end(page) -> None:
    for work in running_for(page):
        work.stop()
    assert page.failure == ''


@pytest.mark.parametrize('name', ACTS)
@in_an_event_loop
async def test_an_act_on_the_model_before(name):
    pages = opened(name)
    page = pages[name].page
    with set_curdoc(pages[name].document):
        for path, act in ACTS[name]:
            setattr(page, 'typed' if name == 'attention' else 'prompt', TEXT)
            do(page, path, act)  # it is one that this picture sends
            labs.replace(other())
            do(page, path, act)
            assert serialize_json(pages[name].document.to_json())
            labs.replace(shipped_lab())
    end(page)


@pytest.mark.parametrize('name', ACTS)
@in_an_event_loop
async def test_an_act_on_a_page_that_was_left_before_the_model_changed(name):
    pages = opened(name, 'chunking')
    page = pages[name].page
    acts = [(attrgetter(path)(page), act) for path, act in ACTS[name] if isinstance(act, dict)]
    for component, act in acts:
        (model, _), = component._models.values()
        (attribute, value), = component._process_param_change(act).items()
        labs.replace(other())
        pages.apply_patch(name, {'events': [
            {'kind': 'ModelChanged', 'model': model.data.ref, 'attr': attribute, 'new': value}]})
        assert not page._behind and serialize_json(pages[name].document.to_json())
        labs.replace(shipped_lab())
    pages.show(name)
    end(page)


@pytest.mark.parametrize('name', VIEWERS)
@in_an_event_loop
async def test_the_language_changes_on_pages_that_do_not_know_the_new_model_yet(name):
    pages = opened(name, 'chunking' if name != 'chunking' else 'sample')
    labs.replace(other())
    pages.set_for_all('lang', 'en')
    page = pages[name].page
    pages.show(name)
    assert page.lang == 'en' and not page._behind
    fresh = getattr(import_module(VIEWERS[name].partition(':')[0]), VIEWERS[name].partition(':')[2])(
        lang='en')
    assert page.query == fresh.query or name in ('training', 'lessons')
    assert page.frame.exercises.words == fresh.frame.exercises.words
    end(page)
