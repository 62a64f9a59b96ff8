"""Every event of the state as a line of a file, at once: what a killed server had told is known.

    journal-SEQ.jsonl     the events from SEQ on that state.json may not hold yet

A line is with the operating system before anybody hears of the event, so the end of this process
takes nothing away. Each time the state is written whole, the next event begins a new file, and the
earlier ones go.
"""

import contextlib
import json
import logging
from collections.abc import Iterator
from pathlib import Path

FILES = 'journal-*.jsonl'
LOG = logging.getLogger(__name__)


class Journal:
    """The files of one folder."""

    def __init__(self, folder: Path):
        self.folder, self._file = folder, None

    def note(self, event: dict) -> None:
        """Write an event down. A disk that does not take it stops nobody: the state will be
        written whole again."""
        try:
            if self._file is None:
                self._file = (self.folder / f'journal-{event["seq"]}.jsonl').open('ab', buffering=0)
            self._file.write(json.dumps(event).encode() + b'\n')
        except OSError as error:
            LOG.warning('cannot write %s: %s', self.folder, error.strerror or error)
            self.turn_over()  # half a line may stand at the end

    def turn_over(self) -> None:
        """The next event begins a new file."""
        if self._file:
            self._file.close()
            self._file = None

    def events(self, after: int) -> Iterator[dict]:
        """Those of a greater number, in order; a line that was cut off is passed over."""
        for path in sorted(self.folder.glob(FILES), key=_first):
            for line in path.read_bytes().splitlines():
                with contextlib.suppress(ValueError, TypeError, KeyError):
                    event = json.loads(line)
                    if event['seq'] > after:
                        yield event

    def forget(self, until: int) -> None:
        """The files that begin at or before this number are no longer needed."""
        for path in self.folder.glob(FILES):
            if _first(path) <= until:
                path.unlink(missing_ok=True)


def _first(path: Path) -> int:
    """The number of a file's first event."""
    return int(path.stem.rpartition('-')[2])
