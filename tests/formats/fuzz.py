"""Hostile variations of a good file, the same on every run.

A run tries a few hundred; `MINIGPT_FUZZ=10000 python -m pytest tests/formats tests/tokenizer` tries
ten thousand of each kind.
"""

import copy
import os
import random
import tracemalloc

CASES = int(os.environ.get('MINIGPT_FUZZ', 300))
ODD_VALUES = [None, True, False, 0, -1, 1, 255, 256, 2 ** 31, 2 ** 53, 2 ** 63, 2 ** 64, 10 ** 30, 0.5,
              float('nan'), float('inf'), '', 'a', 'Ġ', ' ', 'a b', '\ud800', '\0', 'x' * 5000, [], {},
              [[]], [None], {'a': 1}, ['a', 'b'], [0, 0], [2 ** 62, 4]]


def nodes(tree) -> list[tuple]:
    """(container, key) of everything inside a JSON document."""
    found, queue = [], [tree]
    while queue:
        node = queue.pop()
        keys = list(node) if isinstance(node, dict) else range(len(node))
        for key in keys:
            found.append((node, key))
            if isinstance(node[key], (dict, list)):
                queue.append(node[key])
    return found


def spoilt_document(document, rng: random.Random):
    """A copy with one to three places removed, replaced, exchanged, or put somewhere else."""
    document = copy.deepcopy(document)
    for _ in range(rng.randint(1, 3)):
        places = nodes(document)
        if not places:
            break
        (place, key), (other, other_key) = rng.choice(places), rng.choice(places)
        deed = rng.randrange(5)
        if deed == 0:
            del place[key]
        elif deed == 1:
            place[key] = copy.deepcopy(other[other_key])
        elif deed == 2 and isinstance(place, list):
            place.insert(rng.randrange(len(place) + 1), copy.deepcopy(place[key]))
        elif deed == 3 and isinstance(place, dict):
            place[rng.choice(['a', '', '__metadata__', str(other_key)])] = place.pop(key)
        else:
            place[key] = copy.deepcopy(rng.choice(ODD_VALUES))
    return document


def spoilt_bytes(data: bytes, rng: random.Random) -> bytes:
    """A copy with one to four bytes flipped, cut out, doubled or put in."""
    data = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at, length = rng.randrange(len(data) + 1), rng.randint(1, 40)
        deed = rng.randrange(5)
        if deed == 0:
            del data[at:]
        elif deed == 1:
            del data[at:at + length]
        elif deed == 2:
            data[at:at] = data[at:at + length]
        elif deed == 3:
            data[at:at] = rng.randbytes(length)
        elif at < len(data):
            data[at] ^= 1 << rng.randrange(8)
    return bytes(data)


def assert_refused_or_read(read, data, error: type, check=lambda found: None) -> None:
    """`read(data)` gives something `check` accepts, or our own error; never more than its memory."""
    tracemalloc.start()
    try:
        found = read(data)
    except error as refused:
        str(refused.in_language('pt'))
        found = None
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * len(data) + 64 * 2 ** 20
    if found is not None:
        check(found)
