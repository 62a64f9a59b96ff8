"""The model page under a reader's hands, without a browser."""

import math

import numpy as np
import pytest

from minigpt import BPETokenizer, Checkpoint, GPT, GPTConfig
from minigpt.arithmetic import Reading
from minigpt.lab import Lab, shipped_lab
from minigpt.nn.counts import GPT2_SIZES, memory, parts
from pages import exercises, lab
from pages.model.boxes import SCALES, groups
from pages.model.names import number
from pages.model.page import Model
from pages.model.pictures import band, pictures, sheet

KINDS = {'gpt2': {}, 'llama': {'position': 'rope', 'norm': 'rmsnorm', 'activation': 'swiglu',
                               'n_kv_head': 1, 'tied_head': False},
         'waves': {'position': 'sinusoidal', 'activation': 'relu'}, 'one': {'n_head': 1}}
pytestmark = pytest.mark.usefixtures('shipped_again')


@pytest.fixture
def page() -> Model:
    page = Model()
    page.show()
    return page


def small(**kind) -> Lab:
    tokenizer = BPETokenizer.train('O rato roeu a roupa do rei de Roma. ' * 20, 280)
    sizes = {'vocab_size': tokenizer.vocab_size, 'block_size': 12, 'n_embd': 8, 'n_head': 2,
             'n_layer': 2}
    model = GPT(GPTConfig(**sizes | kind), np.random.default_rng(0))
    return Lab(Checkpoint(model, tokenizer), 'O rato.', 'rato')


def account(page) -> dict:
    return page.machine.panel.arithmetic.account


def pick(page, name, row, column) -> dict:
    page.machine.open(name)
    page.machine.panel.matrix.picked = [row, column]
    return account(page)


# The ladder

def test_it_opens_on_the_whole_machine_with_a_finished_pass(page):
    assert page.machine.map.focus == '' and page.query == {}
    assert page.machine.map.position == len(page.machine.map.walk) == len(page.reading.steps)
    assert page.text.ranking.rows[0]['exact'] == page.reading.array('shares')[-1].max()


def test_it_opens_on_a_telling_number_which_follows_the_text(page):
    assert page.machine.ladder.part == 'h.0.attn.heads'
    assert len(account(page)['terms']) == page.reading.T
    page.prompt = 'Era uma vez uma menina'
    row, column = page.machine.ladder.cell
    heads = page.reading.array('h.0.attn.heads')
    assert row == page.reading.T - 1 and abs(heads[row, column]) == np.abs(heads[-1]).max()
    for query in ({'at': 'h.0.attn.heads', 'in': 'whole'}, {'at': 'whole'}):
        page.machine.open('..')
        assert {key: it for key, it in page.query.items() if key != 'text'} == query
    page.prompt = 'O menino'
    assert page.machine.ladder.part == ''


def test_down_to_a_cell_and_up_again(page):
    page.machine.open('h.1')
    assert page.machine.map.focus == 'h.1' and page.query == {'at': 'h.1'}
    page.machine.open('h.1.attn.q')
    page.machine.panel.heads.value = '2'
    page.machine.panel.matrix.picked = [4, 6]
    assert page.machine.ladder.cell == (2, 4, 6)
    assert page.query == {'at': 'h.1.attn.q', 'cell': '2.4.6'}
    assert [it['id'] for it in page.machine.crumbs.rungs] == ['', 'h.1', 'h.1.attn.q', 'cell']
    for query in ({'at': 'h.1.attn.q'}, {'at': 'h.1'}, {'at': 'whole'}):
        page.machine.open('..')
        assert page.query == query


def test_from_a_block_straight_to_the_whole(page):
    page.machine.open('h.1')
    page.machine.open('')
    assert page.machine.map.focus == '' and page.query == {'at': 'whole'}


