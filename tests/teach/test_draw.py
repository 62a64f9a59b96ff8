"""Pictures made of characters show the numbers that they are given, whatever those are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from minigpt.teach.draw import (BLOCKS, SHADES, WIDTH, bar, cells, drawn, short, shrunk, tame,
                                visible)
from minigpt.teach.figures import Bars, Curves, Heat, Rows, Verbatim
from minigpt.teach.tensor_view import attention_map, picture, summary

ANY_FLOAT = st.floats(width=32, allow_nan=True, allow_infinity=True)


@given(st.floats(0, 1))
def test_a_bar_is_as_long_as_its_share(share):
    text = bar(share, 10)
    assert len(text) == 10
    eighths = 8 * text.count('█') + sum(BLOCKS.index(it) for it in text if it in BLOCKS[1:-1])
    assert abs(eighths - 80 * share) <= 0.5 + 1e-9


def test_the_longest_bar_is_the_largest_value_and_numbers_are_local():
    small, large = drawn(Bars(['a', 'bb'], [1.5, 3.0], digits=2, unit=' ms'), 'pt')
    assert small.count('█') * 2 == large.count('█') == 40
    assert small.endswith('1,50 ms') and small.startswith(' a ')
    assert '1.50 ms' in drawn(Bars(['a'], [1.5], digits=2, unit=' ms'), 'en')[0]


def test_heat_is_darkest_where_the_number_is_largest():
    values = np.array([[0.0, 0.5], [1.0, np.nan]])
    head, first, second, scale = drawn(Heat(values, ['r1', 'r2'], ['x', 'y']), 'en')
    assert head.split() == ['x', 'y']
    assert first == 'r1   ▒▒' and second == 'r2 ██  '
    assert scale.split() == ['░', '0.00', '█', '1.00']


@given(arrays.arrays(np.float32, arrays.array_shapes(min_dims=1, max_dims=4, max_side=70),
                     elements=ANY_FLOAT))
def test_any_tensor_can_be_drawn_and_summed_up(tensor):
    lines = drawn(picture(tensor), 'pt')
    assert max(map(len, lines)) <= WIDTH
    assert set(''.join(lines[:-1])) <= set(SHADES)
    found = summary('x', tensor)
    assert found.bad == int((~np.isfinite(tensor)).sum())
    assert np.isfinite([found.mean, found.std, found.smallest, found.largest]).all()


def test_a_large_matrix_is_averaged_down():
    values = np.arange(100.0).reshape(1, 100)
    assert shrunk(values, 1, 10).tolist() == [[4.5 + 10 * i for i in range(10)]]
    assert shrunk(values, 5, 200) is values


def test_an_attention_map_of_a_long_text_is_of_its_last_tokens():
    weights = np.tril(np.ones((30, 30)))
    found = attention_map(weights, list(map(str, range(30))), most=4)
    assert found.values.shape == (4, 4) and list(found.rows) == ['26', '27', '28', '29']


def test_curves_share_one_scale_and_tell_where_they_begin_and_end():
    falling, flat, axes = drawn(Curves({'down': [8.0, 4.0, 0.0], 'flat': [8.0, 8.0, 8.0]}), 'en')
    assert falling == 'down 8.00 █▅▁ 0.00'
    assert flat == 'flat 8.00 ███ 8.00'
    assert axes == '     ↑ value → step'


def test_cells_are_local_and_know_numbers_from_words():
    body, sides = cells(Rows([('a', 1200, (0.5, 2)), ('b', 3, (1.0, 2))]), 'pt')
    assert body == [('a', '1.200', '0,50'), ('b', '3', '1,00')] and sides == 'lrr'


@pytest.mark.parametrize(('value', 'text'), [
    (0, '0,00'), (0.0213, '0,0213'), (1.234, '1,23'), (123.4, '123'), (1e7, '10⁷'),
    (1.24e7, '1,2·10⁷'), (-0.5, '-0,500')])
def test_short_numbers(value, text):
    assert short(value, 'pt') == text


def test_a_part_of_a_character_is_told_from_another_part():
    smile = '😀'.encode()
    assert [visible(bytes([byte])) for byte in smile] == ['⟨f0⟩', '⟨9f⟩', '⟨98⟩', '⟨80⟩']
    assert visible(smile) == '😀' and visible(b' a\xc3') == '·a⟨c3⟩'


def test_what_a_terminal_would_obey_is_tamed():
    assert tame('a\x1b[2Jb\x07') == 'a�[2Jb�'


@given(st.binary(max_size=20))
def test_no_token_can_move_the_cursor(token):
    assert not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in visible(token))
    [*lines] = drawn(Verbatim(token.decode('latin-1')), 'en')
    assert not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in ''.join(lines))
