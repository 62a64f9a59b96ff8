"""The way through the pages: three levels, and what the reader has done of each page."""

from dataclasses import dataclass

from pages.exercises import kept
from pages.lab import change, lab

EXERCISES = 3  # on every page

# Level → pages, in the order in which one builds on the other.
LEVELS = {'first': ('tokenizer', 'training', 'inference'),
          'second': ('embeddings', 'attention', 'chunking', 'sample'),
          'third': ('transformer', 'model', 'lessons')}


@dataclass(frozen=True)
class Progress:
    """What the reader has done on a page."""
    seen: bool
    solved: int  # of EXERCISES

    @property
    def state(self) -> str:
        return 'done' if self.solved >= EXERCISES else 'seen' if self.seen else ''


def progress(page: str) -> Progress:
    """Of the page of this name, from the lab's settings."""
    solved = sum(name.startswith(f'{page}.') for name in kept('exercises'))
    return Progress(page in kept('seen'), min(solved, EXERCISES))


def see(page: str) -> None:
    """The reader has been on this page."""
    seen = kept('seen')
    if page not in seen:
        change(settings=lab().settings | {'seen': [*seen, page]})