@pytest.mark.parametrize('kind', KINDS)
def test_the_number_shown_is_the_traced_one_in_every_part(kind):
    lab.replace(small(**KINDS[kind]))
    page = Model(query={'text': 'O rato roeu'})
    for name in [*page.reading.steps, *page.reading.model.params]:
        shape = page.reading.array(name).shape
        row, column = (shape[0] - 1, 0) if len(shape) == 1 and name == 'tokens' else (
            (0, shape[0] - 1) if len(shape) == 1 else (shape[-2] - 1, shape[-1] - 1))
        shown = pick(page, name, row, column)
        cell = page.machine.cell
        assert cell.value == page.reading.array(name)[cell.index]
        assert shown['value'] == number(cell.value, 'pt')
        assert cell.computed == pytest.approx(cell.value, rel=1e-4, abs=1e-6)
        if name in page.reading.steps and math.isfinite(cell.value):
            assert shown['formula'].endswith(shown['value'])


def test_the_terms_listed_and_the_rest_are_the_sum(page):
    shown = pick(page, 'h.0.mlp.out', 3, 5)
    cell = page.machine.cell
    largest = np.sort(np.abs(cell.products))[::-1]
    listed = [float(it['product'].replace('−', '-').replace(',', '.')) for it in shown['terms']]
    np.testing.assert_allclose(np.abs(listed), largest[:len(listed)], atol=6e-5)
    rest = float(shown['others'].rsplit(' ', 1)[1].replace('−', '-').replace(',', '.'))
    assert sum(listed) + rest + cell.numbers['bias'].value == pytest.approx(cell.value, abs=1e-3)


def test_numbers_can_be_followed_back_to_the_weights(page):
    pick(page, 'h.0.attn.scores', 3, 1)
    panel = page.machine.panel
    panel.follow({'number': 'dot'})
    assert page.machine.ladder.part == 'h.0.attn.dots'
    panel.follow({'term': 5, 'side': 1})
    assert (page.machine.ladder.part, page.machine.ladder.cell) == ('h.0.attn.k', (0, 1, 5))
    panel.follow({'term': 9, 'side': 1})
    config = page.reading.model.config
    assert page.machine.ladder.part == 'h.0.attn.c_attn.weight'
    assert page.machine.ladder.cell == (9, config.n_embd + 5)
    assert account(page)['value'] == number(
        page.reading.model.params['h.0.attn.c_attn.weight'][9, config.n_embd + 5], 'pt')
    for part in ('h.0.attn.k', 'h.0.attn.dots', 'h.0.attn.scores'):
        assert account(page)['back']
        panel.follow({'back': True})
        assert page.machine.ladder.part == part


def test_a_look_at_a_cell_tells_its_formula(page):
    page.machine.open('h.2.resid_mid')
    said = page.machine.panel.tell(1, 2)
    value = page.reading.array('h.2.resid_mid')[1, 2]
    assert said.endswith(f'= {number(value, "pt")}')
    assert page.machine.panel.tell(99, 0) == ''


def test_a_large_table_is_seen_in_stretches(page):
    page.machine.open('wte.weight')
    panel = page.machine.panel
    assert panel.matrix.values.shape == (256, 128)
    panel.starts['row'].value = 501
    table = page.reading.model.params['wte.weight']
    np.testing.assert_array_equal(panel.matrix.values, table[500:756])
    panel.matrix.picked = [3, 4]
    assert page.machine.ladder.cell == (503, 4)
    page.reopen({'at': 'wte.weight', 'cell': '999.0'})
    assert panel.matrix.picked == [255, 0] and panel.window.row == 744


def test_a_share_of_the_next_token_opens_its_sum(page):
    best = page.text.ranking.rows[0]
    page.text._choose(best['id'])
    assert page.machine.ladder.part == 'shares'
    assert page.machine.cell.value == pytest.approx(best['exact'])


def test_a_tied_table_stays_at_the_exit(page):
    page.machine.open('exit')
    page.machine.open('wte.weight')
    assert page.machine.map.focus == 'exit' and page.query == {'at': 'wte.weight', 'in': 'exit'}
    page.reopen(page.query)
    assert page.machine.map.focus == 'exit'


@pytest.mark.parametrize('query', [
    {'at': 'h.9'}, {'at': 'h.0.attn.x'}, {'at': '<b>'}, {'at': 'h.0.attn.q', 'cell': '9.0.0'},
    {'at': 'h.0.attn.q', 'cell': '1.2'}, {'at': 'h.0.attn.q', 'cell': '1.2.3.4'},
    {'at': 'embed', 'cell': '-1.0'}])
