"""Learn the merges of byte-pair encoding (Gage 1994; Sennrich, Haddow and Birch 2016).

Start with every word as its bytes. Again and again, take the pair of neighbours seen most often
and make it one new token. Pair counts are kept up to date, not counted anew: a merge only touches
the words that hold the pair.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from minigpt.tokenizer.split import split, without_surrogates

Pair = tuple[int, int]


@dataclass(frozen=True)
class Merge:
    """One step of training: `pair` of token ids became the token `new_id` (bytes `token`).

    Where another pair already spelt those bytes, `new_id` is that token and the vocabulary stays.
    """
    pair: Pair
    new_id: int
    token: bytes
    count: int  # how often the pair stood in the text at that moment


def merge_steps(text: str) -> Iterator[Merge]:
    """Yield the merges of a text, most frequent pair first, until no pair is left.

    Ids 0–255 are the bytes; the first merge makes 256. Of equally frequent pairs the one with the
    smaller ids goes first, so that training gives the same vocabulary everywhere.
    """
    counted = Counter(split(without_surrogates(text)))
    words = [list(word.encode('utf-8')) for word in counted]
    times = list(counted.values())
    count, words_with = count_pairs(words, times)
    queue = [(-n, pair) for pair, n in count.items()]
    heapq.heapify(queue)
    ids = {bytes([byte]): byte for byte in range(256)}
    tokens = list(ids)
    while queue:
        n, pair = heapq.heappop(queue)
        if count[pair] != -n:  # an old entry: the count changed after it was queued
            continue
        token = tokens[pair[0]] + tokens[pair[1]]
        new_id = ids.setdefault(token, len(tokens))
        if new_id == len(tokens):
            tokens.append(token)
        yield Merge(pair, new_id, token, -n)
        changed = set()
        for index in words_with.pop(pair):
            changed |= merge_in_word(words[index], pair, new_id, times[index], count,
                                     words_with, index)
        del count[pair]
        changed.discard(pair)
        for other in changed:
            if count[other] > 0:
                heapq.heappush(queue, (-count[other], other))


def count_pairs(words: list[list[int]], times: list[int]) -> tuple[Counter, dict[Pair, set[int]]]:
    """How often each pair of neighbours occurs, and in which words."""
    count, words_with = Counter(), defaultdict(set)
    for index, word in enumerate(words):
        for pair in zip(word, word[1:]):
            count[pair] += times[index]
            words_with[pair].add(index)
    return count, words_with


def merge_in_word(word: list[int], pair: Pair, new_id: int, times: int, count: Counter,
                  words_with: dict[Pair, set[int]], index: int) -> set[Pair]:
    """Merge the pair inside one word, in place; return the pairs whose count changed."""
    changed = set(zip(word, word[1:]))
    for old in zip(word, word[1:]):
        count[old] -= times
    word[:] = merged(word, pair, new_id)
    for new in zip(word, word[1:]):
        count[new] += times
        words_with[new].add(index)
        changed.add(new)
    return changed


def merged(ids: list[int], pair: Pair, new_id: int) -> list[int]:
    """The ids with each occurrence of the pair, from the left, as one id.

    >>> merged([1, 2, 1, 2, 2], (1, 2), 9)
    [9, 9, 2]
    """
    out, i = [], 0
    while i < len(ids):
        if i + 1 < len(ids) and (ids[i], ids[i + 1]) == pair:
            out.append(new_id)
            i += 2
        else:
            out.append(ids[i])
            i += 1
    return out
