"""What is timed in Python for `build.py bench`: natively as a process, in the browser as a module.

As a process it reads one line of JSON for each turn, [who, name, n], and answers with another.
`who` is a backend of minigpt, or PLAIN: NumPy as one usually writes it, without minigpt's care.
"""

import functools
import json
import sys

import numpy as np

from minigpt import backend
from minigpt.backend.memory import keep_freed_memory
from minigpt.backend.waiting import finish
from minigpt.bench import race_operations
from minigpt.bench.race import runs_per_lap, timed
from minigpt.nn import GPT
from plain_numpy import PlainStep

TURN, LAPS = 0.1, 3  # seconds and laps at most
PLAIN = 'plain'


@functools.cache
def prepared(who: str, name: str, n: int):
    """What computes once, warmed up, and how many runs make a lap."""
    keep_freed_memory()
    run = work(who, name, n)
    return run, finish(runs_per_lap(run))[0]


def work(who: str, name: str, n: int):
    if who == PLAIN:
        return {'matmul': plain_product, 'training step': plain_step}[name](n)
    return {'matmul': lambda: race_operations.product(n, n, n),
            'training step': race_operations.training_step,
            'generated token': race_operations.generated_token}[name]().prepare(np.float32)


def plain_product(n: int):
    a, b = (race_operations.numbers(np.float32, n, n, seed=seed) for seed in (0, 1))
    return lambda: np.matmul(a, b)


def plain_step(_):
    """The training step of race_operations.py: the same sizes, a batch like its batches."""
    step = PlainStep(GPT(race_operations.STEP, np.random.default_rng(0)))
    B, T, V = race_operations.BATCH, race_operations.STEP.block_size, race_operations.STEP.vocab_size
    ids = np.random.default_rng(1).integers(0, V, (B, T + 1))
    return lambda: np.array(step(ids[:, :-1], ids[:, 1:]))


def turn(who: str, name: str, n: int) -> list[float]:
    """Milliseconds of each run, by laps."""
    backend.use('numpy' if who == PLAIN else who)
    run, runs = prepared(who, name, n)
    laps = []
    while not laps or (len(laps) < LAPS and sum(laps) * runs < TURN):
        laps.append(finish(timed(run, runs)))
    return [1000 * seconds for seconds in laps]


if __name__ == '__main__':
    for line in sys.stdin:
        print(json.dumps(turn(*json.loads(line))), flush=True)
