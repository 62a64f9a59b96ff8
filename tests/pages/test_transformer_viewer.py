"""The transformer page without a browser: set its params, do its gestures, read its components."""

import asyncio

import numpy as np
import pytest
from event_loop import in_an_event_loop

from minigpt import Checkpoint, GPT, GPTConfig, Trace
from minigpt.lab import Lab, shipped_lab
from minigpt.nn.ablation import switched_off
from minigpt.nn.logit_lens import logit_direction
from minigpt.nn.neurons import neuron_writes
from pages import lab
from pages.locale import text
from pages.transformer.kin import scores_at_one_distance
from pages.transformer.page import FIRST_PROMPT, Transformer
from pages.transformer.reading import shares

pytestmark = pytest.mark.usefixtures('shipped_again')


@pytest.fixture
def page():
    return Transformer()


def traced(prompt, off=()):
    """The same reading by minigpt alone."""
    model, trace = lab.lab().model, Trace()
    ids = np.array(lab.lab().tokenizer.encode(prompt))[None]
    model.forward(ids, trace=trace, change=switched_off(model, ids, off))
    return trace


def test_a_neuron_pushes_the_words_whose_logits_it_raises_most(page):
    model, look = page.reading.model, page.look
    stream = page.reading.now[f'h.{model.config.n_layer - 1}.resid_post'][0, look.place]
    directions = np.array([logit_direction(model, stream, i)[0]
                           for i in range(model.config.vocab_size)])
    for neuron in range(0, 512, 16):
        best = np.argsort(-directions @ neuron_writes(model, look.layer)[neuron])[:5]
        page.neuron = neuron
        assert ', '.join(map(page.quoted, best)) in page.detail.neurons.places.lead


def press(page, part):
    page.picture.block._handle_msg({'switch': part})


def part(page, key):
    return next(it for it in page.picture.block.block['parts'] if it['key'] == key)


def test_it_opens_on_a_word_that_is_likely_and_a_block_at_work(page):
    rows, last = page.picture.next.rows, traced(FIRST_PROMPT)['logits'][0, -1]
    assert rows[0]['before'] == pytest.approx(shares(last).max())
    assert sum(row['before'] for row in rows) == pytest.approx(1)
    assert page.query == {} and not page.picture.next.changed
    assert page.detail.neurons.list.rows and page.lens.lens.rows


def test_the_band_is_as_wide_as_the_stream_is_long(page):
    page.layer = 2
    trace = traced(FIRST_PROMPT)
    names = ['h.1.resid_post', 'h.2.resid_mid', 'h.2.resid_post']
    want = [np.linalg.norm(trace[name][0, -1]) for name in names]
    stops = page.picture.block.block['stops']
    assert [it['norm'] for it in stops] == pytest.approx(want)
    assert page.picture.stream.blocks[2]['norms'] == pytest.approx(want)
    assert part(page, 'add_mlp')['ribbon'] == pytest.approx(
        np.linalg.norm(trace['h.2.mlp.out'][0, -1]))


def test_a_switch_changes_the_next_word_and_back(page):
    press(page, 'h.0.attn')
    after = shares(traced(FIRST_PROMPT, ['h.0.attn'])['logits'][0, -1])
    rows = page.picture.next.rows
    assert page.picture.next.changed and page.query == {'off': 'h.0.attn'}
    assert max(row['after'] for row in rows if row['id'] >= 0) == pytest.approx(after.max())
    assert sum(row['after'] for row in rows) == pytest.approx(1)
    assert not part(page, 'heads')['on'] and part(page, 'add_attn')['ribbon'] == 0
    assert 'a atenção do bloco 1' in page.picture.next.lead
    assert page.picture.stream.blocks[0]['off'] == 1
    press(page, 'h.0.head.2')
    assert page.off == ['h.0.head.2', 'h.0.attn']
    page.picture.experiments._handle_msg({'choose': 'mlp'})
    assert page.off == ['h.0.mlp'] and page.picture.experiments.chosen == 'mlp'
    page.picture.next._handle_msg({'back': True})
    assert page.off == [] and page.query == {} and not page.picture.next.changed


