"""What the layout of numbers costs: the same sums over the same numbers, laid out in two ways."""

import numpy as np

from minigpt.bench.contest import Contest

N = 400_000
FIELDS = ('x', 'y', 'z', 'mass', 'vx', 'vy', 'vz', 'charge')


def aos_soa(text: str = '') -> Contest:
    """The sum of one of 8 fields of 400,000 particles: structures in an array (every 8th number)
    beside an array for each field (all in a row)."""
    structures = np.ones(N, [(name, np.float32) for name in FIELDS])
    arrays = {name: np.ones(N, np.float32) for name in FIELDS}
    return Contest({'array of structures': lambda: structures['mass'].sum(),
                    'structure of arrays': lambda: arrays['mass'].sum()}, {'numbers': N})


def copies_views(text: str = '') -> Contest:
    """The largest number of each of 20 windows of 500,000, each copied first or only viewed."""
    x = np.arange(1_000_000, dtype=np.float32)
    windows = [slice(start, start + 500_000) for start in range(0, 500_000, 25_000)]
    return Contest({'copies': lambda: [x[window].copy().max() for window in windows],
                    'views': lambda: [x[window].max() for window in windows]},
                   {'numbers': 500_000 * len(windows)})


def vectorised(text: str = '') -> Contest:
    """The sum of 50,000 squares: a loop in Python beside one NumPy call, whose compiled loop does
    several numbers per instruction (SIMD)."""
    x = np.random.default_rng(0).normal(size=50_000).astype(np.float32)
    numbers = x.tolist()
    return Contest({'loop': lambda: sum(number * number for number in numbers),
                    'one call': lambda: np.dot(x, x)}, {'numbers': x.size})


def memory_order(text: str = '') -> Contest:
    """The sums of 200 stretches of 20,000 numbers: columns of a matrix (a jump of 800 bytes from
    number to number) beside rows of it transposed (neighbours, which the cache gets together)."""
    matrix = np.ones((20_000, 200), np.float32)
    transposed = np.ascontiguousarray(matrix.T)
    return Contest({'columns': lambda: [matrix[:, i].sum() for i in range(200)],
                    'rows': lambda: [transposed[i].sum() for i in range(200)]},
                   {'numbers': matrix.size})


def buffer_reuse(text: str = '') -> Contest:
    """a·x + b over two million numbers: new arrays each time beside one buffer used again."""
    x = np.ones(2_000_000, np.float32)
    buffer = np.empty_like(x)

    def reused():
        np.multiply(x, np.float32(2), out=buffer)
        np.add(buffer, np.float32(1), out=buffer)

    return Contest({'new arrays': lambda: x * np.float32(2) + np.float32(1),
                    'one buffer': reused}, {'numbers': x.size})
