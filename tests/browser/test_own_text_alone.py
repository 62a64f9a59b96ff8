"""The box for a reader's own text: what it counts, sends and refuses to read."""

import base64

import pytest
from accessible import violations
from alone import alone, messages, next_message
from playwright.sync_api import expect

from pages.components.own_text import OwnTextBox
from pages.locale import text

WORDS = text('pt')['own_text']


@pytest.fixture(scope='module')
def tab(browser, site):
    box = OwnTextBox(lambda data: None, words=WORDS, locale='pt-BR', limit=1000, own=True,
                     in_use='Em uso: <img src=x onerror=alert(1)>')
    with alone(browser, site, box) as tab:
        tab.on('filechooser', lambda _: None)  # while somebody listens, no real dialog opens
        tab.locator('summary').click()
        yield tab


def button(tab, name):
    return tab.get_by_role('button', name=name, exact=True)


def test_characters_are_counted_as_people_count_them(tab):
    tab.get_by_label('Seu texto').fill('🐈')
    expect(tab.get_by_text('1 caractere', exact=True)).to_be_visible()
    tab.get_by_label('Seu texto').fill('ção 🐈')
    expect(tab.get_by_text('5 caracteres')).to_be_visible()


def test_the_text_goes_when_one_says_so(tab):
    button(tab, 'Usar este texto').click()
    assert messages(tab)[-1] == {'use': 'ção 🐈'}
    button(tab, 'Voltar ao corpus do minigpt').click()
    assert messages(tab)[-1] == {'shipped': True}
    expect(tab.get_by_label('Seu texto')).to_have_value('ção 🐈')


def test_a_file_is_opened_by_keyboard_and_too_big_a_one_is_not_read(tab):
    for content, sent in ((b'\xe7a', {'file': 'a.txt', 'base64': base64.b64encode(
            b'\xe7a').decode()}), (b'a' * 1001, {'too_big': 'a.txt', 'size': 1001})):
        before = len(messages(tab))
        button(tab, 'Abrir um arquivo…').focus()
        with tab.expect_file_chooser() as chooser:
            tab.keyboard.press('Enter')
        chooser.value.set_files({'name': 'a.txt', 'mimeType': 'text/plain', 'buffer': content})
        assert next_message(tab, before) == sent


def test_a_file_is_dropped(tab):
    before = len(messages(tab))
    transfer = tab.evaluate_handle("""() => { const it = new DataTransfer()
        it.items.add(new File(['oi'], 'b.txt')); return it }""")
    tab.locator('.zone').dispatch_event('dragover', {'dataTransfer': transfer})
    expect(tab.locator('.zone.over')).to_have_count(1)
    tab.locator('.zone').dispatch_event('drop', {'dataTransfer': transfer})
    assert next_message(tab, before) == {'file': 'b.txt',
                                         'base64': base64.b64encode(b'oi').decode()}
    expect(tab.locator('.zone.over')).to_have_count(0)


def test_words_are_text_and_nothing_violates(tab, axe):
    expect(tab.locator('#in-use')).to_have_text('Em uso: <img src=x onerror=alert(1)>')
    assert violations(tab, axe, tags=None) == []
