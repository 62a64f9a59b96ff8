"""The tables of a report, as cells, as aligned text, as Markdown."""

from collections.abc import Sequence
from functools import partial

from minigpt.locale import decimal, named, sentence, template
from minigpt.locale.numbers_in_text import filled

Table = tuple[str, list[str], list[list[str]]]  # title, head, rows


def tables(report: dict, lang: str) -> list[Table]:
    """Times, rates, memory, quality, comparison: those that have something to say."""
    found = [times(report, lang), rates(report, lang), memory(report, lang),
             chunk_quality(report, lang), comparison(report, lang)]
    return [table for table in found if table[2]]


def titled(name: str, columns: Sequence[str], lang: str) -> tuple[str, list[str]]:
    say = partial(sentence, lang)
    return say(f'benchmark.{name}'), [say(f'benchmark.head.{column}') for column in columns]


def times(report: dict, lang: str) -> Table:
    columns = ('row', 'name', 'median', 'mean', 'stddev', 'p05', 'p95', 'ratio')
    rows = [[row['row'], named(name, lang), *(size(figures[column], lang) for column in columns[2:-1]),
             size(row['ratio'][name], lang) if name in row['ratio'] else '']
            for row in report['rows'] for name, figures in row['milliseconds'].items()]
    return *titled('times', columns, lang), rows


def rates(report: dict, lang: str) -> Table:
    rows = [[row['row'], named(name, lang), named(unit, lang), size(rate, lang)]
            for row in report['rows'] for name, units in row['rates'].items()
            for unit, rate in units.items()]
    return *titled('rates', ('row', 'name', 'unit', 'rate'), lang), rows


def memory(report: dict, lang: str) -> Table:
    rows = [[row['row'], named(name, lang), *(size(found[column] / 1e6, lang) for column in (
        'peak', 'kept', 'overhead')), decimal(found['blocks'], 0, lang),
        '–' if found['fragmentation'] is None else size(found['fragmentation'], lang)]
        for row in report['rows'] for name, found in row['memory'].items()]
    columns = ('row', 'name', 'peak', 'kept', 'overhead', 'blocks', 'fragmentation')
    return *titled('memory', columns, lang), rows


def chunk_quality(report: dict, lang: str) -> Table:
    columns = ('chunks', 'mean_size', 'density', 'context_preservation', 'boundary_preservation',
               'whole_sentences')
    rows = [[row['row'], *(size(row['quality'][column], lang) for column in columns)]
            for row in report['rows'] if row['quality']]
    return *titled('quality', ('row', *columns), lang), rows


def comparison(report: dict, lang: str) -> Table:
    rows = [[item['row'], named(item['name'], lang), size(item['before'], lang),
             size(item['after'], lang), size(item['ratio'], lang),
             f'{decimal(100 * item["p"], 1, lang)} %',
             sentence(lang, f'benchmark.verdict.{item["verdict"]}')]
            for item in report['comparison']]
    columns = ('row', 'name', 'before', 'after', 'ratio', 'p', 'verdict')
    return *titled('comparison', columns, lang), rows


def said_advice(report: dict, lang: str) -> list[str]:
    """The recommendations as sentences."""
    return [filled(template(lang, f'benchmark.advice.{item["key"]}'), {
        name: named(value, lang) if isinstance(value, str) else value
        for name, value in item['values'].items()}, lang) for item in report['advice']]


def measured_on(report: dict, lang: str) -> str:
    """The machine and the plan, in one line."""
    return sentence(lang, 'benchmark.measured_on', **report['machine'], **report['plan'])


def work_of(row: dict, lang: str) -> str:
    """What a row does, in a sentence."""
    name, works = row['row'], template(lang, 'benchmark.works')
    if name in works:
        return works[name]
    kind, *more = name.split('-')  # chunk-fixed-512, stress-encode-10000
    return filled(works[f'stress-{more[0]}' if kind == 'stress' else kind],
                  {'strategy': more[0], 'size': int(more[-1])}, lang)


def size(value: float, lang: str) -> str:
    """Three digits that matter: 0,0123, 1,23, 123, 12.345."""
    digits = 0
    while digits < 5 and 0 < abs(value) * 10 ** digits < 100:
        digits += 1
    return decimal(value, digits, lang)


def as_text(report: dict, lang: str) -> str:
    """Aligned columns, for a terminal or a mail."""
    parts = [measured_on(report, lang)]
    for title, head, rows in tables(report, lang):
        widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
        lines = ['  '.join(cell.ljust(width) if i < 2 else cell.rjust(width)
                           for i, (cell, width) in enumerate(zip(row, widths))).rstrip()
                 for row in [head, *rows]]
        parts.append('\n'.join([title, *lines]))
    return '\n\n'.join([*parts, *said_advice(report, lang)]) + '\n'


def as_markdown(report: dict, lang: str) -> str:
    parts = [f'# {sentence(lang, "benchmark.title")}', measured_on(report, lang)]
    for title, head, rows in tables(report, lang):
        ruler = ['---', *('---:' if i > 1 else '---' for i in range(1, len(head)))]
        parts.append('\n'.join([f'## {title}\n', *(
            f'| {" | ".join(cells)} |' for cells in [head, ruler, *rows])]))
    told = said_advice(report, lang)
    if told:
        parts.append(f'## {sentence(lang, "benchmark.recommendations")}\n\n'
                     + '\n'.join(f'- {text}' for text in told))
    return '\n\n'.join(parts) + '\n'
