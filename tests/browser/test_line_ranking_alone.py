"""Lines that are still ranked: the one that the reader chose stays chosen wherever it moves."""

from alone import alone
from playwright.sync_api import expect

from pages.components.line_ranking import LineRanking

ROWS = [{'rank': rank, 'line': line, 'pieces': [[f'linha {line}', False]], 'value': f'{exact}',
         'exact': exact, 'part': exact, 'about': f'de {line}'}
        for rank, line, exact in ((1, 7, 0.5), (2, 9, 0.25), (3, 8, 0.125))]
NEWS = """() => {  // a better line is found, as Python sends it
  const { data } = [...Bokeh.documents[0].all_models].find(it => it.class_name === 'LineRanking')
  data.rows = JSON.stringify([{ ...JSON.parse(data.rows)[0], line: 3, exact: 0.75, about: 'de 3' },
    ...JSON.parse(data.rows)])
}"""


def test_the_pinned_line_and_the_focus_move_with_their_line(browser, site):
    with alone(browser, site, LineRanking(rows=ROWS, title='Linhas')) as tab:
        options = tab.get_by_role('option')
        options.nth(1).click()
        options.nth(1).press('ArrowDown')
        tab.evaluate(NEWS)
        expect(options).to_have_count(4)
        expect(tab.get_by_role('option', selected=True)).to_contain_text('linha 9')
        expect(options.nth(3)).to_be_focused()
        options.nth(3).press('Escape')
        expect(tab.get_by_role('option', selected=True)).to_have_count(0)
