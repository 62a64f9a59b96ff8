"""An exercise about a word asks for one that the text in use has."""

import asyncio

import pytest

from pages import lab
from pages.asked_word import asked_word
from pages.embeddings.page import Embeddings
from pages.tokenizer.page import Tokenizer

SEA = 'O barco foi ao mar. No mar o barco viu outro barco, e outro peixe no mar.\n' * 3


@pytest.fixture(autouse=True)
def shipped_again():
    yield
    lab.replace(lab.shipped_lab())
    lab.change(settings={})


def exercise(page, key):
    return next(it for it in page.frame.exercises.exercises if it['key'] == key)


def test_our_text_is_asked_about_our_word():
    assert (asked_word('coração'), asked_word('qwerty')) == ('coração', 'qwerty')


@pytest.mark.parametrize(('text', 'ours', 'known', 'word'), [
    (SEA, 'coração', '', 'barco'),                    # the most frequent of five letters or more
    (SEA, 'peixe', '', 'peixe'),                      # ours is there
    (SEA, 'coração', 'barco', 'outro'),               # what is known is no question
    ('o mar e o mar e o mar', 'coração', '', 'mar'),  # no long one
    ('cada uma aqui só vez', 'coração', '', ''),      # none comes twice
    ('1 2 3 1 2 3 a a a', 'coração', '', ''), ('\ud83d', 'coração', '', '')])
def test_another_text_is_asked_about_a_word_of_its_own(text, ours, known, word):
    lab.change(corpus=text)
    assert asked_word(ours, known) == word


def test_the_map_s_exercise_follows_the_text():
    page = Embeddings(lang='en')
    assert '“menina” (girl) on the map' in exercise(page, 'find')['said']['task']
    lab.change(corpus=SEA)  # on whose “barco” the map would open
    assert '“outro” on the map' in exercise(page, 'find')['said']['task']
    page.map.find('barco')
    assert not exercise(page, 'find')['is_done']
    page.map.find('outro')
    assert exercise(page, 'find')['is_done'] and '“outro”' in exercise(page, 'find')['said']['done']


@pytest.mark.parametrize(('lang', 'written'), [('pt', '{:,}'), ('en', '#{:,}')])
def test_the_vocabulary_s_exercise_can_be_solved_with_an_own_text(lang, written):
    page = Tokenizer(lang=lang)
    lab.change(corpus=SEA)

    async def train():
        page.train()
        while page.work.running:
            await asyncio.sleep(0)
    asyncio.run(train())
    [tree] = page.tokenizer.derive(' barco')
    page.frame.answered('one', str(tree.since + 1))
    assert not exercise(page, 'one')['is_done'] and 'barco' in exercise(page, 'one')['said']['task']
    page.frame.answered('one', written.format(tree.since))
    assert exercise(page, 'one')['is_done']


def test_a_text_without_such_a_word_offers_the_way_back():
    page = Embeddings()
    lab.change(corpus='cada uma aqui só vez')
    assert exercise(page, 'find')['said'] is None
    page.map.find('cada')
    assert not exercise(page, 'find')['is_done']
    page.frame.exercises._handle_msg({'shipped': True})
    assert lab.is_shipped() and 'menina' in exercise(page, 'find')['said']['task']
