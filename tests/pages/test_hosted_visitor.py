"""Pages computed for a visitor of the server: the messages of a worker, without a browser."""

import asyncio
import gc
import json

import numpy as np
import pytest
from event_loop import in_an_event_loop
from panel.io.state import set_curdoc, state

from minigpt.errors import ServerError
from minigpt.training import train
from pages import lab
from pages.attention.page import Attention
from pages.hosting.messages import TO_SERVER, Refused, read
from pages.hosting.visitor import Visitor

ATTENTION = 'pages.attention.page:Attention'
MODEL = 'pages.model.page:Model'
PORTAL = 'pages.portal.page:Portal'
TRAINING = 'pages.training.page:Training'
VIEWERS = {'attention': ATTENTION, 'model': MODEL, 'index': PORTAL, 'training': TRAINING}


class Tab:
    """A visitor's tab: what it heard, and what it asks."""

    def __init__(self, may_change=lambda: None, train=train):
        self.heard = []
        self.visitor = Visitor(VIEWERS, self.heard.append, may_change, train)

    def ask(self, kind: str, **fields) -> list[dict]:
        """What it hears because of this."""
        before = len(self.heard)
        self.visitor.context.run(self.visitor.hear, {'type': kind, **fields})
        return self.heard[before:]

    def open(self, page: str, query: dict | None = None, lang: str = 'pt') -> 'Tab':
        self.ask('open', page=page, viewer=VIEWERS[page], lang=lang, theme='light',
                 query=query or {}, drawn=False)
        self.ask('rendered', page=page)
        return self

    def page(self, name: str):
        return self.visitor.pages[name].page

    def act(self, name: str, function, *arguments):
        """Call something of a page as its work would."""
        def inside():
            with set_curdoc(self.visitor.pages[name].document):
                return function(*arguments)
        return self.visitor.context.run(inside)


def of(kind: str, heard: list[dict]) -> list[dict]:
    return [it for it in heard if it['type'] == kind]


@in_an_event_loop
def test_a_page_is_drawn_and_linked():
    tab = Tab().open('attention', {'layer': '2'}, lang='en')
    kinds = [it['type'] for it in tab.heard if it['type'] != 'patch']
    assert kinds == ['progress', 'render', 'live']
    text = tab.heard[1]['document']
    assert json.loads(text)['roots']
    assert 'panel/' in text and '"static/' not in text  # styles are those of the site
    assert tab.page('attention').layer == 1 and tab.page('attention').lang == 'en'


@in_an_event_loop
def test_what_the_reader_does_is_done_and_the_change_is_theirs():
    tab = Tab().open('attention')
    page = tab.page('attention')
    model, _ = next(iter(page._view.prompt._models.values()))
    said = tab.ask('patch', page='attention', patch={'events': [
        {'kind': 'ModelChanged', 'model': {'id': model.data.id}, 'attr': 'value',
         'new': 'O gato'}]})
    assert page.typed == 'O gato'
    assert of('query', said)[-1] == {'type': 'query', 'page': 'attention',
                                     'query': {'text': 'O gato'}, 'own': True}
    assert said[-1] == {'type': 'idle', 'page': 'attention'}
    assert any(json.loads(it['patch'])['events'] for it in of('patch', said))


@in_an_event_loop
def test_what_others_change_is_taken_and_the_rest_stays():
    tab = Tab().open('attention', {'text': 'O gato', 'head': '2'})
    said = tab.ask('follow', page='attention', changes={'layer': '3', 'head': None})
    page = tab.page('attention')
    assert (page.typed, page.layer, page.head) == ('O gato', 2, 0)
    assert of('query', said)[-1]['own'] is False
    assert said[-1] == {'type': 'followed', 'page': 'attention'}


@in_an_event_loop
def test_a_text_too_long_for_a_link_is_kept_too():
    tab = Tab().open('attention')
    long = 'O gato ' * 400
    tab.act('attention', setattr, tab.page('attention'), 'typed', long)
    tab.ask('follow', page='attention', changes={'layer': '2'})
    assert tab.page('attention').typed == long and tab.page('attention').layer == 1


@pytest.mark.parametrize('page, viewer', [
    ('console', 'pages.console.console:Console'), ('attention', 'pages.console.console:Console'),
    ('attention', 'os:system'), ('chunking', 'pages.chunking.page:Chunking')])
@in_an_event_loop
def test_only_the_pages_of_the_site_are_opened(page, viewer):
    tab = Tab()
    said = tab.ask('open', page=page, viewer=viewer, lang='pt', theme='light', query={},
                   drawn=False)
    assert [it['type'] for it in said] == ['error'] and not tab.visitor.pages
    assert said[0]['details'] == ''  # a stranger learns nothing of the machine


@in_an_event_loop
def test_code_of_a_visitor_is_never_run():
    tab = Tab().open('model')
    edit = next(it for it in tab.page('model').parts if it.section == 'edit')
    run = next(it for it in edit.actions.buttons if it['id'] == 'run')
    assert 'servidor' in run['reason']
    ran = []
    edit.__class__.ran_here = ran
    try:
        source = edit.text.replace('\n', '\n    EditPart.ran_here.append(1)\n', 1)
        tab.act('model', edit.write, source)
        assert edit.edits
        tab.act('model', edit.run)
        tab.act('model', edit.actions._handle_msg, {'press': 'run'})
    finally:
        del edit.__class__.ran_here
    assert not ran and edit.after is None and edit.fault is None


