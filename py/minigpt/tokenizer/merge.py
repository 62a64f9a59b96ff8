"""Apply learnt merges inside one word: the step bytes → ids.

The pair learnt earliest goes first, and of its places the leftmost: as Hugging Face's `tokenizers`
and tiktoken do it. Two ways with the same result: a list for words as people write them, and a
queue for monsters (ten thousand letters without a space), where the list would take n² steps.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

Pair = tuple[int, int]
LONG = 400  # ids in a word from which the queue is the faster way


def apply_merges(ids: list[int], ranks: dict[Pair, int], made: list[int]) -> list[int]:
    """The ids of one word after all merges that fit; the list given may be changed.

    ranks[pair] is when a pair was learnt, made[rank] the id it becomes.

    >>> apply_merges([1, 2, 3], {(2, 3): 0, (1, 9): 1}, [9, 10])
    [10]
    """
    if len(ids) > LONG:
        return apply_merges_queued(ids, ranks, made)
    get, never = ranks.get, len(made)
    order = [get(pair, never) for pair in zip(ids, ids[1:])]
    while order and (rank := min(order)) < never:
        at = order.index(rank)
        ids[at:at + 2] = [made[rank]]
        del order[at]
        if at:
            order[at - 1] = get((ids[at - 1], ids[at]), never)
        if at < len(order):
            order[at] = get((ids[at], ids[at + 1]), never)
    return ids


def apply_merges_queued(ids: list[int], ranks: dict[Pair, int], made: list[int]) -> list[int]:
    """The same in n·log n steps: a queue of places, by rank, over a linked list of the ids.

    A queued number is rank · n + place: whole numbers are compared faster than pairs.
    """
    end, gone = len(ids), -1
    ids, before, after = list(ids), list(range(-1, end)), list(range(1, end + 1))
    queue = [ranks[pair] * end + i for i, pair in enumerate(zip(ids, ids[1:])) if pair in ranks]
    heapq.heapify(queue)
    while queue:
        rank, left = divmod(heapq.heappop(queue), end)
        right = after[left]
        if right == end or ranks.get((ids[left], ids[right])) != rank:
            continue  # an old entry: a neighbour was merged after it was queued
        ids[left], ids[right] = made[rank], gone
        after[left] = after[right]
        before[after[right]] = left
        for i in (before[left], left):
            if i >= 0 and after[i] < end:
                pair = ids[i], ids[after[i]]
                if pair in ranks:
                    heapq.heappush(queue, ranks[pair] * end + i)
    return [token for token in ids if token != gone]


@dataclass(frozen=True)
class AppliedMerge:
    """One step of encoding a text: `pair`, learnt as number `rank`, became the token `new_id`.

    `words` are the ids of each word after the step, `count` the places where it happened.
    """
    pair: Pair
    rank: int
    new_id: int
    token: bytes
    count: int
    words: list[list[int]]


def merge_events(words: list[list[int]], ranks: dict[Pair, int], made: list[int],
                 tokens: list[bytes]) -> Iterator[AppliedMerge]:
    """The merges of a text one by one, each applied to all words where its turn has come."""
    words = [list(ids) for ids in words]
    while any(turns := [first_merge(ids, ranks) for ids in words]):
        rank = min(turn[0] for turn in turns if turn)
        count = 0
        for ids, turn in zip(words, turns):
            while turn and turn[0] == rank:
                at = turn[1]
                pair = ids[at], ids[at + 1]
                ids[at:at + 2] = [made[rank]]
                count += 1
                turn = first_merge(ids, ranks)
        yield AppliedMerge(pair, rank, made[rank], tokens[made[rank]], count,
                           [list(ids) for ids in words])


def first_merge(ids: list[int], ranks: dict[Pair, int]) -> tuple[int, int] | None:
    """(rank, place) of the merge whose turn it is in a word, or None when it is done."""
    return min(((ranks[pair], at) for at, pair in enumerate(zip(ids, ids[1:])) if pair in ranks),
               default=None)
