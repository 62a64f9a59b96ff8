"""Reports: figures are what was measured, advice follows from them, changes are told from noise."""

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from minigpt.bench import compare, report
from minigpt.bench.advice import advice
from minigpt.bench.chunk_rows import chunked, grid
from minigpt.bench.contest import Contest
from minigpt.bench.measure import Plan, benchmark_text, measure
from minigpt.bench.memory import heap_fragmentation, memory_of
from minigpt.bench.stress import exponents
from minigpt.chunking import chunk, quality
from minigpt.errors import ConfigError

ROOT = Path(__file__).parents[2]
TEXT = benchmark_text(length=20_000)


def quick(text):
    """Some zeros."""
    return Contest({'minigpt': lambda: np.zeros(1000), 'a <way> & b': lambda: np.zeros(10),
                    'torch': None}, {'tokens': 10})


@pytest.fixture(scope='module')
def whole():
    rows = [('aos-soa', quick), *grid(['fixed', 'sentence'], [200], 0.1)]
    return report.assembled(list(measure(rows, TEXT, Plan(turns=2, runs=2))), Plan(turns=2, runs=2))


def row(name='r', who='minigpt', runs=(1.0, 1.0, 1.0, 1.0, 1.0), **more):
    """A measured row of these runs, in milliseconds."""
    figures = {'median': float(np.median(runs)), 'p25': float(np.quantile(runs, 0.25)),
               'p75': float(np.quantile(runs, 0.75))}
    return {'row': name, 'milliseconds': {who: figures}, 'runs': {who: list(runs)}, 'ratio': {},
            'memory': {}, 'quality': {}} | more


def test_memory_is_measured_while_it_lasts():
    def work():
        np.ones(500_000)            # 4 MB, gone at once
        return [np.ones(125_000), np.ones(125_000)]

    found = memory_of(work)
    assert found.peak == pytest.approx(4_000_000, rel=0.05)
    assert found.kept == pytest.approx(2_000_000, rel=0.05)
    assert found.overhead == found.peak - found.kept
    assert 2 <= found.blocks < 50


@pytest.mark.skipif(heap_fragmentation() is None, reason='only glibc tells')
def test_holes_in_the_heap_are_seen():
    """In a process of its own: pieces of 64 kB, of which every second one is freed again."""
    code = ("import ctypes; from minigpt.bench.memory import heap_fragmentation as holes\n"
            "c = ctypes.CDLL(None); c.malloc.restype = ctypes.c_void_p\n"
            "c.free.argtypes = [ctypes.c_void_p]; before = holes()\n"
            "pieces = [c.malloc(65536) for _ in range(2000)]; full = holes()\n"
            "[c.free(piece) for piece in pieces[:-1:2]]\nprint(before, full, holes())")
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True,
                          env=os.environ | {'PYTHONPATH': 'py'}, cwd=ROOT, check=True)
    before, full, holed = map(float, done.stdout.split())
    assert full < before + 0.1 and 0.3 < holed < 0.6


def test_a_row_holds_every_run_and_rates_from_the_median(whole):
    found = whole['rows'][0]
    assert len(found['runs']['minigpt']) == 4
    figures = found['milliseconds']['minigpt']
    assert figures['median'] == pytest.approx(np.median(found['runs']['minigpt']))
    assert figures['mean'] == pytest.approx(np.mean(found['runs']['minigpt']))
    assert figures['stddev'] == pytest.approx(np.std(found['runs']['minigpt'], ddof=1))
    assert found['rates']['minigpt']['tokens'] == pytest.approx(10_000 / figures['median'])
    assert found['absent'] == ['torch']


def test_every_row_s_work_is_told_in_both_languages():
    from minigpt.bench.report_tables import work_of
    from minigpt.bench.rows import ROWS
    from minigpt.bench.stress import stress_rows
    names = [*ROWS, *(name for name, _ in stress_rows()), 'chunk-adaptive-300']
    for name in names:
        pt, en = (work_of({'row': name}, lang) for lang in ('pt', 'en'))
        assert len(pt) > 20 and len(en) > 20 and pt != en
    assert '10.000' in work_of({'row': 'stress-encode-10000'}, 'pt')


def test_chunk_rows_carry_the_library_s_own_quality():
    found = chunked(TEXT, 'sentence', 200, 0.1)
    expected = quality(chunk(TEXT, 'sentence', 200, 0.1))
    assert found.quality['context_preservation'] == expected.context_preservation
    assert found.quality['boundary_preservation'] == expected.boundary_preservation
    densities = [piece.density for piece in chunk(TEXT, 'sentence', 200, 0.1)]
    assert found.quality['density'] == pytest.approx(np.mean(densities))
    assert found.amounts == {'characters': len(TEXT), 'chunks': expected.count, 'documents': 1}


