"""The tree of continuations: every text that followed the same prompt, and where they part.

Only whole texts are kept. Which one branched off which, and where, follows from them:

    B ened ita . Ela morava longe        the first one
    │    └ ita e seu irmão               shares 1 token with it: leaves after "B ened"…
    └ Maria . Ela era                    shares none: leaves at the prompt
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pages.inference.continuation import Branch

MOST = 24  # branches kept


@dataclass(frozen=True)
class Place:
    """Where a branch stands in the tree."""
    index: int   # of the branch
    parent: int  # index of the branch that it leaves; −1 for the first
    fork: int    # how many tokens they share
    depth: int   # how many branches lie between it and the prompt


class Tree:
    """The branches kept, in the order in which they came to be."""

    def __init__(self):
        self.kept: list[Branch] = []

    def keep(self, branch: Branch) -> None:
        """Keep a text, unless it is the beginning of one that is kept. Beginnings of it give way.

        Beyond MOST the oldest ones go.
        """
        if not branch.written or any(begins(it.ids, branch.ids) for it in self.kept):
            return
        self.kept = [it for it in self.kept if not begins(branch.ids, it.ids)] + [branch]
        del self.kept[:-MOST]

    def remove(self, branch: Branch) -> None:
        self.kept = [it for it in self.kept if it is not branch]

    def with_current(self, current: Branch) -> tuple[list[Branch], int]:
        """All branches, the present text among them, and its place in the list.

        While the present text is still the beginning of a kept one, it is that one.
        """
        for place, it in enumerate(self.kept):
            if begins(it.ids, current.ids):
                return self.kept, place
        rest = [it for it in self.kept if not begins(current.ids, it.ids)]
        return [*rest, current], len(rest)


def places(texts: Sequence[Sequence[int]]) -> list[Place]:
    """The tree of these texts (ids after the prompt), in the order in which it is drawn.

    Each leaves the earlier text with which it shares most. Below a text come those that leave it
    last first: so no line of the drawing crosses another text.
    """
    found: list[Place] = []
    for index, ids in enumerate(texts):
        shared = [length_shared(ids, texts[earlier]) for earlier in range(index)]
        fork = max(shared, default=0)
        parent = shared.index(fork) if shared else -1
        depth = found[parent].depth + 1 if shared else 0
        found.append(Place(index, parent, fork, depth))

    def below(place: Place):
        yield place
        children = [it for it in found if it.parent == place.index]
        for child in sorted(children, key=lambda it: (-it.fork, it.index)):
            yield from below(child)

    return list(below(found[0])) if found else []


def length_shared(a: Sequence[int], b: Sequence[int]) -> int:
    """How many tokens both begin with."""
    return next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))


def begins(whole: Sequence[int], beginning: Sequence[int]) -> bool:
    return length_shared(whole, beginning) == len(beginning)
