"""The embeddings page without a browser: set its params, do its gestures, read its components."""

import asyncio

import numpy as np
import pytest

from minigpt import GPT, BPETokenizer, Checkpoint, GPTConfig
from minigpt.embeddings import (cosine_similarity, nearest_neighbours, pca, states_by_depth,
                                token_table)
from pages import lab as labs
from pages.embeddings.page import Embeddings
from pages.embeddings.drawing import ITERATIONS
from pages.embeddings.training import EVERY, STEPS
from pages.embeddings.words import Word, read_word
from pages.lab import lab, shipped_lab
from pages.locale import text

pytestmark = pytest.mark.usefixtures('shipped_again')


@pytest.fixture
def page():
    return Embeddings()


def done(page):
    return [it['key'] for it in page.frame.exercises.exercises if it['is_done']]


def run(action, *, until=lambda: False):
    """Do something inside an event loop, and let what it starts come to its end."""
    async def go():
        page = action()
        while page.work.running and not until():
            await asyncio.sleep(0)
        page.work.stop()
    asyncio.run(go())


# Map and neighbours

def test_it_opens_on_a_finished_map(page):
    view = page.map.view
    assert page.query == {} and page.map.chosen == read_word('disse')
    assert len(view.map.points) == len(view.map.positions) > 160
    table, ids = token_table(lab().model), [it['id'] for it in view.map.points]
    first = pca(table[ids[:160]], 2)
    np.testing.assert_allclose(view.map.positions[:160], first.coordinates, atol=1e-4)
    want = nearest_neighbours(table, table[page.map.chosen.ids[0]], 10, exclude=page.map.chosen.ids)
    assert [(it['id'], it['exact']) for it in view.list.rows] == [
        (it.index, it.similarity) for it in want]


def test_it_opens_on_words_that_one_s_own_text_has(page):
    labs.change(corpus='o rato viu o queijo e o rato comeu o queijo; depois o rato dormiu\n')
    page = Embeddings()
    assert page.query == {} and page.map.chosen == read_word('queijo')
    assert page.compare.typed == 'rato' and page.compare.other == read_word('rato')
    assert Embeddings(query={'b': 'perguntou'}).query == {'b': 'perguntou'}


def test_the_share_of_the_variance_is_said_and_that_it_is_little(page):
    words = text('pt')['embeddings']['map']['said']
    said = page.map.view.said.paragraphs
    share = sum(page.map.plane.ratios)
    assert f'{100 * share:.1f}'.replace('.', ',') in said[0]
    assert said[1] == words['little'].format(width=128)


def test_a_chosen_token_is_a_neighbour_s_neighbour_in_list_and_map(page):
    other = page.map.view.list.rows[0]['id']
    page.map.view.list._handle_msg({'choose': other})
    assert page.map.chosen == Word((other,)) and page.map.view.map.chosen == other
    assert page.map.view.map.near == [it['id'] for it in page.map.view.list.rows]
    assert page.query == {'w': str(other)}
    assert page.compare.fields.fields[0]['value'] == page.map.chosen.plain


def test_a_word_of_several_tokens_is_their_mean_and_says_so(page):
    page.map.view.map._handle_msg({'find': 'rainha'})
    word = page.map.chosen
    assert len(word.ids) == 2 and page.map.view.map.chosen == -1
    table = token_table(lab().model)
    np.testing.assert_allclose(word.vector(table), table[list(word.ids)].mean(axis=0), rtol=1e-6)
    assert 'média' in page.map.view.list.lead
    assert -1 in [it['id'] for it in page.map.view.map.points]
    assert Embeddings(query=page.query).map.chosen == word


def test_similarities_are_those_of_the_vectors_whatever_is_drawn(page):
    before = page.map.view.list.rows
    run(lambda: setattr(page.map, 'drawing', 'tsne') or page)
    assert [it['exact'] for it in page.map.view.list.rows] == [it['exact'] for it in before]
    page.map.metric = 'dot'
    assert [it['exact'] for it in page.map.view.list.rows] != [it['exact'] for it in before]


