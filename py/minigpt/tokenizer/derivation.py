"""How a word's tokens came together: the same merges as in encoding, remembered as trees.

    "não"   n  c3 a3  o        every byte is a piece
               └─┬─┘  │        merge 12 was learnt: since = 12
                 └─┬──┘        merge 20: since = 20
                   ão

One tree holds every stage of a vocabulary: with its first n merges alone, encoding gives the
largest pieces whose `since` is at most n. A word needs no encoding anew for another n.
"""

import heapq
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, count

from minigpt.tokenizer.merge import Pair

STRETCH = 5000  # merges


@dataclass(frozen=True)
class Piece:
    """A token in the making: of a single byte, or merged from two `parts`."""
    token_id: int
    since: int = 0  # how many merges of the vocabulary it takes; 0 for a byte
    parts: tuple['Piece', ...] = ()

    def after(self, n_merges: int) -> Iterator['Piece']:
        """The pieces that stand here when only the first `n_merges` have been learnt."""
        waiting = [self]
        while waiting:  # a stack, since a tree can be deeper than Python's calls may be
            piece = waiting.pop()
            if piece.since <= n_merges:
                yield piece
            else:
                waiting += reversed(piece.parts)

    def all(self) -> Iterator['Piece']:
        """This piece and all pieces below it, a piece before its parts."""
        waiting = [self]
        while waiting:
            piece = waiting.pop()
            yield piece
            waiting += reversed(piece.parts)


def derive(ids: list[int], ranks: dict[Pair, int], made: list[int]) -> list[Piece]:
    """The trees of one word given as byte ids; their tokens are `apply_merges(ids, …)`.

    >>> derive([1, 2, 3], {(2, 3): 0, (1, 9): 1}, [9, 10])[0].since
    2
    """
    steps = deriving(ids, ranks, made)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def deriving(ids: list[int], ranks: dict[Pair, int],
             made: list[int]) -> Generator[None, None, list[Piece]]:
    """The same in stretches of STRETCH merges, for whoever must not wait; it returns the trees.

    A piece is there only once all merges before it are: where a later merge spells a token that
    was known earlier, `since` is the later one's number. Queued as in `apply_merges_queued`.
    """
    end, since = len(ids), 0
    pieces = [Piece(token_id) for token_id in ids]
    before, after = list(range(-1, end)), list(range(1, end + 1))

    def rank_at(left: int) -> int | None:
        """The rank of the pair that starts at a place, or None where none does."""
        right = after[left] if left >= 0 and pieces[left] else end
        return None if right == end else ranks.get((pieces[left].token_id, pieces[right].token_id))

    queue = [rank * end + left for left in range(end) if (rank := rank_at(left)) is not None]
    heapq.heapify(queue)
    for step in count(1):
        if not queue:
            break
        if step % STRETCH == 0:
            yield
        rank, left = divmod(heapq.heappop(queue), end)
        if rank_at(left) != rank:
            continue  # an old entry: a neighbour was merged after it was queued
        right, since = after[left], max(since, rank + 1)
        pieces[left] = Piece(made[rank], since, (pieces[left], pieces[right]))
        pieces[right] = None
        after[left] = after[right]
        before[after[right]] = left
        for place in (before[left], left):
            if (next_rank := rank_at(place)) is not None:
                heapq.heappush(queue, next_rank * end + place)
    return [piece for piece in pieces if piece]


def token_counts(trees: Iterable[tuple[Piece, int]], n_merges: int) -> list[int]:
    """How many tokens there are after the first 0, 1, … `n_merges` merges.

    `trees` with how often each stands in the text. Every merge in a tree makes one token less.
    """
    counts = [0] * (n_merges + 1)
    for tree, times in trees:
        for piece in tree.all():
            counts[piece.since] += -times if piece.parts else times
    return list(accumulate(counts))
