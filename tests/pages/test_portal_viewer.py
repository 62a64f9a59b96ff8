"""The portal without a browser."""

import asyncio

import numpy as np

from pages.lab import lab
from pages.portal import Portal


def test_the_story_is_the_model_s():
    page = Portal()
    assert page._story.given + page._story.written == lab().tokenizer.decode(
        [i for i in page.text.ids if i != lab().tokenizer.end_of_text])


def test_another_takes_the_next_seed_and_the_link_follows():
    page = Portal(query={'seed': '41'})

    async def run():
        page._actions._handle_msg({'press': 'another'})
        while page.work.running:
            await asyncio.sleep(0)
    asyncio.run(run())
    assert page.seed == 42 and page.query == {'seed': '42'}
    assert page._story.link['href'] == 'inference.html?seed=42'


def test_the_map_shows_what_went_through_the_model():
    page = Portal()
    stages = page._machine.stages
    assert [len(stage['rows']) for stage in stages] == [1, 3, 3, 4, 3, 3]
    logits = lab().model.forward(np.array([page.text.prompt_ids]))[0, -1]
    assert stages[4]['rows'][0]['value'] == f'{logits.max():.2f}'.replace('.', ',')
    assert stages[5]['link']['page'] == 'inference'


def test_facts_are_counted_on_the_checkpoint_in_both_languages():
    page = Portal()
    assert page._facts.facts[0]['value'] == f'{lab().model.n_params:,}'.replace(',', '.')
    page.lang = 'en'
    assert page._facts.facts[0] == {'name': 'trained parameters',
                                    'value': f'{lab().model.n_params:,}'}
