"""`minigpt benchmark`: the speed table, measured here and now."""

import json
import sys
from pathlib import Path

from minigpt.bench.report import benchmark_text, machine, measure
from minigpt.bench.rows import ROWS
from minigpt.formats.safetensors import write_atomically
from minigpt.locale import decimal, sentence


def add_arguments(parser, say):
    parser.add_argument('rows', nargs='*', metavar='ROW',
                        help=say('cli.benchmark.rows', rows=', '.join(ROWS)))
    parser.add_argument('--text', metavar='FILE', help=say('cli.benchmark.text'))
    parser.add_argument('--turns', type=int, default=5, metavar='N',
                        help=say('cli.benchmark.turns'))
    parser.add_argument('--json', metavar='FILE', help=say('cli.benchmark.json'))


def run(args) -> None:
    found = []
    for row in measure(args.rows or list(ROWS), benchmark_text(args.text), args.turns):
        found.append(row)
        print(line(row, args.lang), flush=True)
    if args.json:
        report = json.dumps({'machine': machine(), 'rows': found}, indent=2) + '\n'
        write_atomically(Path(args.json), report.encode('utf-8'))
        print(sentence(args.lang, 'cli.benchmark.written', path=args.json), file=sys.stderr)


def line(row: dict, lang: str) -> str:
    """One row: 'encode-warm  minigpt 1,8 ms  tiktoken 1,9 ms (0,95 ×)  4,2 MB'."""
    parts = [f'{row["row"]:<15}']
    for name, figures in row['milliseconds'].items():
        ratio = row['ratio'].get(name)
        beside = f' ({decimal(ratio, 2, lang)} ×)' if ratio else ''
        parts.append(f'{name} {decimal(figures["median"], 2, lang)} ms{beside}')
    parts += [f'{name} –' for name in row['absent']]
    return '  '.join([*parts, f'{decimal(row["peak_megabytes"], 1, lang)} MB'])