@pytest.mark.parametrize('key, words', [
    ('in', '0,009'), ('ln_1', 'ganho'), ('heads', 'softmax'), ('attn', '128 produtos'),
    ('add_mlp', 'cosseno'), ('neurons', 'gelu'), ('out', '‖x‖')])
def test_each_part_tells_its_formula_with_the_values(page, key, words):
    assert words in part(page, key)['about'] and '{' not in part(page, key)['about']


def test_the_norm_s_formula_gives_the_number_it_ends_with(page):
    x = traced(FIRST_PROMPT)['embed'][0, -1]
    params = lab.lab().model.params
    y = ((x[0] - x.mean()) / np.sqrt(x.var() + 1e-5) * params['h.0.ln_1.weight'][0]
         + params['h.0.ln_1.bias'][0])
    assert page.sums.norm('ln_1').endswith(f'= {page.number(y, 3)}')
    page.part = 'ln_1'
    before, after = page.detail.spread.rows
    assert sum(before['counts']) == sum(after['counts']) == 128
    assert after['deviation'] > before['deviation']


def test_the_lens_ends_with_what_the_model_says_and_contributions_add_up(page):
    rows = page.lens.lens.rows
    logits = traced(FIRST_PROMPT)['logits'][0, -1]
    assert rows[-1]['target'] == pytest.approx(shares(logits).max())
    assert sum(row['direct'] or 0 for row in rows) == pytest.approx(logits.max(), abs=1e-3)
    page.lens.open('h.3.mlp')
    assert (page.layer, page.part) == (3, 'neurons') and page.lens.lens.chosen == 'h.3.mlp'


def test_another_token_another_word_and_another_neuron_are_explained(page):
    page.picture.tokens.chosen = 4
    assert page.place == 4 and page.query['at'] == '4'
    other = page.picture.next.rows[2]['id']
    page.picture.next.chosen = other
    assert page.target == other and page.query['word'] == str(other)
    page.detail.neurons.list._handle_msg({'choose': 7})
    assert '7' in page.detail.neurons.places.title
    active = traced(FIRST_PROMPT)['h.0.mlp.active'][0, :, 7]
    assert page.detail.neurons.places.tokens[4]['value'] == page.number(active[4], 2)


@pytest.mark.parametrize('order', ['stands_out', 'active', 'helps'])
def test_the_list_of_neurons_falls_by_the_number_it_shows(page, order):
    page.order = order
    rows = page.detail.neurons.list.rows
    scores = page.detail.neurons.scores()
    assert [it['value'] for it in rows] == [page.number(it, 2) for it in sorted(scores)[:-9:-1]]
    assert [it['part'] for it in rows] == sorted((it['part'] for it in rows), reverse=True)
    if order == 'stands_out':
        active = traced(FIRST_PROMPT)['h.0.mlp.active'][0, :, rows[0]['id']]
        for number in (active.mean(), active[-1] - active.mean()):
            assert page.number(number, 2) in rows[0]['about']


def test_whoever_follows_the_last_token_goes_on_with_it(page):
    page.prompt += ' caiu'
    assert page.look.place == len(page.reading.ids) - 1 and 'at' not in page.query


@pytest.mark.parametrize('prompt, key', [('', 'empty_prompt'),
                                         ('palavra ' * 200, 'prompt_too_long')])
def test_an_unfit_text_says_so_and_leaves_no_old_number(page, prompt, key):
    page.prompt = prompt
    assert page.error.key == key and page.picture.prompt.error
    assert page.picture.next.rows == [] and page.picture.block.block['parts'] == []
    assert page.lens.lens.rows == [] and page.picture.stream.blocks == []
    press(page, 'h.1.mlp')
    page.prompt = FIRST_PROMPT
    assert page.picture.prompt.error == '' and page.picture.next.changed


