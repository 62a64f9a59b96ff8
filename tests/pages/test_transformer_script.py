"""The script of the transformer page, run in another Python, prints what the page shows."""

import re

import pytest
from take_home import printed

from pages.transformer.page import Transformer


@pytest.mark.parametrize('query', [{}, {'text': 'O rio "corre" {para} o\\n', 'at': '2',
                                        'block': '3', 'off': 'h.0.head.1,h.2.mlp'}])
def test_the_script_arrives_at_the_same_numbers(tmp_path, query):
    page = Transformer(query=query)
    lines = printed(page, tmp_path).splitlines()
    after = [float(it) for it in re.findall(r" (\d\.\d+)", lines[1])]
    shown = sorted((row['after'] for row in page.picture.next.rows if row['id'] >= 0), reverse=True)
    assert after[:3] == pytest.approx(shown[:3], abs=1e-5)
    stops = [it.split() for it in lines if it.startswith('stop')]
    chart = page.lens.chart.columns
    assert [float(it[3]) for it in stops] == pytest.approx(list(list(chart.values())[1]), rel=1e-4)
    rows = [row for row in page.lens.lens.rows if row['kind'] in ('stream', 'attn', 'mlp')]
    assert [float(it[5]) for it in stops] == pytest.approx([it['target'] for it in rows], abs=1e-4)
    direct = {it.split()[1]: float(it.split()[2]) for it in lines if it.startswith('direct')}
    assert sum(direct.values()) == pytest.approx(
        sum(it['direct'] or 0 for it in page.lens.lens.rows), abs=1e-3)
    neurons = [it.split() for it in lines if it.startswith('neuron')]
    page.order = 'active'
    assert [int(it[1]) for it in neurons] == [it['id'] for it in page.detail.neurons.list.rows]
