"""The attention page without a browser: what it computes, changes, says and keeps in its link."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest

from minigpt import BPETokenizer, GPT, GPTConfig, Trace
from minigpt.lab import Lab, shipped_lab
from minigpt.nn.changes import cut, forced, tempered, together, unmasked, without_head
from minigpt.nn.ops import softmax_forward
from minigpt.training import Checkpoint
from pages import lab
from pages.attention.numbers import terms
from pages.attention.page import Attention
from pages.attention.passes import same_word
from pages.attention.what_if import WhatIf
from pages.components.walk import COLUMNS

TEXT = 'O menino viu o peixe no rio e o peixe viu o'
pytestmark = pytest.mark.usefixtures('shipped_again')


def traced(page, change=None) -> Trace:
    trace = Trace()
    page.passes.model.forward(np.array([page.passes.ids]), trace=trace, change=change)
    return trace


def view(page):
    return page._view


def test_it_opens_on_the_model_s_own_weights():
    page = Attention()
    trace = traced(page)
    T = len(page.passes.ids)
    future = np.triu(np.ones((T, T), bool), 1)
    for layer in range(4):
        for head in range(4):
            want = np.where(future, np.nan, trace[f'h.{layer}.attn.weights'][0, head])
            np.testing.assert_array_equal(view(page).heads.maps.values[4 * layer + head], want)
    np.testing.assert_array_equal(view(page).ribbons.weights, view(page).heads.maps.values[0])
    assert page.query == {} and view(page).ribbons.query == T - 1
    shares = softmax_forward(trace['logits'][0, -1].astype(np.float64))[0]
    assert [it['before'] for it in view(page).shift.rows] == pytest.approx(
        sorted(shares, reverse=True)[:7])


def test_the_walk_is_the_formula_of_the_paper():
    page = Attention(query={'text': TEXT, 'layer': '2', 'head': '3', 'q': '6'})
    q, k, v = (traced(page)[f'h.1.attn.{it}'][0, 2].astype(float) for it in 'qkv')
    scores = q[6] @ k[:7].T / np.sqrt(32)
    weights = np.exp(scores) / np.exp(scores).sum()
    rows = dict(zip(COLUMNS, view(page).walk.walk.values.T, strict=True))
    np.testing.assert_allclose(rows['dot'], k @ q[6], atol=1e-4)
    np.testing.assert_allclose(rows['scaled'] * np.sqrt(32), rows['dot'], atol=1e-4)
    np.testing.assert_allclose(rows['score'][:7], scores, atol=1e-5)
    assert np.isnan(rows['score'][7:]).all() and not rows['weight'][7:].any()
    np.testing.assert_allclose(rows['weight'][:7], weights, atol=1e-6)
    facts = view(page).walk.walk.facts
    assert facts['sum'] == pytest.approx(np.exp(scores - scores.max()).sum(), rel=1e-5)
    table = view(page).walk.sum.values
    np.testing.assert_allclose(table[:-1], weights[:, None] * v[:7], atol=1e-6)
    np.testing.assert_allclose(table[-1], weights @ v[:7], atol=1e-6)


def test_a_formula_s_values_give_its_result():
    page = Attention(lang='en', query={'text': TEXT})
    said = view(page)._tell(5, 3)
    numbers = [float(it.replace('−', '-').strip('().;')) for it in said.split()
               if it.replace('−', '-').strip('().;').lstrip('-').replace('.', '', 1).isdigit()]
    power, total, weight = numbers[-6], numbers[-5], numbers[-4]
    assert weight == pytest.approx(page.passes.at(0, 'weights')[0, 5, 3], abs=5e-4)
    assert power / total == pytest.approx(weight, abs=1e-3)
    assert numbers[-3] / numbers[-2] == pytest.approx(numbers[-1], abs=1e-3)
    assert 'mask' in view(page)._tell(3, 5)


def test_changes_act_together_and_are_undone():
    page = Attention(query={'text': TEXT, 'layer': '3', 'head': '2'})
    plain = traced(page)
    page.press('off')
    page.open_head(1)
    page.choose(9, 4)
    page.press('force')
    page.choose(8, 2)
    page.press('cut')
    page.set_temperature(0.5)
    page.set_mask(False)
    config = page.passes.model.config
    want = traced(page, together(unmasked(), cut(0, 1, 8, 2), tempered(0.5), forced(0, 1, 9, 4),
                                 without_head(2, 1, config)))
    np.testing.assert_array_equal(page.passes.changed['logits'], want['logits'])
    assert not np.isnan(view(page).heads.maps.values).any()
    assert view(page).heads.maps.struck == [9]
    *changes, effect = view(page).changes.paragraphs  # beside the buttons, also on a phone
    assert len(changes) == 5 and effect == view(page).shift.said
    assert page.query == {'text': TEXT, 'head': '2', 'q': '8', 'k': '2', 'temp': '0.5',
                          'mask': 'off', 'off': '2.1', 'forced': '0.1.9.4', 'cut': '0.1.8.2'}
    again = Attention(query=page.query)
    np.testing.assert_array_equal(again.passes.changed['logits'], want['logits'])
    page.press('undo')
    np.testing.assert_array_equal(page.passes.changed['logits'], plain['logits'])
    assert view(page).changes.paragraphs == [] and view(page).mask.value == ['mask']


def test_the_walk_tells_what_is_true_of_a_changed_pass():
    page = Attention(lang='en', query={'text': TEXT, 'q': '4', 'k': '2'})
    words = view(page).walk.walk.words
    assert words['columns']['scaled'] == '÷ {root}' and 'mask puts' in words['told'][2]
    page.set_mask(False)
    page.set_temperature(0.5)
    page.press('force')
    walk = view(page).walk.walk
    assert walk.words['columns']['scaled'] == '÷ {root} ÷ {temperature}'
    assert 'mask is off' in walk.words['told'][2] and 'was forced' in walk.words['told'][4]
    dots, scaled = walk.values[:, 0], walk.values[:, 1]
    np.testing.assert_allclose(scaled, dots / walk.facts['root'] / walk.facts['temperature'],
                               rtol=1e-5)
    page.press('undo')
    assert view(page).walk.walk.words == words


def test_a_negative_factor_behind_a_sign_is_in_brackets():
    assert terms([-0.5, -1.25, 2], [-2, 1, -3], 'pt') == (
        '−0,50 × (−2,00) + (−1,25) × 1,00 + 2,00 × (−3,00)')
    assert terms([1, 1, 1, 1], [1, 1, 1, -1], 'en').endswith('1.00 × 1.00 + …')
    assert terms([-1], [2], 'en') == '−1.00 × 2.00'


def test_a_button_pressed_twice_undoes_itself_and_impossible_ones_say_why():
    page = Attention(query={'text': TEXT, 'q': '4', 'k': '9'})
    reasons = {it['id']: it['reason'] for it in view(page).actions.buttons}
    assert reasons['force'] and reasons['cut'] and not reasons['off'] and reasons['undo']
    page.choose(0, 0)  # sees nobody else
    reasons = {it['id']: it['reason'] for it in view(page).actions.buttons}
    assert reasons['force'] == reasons['cut'] != ''
    page.choose(4, 2)
    for name in ('off', 'force', 'cut'):
        page.press(name)
        assert page.what_if.active
        page.press(name)
        assert not page.passes.what_if.active


def test_one_look_is_forced_at_a_time():
    page = Attention(query={'text': TEXT})
    for key in (2, 5):
        page.choose(7, key)
        page.press('force')
    assert page.passes.what_if.forced == ((0, 0, 7, 5),)
    assert page.passes.at(0, 'weights')[0, 7].tolist() == [0] * 5 + [1] + [0] * 8


def test_the_effect_is_told_in_words():
    page = Attention(lang='en')
    assert 'probabilities of the next token' in view(page).shift.said
    page.press('off')  # the head that joins pieces of words
    before, after = page.passes.next_shares()
    assert before.argmax() != after.argmax()
    assert f'{100 * before.max():.1f}%' in view(page).shift.said
    assert lab.visible(int(after.argmax())) in view(page).shift.said


def test_a_habit_is_named_with_its_measure():
    page = Attention(lang='en')
    assert view(page).heads.maps.marks[0].startswith('word 7')  # bo|la, per|de|u
    rows = {it['label']: it for it in view(page).heads.habits.rows}
    word = rows['looking at the rest of the same word']
    assert word['mark'] and word['exact'] == pytest.approx(
        page.passes.measures()['word'].share[0, 0])
    assert word['about'].endswith(f"{page.passes.measures()['word'].rows}.")
    assert '30%' in view(page).heads.habits.lead
    page.open_head(1)
    assert not any(it['mark'] for it in view(page).heads.habits.rows)


def measured(page) -> None:
    """Show the page and let it measure what takes longer."""
    async def shown():
        page.show()
        while page.work.running:
            await asyncio.sleep(0)
    asyncio.run(shown())


def test_induction_is_measured_once_the_page_is_shown():
    page = Attention(lang='en')
    assert not any('induction' in it['label'] for it in view(page).heads.habits.rows)
    measured(page)
    row = view(page).heads.habits.rows[-1]
    assert row['label'].startswith('induction') and 0 <= row['exact'] < 0.05  # this model has none


def test_each_head_is_switched_off_alone_and_the_deciding_ones_listed():
    page = Attention(lang='en', query={'text': TEXT})
    assert view(page).deciders.list.rows == []
    measured(page)
    config = page.passes.model.config
    before = softmax_forward(traced(page)['logits'][0, -1].astype(float))[0]
    want = {}
    for layer, head in np.ndindex(4, 4):
        logits = traced(page, without_head(layer, head, config))['logits'][0, -1]
        want[4 * layer + head] = np.abs(softmax_forward(logits.astype(float))[0] - before).sum() / 2
    rows = view(page).deciders.list.rows
    assert [it['id'] for it in rows] == sorted(want, key=want.get, reverse=True)[:5]
    np.testing.assert_allclose([it['exact'] for it in rows],
                               sorted(want.values(), reverse=True)[:5], atol=1e-6)
    view(page).deciders.list._handle_msg({'choose': 9})
    assert (page.layer, page.head) == (2, 1)


def test_pieces_of_a_word():
    tokenizer = shipped_lab().tokenizer
    ids = tokenizer.encode('Um dia, Ana perdeu')
    found = [tokenizer.decode([ids[i] for i in np.flatnonzero(row)])
             for row in same_word(tokenizer, ids)]
    assert found[-3:] == ['', ' per', ' perde'] and found[:3] == ['', '', '']


def test_only_the_last_tokens_of_a_long_text_are_read_and_that_is_said():
    page = Attention(lang='en', query={'text': TEXT})
    page.typed = 'Uma frase qualquer. ' * 5_000
    assert len(page.passes.ids) == 128 and page.passes.left_out
    assert view(page).note.paragraphs and 'text' not in page.query
    page.typed = ''
    assert page.passes is None and view(page).prompt.error
    assert view(page).ribbons.styles == {'display': 'none'}
    page.press('undo')
    page.set_temperature(2)
    page.typed = 'a'
    assert len(page.passes.ids) == 1 and view(page).ribbons.styles == {'display': 'block'}


def test_typing_follows_the_last_token_and_drops_what_no_longer_fits():
    page = Attention(query={'text': TEXT, 'q': '3', 'forced': '0.0.12.3', 'off': '7.0'})
    assert page.passes.what_if.forced and not page.passes.what_if.off
    page.typed = TEXT[:20]
    assert page.shown_query == len(page.passes.ids) - 1 and not page.passes.what_if.active
    assert 'forced' not in page.query


def test_another_model_tells_what_is_its_own():
    tokenizer = BPETokenizer.train('O rato roeu a roupa do rei de Roma. ' * 20, 280)
    config = GPTConfig(tokenizer.vocab_size, 24, 32, n_head=8, n_layer=1, n_kv_head=2,
                       position='rope', norm='rmsnorm', activation='swiglu')
    page = Attention(lang='en', query={'text': 'O rato roeu', 'layer': '4', 'head': '4'})
    lab.replace(Lab(Checkpoint(GPT(config, np.random.default_rng(0)), tokenizer), 'O rato.', 'r'))
    assert page.layer == 0 and page.head == 3
    assert 'heads 1 to 4' in view(page).note.paragraphs[0] and len(view(page).note.paragraphs) == 2
    page.open_head(6)
    assert 'number 2' in view(page).note.paragraphs[0]
    q, k = traced(page)['h.0.attn.q'][0, 6], traced(page)['h.0.attn.k'][0, 1]
    np.testing.assert_allclose(view(page).walk.walk.values[:, 0], k @ q[-1], atol=1e-5)


def test_examples_are_lines_of_the_reader_s_own_text():
    page = Attention()
    lab.change(corpus='A chuva caiu.\n\n' + 'palavra ' * 30 + '\nA chuva caiu.\n')
    assert view(page).prompt.examples == ['A chuva caiu.', ('palavra ' * 11).strip()]
    assert page.typed == 'A chuva caiu.' and page.query == {}


def test_the_three_exercises():
    page = Attention()
    strong, rest, cut_one = page.exercises
    assert not strong.check(page)
    page.open_head(8)
    assert not strong.check(page)  # nobody chose a token
    T = len(page.passes.ids)
    page.choose(T - 1, -1)
    assert strong.check(page)
    page.choose(3, -1)  # it sees four tokens
    assert not strong.check(page)
    page.choose(T - 1, -1)
    row = page.passes.at(page.layer, 'weights')[page.head, -1]
    right = f'{100 * (1 - row.max()):.1f}'.replace('.', ',')
    assert rest.answer(page, f'{right} %') and not rest.answer(page, '50') \
        and not rest.answer(page, '')
    assert not cut_one.check(page)
    done = 0
    for layer, head, key in np.ndindex(4, 4, T):
        page.passes.apply(WhatIf(cut=((layer, head, T - 1, key),)))
        done += cut_one.check(page)
    assert 0 < done < 30  # it can be done on the opening text, and not by chance


def test_the_matrix_shows_each_stage_of_a_head():
    page = Attention(lang='en', query={'text': TEXT, 'layer': '2', 'show': 'scores'})
    trace, matrix = traced(page), view(page).heads.matrix
    T = len(page.passes.ids)
    future = np.triu(np.ones((T, T), bool), 1)
    np.testing.assert_array_equal(
        matrix.values, np.where(future, np.nan, trace['h.1.attn.scores'][0, 0]))
    assert matrix.scale == 'diverging' and '÷ 5.657 =' in view(page).heads._tell(5, 2)
    page.stage = 'dots'
    np.testing.assert_array_equal(matrix.values, trace['h.1.attn.dots'][0, 0])
    assert page.query['show'] == 'dots' and ' × ' in view(page).heads._tell(2, 5)
    page.stage = 'weights'
    assert matrix.bound == 1 and 'show' not in page.query


def test_an_earlier_moment_of_training_has_its_own_weights():
    flat = shipped_lab().model.flat
    lab.replace(replace(shipped_lab(), snapshots=((0, 0 * flat), (10, flat / 2))))
    page = Attention()
    lab.view_at(0)
    T = len(page.passes.ids)
    even = np.tri(T) / np.arange(1, T + 1)[:, None]  # a model of zeros looks evenly
    np.testing.assert_allclose(np.nan_to_num(view(page).heads.maps.values[5]), even, atol=1e-6)
