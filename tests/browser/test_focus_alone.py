"""The focus stays with the reader when what had it is painted anew, or goes by being pressed."""

from contextlib import contextmanager

import numpy as np
from alone import alone, change
from playwright.sync_api import expect

from pages.components.actions import Actions
from pages.components.answer_box import AnswerBox
from pages.components.choice import Choice
from pages.components.crumbs import Crumbs
from pages.components.exercises import Exercises
from pages.components.next_words import NextWords
from pages.components.runs_table import RunsTable
from pages.components.samples import Samples
from pages.components.slow_step import SlowStep
from pages.components.strategy_table import StrategyTable
from pages.components.token_map import TokenMap
from pages.components.vocabulary_table import VocabularyTable
from pages.components.walk import Walk
from pages.locale import text

WORDS = text('pt')


def nothing(*_):
    pass


@contextmanager
def drawn(browser, site, viewable, named):
    """A tab that shows it, and in it the element of this role and name, which has the focus."""
    with alone(browser, site, viewable) as tab:
        focused = tab.get_by_role(named[0], name=named[1], exact=True)
        focused.focus()
        yield tab, focused


def button(id, reason=''):
    return {'id': id, 'label': id, 'reason': reason}


def test_a_button_in_the_place_of_another_gets_its_focus_and_its_place(browser, site):
    it = Actions(nothing, buttons=[button('run'), button('pause'), button('cancel')])
    with drawn(browser, site, it, ('button', 'pause')) as (tab, _):
        change(tab, it, lambda: setattr(it, 'buttons', [button('run'), button('resume'),
                                                        button('cancel')]))
        expect(tab.get_by_role('button')).to_have_text(['run', 'resume', 'cancel'])
        expect(tab.get_by_role('button', name='resume')).to_be_focused()


def test_who_goes_up_a_ladder_stands_on_the_rung(browser, site):
    rungs = [{'id': str(it), 'label': f'degrau {it}'} for it in range(3)]
    it = Crumbs(nothing, rungs=rungs)
    with drawn(browser, site, it, ('button', 'degrau 1')) as (tab, rung):
        rung.press('Enter')
        change(tab, it, lambda: setattr(it, 'rungs', rungs[:2]))
        expect(tab.locator('[aria-current=location]')).to_be_focused()
        expect(tab.locator('[aria-current=location]')).to_have_text('degrau 1')


def test_a_step_of_attention_can_be_gone_to_by_key_and_the_next_after_it(browser, site):
    it = Walk(nothing, tokens=['a', 'b'], values=np.ones((2, 5)), facts={'query': 'b', 'root': 1,
              'temperature': 1, 'largest': 1, 'sum': 1}, words=WORDS['attention']['walk'], step=5)
    with alone(browser, site, it) as tab:
        steps = tab.locator('.steps button')
        steps.nth(1).press('Enter')
        expect(steps.nth(1)).to_be_focused()
        expect(steps.nth(1)).to_have_attribute('aria-current', 'step')
        tab.keyboard.press('Tab')
        tab.keyboard.press('Enter')
        expect(steps.nth(2)).to_be_focused()
        expect(tab.locator('[aria-current=step]')).to_have_text(steps.nth(2).inner_text())


def test_a_stage_of_slow_motion_can_be_gone_to_by_key(browser, site):
    it = SlowStep(words=WORDS['training']['slow'])
    with alone(browser, site, it) as tab:
        stages = tab.locator('.steps button')
        stages.nth(1).press('Enter')
        expect(stages.nth(1)).to_be_focused()
        expect(tab.locator('[aria-current=step]')).to_have_text(stages.nth(1).inner_text())


def test_the_answer_chosen_keeps_the_focus_when_it_is_judged(browser, site):
    it = AnswerBox(nothing, nothing, key='1', ask='choice', words=WORDS['lessons']['answer'],
                   choices=[{'id': id, 'label': id} for id in 'abc'], can_restore=True)
    with drawn(browser, site, it, ('radio', 'b')) as (tab, radio):
        radio.press(' ')
        change(tab, it, lambda: setattr(it, 'verdict', 'Ainda não.'))
        expect(tab.get_by_text('Ainda não.')).to_be_visible()
        expect(radio).to_be_focused()
        expect(radio).to_be_checked()
        tab.get_by_role('button', name=it.words['restore']).press('Enter')
        change(tab, it, lambda: setattr(it, 'can_restore', False))
        expect(tab.get_by_role('button', name=it.words['check'])).to_be_focused()


def test_a_right_answer_gives_the_focus_to_what_it_says(browser, site):
    said = {'task': 'Quanto?', 'hint': 'Conte.', 'done': 'Isso mesmo.'}
    undone = [{'key': 'a', 'said': said, 'typed': True, 'is_done': False}]
    it = Exercises(nothing, nothing, nothing, exercises=undone,
                   words=WORDS['frame']['exercises'] | {'shipped': ''})
    with drawn(browser, site, it, ('button', it.words['check'])) as (tab, check):
        check.press('Enter')
        change(tab, it, lambda: setattr(it, 'exercises', [undone[0] | {'is_done': True}]))
        expect(tab.locator('.said')).to_be_focused()
        expect(tab.locator('.said')).to_have_text('Isso mesmo.')
        tab.get_by_role('button', name=it.words['again']).press('Enter')
        change(tab, it, lambda: setattr(it, 'exercises', undone))
        expect(tab.locator('summary')).to_be_focused()