@pytest.mark.parametrize('typed', ['', '   ', '""'])
def test_nothing_to_search_is_said_and_changes_nothing(page, typed):
    before = page.map.chosen
    page.map.view.map._handle_msg({'find': typed})
    if typed == '""':  # two quotation marks are a word like any other
        assert page.map.chosen == read_word('""')
    else:
        assert page.map.chosen == before and page.map.view.map.error


def test_those_picked_out_are_compared_with_all():
    page = Embeddings(query={'n': '300'})
    family = [read_word(it).key for it in ('pai', 'mãe', 'avô', 'avó')]
    page.map.view.map.selected = family
    ours, everyone = page.map.togetherness()
    vectors = token_table(lab().model)[family]
    cosines = cosine_similarity(vectors, vectors)[np.triu_indices(4, 1)]
    assert ours == pytest.approx(float(cosines.mean()), abs=1e-5) and ours > 4 * everyone
    assert str(len(family)) in page.map.view.map.note


# Motion

def test_tsne_moves_pauses_goes_on_and_ends(page):
    run(lambda: setattr(page.map, 'drawing', 'tsne') or page,
        until=lambda: page.map.run.step.iteration >= 50)
    paused = page.map.run.step
    assert 50 <= paused.iteration < ITERATIONS
    run(lambda: page.map.resume() or page)
    assert page.map.run.ended and page.map.run.step.kl < paused.kl
    np.testing.assert_allclose(page.map.view.map.positions, page.map.run.step.positions, atol=1e-4)
    assert page.map.view.map.axes == []
    run(lambda: page.map.restart() or page, until=lambda: True)
    assert page.map.run.step.iteration < 50


def test_another_perplexity_begins_tsne_anew(page):
    run(lambda: setattr(page.map, 'drawing', 'tsne') or page,
        until=lambda: page.map.run.step.iteration >= 20)
    first = page.map.run
    run(lambda: setattr(page.map, 'perplexity', 5) or page, until=lambda: True)
    assert page.map.run is not first and page.map.run.perplexity == 5


def test_a_new_model_s_map_forms_while_it_learns(page):
    run(lambda: setattr(page.map, 'drawing', 'training') or page)
    training = page.map.training
    assert [step for step, _ in training.moments] == list(range(0, STEPS + 1, EVERY))
    assert page.map.moment == STEPS and page.map.table is training.moments[-1][1]
    after = page.map.plane.positions
    page.map.view.moment.value = 0
    assert page.map.moment == 0 and page.map.table is training.moments[0][1]
    page.map.view.moment.value = EVERY + 3  # typed: no state was kept there
    assert page.map.table is training.moments[1][1] and f'{EVERY}' in page.map.view.list.lead
    assert not np.allclose(page.map.plane.positions[:160], after[:160])
    assert training.loss < np.log(1000) - 0.5  # better than chance
    assert f'{STEPS} de {STEPS}' in page.map.view.said.paragraphs[0]


def kept_run(page, states: dict) -> None:
    """The lab has these states of its training, and the page shows how the map formed."""
    async def go():
        labs.change(snapshots=tuple((step, flat.astype(np.float16))
                                    for step, flat in states.items()))
        page.map.drawing = 'training'
    asyncio.run(go())


def test_where_the_lab_kept_its_training_the_map_follows_its_moments():
    flat = shipped_lab().model.flat
    page = Embeddings()
    kept_run(page, {0: flat / 2, 100: flat})
    assert page.map.training is None and page.map.table is token_table(shipped_lab().model)
    assert '3 momentos' in page.map.view.said.paragraphs[0]
    page.map.param.update(chosen=read_word('rei'), selected=[1, 2])
    at_the_end = page.map.plane.positions
    labs.view_at(0)
    assert np.array_equal(page.map.table, token_table(labs.lab().model))
    assert (page.map.chosen, page.map.selected) == (read_word('rei'), [1, 2])
    np.testing.assert_allclose(page.map.plane.positions, at_the_end / 2, atol=0.01)


