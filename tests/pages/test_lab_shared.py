"""One lab for all pages: what one page changes, every other shows."""

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest
from event_loop import in_an_event_loop

from minigpt import BPETokenizer, Checkpoint, GPT, GPTConfig
from minigpt.errors import CheckpointError
from minigpt.lab import Lab, shipped_lab
from pages import lab
from pages.inference.page import Inference
from pages.portal.page import Portal


@pytest.fixture(autouse=True)
def shipped_again():
    yield
    gc.collect()
    in_an_event_loop(lambda: lab.replace(shipped_lab()))()  # pages of other tests may live on


@pytest.fixture(scope='module')
def other() -> Lab:
    """A small model of another vocabulary."""
    tokenizer = BPETokenizer.train('O rato roeu a roupa do rei de Roma. ' * 20, 280,
                                   ['<|endoftext|>'])
    config = GPTConfig(tokenizer.vocab_size, block_size=32, n_embd=16, n_head=2, n_layer=1)
    return Lab(Checkpoint(GPT(config, np.random.default_rng(0)), tokenizer), 'O rato.', 'rato')


@in_an_event_loop
def test_every_open_page_shows_the_other_model(other):
    portal, inference = Portal(), Inference()
    lab.replace(other)
    assert portal._lab.facts[1]['value'] == str(other.tokenizer.vocab_size)
    assert inference.text.model is other.model
    assert inference._view.knobs['top_k'].end == other.tokenizer.vocab_size
    assert {it['id'] for it in inference._view.tokens.tokens} <= set(range(280))


@in_an_event_loop
def test_a_text_being_written_is_not_taken_to_the_other_model(other):
    page = Inference(query={'n': '50'})
    page.start()
    page.param.update(seed=8, temperature=1.2)  # not in the link yet
    assert page.work.running
    lab.replace(other)
    assert page.text.model is other.model


@in_an_event_loop
def test_a_hidden_page_catches_up_when_it_is_shown(other):
    page = Inference()
    page.hidden = True
    lab.replace(other)
    assert page.text.model is shipped_lab().model
    page.show()
    assert page.text.model is other.model


@in_an_event_loop
def test_settings_are_the_readers_and_outlive_a_model(other):
    page = Portal()
    written = page.written
    lab.change(settings={'exercises': ['x']})
    assert page.written is written and lab.is_shipped()
    lab.open_file(replace(other, settings={'foreign': 1}).to_bytes(), 'rato.safetensors')
    assert lab.lab().settings == {'exercises': ['x']}
    assert not lab.is_shipped() and lab.lab().name == 'rato'
    lab.back_to_shipped()
    assert lab.is_shipped() and lab.lab().settings == {'exercises': ['x']}


@in_an_event_loop
def test_a_file_that_is_no_lab_leaves_the_present_one(other):
    lab.replace(other)
    with pytest.raises(CheckpointError):
        lab.open_file(b'not a lab', 'x.safetensors')
    assert lab.lab() is other


@in_an_event_loop
def test_a_page_that_is_gone_is_not_told(other):
    page = weakref.ref(Portal())
    gc.collect()
    assert page() is None
    lab.replace(other)
