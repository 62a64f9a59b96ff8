"""The folds of the inference page: closed they cost nothing, open they show minigpt's own numbers."""

import asyncio
import math

import numpy as np
import pytest
from event_loop import in_an_event_loop

from minigpt import BPETokenizer, Checkpoint, GPT, GPTConfig, generate
from minigpt.inference import KVCache, beam_search, log_probs, log_probs_and_entropies
from minigpt.lab import Lab
from minigpt.training.influence import passage_gradient, prediction_gradient
from pages import lab as labs
from pages.inference import batch as batch_module
from pages.inference.duel import Entry, ends
from pages.inference.influence import pieces
from pages.inference.page import Inference
from pages.inference.way import middle_mean
from pages.lab import lab

NAMES = ['surprise', 'influence', 'duel', 'cache', 'batch', 'way']
LN2 = math.log(2)
pytestmark = pytest.mark.usefixtures('shipped_again')


def part(page, name):
    return next(it for it in page.experiments if it.section == name)


def opened(name, page=None, **query):
    page = page or Inference(query=query)
    part(page, name).open = True
    return page, part(page, name)


def run(trial, enough=lambda: False):
    """Run a trial to its end, or until there is enough."""
    async def go():
        trial.run()
        while trial.work.running and not enough():
            await asyncio.sleep(0)
    asyncio.run(go())
    assert trial.page.failure == ''


def tiny(corpus, **kind) -> Lab:
    tokenizer = BPETokenizer.train('O rato roeu a roupa do rei de Roma. ' * 20, 280,
                                   ['<|endoftext|>'])
    config = GPTConfig(tokenizer.vocab_size, block_size=16, n_embd=16, n_head=2, n_layer=1, **kind)
    return Lab(Checkpoint(GPT(config, np.random.default_rng(0)), tokenizer), corpus, 'tiny')


# The folds

def test_a_closed_fold_holds_nothing_and_an_open_one_is_in_the_link():
    page = Inference()
    assert [it.section for it in page.experiments] == NAMES and page.query == {}
    assert not any(it._place.objects for it in page.experiments)
    for name in NAMES:
        opened(name, page)
        assert part(page, name)._place.objects and part(page, name).drawer.open
    assert page.query == {'open': '.'.join(NAMES)}
    again = Inference(query={'open': 'way.nonsense.cache'})
    assert [it.section for it in again.opened] == ['cache', 'way']


def test_every_fold_speaks_the_reader_s_language():
    page = Inference(query={'open': '.'.join(NAMES)})
    titles = [it.drawer.title for it in page.experiments]
    page.lang = 'en'
    assert all(a != b for a, b in zip(titles, [it.drawer.title for it in page.experiments]))


def test_on_the_screen_short_trials_begin_by_themselves():
    async def go():
        page = Inference(query={'open': 'duel.influence'})
        page.show()
        assert part(page, 'duel').work.running and not part(page, 'influence').work.running
        part(page, 'duel').stop()
    asyncio.run(go())


def test_another_model_leaves_nothing_of_the_old_one():
    page = Inference(query={'open': '.'.join(NAMES), 'n': '5',
                            'prompt': 'O gato preto subiu no telhado e viu'})
    run(part(page, 'duel'))
    assert part(page, 'duel').entries and page.branches.component.rows
    labs.replace(tiny('O rato.', position='rope', norm='rmsnorm', activation='swiglu', n_kv_head=1,
                      tied_head=False))
    assert not part(page, 'duel').entries and not part(page, 'batch').texts
    assert page.error.key == 'prompt_too_long'  # in the tokens of the new model
    assert page.branches.component.rows == page._view.tokens.tokens == []
    assert not part(page, 'cache').drawer.usable
    page.prompt = 'O rato'
    assert len(part(page, 'cache').grid.cache['keys']) == 1
    assert part(page, 'way').asked[0] == page.text.window_at(page.shown)
    assert part(page, 'cache').drawer.usable


# Surprise

def test_surprise_and_entropy_are_those_of_the_text():
    page, it = opened('surprise')
    found, entropies = log_probs_and_entropies(lab().model, page.text.ids)
    shown = it.strip.tokens
    assert shown[0].keys() == {'token', 'given'} and len(shown) == len(page.text.ids)
    np.testing.assert_allclose([token['bits'] for token in shown[1:]], -found / LN2)
    np.testing.assert_allclose([token['entropy'] for token in shown[1:]], entropies / LN2)
    assert list(it.chart.columns.values())[1] == [token['bits'] for token in shown[1:]]
    it.strip._handle_msg({'choose': len(page.text.prompt_ids) + 4})
    assert page.pinned == 4 and it.strip.shown == len(page.text.prompt_ids) + 4


