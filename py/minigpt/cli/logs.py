"""`--educational-logs [LEVEL]` and `--log-file FILE`: the educational log on stderr and as JSON."""

from contextlib import ExitStack, contextmanager

from minigpt.cli import terminal
from minigpt.locale import decimal, sentence
from minigpt.teach.bottleneck import bottlenecks
from minigpt.teach.figures import Name
from minigpt.teach.log import Event, json_lines, listening


@contextmanager
def as_asked(args):
    """Listen while the command runs; at the end say where the time went."""
    with ExitStack() as stack:
        events: list[Event] = []
        if args.educational_logs:
            stack.enter_context(listening(lambda event: (show(event, args.lang),
                                                         events.append(event)),
                                          args.educational_logs))
        if args.log_file:
            file = stack.enter_context(open(args.log_file, 'w', encoding='utf-8'))
            stack.enter_context(listening(json_lines(file.write), 'numbers'))
        yield
        if events:
            tell_bottlenecks(events, args.lang)


def show(event: Event, lang: str) -> None:
    """One line: the part in brackets, the sentence, what it took."""
    cost = '' if event.seconds is None or event.key == 'part' else (
        f'  ({decimal(1000 * event.seconds, 2, lang)} ms)')
    terminal.note(f'[{Name(event.part).in_language(lang)}] {event.in_language(lang)}{cost}')


def tell_bottlenecks(events: list[Event], lang: str) -> None:
    """The slowest parts first, with their shares."""
    costs = bottlenecks(events)
    if costs:
        terminal.note(sentence(lang, 'cli.bottlenecks', parts=', '.join(
            f'{Name(cost.part).in_language(lang)} {decimal(100 * cost.share, 0, lang)} % '
            f'({decimal(1000 * cost.seconds, 1, lang)} ms)' for cost in costs)))
