"""Charts without a browser: what is drawn, in which words, numbers and colours."""

import base64
import csv
import io

import numpy as np
import pytest

from pages.chart_table import ROWS, csv_text, file_name, table
from pages.charts import BarChart, LineChart, PointChart
from pages.page import Page
from pages.theme import GROUND, ROLES


class Plain(Page):
    """A page of nothing, for what follows its language and theme."""
    section = 'inference'


@pytest.fixture
def page():
    return Plain()


def histogram(page):
    chart = BarChart(page, digits=(0, 0))
    chart.label('Tamanhos', x='tokens', y='chunks')
    chart.draw(np.array([1200, 3]), np.array([0, 10.0, 20]))
    return chart


def test_a_histogram_has_its_words_bars_and_hover_values(page):
    chart = histogram(page)
    data = chart._bars.data_source.data
    assert list(data['left']) == [0, 10] and list(data['top']) == [1200, 3]
    assert data['name'] == ['0 – 10', '10 – 20'] and data['top_text'] == ['1.200', '3']
    assert chart.figure.xaxis.axis_label == 'tokens' and chart.box.title == 'Tamanhos'
    assert chart.hover.tooltips == [('tokens', '@name'), ('chunks', '@top_text')]
    assert chart.box.name_of_picture == ('Tamanhos: gráfico de barras, tokens e chunks; 2 valores.')


def test_language_and_theme_repaint_by_themselves(page):
    chart = histogram(page)
    page.theme = 'dark'
    assert chart.figure.background_fill_color == GROUND['dark']['ground']
    assert chart._bars.glyph.fill_color == ROLES['dark']['weights']
    page.lang = 'en'
    chart.label('Sizes', x='tokens', y='chunks')
    assert chart._bars.data_source.data['top_text'][0] == '1,200'
    assert 'bar chart' in chart.box.name_of_picture


def test_colours_and_type_are_set_once_for_each_theme(page):
    chart = histogram(page)
    chart.figure.xaxis.axis_label_text_color = 'red'
    chart.draw(np.array([5, 6]), np.array([0, 10.0, 20]))
    assert list(chart._bars.data_source.data['top']) == [5, 6]
    assert chart.figure.xaxis.axis_label_text_color == 'red'
    page.theme = 'dark'
    assert chart.figure.xaxis.axis_label_text_color == GROUND['dark']['ink']


def test_named_bars_keep_their_order(page):
    chart = BarChart(page, named=True)
    chart.label('Compressão', x='estratégia', y='bytes por token')
    chart.draw([1, 3.125], ['palavras', 'bytes'])
    assert list(chart.figure.x_range.factors) == ['palavras', 'bytes']
    assert chart._bars.data_source.data['top_text'] == ['1,00', '3,12']


def test_lines_differ_in_dash_and_name(page):
    chart = LineChart(page)
    chart.label('Perda', x='passos', y='nats por token')
    chart.draw([1, 2], {'treino': [2, 1.5]})
    assert not chart.figure.legend[0].visible
    chart.draw([1, 2], {'treino': [2, 1.5], 'teste': [2.5, np.nan]})
    assert len({tuple(line.glyph.line_dash) for line in chart._lines}) == 2
    assert [item.label['value'] for item in chart.figure.legend[0].items] == ['treino', 'teste']
    assert chart.figure.legend[0].visible
    chart.box.table_open = True
    assert chart.box.table['head'] == ['passos', 'treino', 'teste']
    assert chart.box.table['rows'] == [['1', '2', '2,50'], ['2', '1,50', '–']]


def test_marked_points_have_another_size_shape_and_colour(page):
    chosen = []
    chart = PointChart(page, digits=(1, 1), on_select=chosen.extend)
    chart.label('Mapa', x='1º', y='2º')
    chart.draw([0, 1, 2], [0, -1, 2], ['·a', '<b>', 'ç'], named=[0], marked=[1])
    data = chart.points.data
    assert len(set(data['size'][1:])) == len(set(data['marker'][1:])) == 2
    assert data['colour'][1] == ROLES['light']['query'] and data['y_text'][1] == '−1,0'
    assert chart._names.data['name'] == ['·a', '<b>']
    chart.select([2])
    assert chosen == [2] and chart.points.selected.indices == [2]


def test_the_wheel_is_the_page_s(page):
    for chart in (histogram(page), LineChart(page), PointChart(page)):
        assert not [it for it in chart.figure.tools if 'Wheel' in type(it).__name__]
        assert chart.figure.toolbar_location is None


def test_the_table_waits_until_it_is_opened_and_is_cut(page):
    chart = BarChart(page)
    chart.label('T', x='x', y='y')
    chart.draw(np.arange(500), np.arange(501))
    assert chart.box.table['rows'] == []
    chart.box.table_open = True
    assert len(chart.box.table['rows']) == ROWS and chart.box.table['count'] == 500


def test_the_csv_has_every_value_as_it_is(page):
    chart, sent = histogram(page), []
    chart.box._send_msg = sent.append
    chart.box._handle_msg({'csv': True})
    assert sent[0]['name'] == 'tamanhos.csv'
    content = base64.b64decode(sent[0]['base64']).decode('utf-8-sig')
    assert list(csv.reader(io.StringIO(content))) == [
        ['tokens', 'chunks'], ['0 – 10', '1200'], ['10 – 20', '3']]


def test_text_in_a_csv_is_quoted_and_numbers_are_whole():
    content = csv_text({'token': ['a,"b"\n'], 'y': np.array([0.1 + 0.2])})
    assert list(csv.reader(io.StringIO(content)))[1] == ['a,"b"\n', '0.30000000000000004']


def test_an_empty_table_is_a_table():
    assert table({'x': [], 'y': []}, 2, 'pt') == {
        'head': ['x', 'y'], 'rows': [], 'number': [False, False], 'count': 0}


@pytest.mark.parametrize('title, name', [('Distribuição dos tamanhos', 'distribuicao-dos-tamanhos'),
                                         ('a/b: "c"', 'a-b-c')])
def test_files_are_named_after_the_title(title, name):
    assert file_name(title) == f'{name}.csv'
