"""One reader's journey: a model trained on the page is the one on every page, on file and back.

What each page shows is compared with the same page made natively on the file that was saved.
"""

import json
import re
from pathlib import Path

import pytest
from chromium import wait_live, watched
from playwright.sync_api import expect

from minigpt.lab import Lab
from minigpt.locale import decimal
from minigpt.teach.material import SENTENCE
from pages import lab
from pages.attention.page import Attention
from pages.chunking.page import Chunking
from pages.embeddings.page import Embeddings
from pages.inference.page import Inference
from pages.lab import visible
from pages.model.page import Model
from pages.portal.page import Portal
from pages.sample.page import Sample
from pages.tokenizer.page import Tokenizer
from pages.transformer.page import Transformer

WAIT = 60_000
PAGES = [it['name'] for it in json.loads(
    (Path(__file__).parents[2] / 'site' / 'pages.json').read_text(encoding='utf-8'))]
SETTINGS = 'training.html?v=290&t=16&c=16&h=2&l=2&b=4&n=30&every=10&eb=2&w=3&lr=0.01'
TEXT = ('O rato roeu a roupa do rei de Roma, e a rainha, com raiva, resolveu remendar.\n'
        'Três pratos de trigo para três tigres tristes: <b>quem</b> comeu?\n') * 15


@pytest.fixture(scope='module')
def tab(browser, site):
    with watched(browser, accept_downloads=True, reduced_motion='reduce') as tab:
        tab.goto(f'{site}{SETTINGS}')
        yield wait_live(tab)
    lab.back_to_shipped()


@pytest.fixture(scope='module')
def file(tmp_path_factory):
    return tmp_path_factory.mktemp('journey') / 'own.safetensors'


def here(tab, page):
    """The page itself: others open in the background."""
    return tab.locator(f'section[data-page={page}]')


def button(tab, page, name):
    return here(tab, page).get_by_role('button', name=name, exact=True)


def go(tab, page):
    tab.locator(f'#nav a[data-page={page}]').click()
    expect(tab.locator('html')).to_have_attribute('data-page', page)
    wait_live(tab)
    return here(tab, page)


# What a page shows, beside what minigpt computes natively on the same lab

def shows_index(view):
    native = Portal()
    expect(view.locator('dd')).to_have_text([it['value'] for it in native._lab.facts])
    expect(view.locator('.text')).to_have_text(native._story.given + native._story.written)


def shows_tokenizer(view):
    native = Tokenizer()
    expect(view.locator('.ids .token')).to_have_text(
        [str(it) for it in lab.lab().tokenizer.encode(native.text)])


def shows_embeddings(view):
    near = Embeddings().map.near
    rows = view.locator('.list.choosable').first.locator('.row')
    expect(rows.first).to_have_attribute('data-value', re.compile(f'^{near[0].similarity:.8f}'[:7]))
    assert [int(it.get_attribute('data-id')) for it in rows.all()] == [it.index for it in near]
    assert [float(it.get_attribute('data-value')) for it in rows.all()] == pytest.approx(
        [it.similarity for it in near], abs=1e-5)


def shows_attention(view):
    native = Attention()
    weights = native.passes.at(native.layer, 'weights')[native.head, native.shown_query]
    ribbons = view.locator('svg[role=listbox] .ribbon')
    expect(ribbons).to_have_count(int((weights > 0.0005).sum()))
    wide = [max(1, 40 * weights[int(it.get_attribute('data-key'))]) for it in ribbons.all()]
    assert [float(it.get_attribute('stroke-width')) for it in ribbons.all()] == pytest.approx(
        wide, abs=1e-3)


def shows_transformer(view):
    expect(view.locator('h3[role=status]')).to_have_text(Transformer().picture.next.headline)


SHOWS_NUMBER = """([view, want]) => {
  const within = root => [...root.querySelectorAll('*')].flatMap(
    it => [it, ...(it.shadowRoot ? within(it.shadowRoot) : [])])
  const text = within(view).find(it => it.matches('p.value'))?.textContent ?? ''
  return Math.abs(parseFloat(text.replace('−', '-').replace(',', '.')) - want) <= 2e-3
}"""


