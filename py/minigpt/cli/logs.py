"""`--educational-logs [LEVEL]` and `--log-file FILE`: the educational log on stderr and as JSON."""

from contextlib import ExitStack, contextmanager

from minigpt.cli import terminal
from minigpt.cli.options import refuse_place
from minigpt.teach.log import Event, json_lines, listening
from minigpt.teach.telling import line, summary


@contextmanager
def as_asked(args):
    """Listen while the command runs; at the end say where the time went."""
    with ExitStack() as stack:
        events: list[Event] = []
        if args.educational_logs:
            stack.enter_context(listening(lambda event: (terminal.note(line(event, args.lang)),
                                                         events.append(event)),
                                          args.educational_logs))
        if args.log_file:
            refuse_place(args.log_file)
            file = stack.enter_context(open(args.log_file, 'w', encoding='utf-8'))
            stack.enter_context(listening(json_lines(file.write), 'numbers'))
        yield
        if told := summary(events, args.lang):
            terminal.note(told)
