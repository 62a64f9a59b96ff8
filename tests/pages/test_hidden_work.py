"""Long work of a page that nobody sees, when the lab changes under it."""

import asyncio
import json
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from event_loop import in_an_event_loop

from minigpt import BPETokenizer, Checkpoint, GPT, GPTConfig
from minigpt.lab import Lab
from pages import lab as labs
from pages.training.settings import FIRST
from pages.work import running_for

ROWS = json.loads((Path(__file__).parents[2] / 'site' / 'pages.json').read_text(encoding='utf-8'))
PAGES = {row['name']: row['viewer'].split(':') for row in ROWS}
pytestmark = pytest.mark.usefixtures('shipped_again')


def other() -> Lab:
    """A model with a much smaller vocabulary."""
    tokenizer = BPETokenizer.train('O rato roeu a roupa do rei de Roma. ' * 20, 270)
    config = GPTConfig(tokenizer.vocab_size, block_size=16, n_embd=16, n_head=2, n_layer=1)
    return Lab(Checkpoint(GPT(config, np.random.default_rng(0)), tokenizer), 'O rato. ' * 30, 'rato')


async def turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


@pytest.mark.parametrize('name', PAGES)
@in_an_event_loop
async def test_it_ends_and_begins_anew_when_the_page_is_seen_again(name):
    wrong = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: wrong.append(context))
    module, kind = PAGES[name]
    page = getattr(import_module(module), kind)()
    page.show()
    await turns(8)
    before = bool(running_for(page))
    page.hidden = True
    labs.replace(other())
    await turns(60)
    assert page.failure == '' and wrong == []
    assert not running_for(page) or name == 'lessons'  # which are not of the lab
    page.show()
    assert running_for(page) or not before
    await turns(8)
    assert page.failure == '' and wrong == []


@in_an_event_loop
async def test_a_run_does_not_take_the_place_of_a_model_opened_meanwhile():
    from pages.training.page import Training
    labs.change(corpus='O rato roeu a roupa do rei de Roma. ' * 60)
    page = Training()
    page.settings = FIRST
    page.show()
    page.begin()
    await turns(4)
    page.hidden = True
    labs.change(corpus='Outro texto. ' * 40)
    await turns(4)
    assert page.running  # a text is what is learnt from next
    labs.replace(mine := other())
    await turns(60)
    assert not page.running and labs.kept().checkpoint is mine.checkpoint
