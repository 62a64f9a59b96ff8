"""The table's numbers: each row's arithmetic gives what minigpt computed."""

import numpy as np
import pytest

from minigpt.inference import next_token_distribution
from pages.inference.candidates import candidate_rows
from pages.inference.continuation import Sampling
from pages.lab import lab, visible

LOGITS = np.random.default_rng(1).normal(0, 2, 1000).astype(np.float32)


@pytest.mark.parametrize('temperature, top_k, top_p', [(1, None, None), (0.8, 10, None),
                                                       (1.5, None, 0.6), (0.5, 50, 0.9)])
def test_the_sum_written_out_is_true(temperature, top_k, top_p):
    table = candidate_rows(LOGITS, Sampling(temperature, top_k, top_p), 20, drawn=None)
    sums = table['sums']
    for row in table['rows']:
        assert row['scaled'] == pytest.approx(row['logit'] / temperature)
        assert row['exp'] == pytest.approx(np.exp(row['scaled'] - sums['largest']))
        assert row['share'] == pytest.approx(row['exp'] / sums['all'])
        assert row['probability'] == pytest.approx(
            row['exp'] / sums['after_cut'] if row['kept'] else 0)


def test_rows_and_others_are_the_whole_vocabulary():
    table = candidate_rows(LOGITS, Sampling(0.8, 30), 14, drawn=None)
    others = table['others']
    assert others['count'] + len(table['rows']) == 1000
    assert others['kept'] + sum(row['kept'] for row in table['rows']) == 30
    for kind in ('before', 'share', 'probability'):
        assert others[kind] + sum(row[kind] for row in table['rows']) == pytest.approx(1)


def test_the_drawn_token_is_there_even_when_it_is_unlikely():
    last = int(np.argmin(LOGITS))
    table = candidate_rows(LOGITS, Sampling(1.0), 5, drawn=last)
    assert [row['drawn'] for row in table['rows']] == [False] * 5 + [True]
    assert table['rows'][-1]['rank'] == 1000


def test_at_temperature_0_nothing_is_divided():
    table = candidate_rows(LOGITS, Sampling(0), 5, drawn=None)
    assert table['rows'][0]['probability'] == 1 and table['rows'][0]['scaled'] is None


def test_each_row_says_which_rule_cut_it_and_its_share_before_the_temperature():
    sampling = Sampling(0.6, top_k=30, top_p=0.9, min_p=0.1)
    rows = candidate_rows(LOGITS, sampling, 60, drawn=None)['rows']
    rules = [row['rule'] for row in rows]
    assert {'', 'top_k', 'top_p', 'min_p'} >= set(rules) and rules[30:] == ['top_k'] * 30
    assert [row['kept'] for row in rows] == [rule == '' for rule in rules]
    assert 'min_p' in rules or 'top_p' in rules
    plain = next_token_distribution(LOGITS).probs
    assert [row['before'] for row in rows] == pytest.approx([plain[row['id']] for row in rows])


def test_tokens_are_shown_with_their_spaces_and_loose_bytes():
    tokenizer = lab().tokenizer
    assert visible(tokenizer.encode(' ')[0]) == '·'
    assert visible(tokenizer.encode('\n')[0]) == '↵'
    assert visible(0xc3) == '⟨c3⟩'
    assert visible(tokenizer.end_of_text) == '<|endoftext|>'
    for token_id in range(tokenizer.vocab_size):
        assert visible(token_id).strip() and visible(token_id).isprintable()
