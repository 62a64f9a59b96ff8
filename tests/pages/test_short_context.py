"""A model of the reader's own with a context of a few tokens: what the pages offer must fit it."""

import asyncio

import numpy as np
import pytest

from minigpt import GPT, BPETokenizer, Checkpoint, GPTConfig
from minigpt.lab import Lab, shipped_lab
from pages import lab
from pages.attention.page import Attention
from pages.embeddings.context import SENTENCES
from pages.embeddings.page import Embeddings
from pages.first_text import examples
from pages.inference.page import Inference
from pages.model.page import Model
from pages.transformer.page import Transformer

OWN = 'O rato roeu a roupa do rei de Roma, e a rainha, com raiva, resolveu remendar. ' * 20


@pytest.fixture(params=[OWN, '', None], ids=['own text', 'empty text', 'our text'])
def eight_tokens(request):
    tokenizer = BPETokenizer.train(OWN, 270)
    config = GPTConfig(vocab_size=tokenizer.vocab_size, block_size=8, n_embd=16, n_head=2, n_layer=1)
    corpus = shipped_lab().corpus if request.param is None else request.param
    lab.replace(Lab(Checkpoint(GPT(config, np.random.default_rng(0)), tokenizer, {}), corpus,
                    'eu', {}, ()))
    yield tokenizer

    async def back():  # a page of the test may live on, and begin long work
        lab.replace(shipped_lab())
    asyncio.run(back())


def offered(page) -> list[str]:
    """The texts behind the buttons below the text box."""
    view = next(it for it in (getattr(page, '_view', None), *getattr(page, 'parts', ()))
                if hasattr(it, 'prompt'))
    return view.prompt.examples


@pytest.mark.parametrize('kind', [Attention, Transformer, Model, Inference])
def test_what_a_page_offers_fits(kind, eight_tokens):
    page = kind()
    texts = offered(page)
    assert texts and len(set(texts)) == len(texts)
    assert all(0 < len(eight_tokens.encode(it)) <= 8 for it in texts)
    assert page.error is None


def test_two_sentences_are_compared_and_what_is_typed_stays(eight_tokens):
    context = Embeddings().context
    assert context.error is None and context.cosines and context.state() == {}
    assert all(SENTENCES[i].startswith(it) and len(eight_tokens.encode(it)) <= 8
               for i, it in enumerate(context.typed))
    context.typed = ('O rei de Roma roeu a roupa da rainha', context.typed[1])
    assert [bool(it['error']) for it in context.fields.fields] == [True, False]
    lab.back_to_shipped()
    context.paint()
    assert context.typed == ('O rei de Roma roeu a roupa da rainha', SENTENCES[1])
    assert context.error is None


def test_what_fits_stays_whole():
    lab.back_to_shipped()
    assert examples(['Era uma vez', 'O sol', 'Era uma vez']) == ['Era uma vez', 'O sol']