def shows_model(view):
    native = Model()
    ladder = native.machine.ladder
    want = float(native.reading.array(ladder.part)[ladder.cell])
    # Below the screen, where a page follows as soon as the browser has nothing better to do.
    view.page.wait_for_function(SHOWS_NUMBER, arg=[view.element_handle(), want], timeout=WAIT)


def shows_training(view):
    expect(view.locator('.state')).to_contain_text(lab.kept().name)
    loss = decimal(float(lab.kept().metadata['validation_loss']), 3, 'pt')
    expect(view.locator('dl dd', has_text=loss).first).to_be_visible()


def shows_inference(view):
    text = Inference().text
    expect(view.locator('.strip .token:not(.pending)').first).to_have_text(visible(text.ids[0]))
    strip = view.locator('.strip').first.locator('.token:not(.pending)')
    expect(strip).to_have_text([visible(it) for it in text.ids], timeout=WAIT)


def shows_chunking(view):
    painted = view.locator('.text').first.locator('.segment')
    expect(painted.first).to_be_attached()
    assert ''.join(painted.all_text_contents()) == Chunking().cut.text


def shows_sample(view):
    expect(view.locator('.piece').first).to_be_attached()
    assert ''.join(view.locator('.piece').all_text_contents()) == Sample().text


def shows_lessons(view):
    said = view.locator('table').first.locator('tbody tr')
    ids = lab.shipped_lab().tokenizer.encode(SENTENCE)  # lessons keep to the model they speak of
    expect(said.locator('td')).to_have_text([str(it) for it in ids])


def check(tab, *pages):
    """Each page shows it, once it is called live."""
    for page in pages:
        globals()[f'shows_{page}'](go(tab, page))


def test_it_is_trained_and_saved(tab, file):
    view = here(tab, 'training')
    view.locator('summary').filter(has_text='Usar o meu texto').click()
    view.get_by_label('Seu texto', exact=True).fill(TEXT)
    button(tab, 'training', 'Usar este texto').click()
    button(tab, 'training', 'Treinar').click()
    expect(view.locator('.state')).to_contain_text('Treino 1 terminou no passo 30', timeout=WAIT)
    go(tab, 'index')
    with tab.expect_download() as download:
        button(tab, 'index', 'Salvar em arquivo').click()
    assert download.value.suggested_filename == 'Treino 1.safetensors'
    download.value.save_as(file)
    own = Lab.load(file)
    assert own.corpus == TEXT and own.step == 30 and own.model.config.vocab_size == 290
    lab.replace(own)


def test_it_is_on_every_page(tab):
    check(tab, *PAGES)


def test_and_so_is_any_moment_of_its_training(tab):
    slider = go(tab, 'attention').locator('#slider')
    slider.press('Home')
    expect(slider).to_have_attribute('aria-valuetext', 'após 0 de 30 atualizações')
    lab.view_at(0)
    check(tab, 'attention', 'transformer', 'model', 'inference', 'embeddings', 'index')
    button(tab, 'index', 'Ir ao fim').click()
    lab.view_at(30)
    check(tab, 'index', 'attention')


def test_a_reload_and_a_file_bring_it_back(tab, file):
    expect(tab.locator('html')).to_have_attribute('data-lab', 'saved')
    tab.reload()
    wait_live(tab)
    check(tab, 'index', 'inference', 'training')
    go(tab, 'index')
    button(tab, 'index', 'Voltar ao modelo do site').click()
    lab.back_to_shipped()
    check(tab, 'index', 'attention', 'inference')
    go(tab, 'index').locator('input[accept=".safetensors"]').set_input_files(file)
    expect(here(tab, 'index').get_by_text('Em uso: “Treino 1”')).to_be_visible()
    lab.replace(Lab.load(file))
    check(tab, *PAGES)
