"""The inference page under a reader's hands."""

import re

import numpy as np
import pytest
from chromium import here, wait_live, watched
from playwright.sync_api import expect

from minigpt.inference import next_token_distribution
from pages.inference.page import Inference
from pages.lab import lab

WAIT = 60_000


@pytest.fixture(scope='module')
def tab(browser, site):
    with watched(browser) as tab:
        tab.goto(f'{site}inference.html')
        yield wait_live(tab)


def button(tab, name):
    return tab.get_by_role('button', name=name, exact=True)


def written(tab):
    return here(tab).locator('.strip .token:not(.prompt, .pending)')


def texts(tab) -> list[str]:
    return here(tab).locator('.strip .token:not(.pending)').all_text_contents()


def set_knob(tab, label, value):
    field = tab.get_by_role('textbox', name=label, exact=True)
    field.fill(value)


def generated(tab, count):
    """Generate from the prompt alone, and wait for the end."""
    set_knob(tab, 'Tokens a gerar', str(count))
    if written(tab).count():
        button(tab, 'Recomeçar').click()
        expect(written(tab)).to_have_count(0)
    button(tab, 'Gerar').click()
    expect(here(tab).locator('.strip[aria-busy=false] > .token:not(.prompt, .pending)').first
           ).to_be_attached(timeout=WAIT)


def test_it_opens_on_a_finished_result(tab):
    expect(written(tab)).to_have_count(len(Inference().text.written))
    expect(here(tab).locator('.drawn')).to_have_count(1)


def test_the_table_holds_minigpt_s_own_numbers(tab):
    model, tokenizer = lab().model, lab().tokenizer
    ids = tokenizer.encode(here(tab).locator('textarea').input_value())
    want = next_token_distribution(model.forward(np.array([ids]))[0, -1], 0.8, top_k=10)
    rows = here(tab).locator('tbody tr')
    assert rows.count() == 14
    for row in rows.all():
        token_id = int(row.get_attribute('data-id'))
        got = {name: float(row.locator(f'td.{name}').get_attribute('data-value'))
               for name in ('logit', 'share', 'probability')}
        assert got['logit'] == pytest.approx(want.logits[token_id], abs=1e-4)
        assert got['share'] == pytest.approx(want.tempered_probs[token_id], abs=1e-4)
        assert got['probability'] == pytest.approx(want.probs[token_id], abs=1e-4)
        assert row.locator('td.cut').get_attribute('data-value') == str(
            bool(want.kept[token_id])).lower()
    others = here(tab).locator('.others')
    shown = sum(float(it.get_attribute('data-value'))
                for it in here(tab).locator('tbody td.share').all())
    rest = float(others.locator('td.share').get_attribute('data-value'))
    assert shown + rest == pytest.approx(1, abs=1e-6)
    expect(others).to_contain_text('outros 986')


def test_same_seed_and_settings_give_the_same_text(tab):
    generated(tab, 12)
    first = texts(tab)
    generated(tab, 12)
    assert texts(tab) == first
    set_knob(tab, 'Semente', '8')
    generated(tab, 12)
    assert texts(tab) != first
    set_knob(tab, 'Semente', '7')


def test_a_step_adds_exactly_one_token_and_the_next_run_s_text_is_the_same(tab):
    generated(tab, 5)
    long = texts(tab)
    button(tab, 'Recomeçar').click()
    expect(written(tab)).to_have_count(0)
    prompt = here(tab).locator('.strip .prompt').count()
    for count in range(1, len(long) - prompt + 1):
        button(tab, 'Um token').click()
        expect(written(tab)).to_have_count(count)
    assert texts(tab) == long


# Within the page, as soon as four tokens are there: from outside, all 200 may be written by then.
TYPE_AND_STOP = """(strip, [box, stop]) => new Promise(done => {
    const watch = new MutationObserver(() => {
        if (strip.querySelectorAll('.token:not(.prompt, .pending)').length < 4) return
        watch.disconnect()
        box.focus()
        document.execCommand('insertText', false, ' de teste')
        stop.click()
        done()
    })
    watch.observe(strip, {childList: true, subtree: true})
    setTimeout(done, 60000)
})"""


