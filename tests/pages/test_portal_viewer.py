"""The portal without a browser."""

import asyncio
import json
from pathlib import Path

import numpy as np
import pytest
from take_home import printed

from minigpt import Checkpoint
from minigpt.lab import shipped_lab
from pages.lab import change, lab, replace
from pages.path import LEVELS, see
from pages.portal.page import ROOMS, Portal

ROOT = Path(__file__).parents[2]


@pytest.fixture
def shipped_again():
    yield
    replace(shipped_lab())


def test_next_and_back_lead_along_the_path_that_the_portal_shows():
    rows = json.loads((ROOT / 'site' / 'pages.json').read_text(encoding='utf-8'))
    along = [row['name'] for row in sorted(rows, key=lambda row: row['step'])]
    assert [row['step'] for row in rows if row['name'] == along[-1]] == [len(rows) - 1]
    assert along == ['index', *(name for level in LEVELS.values() for name in level)]


def test_the_story_is_the_model_s():
    page = Portal()
    assert page._story.given + page._story.written == lab().tokenizer.decode(
        [i for i in page.prompt_ids + page.written if i != lab().tokenizer.end_of_text])


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
    logits = lab().model.forward(np.array([page.prompt_ids]))[0, -1]
    assert stages[4]['rows'][0]['value'] == f'{logits.max():.2f}'.replace('.', ',')
    assert stages[5]['link']['page'] == 'inference'


def test_the_path_leads_to_every_page_and_the_map_only_to_pages():
    rows = json.loads((ROOT / 'site' / 'pages.json').read_text(encoding='utf-8'))
    pages = [row['name'] for row in rows if row['name'] != 'index']
    assert sorted(page for level in LEVELS.values() for page in level) == sorted(pages)
    assert set(ROOMS.values()) <= set(pages)


def test_facts_are_counted_on_the_checkpoint_in_both_languages():
    page = Portal()
    assert page._lab.facts[0]['value'] == f'{lab().model.n_params:,}'.replace(',', '.')
    page.lang = 'en'
    assert page._lab.facts[0] == {'name': 'trained parameters',
                                    'value': f'{lab().model.n_params:,}'}


def test_a_file_that_is_no_lab_is_named_and_the_model_stays():
    page, model = Portal(lang='en'), lab().model
    page._lab._handle_msg({'name': 'notes.txt', 'base64': 'aGVsbG8='})
    assert page._lab.error.startswith('notes.txt is not') and page._lab.error.endswith('.')
    assert lab().model is model


def test_what_is_saved_opens_again(shipped_again):
    page, kept = Portal(), []
    page._lab._send_msg = kept.append
    page._lab._handle_msg({'press': 'save'})
    assert [it['name'] for it in kept] == ['minigpt.safetensors']
    page._lab._handle_msg({'name': 'copy.safetensors', 'base64': kept[0]['base64']})
    assert page._lab.error == '' and 'copy' in page._lab.about[0]
    assert page._lab.buttons == {'back': ''}
    page._lab._handle_msg({'press': 'back'})
    assert 'site' in page._lab.about[0] and page._lab.buttons['back']


def test_the_path_follows_what_the_reader_does(shipped_again):
    page = Portal(lang='en')
    step = {it['page']: it for level in page._path.levels for it in level['pages']}['inference']
    assert (step['state'], step['said'], step['done']) == ('', 'not visited yet', 0)
    see('inference')
    change(settings=lab().settings | {'exercises': ['inference.a', 'inference.b', 'index.c']})
    step = {it['page']: it for level in page._path.levels for it in level['pages']}['inference']
    assert (step['state'], step['said']) == ('seen', '2 of 3 exercises')


@pytest.mark.parametrize('kept', [None, 5, 'inference', ['inference', 7, None], {'inference': 1}])
def test_a_foreign_file_s_path_does_no_harm(shipped_again, kept):
    change(settings={'seen': kept, 'exercises': kept})
    Portal()
    see('inference')
    assert 'inference' in lab().settings['seen']


def test_a_model_of_the_reader_s_goes_on_with_the_reader_s_text(shipped_again):
    page = Portal()
    change(corpus='Ser ou não ser, eis a questão que importa.')
    assert page._story.given == 'Ser ou não ser, eis'
    assert 'prompt=Ser' in page._story.link['href']


@pytest.mark.parametrize('lang, said', [('pt', 'com o seu texto'), ('en', 'with your own text')])
def test_what_is_in_use_is_named_model_and_text_apart(shipped_again, lang, said):
    page = Portal(lang=lang)
    change(corpus='Ser ou não ser, eis a questão que importa.')
    assert said in page._lab.about[0] and '“”' not in page._lab.about[0]
    change(checkpoint=Checkpoint(lab().model, lab().tokenizer), name='Hamlet')
    assert '“Hamlet”' in page._lab.about[0]


def solved(page):
    return [it['key'] for it in page.frame.exercises.exercises if it['is_done']]


def test_another_text_and_an_unlikely_token_are_seen_to_be_found(shipped_again):
    page = Portal()
    page.show()
    assert solved(page) == []
    for seed in range(8, 40):
        page.reopen({'seed': str(seed)})
        marks = [row['label'].startswith('▸') for row in page._machine.stages[5]['rows']]
        likeliest = sorted(page.first.sampling.distribution(
            page.first.logits).probs)[-3:]
        assert 'another' in solved(page)
        if page.first.probability < likeliest[0]:
            assert marks == [False, False, True]
            break
        assert 'unlikely' not in solved(page)
    assert solved(page) == ['another', 'unlikely']


def test_the_share_of_the_table_is_counted_on_the_model(shipped_again):
    page = Portal()
    for typed in ('20', 'x', ''):
        page.frame.answered('table', typed)
    assert solved(page) == []
    share = 100 * lab().model.params['wte.weight'].size / lab().model.n_params
    page.frame.answered('table', f'{share:.1f}%'.replace('.', ','))
    assert solved(page) == ['table']


def test_the_script_prints_the_same_text_and_cards(shipped_again, tmp_path):
    page = Portal(lang='en', query={'seed': '9'})
    output = printed(page, tmp_path)
    assert output.endswith(page._story.given + page._story.written + '\n')
    for row in page._machine.stages[3]['rows']:
        assert f'its norm after block {row["label"]}: {row["value"]}' in output
    drawn = next(it for it in page._machine.stages[5]['rows'] if it['label'].startswith('▸'))
    assert f'drawn: ' in output and drawn['value'] in output.split('drawn: ')[1].splitlines()[0]
