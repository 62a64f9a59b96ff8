"""`minigpt benchmark`: the speed table, or the race of the backends, measured here and now."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path

from minigpt.bench.race import Lap, Missing, Result, race
from minigpt.bench.report import benchmark_text, machine, measure
from minigpt.bench.rows import ROWS
from minigpt.cli.terminal import Progress
from minigpt.errors import ConfigError
from minigpt.formats.safetensors import write_atomically
from minigpt.locale import decimal, sentence

COLUMNS = '{:<16} {:<29} {:<8} {:>10} {:>15} {:>9}'


def add_arguments(parser, say):
    parser.add_argument('rows', nargs='*', metavar='ROW',
                        help=say('cli.benchmark.rows', rows=', '.join(ROWS)))
    parser.add_argument('--race', action='store_true', help=say('cli.benchmark.race'))
    parser.add_argument('--text', metavar='FILE', help=say('cli.benchmark.text'))
    parser.add_argument('--turns', type=int, default=5, metavar='N',
                        help=say('cli.benchmark.turns'))
    parser.add_argument('--json', metavar='FILE', help=say('cli.benchmark.json'))


def run(args) -> None:
    if args.race and args.rows:
        raise ConfigError('race_takes_no_rows', got=args.rows[0])
    report = {'machine': machine()}
    if args.race:
        report |= run_race(args.lang)
    else:
        rows = report['rows'] = []
        for row in measure(args.rows or list(ROWS), benchmark_text(args.text), args.turns):
            rows.append(row)
            print(line(row, args.lang), flush=True)
    if args.json:
        text = json.dumps(report, indent=2) + '\n'
        write_atomically(Path(args.json), text.encode('utf-8'))
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


def run_race(lang: str) -> dict:
    """Print the race as it goes; what was found, ready for JSON."""
    say, progress = partial(sentence, lang), Progress()
    results, absent = [], {}
    head = ('operation', 'size', 'backend', 'time', 'rate', 'error')
    print(COLUMNS.format(*(say(f'cli.benchmark.head.{name}') for name in head)))
    for event in race():
        progress.clear()
        if isinstance(event, Result):
            results.append(asdict(event))
            print(COLUMNS.format(*cells(event, lang)), flush=True)
        elif isinstance(event, Missing):
            absent[event.backend] = event.reason.in_language('en')
            print(say('cli.benchmark.missing', name=event.backend,
                      reason=event.reason.in_language(lang)))
        elif isinstance(event, Lap):
            progress.tell(say('cli.benchmark.racing', operation=event.operation, size=event.size,
                              backend=event.backend))
    progress.clear()
    print(say('cli.benchmark.error'))
    return {'race': results, 'absent': absent}


def cells(result: Result, lang: str) -> Iterator[str]:
    """The columns of one result, in the order of the head."""
    milliseconds = 1000 * result.seconds
    yield from (result.operation, result.size, result.backend)
    yield f'{decimal(milliseconds, 3 if milliseconds < 1 else 1, lang)} ms'
    yield f'{decimal(result.rate, 1, lang)} {result.unit}'
    yield f'{result.relative_error:.0e}'