def test_stop_stops_and_one_can_type_meanwhile(tab):
    set_knob(tab, 'Tokens a gerar', '200')
    set_knob(tab, 'Temperatura', '2')  # wild enough not to come to an end of its own
    set_knob(tab, 'Top-k', '1000')
    box = here(tab).locator('textarea')
    strip, stop = here(tab).locator('.strip'), button(tab, 'Parar')
    for _ in range(10):  # a busy browser may still come too late
        if written(tab).count():
            button(tab, 'Recomeçar').click()
            expect(written(tab)).to_have_count(0)
        box.fill('Era uma vez')
        expect(strip.locator('.prompt')).to_have_count(len(lab().tokenizer.encode('Era uma vez')))
        box.press('End')
        handles = [box.element_handle(), stop.element_handle()]
        stopped = strip.evaluate_handle(f'(strip, all) => ({{ it: ({TYPE_AND_STOP})(strip, all) }})',
                                        handles)
        button(tab, 'Gerar').click()
        stopped.evaluate('async begun => await begun.it')
        expect(strip).to_have_attribute('aria-busy', 'false', timeout=WAIT)
        if written(tab).count() < 200:
            break
    assert 4 <= written(tab).count() < 200
    expect(stop).to_have_attribute('aria-disabled', 'true')
    expect(box).to_have_value('Era uma vez de teste')
    expect(here(tab).locator('.notes')).to_contain_text('O começo mudou')
    button(tab, 'Um token').click()  # the new beginning's first token
    expect(written(tab)).to_have_count(1)
    set_knob(tab, 'Temperatura', '0,8')
    set_knob(tab, 'Top-k', '10')


def test_the_picture_follows_the_prompt_while_one_types(tab):
    here(tab).locator('textarea').fill('O gato')
    expect(here(tab).locator('.strip .token.prompt')).to_have_count(
        len(lab().tokenizer.encode('O gato')))
    expect(here(tab).locator('q')).to_have_text('O gato')
    here(tab).locator('textarea').fill('Era uma vez uma menina chamada')


def test_picking_another_candidate_continues_from_there(tab):
    generated(tab, 10)
    before = texts(tab)
    place = here(tab).locator('.strip .prompt').count() + 2
    written(tab).nth(2).click()
    expect(here(tab).locator('q')).to_have_text(''.join(before[:place]).replace('·', ' '))
    other = here(tab).locator('tbody tr:not(.drawn)').first
    token = other.locator('.pick').text_content()
    other.get_by_role('button').click()
    expect(written(tab).nth(2)).to_have_text(token)
    expect(here(tab).locator('.strip')).to_have_attribute('aria-busy', 'false', timeout=WAIT)
    after = texts(tab)
    assert after[:place] == before[:place] and after[place] == token
    expect(tab).to_have_url(re.compile(r'picks=2\.\d+'))


def test_the_keyboard_reaches_every_token(tab):
    generated(tab, 6)
    here(tab).locator('.strip .token[tabindex="0"]').focus()
    tab.keyboard.press('Home')
    expect(here(tab).locator('.strip .token').first).to_be_focused()
    tab.keyboard.press('ArrowRight')
    expect(here(tab).locator('.strip .token').nth(1)).to_be_focused()
    for _ in range(3):
        tab.keyboard.press('ArrowLeft')
    expect(here(tab).locator('.strip .token').first).to_be_focused()
    tab.keyboard.press('End')
    tab.keyboard.press('ArrowLeft')
    tab.keyboard.press('Enter')
    expect(written(tab).last).to_have_attribute('aria-selected', 'true')
    expect(here(tab).locator('.about')).to_contain_text('sorteado com')
    tab.keyboard.press('Escape')
    expect(here(tab).locator('.strip .token[aria-selected=true]')).to_have_count(0)
    assert here(tab).locator('.strip .token[tabindex="0"]').count() == 1


