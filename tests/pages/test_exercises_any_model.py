"""Every exercise can be done with any model: those of the pages that look at the lab's.

(Tokenizer, chunking, training and lessons ask about what the reader makes on the page itself.)
"""

import asyncio
import itertools

import numpy as np
import pytest
from event_loop import in_an_event_loop

from minigpt import BPETokenizer, Checkpoint, GPT, GPTConfig
from minigpt.lab import Lab, shipped_lab
from minigpt.nn.ablation import switches
from minigpt.training import TrainConfig, train
from minigpt.training.dataset import encode_documents
from pages import exercises, lab
from pages.attention.page import Attention
from pages.attention.what_if import WhatIf
from pages.embeddings.page import Embeddings
from pages.embeddings.tasks import word_to_find
from pages.inference.page import Inference
from pages.locale import LANGUAGES, text
from pages.model.page import Model
from pages.sample.page import Sample
from pages.transformer.page import Transformer

CORPUS = shipped_lab().corpus[:20_000] + ' '  # a text of one's own
WORDS = 'rato rei roma rainha roupa riu roeu e a o ainda nunca'.split()
TEXTS = [' '.join(it) for it in itertools.islice(itertools.permutations(WORDS, 4), 0, 11_880, 397)]
NEWER = {'position': 'rope', 'norm': 'rmsnorm', 'activation': 'swiglu', 'tied_head': False}
MODELS = {'shipped': None,
          'one block, one head': {'n_layer': 1, 'n_head': 1},
          'one block, one head, newer': {'n_layer': 1, 'n_head': 1} | NEWER,
          'one block, shared keys': {'n_layer': 1, 'n_head': 4, 'n_kv_head': 1} | NEWER,
          'three blocks': {'n_layer': 3, 'n_head': 2, 'activation': 'relu'}}
pytestmark = pytest.mark.usefixtures('shipped_again')


@pytest.fixture(scope='module', params=MODELS)
def made(request) -> Lab:
    """The shipped lab, or one as a few seconds of training on a page leave it."""
    if not MODELS[request.param]:
        return shipped_lab()
    tokenizer = BPETokenizer.train(CORPUS, 300)
    model = GPT(GPTConfig(tokenizer.vocab_size, 32, 16, **MODELS[request.param]),
                np.random.default_rng(0))
    config = TrainConfig(steps=600, batch_size=8, learning_rate=5e-3, warmup=10)
    for _ in iter(train(model, encode_documents([CORPUS[:4_000]], tokenizer), config)):
        pass
    return Lab(Checkpoint(model, tokenizer), CORPUS, 'own')


@pytest.fixture
def model(made) -> GPT:
    """The one in use; no exercise is done yet."""
    lab.replace(made)
    lab.change(settings={})
    return lab.lab().model


def is_done(page, key: str) -> bool:
    page.frame.check()
    return key in exercises.done(page.section)


def until_done(page, key: str, acts) -> None:
    """Each act is a call that may solve the exercise; one of them does."""
    assert not is_done(page, key), 'done before anything was'
    for act in acts:
        act()
        if is_done(page, key):
            return
    pytest.fail(f'no way was found to do {page.section}.{key}')


def answered(page, key: str, typed: str) -> None:
    page.frame.answered(key, typed)
    assert is_done(page, key)


# Attention

def test_a_strong_look_can_be_found(model):
    page = Attention(query={'text': TEXTS[0]})
    page.open_head(model.config.n_layer * model.config.n_head - 1)
    until_done(page, 'strong', (lambda at=at: page.choose(at, -1)
                                for at in range(len(page.passes.ids))))
    assert page.query_at >= 4


def test_the_rest_of_a_row_can_be_told(model):
    page = Attention(query={'text': TEXTS[0]})
    row = page.passes.at(page.layer, 'weights')[page.head, page.shown_query]
    answered(page, 'rest', f'{100 * (1 - row.max()):.1f}')


def test_one_cut_can_change_the_next_token(model):
    page = Attention(query={'text': TEXTS[0]})
    check = page.exercises[2].check
    assert not check(page)
    for said in TEXTS:
        page.typed = said
        T = len(page.passes.ids)
        for layer, head, key in np.ndindex(model.config.n_layer, model.config.n_head, T):
            page.passes.apply(WhatIf(cut=((layer, head, T - 1, key),)))
            if check(page):
                page.passes.apply(WhatIf())
                page.param.update(layer=layer, head=head, query_at=T - 1, key_at=key)
                page.press('cut')
                assert is_done(page, 'cut')
                return
    pytest.fail('no cut does it')


# Transformer

def test_one_part_can_change_the_word(model):
    page = Transformer(query={'text': TEXTS[0]})

    def off(said, part):
        page.param.update(prompt=said, off=[part])
    until_done(page, 'switch', (lambda it=it: off(*it) for it in itertools.product(
        TEXTS, switches(model.config))))


def test_an_early_answer_can_be_found(model):
    page = Transformer()

    def look(said, layer, part):
        page.param.update(prompt=said, layer=layer, part=part)
    until_done(page, 'early', (lambda it=it: look(*it) for it in itertools.product(
        TEXTS, range(model.config.n_layer), ['neurons', 'heads'])))
    if model.config.n_layer > 1:
        assert page.layer < model.config.n_layer - 1
    else:
        assert page.part == 'heads'  # the MLP's own card is too late