class Page(HTMLParser):
    """What an HTML file is made of, and what it would load."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.loads, self.text = [], [], ''
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.loads += [value for name, value in attributes if name in ('src', 'href')]

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize('lang', ['pt', 'en'])
def test_the_html_report_stands_alone_and_shows_every_run(whole, lang):
    page = Page(report.WRITERS['.html'](whole, lang))
    assert page.loads == [] and 'script' not in page.tags
    assert page.tags.count('circle') == sum(
        len(runs) for found in whole['rows'] for runs in found['runs'].values())
    assert 'way' not in page.tags and 'a <way> & b' in page.text
    assert ('Memória em MB' if lang == 'pt' else 'Memory in MB') in page.text


def test_text_markdown_and_json_say_the_same_figures(whole, tmp_path):
    for suffix in ('.txt', '.md', '.json', '.html'):
        report.write(whole, str(tmp_path / f'r{suffix}'), 'en')
    assert json.loads((tmp_path / 'r.json').read_text()) == json.loads(json.dumps(whole))
    lines = (tmp_path / 'r.md').read_text().splitlines()
    heads = [line for line in lines if line.startswith('| work')]
    assert len(heads) == 4 and all(
        lines[lines.index(head) + 1].count('|') == head.count('|') for head in heads)
    blocks = f'{whole["rows"][0]["memory"]["minigpt"]["blocks"]:,}'
    text = (tmp_path / 'r.txt').read_text()
    assert re.search(rf'aos-soa +minigpt .* {blocks} +\d\S*$', text, re.MULTILINE)
    with pytest.raises(ConfigError, match='.html'):
        report.write(whole, str(tmp_path / 'r.docx'), 'en')


def test_advice_follows_from_the_figures():
    def keys(*rows):
        return {(item.key, item.values.get('row') or item.values['rows'])
                for item in advice(rows)}

    assert keys(row(runs=(1, 1, 2, 3, 3))) == {('noisy', 'r')}
    rival = row(ratio={'torch': 1.5}, milliseconds={
        name: {'median': 1.0, 'p25': 1.0, 'p75': 1.0} for name in ('minigpt', 'torch')})
    assert keys(rival) == {('behind', 'r')}
    assert keys(rival | {'ratio': {'torch': 0.5}}) == {('ahead', 'r')}
    assert keys(rival | {'ratio': {'torch': 1.05}}) == set()
    ways = row(milliseconds={'a': {'median': 1.0, 'p25': 1.0, 'p75': 1.0},
                             'b': {'median': 4.0, 'p25': 4.0, 'p75': 4.0}},
               memory={'a': {'peak': 0}, 'b': {'peak': 8_000_000}})
    [faster, smaller] = advice([ways])
    assert (faster.values['better'], faster.values['times']) == ('a', 4.0)
    assert smaller.values['megabytes'] == 8.0


def test_chunking_advice_names_the_best_by_measured_quality():
    def chunks(name, milliseconds, context, borders):
        return row(name, runs=(milliseconds,) * 5, quality={
            'context_preservation': context, 'boundary_preservation': borders})

    found = {item.key: item.values for item in advice([
        chunks('chunk-fixed', 1.0, 0.5, 0.2), chunks('chunk-semantic', 3.0, 0.9, 0.8)])}
    assert found['quickest_chunks']['row'] == 'chunk-fixed'
    assert found['best_context_preservation'] == {'row': 'chunk-semantic', 'times': 3.0,
                                                  'percent': 90.0}


def test_growth_is_the_exponent_of_the_load():
    def loads(work, power):
        return [row(f'stress-{work}-{load}', runs=(load ** power,) * 3)
                for load in (10, 100, 1000)]

    found = exponents([*loads('straight', 1.0), *loads('square', 2.0)])
    assert found == {'straight': pytest.approx(1), 'square': pytest.approx(2)}
    assert [item.key for item in advice(loads('square', 2.0))] == ['superlinear']
    slow_once = row('stress-straight-100', runs=(100.0, 9000.0, 9000.0))
    assert exponents([*loads('straight', 1.0)[::2], slow_once])['straight'] == pytest.approx(1)


def test_a_change_is_told_from_noise():
    rng = np.random.default_rng(0)
    quiet = (10 + 0.1 * rng.normal(size=15)).tolist()
    again = (10 + 0.1 * rng.normal(size=15)).tolist()
    slower = [1.3 * it for it in again]
    wild = (10 + 5 * rng.random(15)).tolist()

    def verdict(old, new):
        [found] = compare.changes([row(runs=old)], [row(runs=new)])
        return found.verdict

    assert verdict(quiet, again) == 'noise'
    assert verdict(quiet, slower) == 'slower'
    assert verdict(slower, quiet) == 'faster'
    assert verdict(wild, (10 + 5 * rng.random(15)).tolist()) == 'noise'
    assert verdict([1.0, 1.0], [2.0, 2.0]) == 'noise'  # two runs prove nothing


def test_the_rank_test_agrees_with_a_shuffle():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=12), rng.normal(0.8, 1, 12)
    every, wins = np.concatenate([a, b]), []
    for _ in range(4000):
        mixed = rng.permutation(every)
        wins.append(sum((x > mixed[12:]).sum() for x in mixed[:12]))
    seen = abs(sum((x > b).sum() for x in a) - 72)
    shuffled = np.mean(np.abs(np.array(wins) - 72) >= seen)
    assert compare.rank_test(a.tolist(), b.tolist()) == pytest.approx(shuffled, abs=0.015)


@pytest.mark.parametrize('content', ['', 'nada', '[]', '{"rows": [{"row": "x"}]}',
                                     '{"rows": [{"row": "x", "runs": {"a": [0]}}]}'])
def test_a_file_that_is_no_report_is_refused(tmp_path, content):
    path = tmp_path / 'old.json'
    path.write_text(content + ' ')
    with pytest.raises((ConfigError, ValueError)):
        compare.load(str(path))


@pytest.mark.parametrize('plan', [{'turns': 0}, {'runs': 0}, {'warmups': -1}])
def test_a_plan_that_measures_nothing_is_refused(plan):
    with pytest.raises(ConfigError):
        Plan(**plan)
