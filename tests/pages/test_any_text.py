"""Any text a reader may paste, type or put in a link, on every page, with any small model.

A page must take it, draw it (its whole document goes to JSON, as it goes to a browser), say what
it cannot do with it, and show again what it showed before once the text is gone.
"""

import asyncio
import json
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from bokeh.core.json_encoder import serialize_json
from bokeh.document import Document
from event_loop import in_an_event_loop

from minigpt import BPETokenizer, Checkpoint, GPT, GPTConfig
from minigpt.lab import Lab, shipped_lab
from pages import lab
from pages.work import Work

ROWS = json.loads((Path(__file__).parents[2] / 'site' / 'pages.json').read_text(encoding='utf-8'))
PAGES = {row['name']: row['viewer'].split(':') for row in ROWS}
PAYLOADS = ('<img src=x onerror="document.title=1">', '<script>alert(1)</script>', '{{7*7}}', '{0}',
            '{name}', '%s %(x)s', '&lt;b&gt;', '</span></div>', 'javascript:alert(1)',
            '\u202egato\u202c', '<svg onload=alert(1)>', '\\u003cb\\u003e', '$&', '<b>a<b', '"]}')
TEXTS = {
    'empty': '', 'one character': 'a', 'one space': ' ', 'only newlines': '\n' * 500,
    'emoji only': '🙂👩‍👩‍👧🇧🇷' * 40, 'right to left': 'שלום עולם. مرحبا بالعالم! ' * 40,
    'lone surrogate': 'gato \ud83d gato \udc00', 'NUL': 'a\0b\0\0',
    'combining marks': '\u0301\u0327' * 200, 'one word': 'a' * 3_000,
    'different letters': ''.join(map(chr, range(0x4e00, 0x4e00 + 1000))),
    'markup': '\n'.join(PAYLOADS), 'tokens': '<|endoftext|>' * 50,
    # A whole megabyte: tests/browser/test_markup_and_large_text.py.
    'large': 'Uma frase qualquer, nem longa nem curta. ' * 2_500}
KINDS = {'gpt2': {}, 'llama': {'position': 'rope', 'norm': 'rmsnorm', 'activation': 'swiglu',
                               'n_kv_head': 1, 'tied_head': False}}
WORDS = {  # what of its own a page lets the reader type: name in its link
    'index': [], 'tokenizer': ['text', 'word', 'search'],
    'attention': ['text'],
    'embeddings': ['b', 's1', 's2', 'an0', 'an1', 'an2', 'an3'], 'inference': ['prompt'],
    'transformer': ['text'],
    'model': ['text'],
    'chunking': ['text'], 'sample': ['text', 'q', 'a'], 'training': ['text', 'prompt'],
    'lessons': []}
NUMBERS = {  # and what else its link carries
    'index': ['seed'], 'tokenizer': ['merges', 'train', 'sort', 'order', 'special'],
    'attention': ['layer', 'head', 'q', 'k', 'step', 'temp', 'mask', 'off', 'forced', 'cut',
                  'show'],
    'embeddings': ['w', 'tk', 'n', 'p', 'drawing', 'kind', 'metric'],
    'transformer': ['at', 'block', 'part', 'off', 'neuron', 'word', 'order', 'kin'],
    'model': 'at cell in step plan pv pt pc ph pl pk pp po edit'.split(),
    'inference': ['t', 'k', 'p', 'm', 'seed', 'n', 'picks', 'shown', 'open', 'tree'],
    'chunking': ['unit', 'size', 'overlap', 'strategy', 'with', 'keep', 'amount', 'at', 'chunk'],
    'sample': ['part', 'at', 'size', 'overlap', 'strategy'], 'lessons': ['lesson', 'step'],
    'training': 'from v t c h l kv pos norm act tied drop n b acc opt lr plan w floor'.split() + [
        'wd', 'clip', 'b1', 'b2', 'seed', 'every', 'eb', 'wait']}
STEPS = 5  # of long work, that each text is given
pytestmark = pytest.mark.usefixtures('shipped_again')


@pytest.fixture(scope='module', params=KINDS)
def small(request) -> Lab:
    """A model of 280 tokens and a context of 16, trained by nobody."""
    tokenizer = BPETokenizer.train('O rato roeu a roupa do rei de Roma. ' * 20, 280,
                                   ['<|endoftext|>'])
    config = GPTConfig(tokenizer.vocab_size, block_size=16, n_embd=16, n_head=2, n_layer=1,
                       **KINDS[request.param])
    return Lab(Checkpoint(GPT(config, np.random.default_rng(0)), tokenizer), 'O rato.', 'rato')


def opened(name: str, query=None, lang: str = 'pt'):
    """The page on the screen, its document, and what it does."""
    module, kind = PAGES[name]
    page, document = getattr(import_module(module), kind)(lang, query), Document()
    page.__panel__().server_doc(document)
    page.show()
    return page, document


def works(page):
    """Whatever long work it may do."""
    return [it for it in vars(page).values() if isinstance(it, Work)]


async def look(page, document) -> None:
    """Let the page do some of its long work; then send it as a browser would get it."""
    for _ in range(STEPS):
        await asyncio.sleep(0)
    for work in works(page):
        work.stop()
    assert page.failure == ''
    assert serialize_json(document.to_json()) and json.dumps(page.query)


async def goes_through_a_link(page, document) -> None:
    """What the link says is what it gives back."""
    link = page.query
    page.reopen(link)
    await look(page, document)
    assert page.query == link


@pytest.mark.parametrize('name', PAGES)
@in_an_event_loop
async def test_every_text_is_a_corpus(name):
    page, document = opened(name)
    for content in TEXTS.values():
        lab.change(corpus=content)
        await look(page, document)
    lab.change(corpus=shipped_lab().corpus)
    assert page.query == {}


@pytest.mark.parametrize('name', PAGES)
@in_an_event_loop
async def test_every_text_may_be_typed(name):
    page, document = opened(name)
    for content in TEXTS.values():
        page.reopen(dict.fromkeys(WORDS[name], content))
        await look(page, document)
        await goes_through_a_link(page, document)
    page.reopen({})
    await look(page, document)
    assert page.query == {}


@pytest.mark.parametrize('name', PAGES)
@in_an_event_loop
async def test_a_link_may_carry_anything(name):
    page, document = opened(name)
    for content in ['9' * 5000, '-1', 'nan', 'inf', '٣', '²', '1e400', '0', '', *PAYLOADS]:
        page.reopen(dict.fromkeys(NUMBERS[name], content))
        await look(page, document)
    page.reopen({})
    await look(page, document)
    assert page.query == {}


@pytest.mark.parametrize('name', PAGES)
@in_an_event_loop
async def test_a_small_model_of_any_kind_takes_every_text(name, small):
    page, document = opened(name)
    lab.replace(small)
    for content in TEXTS.values():
        if len(content) > 100_000:  # as slow as with the shipped model, and nothing new
            continue
        lab.change(corpus=content)
        await look(page, document)
        page.reopen(dict.fromkeys(WORDS[name], content))
        await look(page, document)
    lab.replace(shipped_lab())
    page.reopen({})
    await look(page, document)
    assert page.query == {}
