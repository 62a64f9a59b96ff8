"""Numbers in a link: what fits is taken, anything else leaves the default."""

import pytest

from pages.settings import Knob, whole

SHARE = Knob('p', 0.9, 0.01, 1, 0.01, digits=2)
COUNT = Knob('n', 40, 1, 200, 1)


@pytest.mark.parametrize('knob, given, read', [
    (SHARE, '0.35', 0.35), (SHARE, '0', 0.9), (SHARE, 'nan', 0.9), (SHARE, None, 0.9),
    (COUNT, '7', 7), (COUNT, '201', 40), (COUNT, 'x', 40), (COUNT, 'inf', 40)])
def test_a_knob_takes_a_number_within_its_bounds(knob, given, read):
    assert knob.read(given) == read


def test_what_a_knob_writes_it_reads_again():
    assert SHARE.read(SHARE.write(0.07)) == 0.07 and COUNT.write(7.0) == '7'


@pytest.mark.parametrize('given, read', [
    ('3', 3), ('9', None), ('-1', None), ('٣', None), ('', None), (None, None), ('1' * 5000, None)])
def test_a_whole_number_is_read_only_where_it_is_allowed(given, read):
    assert whole(given, range(5), None) == read