def test_a_single_token_has_no_surprise():
    page, it = opened('surprise', prompt='a', n='1')
    page.clear()
    assert it.bits == [] and it.said.paragraphs == [it.words['too_short']]


# Who taught it

def test_the_lines_are_ranked_by_the_cosine_of_true_gradients():
    page = Inference(query={'n': '8'})
    labs.change(corpus='Era uma vez uma menina chamada Benedita.\n\nO gato dorme.\nBola na rede.\n')
    _, it = opened('influence', page)
    run(it)
    ids, next_id = it.asked
    assert it.asked == (page.text.window_at(page.shown), page.text.written[page.shown].token_id)
    assert it.finished and [row['line'] for row in it.best.rows][0] == 1
    want = prediction_gradient(lab().model, ids, next_id)
    for row, found in zip(it.best.rows, it.step.ranking, strict=True):
        other = passage_gradient(lab().model, found.passage.ids)
        cosine = want @ other / np.linalg.norm(want) / np.linalg.norm(other)
        assert row['exact'] == pytest.approx(cosine, abs=1e-5)
        assert ''.join(text for text, _ in row['pieces']) == found.passage.text
    page.pinned = 3
    assert it.progress.lines[-1] == it.words['stale']


def test_the_search_can_be_paused_resumed_and_cancelled():
    page, it = opened('influence')
    run(it, enough=lambda: it.step and it.step.read >= 3)
    it.actions._handle_msg({'press': 'pause'})
    read = it.step.read
    assert not it.work.running and 'resume' in [button['id'] for button in it.actions.buttons]

    async def resume():
        it.actions._handle_msg({'press': 'resume'})
        while it.step.read < read + 3:
            await asyncio.sleep(0)
        it.actions._handle_msg({'press': 'cancel'})
    asyncio.run(resume())
    assert not it.work.running and it.step is None and it.best.rows == []


def test_another_corpus_begins_the_search_anew_and_leaves_the_text_alone():
    page, it = opened('influence')
    run(it, enough=lambda: it.step)
    written = page.text
    labs.change(corpus='O gato.')
    assert it.step is None and page.text is written


def test_a_text_without_lines_is_said():
    page, it = opened('influence')
    labs.change(corpus='a')
    it.open = True
    run(it)
    assert it.progress.lines == [it.words['nothing']]


def test_the_predicted_token_is_marked_where_something_precedes_it():
    encode = lab().tokenizer.encode
    ids = tuple(encode('casa e casa e '))
    marked = ids[1]
    found = pieces(ids, marked)
    assert ''.join(text for text, _ in found) == 'casa e casa e '
    assert sum(mark for _, mark in found) == ids[1:].count(marked)
    assert pieces(ids[:1] * 2, ids[0])[0][1] is False


# The duel

def test_each_decoder_writes_what_minigpt_writes_with_its_own_surprise():
    page, it = opened('duel', n='12')
    run(it)
    model, prompt = lab().model, page.text.prompt_ids
    for name, settings in (('greedy', {'temperature': 0}), ('pure', {'temperature': 1}),
                           ('sampling', {'temperature': 0.8, 'top_k': 10})):
        want = [event.token_id for event in generate(
            model, prompt, max_new_tokens=12, rng=np.random.default_rng(7), stop_ids=ends(),
            **settings)]
        entry = it.entries[name]
        assert entry.ids == want
        after = log_probs(model, [*prompt, *want])[len(prompt) - 1:]
        assert entry.bits == pytest.approx(-after.sum() / LN2, abs=1e-3)
    *_, last = beam_search(model, prompt, n_beams=4, max_new_tokens=12, stop_ids=ends())
    assert it.entries['beam'].ids == list(last.ranked[0].ids)
    assert it.entries['beam'].bits == pytest.approx(-last.ranked[0].log_prob / LN2)
    assert [card['text'] != '' for card in it.cards.cards] == [True] * 4
    best = [card['figures'][0][2] for card in it.cards.cards]
    assert best.count(True) == 1
    page.seed = 8
    assert it.progress.lines == [it.words['stale']]


def test_repeated_words_are_those_said_before():
    encode = lab().tokenizer.encode
    assert Entry(encode('O gato viu o gato.')).repeated == pytest.approx(2 / 5)
    assert Entry(encode(' ... ')).repeated is None


# The cache