def test_a_link_carries_the_whole_state():
    query = {'text': 'O sol', 'at': '0', 'block': '3', 'part': 'heads', 'off': 'position,h.2.mlp',
             'neuron': '5', 'word': '300', 'order': 'helps'}
    page = Transformer(query=query)
    assert (page.prompt, page.layer, page.part, page.off) == (
        'O sol', 2, 'heads', ['position', 'h.2.mlp'])
    assert page.query == query


@pytest.mark.parametrize('query', [{'block': '0'}, {'block': '9'}, {'part': 'x'},
                                   {'off': 'h.9.mlp'}, {'at': '-1'}, {'neuron': '512'}, {'word': '1000'},
                                   {'order': 'x'}])
def test_what_a_link_cannot_mean_keeps_its_first_value(query):
    assert Transformer(query=query).query == {}


@in_an_event_loop
async def test_once_shown_it_tries_each_part_and_searches_the_corpus(page):
    page.show()
    while page.effects_work.running or page.search_work.running:
        await asyncio.sleep(0)
    rows = {row['key']: row for row in page.lens.lens.rows}
    want = shares(traced(FIRST_PROMPT, ['h.0.mlp'])['logits'][0, -1])[page.target]
    assert rows['h.0.mlp']['without'] == pytest.approx(want, abs=1e-5)
    assert None not in [row['without'] for row in rows.values()]
    neurons = page.detail.neurons
    assert neurons.firing.read == len(neurons.firing.ids) and len(neurons.places.rows) == 6
    assert page.failure == ''
    page.prompt = 'O rio corre para o'
    assert page.lens.lens.rows[1]['without'] is None and page.effects_work.running
    page.effects_work.stop()


@in_an_event_loop
async def test_a_key_paints_the_rows_once_and_a_new_lab_forgets_what_was_tried(page):
    page.show()
    while page.effects_work.running or page.search_work.running:
        await asyncio.sleep(0)
    painted = []
    page.lens.lens.param.watch(painted.append, 'rows', onlychanged=False)
    page.prompt = 'O rio corre para o'
    assert len(painted) == 1
    page.effects_work.stop()
    page.lens.without = {'embed': 0.5}
    lab.replace(shipped_lab())
    assert page.lens.lens.rows[0]['without'] is None
    page.effects_work.stop()
    page.search_work.stop()


@pytest.mark.parametrize('kind', [
    {'position': 'rope', 'norm': 'rmsnorm', 'activation': 'swiglu', 'n_kv_head': 1,
     'tied_head': False}, {'n_head': 1, 'activation': 'relu', 'position': 'sinusoidal'}])
def test_a_model_of_another_kind_leaves_nothing_of_the_old_one(page, kind):
    page.param.update(layer=3, neuron=400, word=900)
    tokenizer = lab.lab().tokenizer
    config = GPTConfig(**{'vocab_size': tokenizer.vocab_size, 'block_size': 32, 'n_embd': 16,
                          'n_head': 2, 'n_layer': 1} | kind)
    model = GPT(config, np.random.default_rng(0))
    lab.replace(Lab(Checkpoint(model, tokenizer), 'O rato.', 'rato'))
    assert page.layer == 0 and len(page.picture.stream.blocks) == 1
    assert '{last}' not in page.picture.experiments.sentence  # the first one is the last
    for key in ('in', 'ln_1', 'heads', 'attn', 'add_attn', 'neurons', 'mlp', 'out'):
        page.part = key
    for off in ('position', 'h.0.ln_2', 'h.0.head.0', 'h.0.mlp', 'ln_f'):
        press(page, off)
    assert len(page.off) == 5 and page.picture.next.rows and page.failure == ''


def test_the_exercises(page):
    def done():
        return {it['key'] for it in page.frame.exercises.exercises if it['is_done']}
    lab.change(settings={})
    press(page, 'h.3.mlp')
    assert done() == set()
    page.off = ['h.0.attn']
    assert done() == {'switch'}
    page.off = []
    page.layer = 1
    assert done() == {'switch'}  # an example of ours
    page.prompt = 'O gato preto subiu no telhado alto e'
    assert page.picture.next.rows[0]['word'] == page.picture.stream.blocks[1]['said'].split('«')[
        1].split('»')[0] and 'early' in done()
    page.frame.answered('size', '65536')
    assert 'size' not in done()
    page.frame.answered('size', '131.072')
    assert done() == {'switch', 'early', 'size'}


