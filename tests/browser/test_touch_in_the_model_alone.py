"""The model's pictures under a finger: what is tapped stays explained; keys explain it, too."""

import panel as pn
import pytest
from accessible import violations
from alone import alone
from playwright.sync_api import expect

from pages.model.page import Model
from pages.transformer.page import Transformer

TRANSFORMER, MODEL = Transformer(), Model()


def like(shown, *arguments):
    """The page's own, as it opens."""
    own = {name for name in type(shown).param if type(shown).param[name].owner is type(shown)}
    values = {name: getattr(shown, name) for name in own | {'words', 'locale'}}
    return type(shown)(*arguments, **{k: v for k, v in values.items() if k != 'switchable'})


@pytest.fixture(scope='module')
def tab(browser, site):
    nothing = lambda *_: None  # noqa: E731
    picture = TRANSFORMER.picture
    all_of_them = pn.Column(
        like(picture.tokens), like(picture.next, nothing), like(picture.block, nothing),
        like(TRANSFORMER.lens.lens, nothing), like(MODEL.plan.map, nothing),
        sizing_mode='stretch_width')
    with alone(browser, site, all_of_them, has_touch=True, reduced_motion='reduce',
               viewport={'width': 390, 'height': 844}) as tab:
        yield tab


def tapped(tab, about, one, other, elsewhere):
    """Each is explained once it is tapped, and nothing is after a tap elsewhere."""
    at_first = about.text_content()
    said = []
    for it in (one, other):
        it.tap()
        expect(about).not_to_have_text(at_first)
        said.append(about.text_content())
        tab.evaluate('() => new Promise(requestAnimationFrame)')
        expect(about).to_have_text(said[-1])
    assert said[0] != said[1]
    elsewhere.tap()
    expect(about).to_have_text(at_first)


def heading(tab):
    return tab.locator('main > h1')


def test_words_that_may_come_next(tab):
    rows = tab.get_by_role('listbox', name=TRANSFORMER.picture.next.words['table']).get_by_role('option')
    about = tab.locator('.about').nth(1)
    rows.nth(3).tap()  # which chooses it, too
    expect(about).to_contain_text(rows.nth(3).locator('.word').text_content())
    heading(tab).tap()
    expect(about).to_contain_text(rows.nth(3).locator('.word').text_content())


def test_heads_within_a_card_of_the_block(tab):
    heads = tab.locator('.headrow .which')
    about = tab.locator('.about').nth(2)
    heads.nth(0).tap()
    expect(about).to_contain_text('Cabeça 1')
    heads.nth(2).tap()
    expect(about).to_contain_text('Cabeça 3')
    heading(tab).tap()
    expect(about).not_to_contain_text('Cabeça 3')


def test_rows_of_the_lens(tab):
    rows = tab.locator('.row[data-key="h.1.attn"], .row[data-key="h.2.mlp"]')
    tapped(tab, tab.locator('.about').nth(3), rows.nth(0), rows.nth(1), heading(tab))


def test_parts_of_a_planned_machine(tab):
    boxes = tab.locator('.machine .box')
    tapped(tab, tab.locator('p.said'), boxes.nth(1), boxes.nth(5), heading(tab))


def test_nothing_violates(tab, axe):
    assert violations(tab, axe) == []
