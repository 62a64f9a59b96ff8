"""Components on a document: what crosses, and what comes back."""

import json

import pytest
from bokeh.document import Document
from panel.io.state import set_curdoc

from pages.components.actions import Actions
from pages.components.tokens import Tokens
from pages.inference.page import Inference


def on_a_document(viewable):
    document = Document()
    with set_curdoc(document):
        viewable.server_doc(document)
    return document


def model_of(component):
    (model, _), = component._models.values()
    return model


def test_lists_cross_as_json_and_stay_lists_here():
    tokens = Tokens(tokens=[{'id': 1}])
    on_a_document(tokens)
    assert json.loads(model_of(tokens).data.tokens) == [{'id': 1}]
    tokens.tokens = [{'id': 2, 'share': None}]
    assert json.loads(model_of(tokens).data.tokens) == [{'id': 2, 'share': None}]
    tokens.param.update(**tokens._process_property_change({'tokens': '[{"id": 3}]'}))
    assert tokens.tokens == [{'id': 3}]


def test_a_change_made_within_a_change_is_not_encoded_twice():
    page = Inference()
    document = on_a_document(page.__panel__())
    data = model_of(page._view.tokens).data
    with set_curdoc(document):
        for pinned in (3, 5, -1):
            page._view.tokens._process_events({'pinned': pinned})  # as if set on the screen
            page.step()
            assert isinstance(page._view.tokens.tokens, list)
            assert len(json.loads(data.tokens)) == len(page.text.ids)
            assert json.loads(model_of(page._view.candidates).data.table)['rows']


@pytest.mark.parametrize('presses', [1, 3])
def test_each_press_is_heard(presses):
    heard = []
    actions = Actions(heard.append)
    for _ in range(presses):
        actions._handle_msg({'press': 'generate'})
    assert heard == ['generate'] * presses