def test_the_language_changes_words_and_numbers_and_nothing_else(page):
    before = page.query, [row['before'] for row in page.picture.next.rows]
    page.lang = 'en'
    assert page.picture.next.headline.startswith('After') and '99.6%' in page.picture.next.headline
    assert part(page, 'heads')['title'] == text('en')['transformer']['block']['titles']['heads']
    assert (page.query, [row['before'] for row in page.picture.next.rows]) == before


@in_an_event_loop
async def test_the_kin_learn_side_by_side_until_paused_and_begin_again_for_another_text(page):
    family = page.family
    assert family.chart is None and len(family.table.rows) == 5
    family.actions._handle_msg({'press': 'train'})
    while family.race.step < 13:
        await asyncio.sleep(0)
    family.actions._handle_msg({'press': 'pause'})
    losses = {name: dict(it) for name, it in family.race.losses.items()}
    assert all(it[12] < it[0] for it in losses.values())
    assert abs(losses['gpt2'][0] - np.log(1000)) < 0.1
    assert [it['id'] for it in family.actions.buttons if it['reason']] == ['pause']
    step = family.race.step
    family.actions._handle_msg({'press': 'train'})
    while family.race.step == step:
        await asyncio.sleep(0)
    page.kin_work.stop()
    lab.change(corpus='curto')
    assert family.race.step == 0 and family.below.objects == []
    family.actions._handle_msg({'press': 'train'})
    while page.kin_work.running:
        await asyncio.sleep(0)
    assert family.error.key == 'text_too_short' and page.failure == ''
    assert family.told.paragraphs == [page.sentence(family.error)]


@pytest.mark.parametrize('kin', ['rope', 'rmsnorm', 'swiglu', 'gqa'])
def test_each_kin_s_block_is_drawn_with_what_differs(page, kin):
    page.kin = kin
    ours, theirs = (page.family.blocks[side].block['parts'] for side in ('ours', 'theirs'))
    assert len(ours) == len(theirs) == 10 and ours != theirs
    (fact,) = page.family.fact.paragraphs
    assert '{' not in fact and page.query == ({} if kin == 'rope' else {'kin': kin})


def test_rope_s_scores_depend_on_the_distance_alone(page):
    ids = page.reading.ids[:4]
    here, there = scores_at_one_distance(page.family.race.model('rope'), ids, 8)
    assert here == pytest.approx(there, abs=1e-6) and abs(here) > 1e-4
    here, there = scores_at_one_distance(page.family.race.model('gpt2'), ids, 8)
    assert abs(here - there) > 1e-4


def test_a_model_whose_numbers_grew_beyond_all_bounds_is_told_not_drawn(page):
    shipped = shipped_lab()
    wild = GPT(shipped.model.config, flat=shipped.model.flat * np.float32(1e30))
    lab.change(checkpoint=Checkpoint(wild, shipped.tokenizer))
    assert 'não são números' in page.picture.prompt.error and page.reading is None
    assert page.picture.stream.blocks == [] and page.failure == ''


def test_vectors_too_long_for_their_squares_have_their_length(page):
    """One of a run that diverged: as many digits as float32 has, but not twice as many."""
    shipped = shipped_lab()
    large = GPT(shipped.model.config, flat=shipped.model.flat * np.float32(1e8))
    lab.change(checkpoint=Checkpoint(large, shipped.tokenizer))
    end = f'h.{large.config.n_layer - 1}.resid_post'
    last = page.reading.now[end][0, page.look.place]
    assert not np.isfinite((last ** 2).sum())
    drawn = page.picture.stream.blocks[-1]['norms'][-1]
    assert drawn == pytest.approx(np.sqrt((last.astype(np.float64) ** 2).sum()))