@in_an_event_loop
def test_what_one_has_done_is_one_s_own_and_the_lab_is_everybody_s():
    ana, bia = Tab().open('index'), Tab().open('attention')
    ana.visitor.context.run(lab.change, settings={'seen': ['portal']})
    assert ana.visitor.context.run(lab.lab).settings == {'seen': ['portal']}
    assert bia.visitor.context.run(lab.lab).settings == {}
    try:
        bia.visitor.context.run(lambda: lab.change(corpus='Era uma vez um rato.', name='rato'))
        assert ana.visitor.context.run(lab.lab).name == 'rato'
        assert ana.visitor.context.run(lab.lab).settings == {'seen': ['portal']}
        assert lab.lab().corpus == 'Era uma vez um rato.' and lab.lab().settings == {}
    finally:
        lab.back_to_shipped()
    assert ana.visitor.context.run(lab.is_shipped)


@in_an_event_loop
def test_who_has_not_the_controls_cannot_change_the_lab():
    def held():
        raise ServerError('controls_held', name='Ana')
    tab = Tab(held).open('index')
    press = {'kind': 'MessageSent', 'msg_type': 'x', 'msg_data': None}
    tab.visitor.pages.apply_patch = lambda *_: lab.change(corpus='Um rato.')
    said = tab.ask('patch', page='index', patch={'events': [press]})
    assert [it['type'] for it in said] == ['idle', 'refused']
    assert 'Ana' in said[1]['pt'] and 'Ana' in said[1]['en']
    assert lab.is_shipped()
    tab.visitor.context.run(lab.change, settings={'seen': ['portal']})  # one's own
    # Long work that was begun before ends, and the page goes on.
    tab.act('index', tab.page('index').broke, ServerError('controls_held', name='Ana'))
    assert tab.heard[-1]['type'] == 'refused' and tab.page('index').failure == ''


@in_an_event_loop
async def test_a_tab_that_goes_leaves_nothing_behind():
    before = len(state._views)
    tab = Tab().open('attention')
    assert tab.ask('show', page='attention')[-1] == {'type': 'shown', 'page': 'attention'}
    task = next(iter(tab.visitor.work))
    tab.visitor.context.run(tab.visitor.close)
    assert len(state._views) == before and task.cancelling()
    heard = len(tab.heard)
    lab.change(name='outro')
    lab.back_to_shipped()
    assert len(tab.heard) == heard
    del tab, task
    gc.collect()


@in_an_event_loop
async def test_a_visitor_s_run_is_computed_where_the_server_says():
    asked = []

    async def elsewhere(model, data, config, **more):
        asked.append(config.steps)
        for event in train(model, data, config, **more):
            yield event
    tab = Tab(train=elsewhere).open('training', {
        'n': '3', 'l': '1', 'c': '16', 'h': '1', 't': '8', 'v': '257', 'b': '2', 'every': '5'})
    page = tab.page('training')
    tab.act('training', page.begin)
    while page.running:
        await asyncio.sleep(0.01)
    tab.visitor.context.run(tab.visitor.close)
    assert asked == [3] and page.desk.session.step == 3 and page.desk.session.error is None
    lab.back_to_shipped()


# What a tab may say

def test_the_table_is_that_of_the_site():
    import re
    from pathlib import Path
    source = (Path(__file__).parents[2] / 'site' / 'assets' / 'protocol.mjs').read_text('utf-8')
    table = re.search(r'export const TO_WORKER = \{\n(.*?)\n\}', source, re.DOTALL)[1]
    of_the_browser = {'lab'}  # which of two that a browser keeps; the server keeps none of its own
    assert set(re.findall(r'^  (\w+): \{', table, re.MULTILINE)) - of_the_browser == (
        set(TO_SERVER) - {'visitor'})


@pytest.mark.parametrize('frame', [
    b'{}', '{', '[]', '{}', '{"type": "launch"}', '{"type": ["show"], "page": "index"}',
    '{"type": "show"}', '{"type": "show", "page": "../etc"}',
    '{"type": "show", "page": "index", "more": 1}',
    '{"type": "restore", "page": "index", "query": {"a": 1}}',
    '{"type": "patch", "page": "index", "patch": {"events": [{"kind": "RootAdded"}]}}',
    '{"type": "patch", "page": "index", "patch": {"events": [{"kind": "ModelChanged", '
    '"new": [{"type": "bytes", "data": "H4sI"}]}]}}', '[' * 100_000,
], ids=range(13))
def test_what_no_page_of_ours_says_is_refused(frame):
    with pytest.raises(Refused):
        read(frame)


@in_an_event_loop
def test_a_hosted_page_shows_the_numbers_that_any_page_shows():
    tab = Tab().open('attention', {'text': 'O gato preto subiu', 'layer': '2', 'head': '3'})
    here = Attention(query={'text': 'O gato preto subiu', 'layer': '2', 'head': '3'})
    weights = tab.page('attention').passes.at(1, 'weights')
    assert weights.shape[0] == 4 and np.array_equal(weights, here.passes.at(1, 'weights'))
