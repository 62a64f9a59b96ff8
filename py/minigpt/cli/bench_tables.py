"""Show measured rows in the terminal, one line for each as it comes."""

from collections.abc import Iterable

from minigpt.bench.report_tables import said_advice, size, tables
from minigpt.cli import terminal
from minigpt.locale import decimal, named, sentence


def show_rows(rows: Iterable[dict], lang: str) -> list[dict]:
    """Print each row as soon as it is measured; return them all."""
    found = []
    for row in rows:
        found.append(row)
        print(line(row, lang), flush=True)
    return found


def line(row: dict, lang: str) -> str:
    """One row: 'encode-warm  minigpt 1,8 ms  tiktoken 1,9 ms (0,95 ×)  4,2 MB'; long ones go on
    below."""
    parts = [f'{row["row"]:<16}']
    for name, figures in row['milliseconds'].items():
        ratio = row['ratio'].get(name)
        beside = f' ({decimal(ratio, 2, lang)} ×)' if ratio else ''
        parts.append(f'{named(name, lang)} {size(figures["median"], lang)} ms{beside}')
    parts += [f'{named(name, lang)} –' for name in row['absent']]
    peak = max(found['peak'] for found in row['memory'].values())
    lines = ['']
    for part in [*parts, f'{decimal(peak / 1e6, 1, lang)} MB']:
        if len(lines[-1]) + len(part) > 76:
            lines.append(' ' * 16)
        lines[-1] += f'{part}  '
    return '\n'.join(line.rstrip() for line in lines)


def show_report(report: dict, lang: str) -> None:
    """All tables of a report, then what follows from them."""
    for title, head, rows in tables(report, lang):
        terminal.heading(title)
        terminal.table(head, rows, 'll' + 'r' * (len(head) - 2))
    told = said_advice(report, lang)
    if told:
        terminal.heading(sentence(lang, 'benchmark.recommendations'))
        for text in told:
            terminal.prose(text)
