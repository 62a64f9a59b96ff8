"""The script of the attention page, run in another Python, prints what the page shows."""


import numpy as np
import pytest
from take_home import printed

from pages.attention.page import Attention
from pages.components.walk import COLUMNS


def lines_by_word(page, folder) -> dict[str, list[list[str]]]:
    """The lines that its script prints, as words, by their first word."""
    lines = {}
    for line in printed(page, folder).splitlines():
        first, *rest = line.split()
        lines.setdefault(first, []).append(rest)
    return lines


@pytest.mark.parametrize('query', [{}, {
    'text': 'O menino viu o peixe e o peixe "viu" o', 'layer': '2', 'head': '3', 'q': '6', 'k': '2',
    'temp': '0.7', 'mask': 'off', 'off': '0.1', 'forced': '1.2.6.5', 'cut': '3.0.8.1'}])
def test_the_numbers_are_the_page_s(tmp_path, query):
    page = Attention(query=query)
    lines = lines_by_word(page, tmp_path)
    rows = dict(zip(COLUMNS, page._view.walk.walk.values.T, strict=True))
    dot, _, score = lines['dot'][0]
    assert float(dot) == pytest.approx(rows['dot'][page.shown_key], abs=1e-4)
    assert float(score) == pytest.approx(rows['score'][page.shown_key], abs=1e-4)
    np.testing.assert_allclose(np.array(lines['weights'][0], float), rows['weight'], atol=1e-5)
    np.testing.assert_allclose(np.array(lines['output'][0], float),
                               page._view.walk.sum.values[-1], atol=1e-4)
    shown = page._view.shift.rows
    nexts = sorted(lines['next'], key=lambda it: -float(it[1]))
    np.testing.assert_allclose([[float(a), float(b)] for _, a, b in nexts],
                               [[it['before'], it['after']] for it in shown], atol=1e-5)
    measures = page.passes.measures()
    for name, share, chance in lines['pattern']:
        assert float(share) == pytest.approx(measures[name].share[page.layer, page.head], abs=1e-5)
        assert float(chance) == pytest.approx(measures[name].chance)


def test_without_a_text_there_is_no_script():
    page = Attention()
    page.typed = ''
    assert page.script() == ''