def test_a_sample_stays_focused_when_it_is_marked_and_when_a_newer_one_comes(browser, site):
    samples = [{'step': step, 'head': f'passo {step}', 'given': 'a', 'text': 'b'}
               for step in range(1, 21)]
    it = Samples(samples=samples[:2], words=WORDS['training']['samples'])
    with drawn(browser, site, it, ('button', 'passo 1')) as (tab, sample):
        sample.press('Enter')
        expect(sample).to_have_attribute('aria-pressed', 'true')
        expect(sample).to_be_focused()
        change(tab, it, lambda: setattr(it, 'samples', samples))
        expect(tab.get_by_role('button')).to_have_count(20)
        expect(sample).to_be_focused()
        expect(sample).to_be_in_viewport()


def test_back_to_all_parts_leaves_the_focus_in_the_list(browser, site):
    rows = [{'id': 1, 'word': 'a', 'before': 0.5, 'after': 0.25, 'about': ''}]
    it = NextWords(nothing, rows=rows, changed=True, words=WORDS['transformer']['next'])
    with drawn(browser, site, it, ('button', it.words['back'])) as (tab, back):
        back.press('Enter')
        change(tab, it, lambda: setattr(it, 'changed', False))
        expect(tab.get_by_role('button')).to_have_count(0)
        expect(tab.get_by_role('option')).to_be_focused()


def test_a_selection_let_go_leaves_the_focus_on_what_selects(browser, site):
    points = [{'id': id, 'label': str(id), 'count': 1, 'score': 0.5} for id in (1, 2)]
    it = TokenMap(nothing, nothing, points=points, positions=[[0, 0], [1, 1]], selected=[1, 2],
                  words=WORDS['embeddings']['map']['map'])
    with drawn(browser, site, it, ('button', it.words['clear'])) as (tab, clear):
        clear.press('Enter')
        expect(clear).to_be_hidden()
        expect(tab.get_by_role('button', name=it.words['take'], exact=True)).to_be_focused()


def test_a_run_shown_or_taken_away_leaves_the_focus_in_the_table(browser, site):
    rows = [{'id': id, 'name': f'Treino {id}', 'dash': 'solid', 'shown': True, 'present': False,
             'removable': True, 'differs': '', 'steps': '1', 'loss': '1', 'verdict': ''}
            for id in (1, 2)]
    it = RunsTable(nothing, rows=rows, words=WORDS['training']['runs'])
    with alone(browser, site, it) as tab:
        shown = tab.get_by_role('checkbox').nth(1)
        shown.press(' ')
        change(tab, it, lambda: setattr(it, 'rows', [rows[0], rows[1] | {'shown': False}]))
        expect(shown).not_to_be_checked()
        expect(shown).to_be_focused()
        remove = tab.get_by_role('button', name=f'{it.words["remove"]}: Treino 1')
        remove.press('Enter')
        change(tab, it, lambda: setattr(it, 'rows', rows[1:]))
        expect(remove).to_have_count(0)
        expect(tab.get_by_role('button', name=f'{it.words["remove"]}: Treino 2')).to_be_focused()


def test_a_token_of_the_vocabulary_keeps_the_focus_when_its_count_comes(browser, site):
    rows = [{'id': id, 'token': f't{id}', 'bytes': '', 'length': 2, 'made': 0, 'parts': [],
             'frequency': None} for id in (1, 2)]
    it = VocabularyTable(nothing, nothing, rows=rows, words=WORDS['tokenizer']['vocabulary'])
    with drawn(browser, site, it, ('button', 't2')) as (tab, token):
        change(tab, it, lambda: setattr(it, 'rows', [row | {'frequency': 7} for row in rows]))
        expect(tab.get_by_role('cell', name='7', exact=True)).to_have_count(2)
        expect(token).to_be_focused()


def test_a_number_of_a_strategy_keeps_the_focus_when_the_others_are_there(browser, site):
    rows = [{'name': name, 'label': name, 'about': ''} for name in ('bytes', 'words')]
    measured = {'tokens': 4, 'bytes_per_token': 1, 'tokens_per_word': 2, 'unknown': 0,
                'exact': True, 'vocab': 256, 'preview': [], 'rest': 0}
    it = StrategyTable(rows=[rows[0] | measured, rows[1]], words=WORDS['tokenizer']['strategies'])
    with alone(browser, site, it) as tab:
        numbers = tab.locator('tr.bytes td')
        numbers.first.press('ArrowRight')
        expect(numbers.nth(1)).to_be_focused()
        change(tab, it, lambda: setattr(it, 'rows', [row | measured for row in rows]))
        expect(tab.locator('tr.words td')).to_have_count(6)
        expect(numbers.nth(1)).to_be_focused()


def test_a_choice_keeps_the_focus_when_its_note_follows_it(browser, site):
    it = Choice(options=[{'id': id, 'label': id} for id in 'ab'], value='a')
    with drawn(browser, site, it, ('radio', 'a')) as (tab, radio):
        radio.press('ArrowDown')
        change(tab, it, lambda: setattr(it, 'note', 'b, então.'))
        expect(tab.get_by_text('b, então.')).to_be_visible()
        expect(tab.get_by_role('radio', name='b')).to_be_focused()
