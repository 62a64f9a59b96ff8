"""Words of the frame: every page's terms and exercises are in both languages."""

import json
from importlib import import_module
from pathlib import Path

import pytest

from pages.exercises import SENTENCES
from pages.inference.page import Inference
from pages.locale import LANGUAGES, text

ROOT = Path(__file__).parents[2]
ROWS = json.loads((ROOT / 'site' / 'pages.json').read_text(encoding='utf-8'))


def kind(row):
    module, _, name = row['viewer'].partition(':')
    return getattr(import_module(module), name)


@pytest.mark.parametrize('lang', LANGUAGES)
@pytest.mark.parametrize('row', ROWS, ids=lambda row: row['name'])
def test_a_page_s_terms_and_exercises_have_their_words(row, lang):
    page = kind(row)
    assert page.terms and set(page.terms) <= text(lang)['glossary'].keys()
    assert len(page.terms) == len(set(page.terms))
    said = text(lang)[page.section].get('exercises', {})
    assert said.keys() == {it.key for it in page.exercises}
    for words in said.values():
        kinds = {key: it for key, it in words.items() if isinstance(it, dict)}  # for other models
        assert words.keys() - kinds.keys() == set(SENTENCES)
        assert all(it.keys() <= set(SENTENCES) for it in kinds.values())


@pytest.mark.parametrize('lang', LANGUAGES)
def test_a_note_is_one_sentence(lang):
    for key, entry in text(lang)['glossary'].items():
        assert entry.keys() == {'term', 'note'}, key
        assert entry['note'].endswith('.') and len(entry['note']) <= 140, key


def test_the_glossary_follows_the_language():
    page = Inference()
    terms = {it['key']: it['term'] for it in page.frame.glossary.entries}
    assert terms['seed'] == 'semente' and list(terms) == list(page.terms)
    page.lang = 'en'
    terms = {it['key']: it['term'] for it in page.frame.glossary.entries}
    assert terms['seed'] == 'seed' and list(terms) == list(page.terms)
    assert page.frame.exercises.words['check'] == 'Check'
