"""The table of candidates alone: any token and any logits, written out as they are."""

import re

import numpy as np
import pytest
from alone import alone
from playwright.sync_api import expect

from pages.components.candidates import Candidates
from pages.inference.candidates import candidate_rows
from pages.inference.continuation import Sampling
from pages.locale import text

WORDS = text('pt')['inference']['candidates']
TOKENS = ['$&', '·$$', "$'"]  # what a replacement in JavaScript would take for something else


@pytest.fixture(scope='module')
def tab(browser, site):
    table = candidate_rows(np.array([-1, -2.5, -4], np.float32), Sampling(1.0), 3, drawn=None)
    for row, token in zip(table['rows'], TOKENS):
        row['token'] = token
    table |= {'index': 0, 'before': 'R', 'summary': ''}
    shown = Candidates(lambda *_: None, lambda: None, table=table, words=WORDS, locale='pt-BR')
    with alone(browser, site, shown) as tab:
        yield tab


def test_every_token_is_named_as_it_is(tab):
    for token in TOKENS:
        button = tab.get_by_role('button', name=WORDS['pick'].replace('{token}', token), exact=True)
        button.focus()
        expect(tab.get_by_role('heading', level=3)).to_have_text(
            WORDS['sum']['title'].replace('{token}', token))


def test_a_largest_logit_below_zero_is_taken_away_in_brackets(tab):
    tab.locator('.pick').nth(1).focus()
    expect(tab.locator('.sum sup')).to_have_text('-2,50 − (-1,00)')


def test_the_logits_of_a_model_that_broke_down_fit_their_column(browser, site):
    table = candidate_rows(np.array([9e14, 5e14, -4e14], np.float32), Sampling(1.0), 3, drawn=None)
    table |= {'index': 0, 'before': 'R', 'summary': ''}
    shown = Candidates(lambda *_: None, lambda: None, table=table, words=WORDS, locale='pt-BR')
    with alone(browser, site, shown) as tab:
        expect(tab.locator('td.logit')).to_have_text(['9E14', '5E14', '-4E14', ''])
        expect(tab.locator('td.cut').nth(1)).to_have_text(re.compile(r'✕\s*0,0%'))