def test_t_sne_begins_anew_at_another_moment(page):
    kept_run(page, {0: shipped_lab().model.flat / 2})
    run(lambda: setattr(page.map, 'drawing', 'tsne') or page,
        until=lambda: page.map.run.step.iteration >= 10)
    first = page.map.run
    run(lambda: labs.view_at(0) or page, until=lambda: True)
    assert page.map.run is not first


def test_a_vector_without_a_direction_is_said_and_nothing_of_before_stays():
    model = shipped_lab().model
    flat, width = model.flat.copy(), model.config.n_embd
    flat[read_word('que').ids[0] * width:][:width] = 0
    page = Embeddings()
    kept_run(page, {100: flat})
    labs.view_at(100)
    assert page.map.view.map.points == page.map.view.list.rows == [] and page.map.view.map.error
    page.map.metric = 'dot'
    assert page.map.view.map.points and not page.map.view.map.error


# Two words, analogies, contexts

def test_the_cosine_is_the_sum_of_its_terms(page):
    a, b, product = (np.array(it['values']) for it in page.compare.strip.vectors)
    np.testing.assert_allclose(product, a * b, atol=1e-5)
    assert page.compare.cosine == pytest.approx(
        product.sum() / np.linalg.norm(a) / np.linalg.norm(b), abs=1e-4)
    assert f'{page.compare.cosine:.3f}'.replace('.', ',') in page.compare.said.paragraphs[0]
    assert page.compare.rank() == 2  # of disse, after respondeu


def test_the_first_word_s_field_is_the_map_s_word(page):
    page.compare.fields._handle_msg({'values': {'a': 'ele', 'b': 'ela'}})
    assert page.map.chosen == read_word('ele') and page.compare.cosine > 0.9
    page.compare.fields._handle_msg({'values': {'a': 'ele', 'b': ''}})
    assert page.compare.fields.fields[1]['error'] and page.compare.strip.vectors == []
    assert page.map.chosen == read_word('ele')


def test_an_analogy_is_judged_by_the_rank_of_the_expected_word(page):
    words = text('pt')['embeddings']['analogy']
    assert page.analogy.said.paragraphs[0].startswith(words['wrong'][:14])
    assert str(page.analogy.result.expected_rank) in page.analogy.said.paragraphs[0]
    page.analogy.typed = ('disse', 'ficou', 'fica', 'diz')
    assert page.analogy.result.expected_rank == 1 < page.analogy.rank_without_sum()
    assert page.analogy.said.paragraphs[0].startswith(words['right'][:9])
    assert [it['mark'] for it in page.analogy.answers.rows][0] == words['mark']
    page.analogy.typed = ('disse', 'ficou', 'fica', 'fica')
    assert page.analogy.said.paragraphs == [words['given']]
    page.analogy.typed = ('disse', '', 'fica', 'diz')
    assert page.analogy.answers.rows == [] and page.analogy.fields.fields[1]['error']


def test_one_token_in_two_sentences_layer_by_layer(page):
    ids = [lab().tokenizer.encode(it) for it in page.context.typed]
    token = read_word('rio').ids[0]
    first, second = (states_by_depth(lab().model, it)[:, it.index(token)] for it in ids)
    want = [float(cosine_similarity(a, b)) for a, b in zip(first, second, strict=True)]
    assert [it['exact'] for it in page.context.layers.rows] == [1, *want]
    page.context.typed = ('abc', 'xyz')
    assert page.context.layers.rows == []
    assert page.context.said.paragraphs == [text('pt')['embeddings']['context']['nothing']]
    page.context.typed = ('palavra ' * 200, 'palavra')
    assert [bool(it['error']) for it in page.context.fields.fields] == [True, False]


# What all pages promise

