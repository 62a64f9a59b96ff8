"""The inference page without a browser: set its params, do its gestures, read its components."""

import asyncio

import numpy as np
import pytest

from minigpt import BPETokenizer, Checkpoint, GPT, GPTConfig
from minigpt.lab import Lab, shipped_lab
from pages.inference.page import FIRST_PROMPT, Inference
from pages.lab import lab, replace
from pages.locale import text
from pages.inference.settings import KNOBS, read_picks, write_picks


@pytest.fixture
def page():
    return Inference()


def press(page, *actions):
    """Press buttons inside an event loop, and let what they start come to its end."""
    async def run():
        for action in actions:
            page._view.actions._handle_msg({'press': action})
        while page.work.running:
            await asyncio.sleep(0)
    asyncio.run(run())


def ids(page):
    return [it.token_id for it in page.text.written]


def test_it_opens_on_a_written_text_with_its_first_token_pinned(page):
    assert len(page.text.written) == 40 or page.ended
    assert page.pinned == 0 and page.query == {}
    assert page._view.candidates.table['rows'][0]['logit'] == float(
        page.text.written[0].logits.max())


def test_generate_gives_the_same_text_for_the_same_seed(page):
    before = ids(page)
    press(page, 'generate')
    assert ids(page) == before
    page.seed = 8
    assert text('pt')['inference']['tokens']['stale'] in page._view.tokens.notes
    press(page, 'generate')
    assert ids(page) != before and page._view.tokens.notes == (
        [text('pt')['inference']['tokens']['ended']] if page.ended else [])


def test_one_token_at_a_time_writes_the_same(page):
    want = ids(page)[:6]
    press(page, 'clear')
    assert ids(page) == []
    for count in range(1, 7):
        press(page, 'step')
        assert ids(page) == want[:count]
    assert page.query == {'shown': '6', 'at': '5'}


def test_stop_ends_the_writing_at_once(page):
    page.length = 200
    press(page, 'generate', 'stop')
    assert not page.work.running and len(page.text.written) < 200
    buttons = {it['id']: it['reason'] for it in page._view.actions.buttons}
    assert buttons['generate'] == '' and buttons['stop']


def test_what_is_off_says_why(page):
    async def run():
        page.generate()
        reasons = {it['id']: it['reason'] for it in page._view.actions.buttons}
        page.stop()
        return reasons
    reasons = asyncio.run(run())
    assert reasons['generate'] and reasons['step'] and reasons['stop'] == ''
    page.temperature = 0
    assert page._view.knobs['top_k'].reason == text('pt')['inference']['knobs']['greedy']


def test_the_picture_follows_the_prompt(page):
    page.prompt = 'O gato'
    assert page.text.prompt_ids == lab().tokenizer.encode('O gato')
    assert page._view.candidates.table['before'] == 'O gato' and ids(page) == []


def test_a_pinned_distribution_follows_the_knobs(page):
    page.pinned = 3
    logits = page.text.written[3].logits
    page.param.update(temperature=1.4, top_k_on=False, top_p=0.5, top_p_on=True)
    table = page._view.candidates.table
    assert table['rows'][0]['scaled'] == pytest.approx(float(logits.max()) / 1.4)
    assert table['sums']['kept'] < 1000


def test_a_cut_that_leaves_one_token_says_so_of_one(page):
    page.top_k = 1
    page.pinned = 2
    assert 'só um passa' in page._view.candidates.table['summary']


def test_a_picked_candidate_is_kept_and_the_rest_is_written_anew(page):
    page.pinned = 2
    before = ids(page)
    other = next(row['id'] for row in page._view.candidates.table['rows'] if not row['drawn'])

    async def run():
        page._view.candidates._handle_msg({'pick': other, 'index': 2})
        while page.work.running:
            await asyncio.sleep(0)
    asyncio.run(run())
    assert ids(page)[:3] == [*before[:2], other] and page.pinned == 2
    assert page.query['picks'] == f'2.{other}'
    copy = Inference(query=page.query)
    assert ids(copy) == ids(page)


