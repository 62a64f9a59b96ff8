"""`--profile FILE`: watch any command, and write where its time and memory went."""

from contextlib import contextmanager
from pathlib import Path

from minigpt.backend.clock import per
from minigpt.bench.flamegraph import flamegraph, page
from minigpt.bench.profiler import Profile, Profiler
from minigpt.cli import terminal
from minigpt.cli.options import refuse_place
from minigpt.errors import ConfigError
from minigpt.formats.atomic import write_atomically
from minigpt.locale import decimal, sentence

WRITERS = {'.html': page, '.svg': flamegraph, '.folded': lambda profile, _: profile.folded()}
TOLD = 6  # parts in the summary


@contextmanager
def as_asked(args):
    """Profile while the command runs, where that was asked for."""
    if not args.profile:
        yield
        return
    path = Path(args.profile)
    if path.suffix not in WRITERS:
        raise ConfigError('unknown_choice', name='profile', got=path, choices=', '.join(WRITERS))
    refuse_place(path)
    profiler = Profiler()
    try:
        with profiler:
            yield
    finally:
        written = WRITERS[path.suffix](profiler.profile, args.lang)
        write_atomically(path, written.encode('utf-8'))
        tell(profiler.profile, path, args.lang)


def tell(profile: Profile, path: Path, lang: str) -> None:
    """The slowest parts, the peak of memory, and where the picture is."""
    parts = ', '.join(f'{part} {decimal(per(100 * seconds, profile.seconds), 0, lang)} %'
                      for part, seconds in profile.by_part()[:TOLD])
    most = max((size for _, size in profile.memory), default=0)
    terminal.note(sentence(lang, 'profile.told', seconds=decimal(profile.seconds, 2, lang),
                           parts=parts, megabytes=decimal(most / 1e6, 0, lang), path=path))
