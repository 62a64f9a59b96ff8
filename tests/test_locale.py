"""Both languages say the same things."""

import re
import string
from pathlib import Path

import pytest

import minigpt
from minigpt.locale import catalogue, decimal, scientific, sentence
from minigpt.locale.numbers_in_text import filled


def leaves(tree, prefix=''):
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, f'{prefix}{key}.')
        else:
            yield f'{prefix}{key}', value


def blanks(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def test_keys_and_blanks_are_equal():
    pt, en = dict(leaves(catalogue('pt'))), dict(leaves(catalogue('en')))
    assert pt.keys() == en.keys()
    assert {key: blanks(text) for key, text in pt.items()} == {
        key: blanks(text) for key, text in en.items()}


def test_sentence_fills_its_blanks():
    assert sentence('en', 'errors.bad_length', got=0).endswith('got 0')


def test_one_is_told_from_many():
    said = '{n} {n:?chunk|chunks}'
    assert [filled(said, {'n': n}, 'pt') for n in (0, 1, '1', 1000)] == [
        '0 chunks', '1 chunk', '1 chunk', '1000 chunks']


def test_numbers_are_local():
    assert decimal(1234.5, 1, 'pt') == '1.234,5'
    assert decimal(1234.5, 1, 'en') == '1,234.5'


@pytest.mark.parametrize(('value', 'digits', 'said'), [
    (9e-9, 0, '9·10⁻⁹'), (1.5e5, 2, '1,5·10⁵'), (1e-10, 1, '10⁻¹⁰'), (-2.34e-12, 2, '-2,34·10⁻¹²'),
    (20, 0, '2·10¹'), (3.25, 2, '3,25'), (0, 1, '0'), (float('nan'), 1, 'nan')])
def test_very_small_and_very_large_numbers_have_powers_of_ten(value, digits, said):
    assert scientific(value, digits, 'pt') == said
    assert filled(f'{{x:.{digits}e}}', {'x': value}, 'pt') == said
    assert scientific(value, digits, 'en') == said.replace(',', '.')


def test_a_number_as_short_as_it_goes_may_be_a_power_of_ten():
    assert filled('{x:.3g}', {'x': 1.25e-8}, 'pt') == '1,25·10⁻⁸'
    assert filled('{x:g} {y}', {'x': 0.5, 'y': '1e-05'}, 'pt') == '0,5 1e-05'


def test_every_error_that_is_raised_has_its_sentence():
    package = Path(minigpt.__file__).parent
    used = {(path.name, key) for path in package.rglob('*.py')
            for key in re.findall(r"raise \w+Error\('(\w+)'", path.read_text(encoding='utf-8'))}
    assert len(used) > 20
    assert not [(name, key) for name, key in used if key not in catalogue('en')['errors']]


def test_every_flaw_of_a_file_has_its_clause_and_every_clause_its_flaw():
    package = Path(minigpt.__file__).parent
    code = '\n'.join(path.read_text(encoding='utf-8') for path in package.rglob('*.py'))
    used = set(re.findall(r"'flaw\.(\w+)'", code))
    required = {key for call in re.findall(r'\brequire\((.*?)\)\n', code, re.DOTALL)
                for key in re.findall(r"'(\w+)'", call)}
    told = catalogue('en')['errors']['flaw'].keys()
    assert used <= told and told <= used | required
