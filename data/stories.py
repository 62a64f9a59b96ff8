"""Seeded generator of simple Brazilian Portuguese stories.

    python data/stories.py --seed 1 --stories 20000 --out stories.txt

The same seed gives the same text on every Python: only ``Random.random()`` is used, whose
sequence Python guarantees. The words, phrasings and plots are in ``data/stories/``.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

FOLDER = Path(__file__).resolve().parent / "stories"
sys.path.insert(0, str(FOLDER))

from storyteller import Teller  # noqa: E402  (its folder must be on the path first)

SHORTEST, LONGEST = 60, 180  # words in a story


def stories(seed: int, n: int) -> Iterator[str]:
    """Yield ``n`` stories of 60 to 180 words; each is a few lines without a blank one.

    The first stories of a longer run are those of a shorter one with the same seed.
    Raises ValueError when ``seed`` or ``n`` is negative.
    """
    if seed < 0 or n < 0:
        raise ValueError(f"seed and number of stories must be >= 0, got {seed} and {n}")
    return _stories(Random(seed), n)


def _stories(rng: Random, n: int) -> Iterator[str]:
    teller = Teller(FOLDER)
    while n > 0:
        story = teller.tell(rng)
        if SHORTEST <= count_words(story) <= LONGEST:
            yield story
            n -= 1


def count_words(text: str) -> int:
    """Words of a text; a lone travessão is no word."""
    return sum(part != "—" for part in text.split())


def main(argv: list[str] | None = None) -> int:
    """Write the stories, one blank line between two, to --out or standard output."""
    parser = argparse.ArgumentParser(description="Write simple Portuguese stories.")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same text (default 1)")
    parser.add_argument("--stories", type=int, default=1000, help="how many (default 1000)")
    parser.add_argument("--out", type=Path, help="file to write (default: standard output)")
    args = parser.parse_args(argv)
    try:
        texts = stories(args.seed, args.stories)
        if args.out:
            with args.out.open("w", encoding="utf-8", newline="\n") as file:
                write(texts, file)
        else:
            sys.stdout.reconfigure(encoding="utf-8", newline="\n")
            write(texts, sys.stdout)
    except BrokenPipeError:
        # The reader (head, less) has seen enough; keep Python from complaining at exit.
        sys.stdout = None
        return 0
    except OSError as error:
        parser.error(f"cannot write {args.out or 'the stories'}: {error.strerror}")
    except ValueError as error:
        parser.error(str(error))
    return 0


def write(texts: Iterator[str], file) -> None:
    """Write stories to an open text file, a blank line between two."""
    for index, story in enumerate(texts):
        file.write(("\n" if index else "") + story + "\n")


if __name__ == "__main__":
    sys.exit(main())