def test_a_link_to_what_is_not_there(query):
    page = Model(query=query)
    assert page.machine.cell is None
    page.reopen(page.query)


@pytest.mark.parametrize('step', ['70', '-1', 'x'])
def test_a_step_that_is_not_there_is_the_last(step):
    page = Model(query={'step': step})
    assert page.machine.position == len(page.reading.steps) and page.query == {}


# The drawing

@pytest.mark.parametrize('kind', KINDS)
def test_every_step_and_every_matrix_has_its_box(kind):
    model = small(**KINDS[kind]).model
    reading = Reading(model, [1, 2, 3])
    drawn = groups(model.config, 3)
    names = [box.name for group in drawn for row in group.rows for box in row]
    matrices = {name for name, value in model.params.items() if value.ndim == 2}
    assert set(names) == set(reading.steps) | matrices
    for group in drawn:
        for box in (box for row in group.rows for box in row):
            assert box.shape == reading.array(box.name).shape
            assert all(min(box.size(scale)[:2]) >= 4 for scale in SCALES)


def test_a_plan_of_any_size_fits_the_screen():
    for config in [*GPT2_SIZES.values(), GPTConfig(1, 1, 1, 1, 1)]:
        for group in groups(config, config.block_size, every_block=False):
            for row in group.rows:
                assert sum(box.size('medium')[0] + 16 for box in row) < 1000


@pytest.mark.parametrize('name, parameters, megabytes', [
    ('gpt2', '124.439.808', '497,8 MB'), ('gpt2-medium', '354.823.168', '1,4 GB'),
    ('gpt2-large', '774.030.080', '3,1 GB'), ('gpt2-xl', '1.557.611.200', '6,2 GB')])
def test_gpt2_s_sizes_are_counted_as_they_were_published(page, name, parameters, megabytes):
    page.plan.preset.value = name
    said = page.plan.banner.paragraphs[0]
    assert parameters in said and page.query['plan'] == name
    *parts, total = page.plan.counts.rows
    assert total['cells'][0]['text'] == parameters
    whole = [int(row['cells'][0]['text'].replace('.', '')) for row in parts]
    assert sum(whole) == int(parameters.replace('.', ''))
    assert page.plan.memory.rows[0]['cells'][0]['text'] == megabytes
    page.lang = 'en'
    assert parameters.replace('.', ',') in page.plan.banner.paragraphs[0]


