"""Learn the merges of byte-pair encoding (Gage 1994; Sennrich, Haddow and Birch 2016).

Start with every word as its bytes. Again and again, take the pair of neighbours seen most often
and make it one new token. Pair counts are kept up to date, not counted anew: a merge only touches
the words that hold the pair.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from minigpt.tokenizer.merge import Pair
from minigpt.tokenizer.split import split, without_surrogates


@dataclass(frozen=True)
class Merge:
    """One step of training: `pair` of token ids became the token `new_id` (bytes `token`).

    Where another pair already spelt those bytes, `new_id` is that token and the vocabulary stays.
    """
    pair: Pair
    new_id: int
    token: bytes
    count: int  # how often the pair stood in the text at that moment


def merge_steps(text: str, pattern: str = 'gpt2') -> Iterator[Merge]:
    """Yield the merges of a text, most frequent pair first, until no pair is left.

    Ids 0–255 are the bytes; the first merge makes 256.
    """
    counted = Counter(split(without_surrogates(text), pattern))
    words = [list(word.encode('utf-8')) for word in counted]
    return merge_steps_of(words, list(counted.values()), [bytes([byte]) for byte in range(256)])


def merge_steps_of(words: list[list[int]], times: list[int],
                   tokens: list[bytes]) -> Iterator[Merge]:
    """The merges of words given as ids of `tokens`, each word standing `times` times in the text.

    Of equally frequent pairs the one with the smaller ids goes first (left id, then right id), so
    that training gives the same vocabulary everywhere. The words are changed.
    """
    count, words_with = count_pairs(words, times)
    queue = [(-n, pair) for pair, n in count.items()]
    heapq.heapify(queue)
    tokens, learnt = list(tokens), set()
    ids = {token: token_id for token_id, token in enumerate(tokens)}
    while queue:
        n, pair = heapq.heappop(queue)
        if count[pair] != -n:  # an old entry: the pair has become rarer since it was queued
            if count[pair] > 0:
                heapq.heappush(queue, (-count[pair], pair))
            continue
        token = tokens[pair[0]] + tokens[pair[1]]
        new_id = ids.setdefault(token, len(tokens))
        if new_id == len(tokens):
            tokens.append(token)
        if pair not in learnt:  # a pair can come back where another pair spelt one of its tokens
            learnt.add(pair)
            yield Merge(pair, new_id, token, -n)
        grown = set()
        for index in words_with.pop(pair):
            for other in merge_in_word(words[index], pair, new_id, times[index], count):
                words_with[other].add(index)
                grown.add(other)
        del count[pair]
        for other in grown:
            if count[other] > 0:
                heapq.heappush(queue, (-count[other], other))


def count_pairs(words: list[list[int]],
                times: list[int]) -> tuple[dict[Pair, int], dict[Pair, set[int]]]:
    """How often each pair of neighbours occurs, and in which words."""
    count, words_with = defaultdict(int), defaultdict(set)
    for index, word in enumerate(words):
        for pair in zip(word, word[1:]):
            count[pair] += times[index]
            words_with[pair].add(index)
    return count, words_with


def merge_in_word(word: list[int], pair: Pair, new_id: int, times: int,
                  count: dict[Pair, int]) -> list[Pair]:
    """Merge the pair inside one word, in place, from the left; return the pairs that grew.

    Only the pairs with the neighbours of each place change their count.
    """
    first, second = pair
    grown, merged, done = [], [], 0  # the word so far, as it will be, and where that ends
    at, end = 0, len(word) - 1
    while at < end:
        if word[at] != first or word[at + 1] != second:
            at += 1
            continue
        if at:
            left = merged[-1] if at == done else word[at - 1]
            count[left, first] -= times
            count[left, new_id] += times
            grown.append((left, new_id))
        if at + 1 < end:
            right = word[at + 2]
            count[second, right] -= times
            count[new_id, right] += times
            grown.append((new_id, right))
        merged += word[done:at]
        merged.append(new_id)
        at = done = at + 2
    word[:] = merged + word[done:]
    return grown