def test_the_grid_shows_the_lengths_in_a_real_cache():
    page, it = opened('cache')
    cache = KVCache(lab().model.config, like=lab().model.flat)
    lab().model.forward(np.array([page.text.ids]), kv_cache=cache)
    want = np.linalg.norm(cache.keys[:, 0, :, :cache.length].transpose(0, 2, 1, 3).reshape(
        4, cache.length, -1), axis=-1)
    np.testing.assert_allclose(it.grid.cache['keys'], want, atol=2e-3)
    assert it.cache.length == len(page.text.ids) == len(it.grid.cache['tokens'])


def test_only_new_tokens_are_read_into_the_cache(monkeypatch):
    page, it = opened('cache')
    page.length = 60
    forward, seen = lab().model.forward, []

    def watched(ids, **more):
        if more.get('kv_cache') is it.cache:
            seen.append(ids.shape[1])
        return forward(ids, **more)
    monkeypatch.setattr(lab().model, 'forward', watched)
    page.step()
    page.text.rewind(10)
    it.paint()
    assert seen == [1] and it.cache.length == len(page.text.ids)
    np.testing.assert_allclose(it.lengths()[0][:, -1], it.lengths()[0][:, it.cache.length - 1])


def test_the_saving_is_measured_at_several_lengths():
    page, it = opened('cache')
    run(it)
    assert sorted(it.found) == [16, 32, 48, 64, 80, 96, 112, 128]
    assert all(found.turns == 7 and found.cached > 0 for found in it.found.values())
    assert len(it.chart.columns) == 3 and it.share == 1


# The batch

def test_a_batch_writes_the_same_texts_one_by_one_and_together(monkeypatch):
    monkeypatch.setattr(batch_module, 'ROUNDS', 2)
    page, it = opened('batch')
    run(it)
    assert it.texts['alone'] == it.texts['together'] and len(it.texts['alone']) == 4
    assert {way: len(seconds) for way, seconds in it.seconds.items()} == {'alone': 2, 'together': 2}
    assert it.said.paragraphs[1] == it.words['same']
    want = [event.token_id for event in generate(
        lab().model, it.prompts[1], max_new_tokens=batch_module.TOKENS, temperature=0.8, top_k=10,
        rng=np.random.default_rng([7, 1]))]
    assert it.texts['together'][1] == want


@pytest.mark.parametrize('typed', ['', ' \n ', 'bom\n' + 'palavra ' * 200])
def test_an_unfit_batch_says_so(typed):
    page, it = opened('batch')
    it.typed = typed
    assert it.box.error and it.actions.buttons[0]['reason']
    assert page.query.get('prompts', typed) == typed or typed == ''


def test_what_is_offered_fits_a_context_of_a_few_tokens():
    tokenizer = BPETokenizer.train('a', 256)
    config = GPTConfig(tokenizer.vocab_size, block_size=16, n_embd=16, n_head=2, n_layer=1)
    labs.replace(Lab(Checkpoint(GPT(config, np.random.default_rng(0)), tokenizer), 'a' * 600, 'a'))
    page, it = opened('batch')
    run(it)
    assert it.box.error == '' and it.share == 1 and 'prompts' not in page.query
    labs.back_to_shipped()
    assert len(it.prompts) == 4 and it.box.error == '' and 'prompts' not in page.query


@in_an_event_loop
async def test_an_unfit_batch_does_not_begin_by_itself():
    page = Inference(query={'prompts': 'palavra ' * 200, 'open': 'batch'})
    page.__panel__()
    page.show()
    await asyncio.sleep(0)
    it = part(page, 'batch')
    assert it.open and it.box.error and not it.work.running and page.failure == ''


def test_the_link_carries_the_beginnings():
    page = Inference(query={'open': 'batch', 'prompts': 'O sol\nA lua'})
    assert len(part(page, 'batch').prompts) == 2
    assert page.query == {'open': 'batch', 'prompts': 'O sol\nA lua'}


# The way

def test_the_stations_are_those_of_the_token_shown():
    page, it = opened('way')
    page.pinned = 2
    stations = it.picture.stations
    assert len(stations) == 2 + 2 * 4 + 4 and it.asked[0] == page.text.window_at(2)
    np.testing.assert_allclose(
        it.stages[-4].value[0, -1], page.text.logits_at(2), atol=1e-4)
    assert max(station['share'] for station in stations) == 1
    run(it)
    assert len(it.seconds[0]) > 10


def test_the_middle_mean_leaves_the_extremes_out():
    assert middle_mean([100, 1, 2, 3, 0, 2, 2, 99]) == pytest.approx(9 / 4)
    assert middle_mean([5]) == 5
