"""A reader's own text: what becomes the corpus, what is refused, and what is never lost."""

import asyncio
import base64
import functools

import pytest

from minigpt.lab import shipped_lab
from pages import lab
from pages.locale import text
from pages.own_text import LIMIT, SHOWN, OwnText, decoded
from pages.page import Page


class Plain(Page):
    """A page with nothing but the box."""
    section = 'inference'

    def body(self):
        return OwnText(self)


@pytest.fixture
def box():
    yield OwnText(Plain())
    in_loop(lab.replace)(shipped_lab())


def in_loop(action):
    """Open pages of other tests go on with their work in one."""
    @functools.wraps(action)
    def run(*args):
        async def inside():
            action(*args)
        asyncio.run(inside())
    return run


def tell(box, **data):
    in_loop(box.box._handle_msg)(data)


def test_a_typed_text_is_the_corpus_of_all_pages(box):
    other = OwnText(Plain())
    tell(box, use='O rato roeu.')
    assert lab.lab().corpus == 'O rato roeu.' and box.box.own and not box.box.refused
    assert other.box.text == 'O rato roeu.' and 'O rato roeu.' in other.box.in_use
    tell(other, shipped=True)
    assert lab.lab().corpus is shipped_lab().corpus and not box.box.own
    assert f'{len(shipped_lab().corpus):,}'.replace(',', '.') in box.box.in_use


@pytest.mark.parametrize('content', ['', '  \n\t', '\u3000'])
def test_an_empty_text_is_refused_in_a_sentence(box, content):
    tell(box, use='Um.')
    tell(box, use=content)
    assert lab.lab().corpus == 'Um.' and box.box.refused and 'vazio' in box.box.said


@pytest.mark.parametrize('content', ['a', '🐈', 'שלום עולם', '<b>não</b>', '\ud800', '\x00'])
def test_any_other_text_is_taken_as_it_is(box, content):
    tell(box, use=content)
    assert lab.lab().corpus == content and not box.box.refused


@pytest.mark.parametrize('data, said', [
    ('coração'.encode(), 'utf8'), ('coração'.encode('utf-8-sig'), 'utf8'),
    ('coração'.encode('utf-16'), 'utf16'), ('coração'.encode('latin-1'), 'latin1')])
def test_a_file_s_encoding_is_recognised(box, data, said):
    tell(box, file='conto.txt', base64=base64.b64encode(data).decode())
    assert lab.lab().corpus == 'coração'
    assert box.box.said == text('pt')['own_text']['said'][said].format(
        name='conto.txt', characters='7 caracteres')


@pytest.mark.parametrize('data, key', [
    (b'\x89PNG\r\n\x1a\n\0\0', 'binary'), (b'\xff\xfea', 'binary'), (b'', 'empty_file'),
    (b' \n', 'empty_file'), (b'a' * (LIMIT + 1), 'too_big')])
def test_a_file_that_is_no_text_leaves_the_one_in_use(box, data, key):
    tell(box, use='Um.')
    tell(box, file='x.bin', base64=base64.b64encode(data).decode())
    assert lab.lab().corpus == 'Um.' and box.box.text == 'Um.' and box.box.refused
    assert box.box.said == text('pt')['own_text']['errors'][key].format(
        name='x.bin', size='5,0', limit='5')


def test_what_the_browser_refused_to_read_is_said_too(box):
    tell(box, too_big='filme.mp4', size=734_200_000)
    assert box.box.said.startswith('filme.mp4 tem 734,2 MB')
    tell(box, unreadable='x')
    assert box.box.refused and lab.lab().corpus is shipped_lab().corpus


def test_a_long_text_is_used_but_not_put_into_the_box(box):
    content = 'palavra ' * 130_000
    tell(box, use=content)
    assert lab.lab().corpus == content and len(content) > SHOWN and box.box.text == ''
    assert '1.040.000 caracteres' in box.box.in_use
    tell(box, use='a' * (LIMIT + 1))
    assert lab.lab().corpus == content and box.box.refused


def test_the_language_changes_the_words_and_the_last_sentence(box):
    tell(box, use='')
    box.page.lang = 'en'
    assert box.box.said == text('en')['own_text']['errors']['empty']


def test_any_bytes_are_decoded_or_refused():
    for data in (b'\xff', b'\xc3', b'\xef\xbb\xbf', bytes(range(1, 256))):
        assert decoded(data)[1] in ('utf8', 'latin1')