def test_exercises_are_done_by_doing_them(page):
    assert done(page) == []
    page.map.find('menina')
    assert done(page) == ['find']
    page.compare.fields._handle_msg({'values': {'a': 'ele', 'b': 'ela'}})
    assert done(page) == ['find', 'pair']
    page.analogy.typed = ('disse', 'ficou', 'fica', 'diz')  # an example
    page.analogy.typed = ('no', 'o', 'a', 'na')
    assert done(page) == ['find', 'pair']
    page.analogy.typed = ('avó', 'irmã', 'irmão', 'avô')
    assert done(page) == ['find', 'pair', 'analogy']


def test_a_link_carries_the_whole_state(page):
    query = {'w': '5-7', 'n': '60', 'kind': 'all', 'metric': 'dot', 'b': 'gato', 'an1': 'tio',
             's1': 'Um rio', 'drawing': 'tsne', 'px': '5'}
    copy = Embeddings(query=query)
    assert copy.query == query
    assert Embeddings(query=copy.query).map.view.map.positions == copy.map.view.map.positions


@pytest.mark.parametrize('query', [{'w': '99999'}, {'w': 'x'}, {'n': '-1'}, {'drawing': 'x'},
                                   {'px': '1e9'}, {'tk': '12345'}, {'metric': ''}])
def test_what_a_link_cannot_mean_keeps_its_first_value(query):
    assert Embeddings(query=query).query == {}


@pytest.mark.parametrize('typed', ['a', '🐈', 'שלום', '<img src=x onerror=alert(1)>', '\ud800',
                                   '{0}{x}', '"', 'x' * 3000])
def test_any_word_anywhere(page, typed):
    page.map.find(typed)
    page.compare.typed = typed
    page.analogy.typed = (typed, 'o', 'a', typed)
    page.context.typed = (typed, typed)
    assert page.map.view.map.points and page.failure == ''
    assert page.compare.cosine == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize('corpus', ['', 'a', '🐈🐈', 'שלום עולם', 'Oi. ' * 5,
                                    '<b>um rio</b> ' * 40, 'um rio grande ' * 80_000])
def test_any_text_of_one_s_own(page, corpus):
    async def go():
        labs.change(corpus=corpus)
        page.map.drawing = 'training'
        for _ in range(20):
            await asyncio.sleep(0)
        page.work.stop()
    asyncio.run(go())
    assert page.failure == ''
    assert len(page.map.view.map.points) > 30
    words = text('pt')['embeddings']['map']['said']
    long = corpus and len(corpus) > 300_000
    assert (words['counted'].format(chars='300.000') in page.map.view.said.paragraphs[-1]) == bool(
        long)


@pytest.mark.parametrize('drawing', ['pca', 'tsne', 'training'])
def test_another_model_leaves_nothing_of_the_one_before(drawing):
    tokenizer = BPETokenizer.train('o rato roeu a roupa do rei de roma ' * 9, 278)
    config = GPTConfig(tokenizer.vocab_size, block_size=32, n_embd=16, n_head=2, n_layer=1)
    model = GPT(config, np.random.default_rng(0))
    page = Embeddings(query={'drawing': drawing})
    assert max(it['id'] for it in page.map.view.list.rows) >= 278

    async def go():
        labs.change(checkpoint=Checkpoint(model, tokenizer))
        page.work.stop()
    asyncio.run(go())
    shown = page.map.view.map.points + page.map.view.list.rows + page.analogy.answers.rows
    assert max(it['id'] for it in shown) < 278
    assert len(page.compare.strip.vectors[0]['values']) == 16
    assert len(page.context.cosines) in (0, 2)


def test_the_language_changes_words_and_numbers_and_nothing_else(page):
    before = page.query, page.map.view.map.positions
    page.lang = 'en'
    assert page.map.view.list.rows[0]['value'] == '0.433'
    assert page.map.view.choices['drawing'].label == 'Draw'
    assert (page.query, page.map.view.map.positions) == before


def test_sources_and_script_follow_what_is_shown(page):
    assert pca in page.sources()
    page.map.metric = 'dot'
    assert "metric='dot'" in page.script()
