"""`minigpt benchmark`: rows of work beside other libraries, or the race of the backends."""

import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial

from minigpt.bench import compare, report
from minigpt.bench.measure import ONE_MEGABYTE, Plan, benchmark_text, machine, measure, named_rows
from minigpt.bench.race import Lap, Missing, Result, race
from minigpt.bench.rows import ROWS
from minigpt.bench.stress import stress_rows
from minigpt.cli import terminal, typed
from minigpt.cli.bench_tables import show_report, show_rows
from minigpt.cli.options import add_json, print_json, refuse_place
from minigpt.errors import ConfigError
from minigpt.locale import decimal, scientific, sentence

COLUMNS = '{:<15} {:<21} {:<7} {:>9} {:>16} {:>7}'


def add_arguments(parser, say):
    parser.add_argument('rows', nargs='*', metavar='ROW',
                        help=say('cli.benchmark.rows', rows=', '.join(ROWS)))
    parser.add_argument('--race', action='store_true', help=say('cli.benchmark.race'))
    parser.add_argument('--stress', action='store_true', help=say('cli.benchmark.stress'))
    add_measuring(parser, say)


def add_measuring(parser, say) -> None:
    """How to measure and where to tell it; `chunk-bench` takes the same."""
    parser.add_argument('--text', metavar='FILE', help=say('cli.benchmark.text'))
    parser.add_argument('--length', type=typed.whole(say), default=ONE_MEGABYTE, metavar='N',
                        help=say('cli.benchmark.length'))
    parser.add_argument('--turns', type=typed.whole(say), default=Plan.turns, metavar='N',
                        help=say('cli.benchmark.turns'))
    parser.add_argument('--runs', type=typed.whole(say), default=Plan.runs, metavar='N',
                        help=say('cli.benchmark.runs'))
    parser.add_argument('--warmup', type=typed.whole(say), default=Plan.warmups, metavar='N',
                        help=say('cli.benchmark.warmup'))
    parser.add_argument('--no-references', action='store_true',
                        help=say('cli.benchmark.no_references'))
    parser.add_argument('--compare', metavar='FILE', help=say('cli.benchmark.compare'))
    parser.add_argument('--report', action='append', default=[], metavar='FILE',
                        help=say('cli.benchmark.report'))
    add_json(parser, say)


def run(args) -> None:
    if args.race:
        if args.rows:
            raise ConfigError('race_takes_no_rows', got=args.rows[0])
        return run_race(args)
    rows = named_rows(args.rows) or ([] if args.stress else named_rows(ROWS))
    return run_rows([*rows, *(stress_rows() if args.stress else ())], args)


def run_rows(rows: list[tuple], args) -> None:
    """Measure, show, compare, write."""
    plan = Plan(args.turns, args.runs, args.warmup, not args.no_references)
    for path in args.report:
        report.check_suffix(path)
        refuse_place(path)
    old = compare.load(args.compare) if args.compare else None
    events = measured(rows, benchmark_text(args.text, args.length), plan, args.lang)
    found = list(events) if args.json else show_rows(events, args.lang)
    changes = list(compare.changes(old['rows'], found)) if old else []
    whole = report.assembled(found, plan, changes)
    for path in args.report:
        report.write(whole, path, args.lang)
        terminal.note(sentence(args.lang, 'cli.benchmark.written', path=path))
    if args.json:
        print_json(whole)
    else:
        show_report(whole, args.lang)
    if old and old.get('machine') != whole['machine']:
        terminal.note(sentence(args.lang, 'cli.benchmark.other_machine'))


def measured(rows: list[tuple], text: str, plan: Plan, lang: str) -> Iterator[dict]:
    """Each row's figures; while it is measured a line says so."""
    progress = terminal.progress()
    for number, (name, row) in enumerate(rows, 1):
        progress.tell(sentence(lang, 'cli.benchmark.measuring', row=name, number=number,
                               rows=len(rows)))
        [found] = measure([(name, row)], text, plan)
        progress.clear()
        yield found


def run_race(args) -> None:
    """Print the race as it goes, or at its end as JSON."""
    say, progress = partial(sentence, args.lang), terminal.progress()
    results, absent = [], {}
    head = ('operation', 'size', 'backend', 'time', 'rate', 'error')
    tell = (lambda *_, **__: None) if args.json else print
    tell(COLUMNS.format(*(say(f'cli.benchmark.head.{name}') for name in head)))
    for event in race():
        progress.clear()
        if isinstance(event, Result):
            results.append(asdict(event))
            tell(COLUMNS.format(*cells(event, args.lang)), flush=True)
        elif isinstance(event, Missing):
            absent[event.backend] = event.reason.in_language('en')
            text = say('cli.benchmark.missing', name=event.backend,
                       reason=event.reason.in_language(args.lang))
            tell(textwrap.fill(text, 78, subsequent_indent='  '))
        elif isinstance(event, Lap):
            progress.tell(say('cli.benchmark.racing', operation=event.operation, size=event.size,
                              backend=event.backend))
    progress.clear()
    if args.json:
        print_json({'machine': machine(), 'race': results, 'absent': absent})
    else:
        print(textwrap.fill(say('cli.benchmark.error'), 78))


def cells(result: Result, lang: str) -> Iterator[str]:
    """The columns of one result, in the order of the head."""
    milliseconds = 1000 * result.seconds
    yield from (result.operation, result.size, result.backend)
    yield f'{decimal(milliseconds, 3 if milliseconds < 1 else 1, lang)} ms'
    yield f'{decimal(result.rate, 1, lang)} {result.unit}'
    yield scientific(result.relative_error, 0, lang)