def test_a_pick_for_a_place_that_is_gone_changes_nothing(page):
    page.clear()
    page._view.candidates._handle_msg({'pick': 5, 'index': 20})
    assert ids(page) == [] and not page.work.running


@pytest.mark.parametrize('prompt, key', [('', 'empty_prompt'), ('palavra ' * 200, 'prompt_too_long')])
def test_an_unfit_prompt_says_so_in_the_reader_s_language_and_stays(page, prompt, key):
    page.prompt = prompt
    assert page.error.key == key
    said = page._view.prompt.error
    page.lang = 'en'
    assert page._view.prompt.error not in ('', said) and page._view.prompt.value == prompt
    page.prompt = FIRST_PROMPT
    assert page._view.prompt.error == ''


def test_a_link_carries_the_whole_state():
    query = {'prompt': 'O sol', 't': '1.25', 'k': 'off', 'p': '0.70', 'seed': '99', 'n': '12'}
    page = Inference(query=query)
    assert (page.prompt, page.temperature, page.top_k_on, page.top_p, page.top_p_on, page.seed,
            page.length) == ('O sol', 1.25, False, 0.7, True, 99, 12)
    assert page.query == query
    assert ids(Inference(query=page.query)) == ids(page)


@pytest.mark.parametrize('query', [{'t': 'x'}, {'t': '-1'}, {'k': '0'}, {'p': '7'}, {'seed': '-3'},
                                   {'n': '1e9'}, {'picks': '1.5000-x'}, {'t': 'nan'}])
def test_what_a_link_cannot_mean_keeps_its_first_value(query):
    page = Inference(query=query)
    assert page.temperature == KNOBS['temperature'].default and page.seed == 7
    assert page.length == 40 and page.top_k == 10


def test_top_k_of_a_link_reaches_as_far_as_the_vocabulary():
    assert Inference(query={'k': '5000'}).top_k == lab().model.config.vocab_size
    tokenizer = BPETokenizer.train(shipped_lab().corpus[:30_000], 1300)
    model = GPT(GPTConfig(1300, block_size=16, n_embd=8, n_head=2, n_layer=1),
                np.random.default_rng(0))
    replace(Lab(Checkpoint(model, tokenizer), 'O rato.', 'rato'))
    try:
        page = Inference()
        page.top_k = 1200
        assert Inference(query=page.query).top_k == 1200
    finally:
        replace(shipped_lab())


def test_a_long_text_opens_with_its_beginning_and_goes_on_once_shown():
    page = Inference(query={'n': '60', 't': '1.50', 'k': 'off'})
    assert len(page.text.written) == 40 or page.ended

    async def run():
        page.start()
        while page.work.running:
            await asyncio.sleep(0)
    asyncio.run(run())
    assert len(page.text.written) == 60 or page.ended


def test_a_mistake_of_ours_while_writing_is_kept_as_a_traceback(page):
    def steps():
        yield
        raise ZeroDivisionError('planted')

    async def run():
        page.work.start(steps())
        while page.work.running:
            await asyncio.sleep(0)
    asyncio.run(run())
    assert 'ZeroDivisionError: planted' in page.failure


def test_picks_survive_the_link():
    assert read_picks({'picks': write_picks({0: 5, 12: 999})}, 1000) == {0: 5, 12: 999}
    assert read_picks({'picks': '0.1000-a.b--3'}, 1000) == {}
    assert read_picks({}, 1000) == {}


def test_the_language_changes_words_and_numbers_and_nothing_else(page):
    before = ids(page), page.query
    page.lang = 'en'
    assert page._view.prompt.words['label'] == 'Beginning of the text'
    assert page._view.knobs['seed'].label == 'Seed'
    assert (ids(page), page.query) == before
