"""Components on a document: what crosses, and what comes back."""

import json

import numpy as np
import param
import pytest
from bokeh.document import Document
from panel.io.state import set_curdoc

from pages.components import Component
from pages.components.actions import Actions
from pages.components.matrix import Matrix
from pages.components.number_control import NumberControl
from pages.components.thumbnails import Thumbnails
from pages.components.tokens import Tokens
from pages.inference.page import Inference


def everything_under(kind):
    for it in kind.__subclasses__():
        yield from (it, *everything_under(it))


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


def test_what_is_no_number_crosses_as_null():
    tokens = Tokens(tokens=[{'id': 1, 'share': float('nan'), 'parts': (0.5, float('-inf'))}])
    on_a_document(tokens)
    assert json.loads(model_of(tokens).data.tokens, parse_constant=pytest.fail) == [
        {'id': 1, 'share': None, 'parts': [0.5, None]}]


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


def crossed_as(dtype, crossed: bytes) -> np.ndarray:
    axes, = np.frombuffer(crossed, '<i4', 1)
    return np.frombuffer(crossed, dtype, offset=4 + 4 * axes).reshape(
        np.frombuffer(crossed, '<i4', axes, 4))


def test_numbers_cross_as_float32():
    matrix = Matrix()
    on_a_document(matrix)
    values = np.array([[0.5, np.nan, -np.inf], [1e-30, -2, 3]]).T
    matrix.values = values
    crossed = model_of(matrix).data.values
    np.testing.assert_array_equal(crossed_as('<f4', crossed), values.astype(np.float32))
    assert matrix._process_property_change({'values': crossed, 'row': 2}) == {'row': 2}


def test_shades_cross_as_a_byte_each():
    maps = Thumbnails()
    on_a_document(maps)
    values = np.array([[[0, 1, np.nan], [0.25, 1e-4, 1.5]]])
    maps.values = values
    crossed = model_of(maps).data.values
    assert crossed_as(np.uint8, crossed).tolist() == [[[1, 255, 0], [64, 1, 255]]]


def test_only_what_changed_crosses_and_nothing_twice():
    matrix = Matrix()
    document = on_a_document(matrix)
    crossed = []
    document.on_change(lambda event: crossed.append(event.attr))
    matrix.param.update(title='Pesos', styles={'display': 'none'}, bound=0)
    assert sorted(crossed) == ['styles', 'title']
    matrix.param.update(title='Pesos', styles={'display': 'none'})
    assert sorted(crossed) == ['styles', 'title']


def test_what_the_screen_said_is_heard_and_what_python_answers_crosses():
    control = NumberControl(value=1)
    document = on_a_document(control)
    control.param.watch(lambda event: control.param.update(value=min(event.new, 5)), 'value')
    heard = []
    control.param.watch(lambda event: heard.append(event.new), 'value')
    model_of(control).data.value = 3  # as a patch from the screen sets it
    assert control.value == 3 and heard[-1] == 3
    model_of(control).data.value = 9
    assert control.value == 5 and model_of(control).data.value == 5
    control.value = 2
    assert model_of(control).data.value == 2 and document.roots


def test_a_matrix_answers_for_each_cell_it_has_and_says_nothing_of_others():
    said = []
    matrix = Matrix(lambda row, column: f'{row}+{column}', values=np.zeros((2, 3)))
    matrix._send_msg = said.append
    for cell in ([1, 2], [5, 0]):
        matrix._handle_msg({'look': cell})
    assert said == [{'cell': [1, 2], 'said': '1+2'}, {'cell': [5, 0], 'said': ''}]


@pytest.mark.parametrize('presses', [1, 3])
def test_each_press_is_heard(presses):
    heard = []
    actions = Actions(heard.append, buttons=[
        {'id': 'generate', 'label': 'Gerar'}, {'id': 'stop', 'label': 'Parar', 'reason': 'Parado.'}])
    for _ in range(presses):
        actions._handle_msg({'press': 'generate'})
        for unheard in ('stop', 'nonsense'):  # disabled, and none at all
            actions._handle_msg({'press': unheard})
    assert heard == ['generate'] * presses


def test_an_update_sets_all_before_anybody_is_told():
    control, heard = NumberControl(start=0, end=9, step=1, value=3), []
    control.param.watch(lambda *events: heard.append(
        ([it.name for it in events], control.value, control.end)), ['value', 'end'])
    control.param.update({'end': 20}, value=12)
    assert heard == [(['value', 'end'], 12, 20)]
    control.param.update(value=12, end=20)
    assert len(heard) == 1  # nothing changed
    with pytest.raises(ValueError, match="'ende' is not a parameter of NumberControl"):
        control.param.update(ende=5)


def test_no_component_has_an_event_which_an_update_would_not_reset():
    assert NumberControl.param is NumberControl.param and 'words' in NumberControl.param
    for kind in [Component, *everything_under(Component)]:
        assert not any(isinstance(it, param.Event) for it in kind.param.objects().values()), kind