def test_temperature_repaints_the_pinned_token_and_zero_switches_the_draw_off(tab):
    written(tab).first.click()
    expect(here(tab).locator('q')).to_have_text('Era uma vez uma menina chamada')
    logit = here(tab).locator('tbody tr').first.locator('td.logit').get_attribute('data-value')
    set_knob(tab, 'Temperatura', '2')
    scaled = here(tab).locator('tbody tr').first.locator('td.scaled')
    expect(scaled).to_have_attribute('data-value', str(float(logit) / 2))
    expect(here(tab).locator('.notes')).to_contain_text('Os ajustes mudaram')
    set_knob(tab, 'Temperatura', '0')
    expect(tab.get_by_role('textbox', name='Top-k', exact=True)).to_be_disabled()
    expect(here(tab).locator('.controls, #note').filter(has_text='vence sempre').first
           ).to_be_visible()
    expect(here(tab).locator('tbody tr').first.locator('td.probability')).to_have_text('100,0%')
    set_knob(tab, 'Temperatura', '0,8')


def test_number_and_slider_agree_and_a_bad_number_is_refused(tab):
    field = tab.get_by_role('textbox', name='Temperatura', exact=True)
    slider = tab.get_by_role('slider', name='Temperatura', exact=True)
    slider.focus()
    tab.keyboard.press('ArrowRight')
    expect(field).to_have_value('0,85')
    field.fill('9')
    expect(field).to_have_attribute('aria-invalid', 'true')
    expect(here(tab).locator('#note.bad')).to_have_text('use um número de 0 a 2')
    expect(slider).to_have_value('0.85')
    field.fill('0,8')
    expect(slider).to_have_value('0.8')


def test_an_unfit_prompt_gets_one_sentence_beside_it_and_is_kept(tab):
    box = here(tab).locator('textarea')
    box.fill('')
    expect(tab.get_by_role('alert').filter(has_text='vazio')).to_be_visible()
    expect(button(tab, 'Gerar')).to_have_attribute('aria-disabled', 'true')
    box.fill('palavra ' * 300)
    expect(tab.get_by_role('alert').filter(has_text='128')).to_be_visible()
    expect(box).to_have_value('palavra ' * 300)
    box.fill('Era uma vez uma menina chamada')
    expect(button(tab, 'Gerar')).to_have_attribute('aria-disabled', 'false')


def seed_of_a_long_text(length) -> int:
    """A seed whose text does not end before `length` tokens."""
    for seed in range(1000):
        page = Inference(query={'seed': str(seed), 'n': str(length)})
        page.work.now(page._writing(length))
        if len(page.text.written) == length:
            return seed
    raise AssertionError('every text ends early')


def test_past_its_context_the_model_forgets_and_the_page_says_so(tab):
    set_knob(tab, 'Semente', str(seed_of_a_long_text(130)))
    generated(tab, 130)
    expect(here(tab).locator('.notes')).to_contain_text('O contexto encheu')
    expect(here(tab).locator('.forgotten').first).to_be_attached()


@pytest.mark.parametrize('payload', ['<img src=x onerror="document.title=\'bad\'">',
                                     '<script>document.title="bad"</script>', '{{7*7}}',
                                     '&lt;b&gt;', '\u202egato\u202c 🐈', '\x00\t\\n'])
def test_what_one_types_is_text_and_nothing_else(tab, payload):
    here(tab).locator('textarea').fill(payload)
    expect(here(tab).locator('.strip .token.prompt')).to_have_count(
        len(lab().tokenizer.encode(payload)))
    button(tab, 'Um token').click()
    expect(written(tab)).to_have_count(1)
    assert tab.title() != 'bad' and here(tab).locator('.strip img, .strip script').count() == 0