def test_the_mlp_s_weights_can_be_counted(model):
    page = Transformer()
    params = model.params
    answered(page, 'size', str(sum(params[f'h.0.mlp.{it}.weight'].size for it in ('c_fc', 'c_proj'))))


# Model

def test_a_hidden_weight_leads_to_its_score(model):
    page = Model(query={'text': TEXTS[0]})
    page.machine.open('h.0.attn.weights')
    page.machine.panel.matrix.picked = [1, 4]
    until_done(page, 'hidden', [lambda: page.machine.panel.follow({'number': 'x'})])


def test_a_deeper_plan_can_be_smaller(model):
    page, config = Model(), model.config
    narrow = range(config.n_head, config.n_embd, config.n_head)
    page.plan.values = page.plan.values | {'n_layer': 2 * config.n_layer}
    until_done(page, 'deeper', (lambda C=C: page.plan._set('n_embd', C) for C in reversed(narrow)))


def test_without_the_mask_the_future_is_seen(model):
    page = Model(query={'text': TEXTS[0]})
    page.edit.function = 'causal_mask'
    page.edit.write(page.edit.text.replace('-np.inf', '-1'))
    until_done(page, 'future', [page.edit.run])


# Inference

@in_an_event_loop
async def test_the_same_text_every_time(model):
    page = Inference(query={'prompt': TEXTS[0], 'n': '4'})
    page.temperature = 0
    assert not is_done(page, 'greedy')
    page.generate()
    while page.work.running:
        await asyncio.sleep(0)
    assert is_done(page, 'greedy')


@in_an_event_loop
async def test_a_token_that_was_cut_can_be_taken(model):
    page = Inference(query={'prompt': TEXTS[0], 'n': '4', 'k': '2'})
    cut = next(it for it in page._view.candidates.table['rows'] if not it['kept'])
    until_done(page, 'cut', [lambda: page.pick(page.shown, cut['id'])])
    page.work.stop()


def test_the_ratio_of_two_candidates_can_be_told(model):
    page = Inference(query={'prompt': TEXTS[0], 'n': '4'})
    second, first = np.sort(page.text.logits_at(page.shown).astype(float))[-2:]
    answered(page, 'share', f'{np.exp(first - second):.1f}'.replace('.', ','))


# Embeddings

@in_an_event_loop
async def test_the_word_asked_for_can_be_found(model):
    page = Embeddings()
    until_done(page, 'find', [lambda: page.map.find(word_to_find())])
    page.work.stop()


@in_an_event_loop
async def test_two_words_much_alike_can_be_found(model):
    page = Embeddings()
    words = ['ele', 'ela', *WORDS, 'rainhas', 'roupas']
    until_done(page, 'pair', (
        lambda it=it: page.compare.fields._handle_msg({'values': dict(zip('ab', it))})
        for it in itertools.permutations(words, 2)))
    page.work.stop()


@in_an_event_loop
async def test_a_sum_of_one_s_own_can_come_out_right(model):
    page = Embeddings()
    own = [('avó', 'irmã', 'irmão', 'avô')] + [
        (f'"{p}{q}"', f'"{q}{s}"', f'"{r}{s}"', f'"{p}{r}"')
        for p, q, r, s in itertools.permutations('zkjwyxh', 4)]
    until_done(page, 'analogy', (
        lambda it=it: page.analogy.param.update(typed=it) for it in own))
    page.work.stop()


# Sample

def test_the_sample_s_scanner_answer_and_question(model):
    page = Sample()
    until_done(page, 'end', [lambda: page.param.update(position=len(page.text))])
    page.param.update(question='Quem?', answer=page.text[:24])
    until_done(page, 'split', (lambda size=size: page.param.update(strategy='fixed', size=size)
                               for size in range(120, 19, -10)))
    page.param.update(strategy='sentence', size=100)

    def ask(chunk):
        said = page.text[chunk.start:chunk.end].strip()
        page.param.update(question=said[:-8], answer=said[-8:])
    until_done(page, 'found', (lambda it=it: ask(it) for it in page.chunks))


# Words

@pytest.mark.parametrize('lang', LANGUAGES)
def test_the_words_fit_the_model(model, lang):
    one = model.config.n_layer * model.config.n_head == 1
    pages = Attention(lang), Transformer(lang)
    for page in pages:
        own = text(lang)[page.section]['exercises']
        for it in page.frame.exercises.exercises:
            assert it['said'].keys() == {'task', 'hint', 'done'}
            plain = own[it['key']]
            other = (it['key'] == 'strong' and one or
                     it['key'] == 'early' and model.config.n_layer == 1)
            assert (it['said']['task'] != plain['task']) == other
            gated = it['key'] == 'size' and model.config.activation == 'swiglu'
            assert (it['said']['hint'] != plain['hint']) == (other or gated)


def test_another_model_changes_what_an_open_page_asks():
    page = Attention()
    before = page.frame.exercises.exercises[0]['said']
    tokenizer = shipped_lab().tokenizer
    made = GPT(GPTConfig(tokenizer.vocab_size, 16, 8, 1, 1), np.random.default_rng(0))
    lab.change(checkpoint=Checkpoint(made, tokenizer))
    assert page.frame.exercises.exercises[0]['said'] != before