def test_pictures_hold_the_true_numbers(page):
    picture = page.machine.map.pictures['h.0.mlp.active']
    values = (picture['codes'].astype(float) - 128) / 127 * picture['bound']
    true = page.reading.array('h.0.mlp.active')[:, ::-(-512 // 96)]
    inside = np.abs(true) < picture['bound']
    np.testing.assert_allclose(values[inside], true[inside], atol=picture['bound'] / 127)


def test_the_picture_of_the_shares_does_not_miss_the_likeliest_token(page):
    picture, shares = page.machine.map.pictures['shares'], page.reading.array('shares')
    assert picture['bound'] == pytest.approx(shares.max())
    tile = -(-shares.shape[1] // 96)
    want = [int(row.argmax()) // tile for row in shares]
    assert picture['codes'].argmax(axis=1).tolist() == want


def test_a_band_lies_on_its_number():
    rng = np.random.default_rng(0)
    for axes, shape, index in [('HTS', (5, 4, 4), (3, 2, 1)), ('HTD', (3, 4, 6), (2, 1, 5)),
                               ('TC', (4, 7), (3, 2)), ('VC', (9, 4), (8, 0)), ('T', (6,), (4,))]:
        array = rng.normal(size=shape).astype(np.float32)
        plane = sheet(array, axes) if axes != 'T' else array[:, None]
        x, y, width, height = band(axes, shape, index)
        row, column = (y + height / 2) * plane.shape[0], (x + width / 2) * plane.shape[1]
        assert plane[int(row), int(column)] == array[index]


def test_the_walk_tells_every_step_in_order(page):
    said = page.machine.map.walk
    assert [it['name'] for it in said] == list(page.reading.steps)
    assert all(it['said'] and '{' not in it['said'] for it in said)


def test_weights_are_packed_once_per_model(page):
    before = page.machine.map.weights
    page.prompt = 'Era uma vez'
    assert page.machine.map.weights is before
    own = small()
    lab.replace(own)
    assert page.machine.map.weights is not before
    np.testing.assert_equal(page.machine.map.weights, pictures(
        own.model.params.__getitem__, page.machine.drawn, learnt=True))


# The text

@pytest.mark.parametrize('text', ['', ' ' * 5000, 'palavra ' * 400])
def test_a_text_that_cannot_be_read_is_said_and_nothing_is_lost(page, text):
    page.machine.open('h.0.attn.q')
    page.prompt = text
    if not page.reading:
        assert page.text.prompt.error and page.machine.map.pictures == {}
    assert page.prompt == text
    page.prompt = 'O menino'
    assert page.text.prompt.error == '' and page.machine.map.pictures


def test_without_a_text_the_weights_are_still_there(page):
    page.prompt = ''
    assert page.machine.map.weights and not page.machine.map.pictures
    page.machine.open('h.0.attn.q')  # of an older picture
    assert page.machine.ladder.part == ''
    page.machine.open('h.0.attn.c_proj.weight')
    assert page.machine.panel.matrix.values.shape == (128, 128)
    assert page.machine.panel.tell(0, 0) == ''


def test_hands_that_are_slower_than_the_picture(page):
    panel = page.machine.panel
    page.machine.open('h.0.attn.scores')
    panel.matrix.picked = [6, 3]
    for stale in ({'number': 'gain'}, {'term': 99, 'side': 0}, {'term': 0, 'side': 1}):
        panel.follow(stale)
    assert page.machine.ladder.cell == (0, 6, 3)
    page.prompt = 'O menino'
    panel.matrix.picked = [6, 3]
    panel.heads.value = '9'
    page.machine.open('h.9.attn.q')
    assert page.machine.ladder.part == 'h.0.attn.scores' and page.machine.cell is None


@pytest.mark.parametrize('part', ['wte.weight', 'h.0.attn.c_attn.weight', 'h.1.attn.c_attn.bias',
                                  'h.0.ln_1.weight', 'h.0.mlp.c_proj.weight'])
def test_a_link_to_any_weights_is_followed_without_a_text(part):
    page = Model(query={'text': '', 'at': part})
    page.show()
    assert page.machine.panel.matrix.values.size and page.query['at'] == part


@pytest.mark.parametrize(('lang', 'marks'), [('pt', '«»'), ('en', '“”')])
def test_a_token_stands_in_the_language_s_quotation_marks(lang, marks):
    page = Model(lang)
    page.show()
    place = account(page)['place']
    assert all(mark in place for mark in marks)


def test_a_long_text_is_not_put_into_the_link(page):
    page.prompt = 'a' * 2001
    assert 'text' not in page.query and page.text.note.paragraphs


def test_a_shorter_text_lets_go_of_a_cell_that_is_gone(page):
    page.reopen({'at': 'embed', 'cell': '6.0'})
    page.prompt = 'O menino'
    assert page.machine.ladder.part == 'embed' and page.machine.cell is None


def test_another_model_leaves_nothing_of_the_old_one(page):
    page.reopen({'at': 'h.3.attn.q', 'cell': '3.1.1', 'plan': 'gpt2'})
    lab.replace(small())
    assert page.machine.ladder.part in ('', 'h.0.attn.heads')
    assert [it.name for it in page.machine.drawn] == ['entry', 'h.0', 'h.1', 'exit']
    assert page.text.ranking.rows[0]['id'] < 280


# The plan

def test_the_plan_is_counted_by_minigpt(page):
    for name, config in GPT2_SIZES.items():
        page.plan.preset.value = name
        assert page.query == {'plan': name} and page.plan.config == config
        total = sum(it.parameters for it in parts(config))
        assert page.plan.counts.rows[-1]['cells'][0]['text'] == f'{total:,}'.replace(',', '.')
        held = memory(config)
        about = page.plan.memory.rows[4]['cells'][0]['about']
        training = sum(held.values()) - held['kv cache']
        assert f'{training:,}'.replace(',', '.') in about
    assert lab.lab().model.config == shipped_lab().model.config


def test_switches_change_counts_and_drawing(page):
    before = page.plan.map.groups
    page.plan.switches['activation'].value = 'swiglu'
    page.plan.switches['head'].value = 'untied'
    page.plan.knobs['n_kv_head'].value = 2
    config = page.plan.config
    assert (config.activation, config.tied_head, config.kv_heads) == ('swiglu', False, 2)
    assert page.plan.map.groups != before
    page.reopen(page.query)
    assert page.plan.config == config


def test_sizes_that_do_not_fit_are_said_and_the_last_plan_stays(page):
    page.plan.knobs['n_head'].value = 5
    assert page.plan.error and 'n_head' in page.plan.banner.paragraphs[0]
    assert page.plan.config.n_head == 4 and page.plan.knobs['n_head'].value == 5
    page.plan.knobs['n_head'].value = 8
    assert page.plan.error is None and page.plan.config.kv_heads == 8


# Edited source

def test_an_edit_shows_what_it_changes(page):
    edit = page.edit
    edit.write(edit.text.replace('out *= 0.5', 'out *= 0'))
    edit.run()
    rows = {it['name']: it['cells'] for it in edit.table.rows}
    assert rows['camada oculta do MLP'][0]['text'] == '0'
    assert rows['neurônios ativos'][0]['text'] != '0'
    old = page.reading.array('shares')[-1]
    row = next(it for it in edit.words_table.rows if it['name'] == '·um')
    assert row['cells'][0]['text'] == f'{100 * old.max():.1f}%'.replace('.', ',')
    edit.restore_original()
    assert edit.edits == {}
    edit.run()
    assert all(cell['text'] in ('0', '–') for it in edit.table.rows for cell in it['cells'])


def test_a_fault_keeps_the_text_and_marks_its_line(page):
    edit = page.edit
    mine = edit.text.replace('out *= x', 'out *= y')
    edit.write(mine)
    edit.run()
    assert edit.editor.line == mine.splitlines().index('    out *= y') + 1
    assert "name 'y' is not defined" in edit.editor.fault
    assert edit.editor.value == mine and edit.table.styles['display'] == 'none'
    page.edit.function = 'softmax_forward'
    page.edit.function = 'gelu_forward'
    assert edit.editor.value == mine


def test_edits_of_other_functions_count_too(page):
    edit = page.edit
    edit.write(edit.text.replace('out *= 0.5', 'out *= 0.4'))
    edit.function = 'causal_mask'
    edit.run()
    assert list(edit.ran) == ['gelu_forward']
    assert [it['label'] for it in edit.picker.options][0].endswith('(mudada)')


# Exercises, sources

def test_the_exercises_are_done_by_doing_them(page):
    lab.change(settings={})
    page.machine.open('h.0.attn.weights')
    page.machine.panel.matrix.picked = [1, 4]
    assert exercises.done('model') == set()
    page.machine.panel.follow({'number': 'x'})
    assert exercises.done('model') == {'hidden'}
    page.plan.knobs['n_layer'].value = 8
    assert 'deeper' not in exercises.done('model')
    page.plan.knobs['n_embd'].value = 64
    assert 'deeper' in exercises.done('model')
    page.edit.function = 'causal_mask'
    page.edit.write(page.edit.text.replace('-np.inf', '-1'))
    page.edit.run()
    assert exercises.done('model') == {'hidden', 'deeper', 'future'}


def test_sources_are_functions_of_minigpt(page):
    pick(page, 'h.0.attn.scores', 1, 0)
    assert 'weights_step_by_step' in [it.__name__ for it in page.sources()]


def test_numbers_as_a_reader_writes_them():
    assert number(0.5, 'pt') == '0,5000' and number(-3, 'en') == '−3'
    assert number(1e-5, 'pt') == '10⁻⁵' and number(-math.inf, 'pt') == '−∞'
    assert number(math.nan, 'pt') == '–' and number(0, 'pt') == '0'
