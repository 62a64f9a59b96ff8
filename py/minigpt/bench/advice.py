"""What follows from the figures of a report: sentences, each with the numbers that it rests on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from minigpt.bench.stress import exponents

NOISY = 0.15      # the middle half of the runs over their median
CLEAR = 1.10      # a ratio that is worth a word
SUPERLINEAR = 1.2


@dataclass(frozen=True)
class Advice:
    """The sentence benchmark.advice.<key>, its blanks filled by `values`."""
    key: str
    values: dict = field(default_factory=dict)


def advice(rows: Sequence[dict]) -> list[Advice]:
    """All that can be said, in the order of the rows."""
    found = [item for row in rows for item in (*about_rivals(row), *about_ways(row))]
    return [*about_noise(rows), *found, *about_chunking(rows), *about_growth(rows)]


def about_noise(rows: Sequence[dict]) -> Iterator[Advice]:
    """Figures that scatter are not to be trusted: which rows have some."""
    spreads = {row['row']: max((figures['p75'] - figures['p25']) / figures['median']
                               for figures in row['milliseconds'].values()) for row in rows}
    noisy = {name: spread for name, spread in spreads.items() if spread > NOISY}
    if noisy:
        yield Advice('noisy', {'rows': ', '.join(noisy), 'percent': 100 * max(noisy.values())})


def about_rivals(row: dict) -> Iterator[Advice]:
    """Where another library is clearly faster or slower than minigpt."""
    if next(iter(row['milliseconds'])) != 'minigpt':
        return
    for name, ratio in row['ratio'].items():
        if ratio > CLEAR:
            yield Advice('behind', {'row': row['row'], 'name': name, 'times': ratio})
        elif ratio < 1 / CLEAR:
            yield Advice('ahead', {'row': row['row'], 'name': name, 'times': 1 / ratio})


def about_ways(row: dict) -> Iterator[Advice]:
    """Of two ways to do the same work, which is faster, and which needs less memory."""
    ways = list(row['milliseconds'])
    if ways[0] == 'minigpt' or len(ways) != 2:
        return
    times = {name: row['milliseconds'][name]['median'] for name in ways}
    fast, slow = sorted(ways, key=times.get)
    if times[slow] / times[fast] > CLEAR:
        yield Advice('way', {'row': row['row'], 'better': fast, 'worse': slow,
                             'times': times[slow] / times[fast]})
    else:
        yield Advice('no_difference', {'row': row['row'], 'one': ways[0], 'other': ways[1]})
    peaks = {name: row['memory'][name]['peak'] for name in ways if name in row['memory']}
    if len(peaks) == 2 and max(peaks.values()) > 2 * min(peaks.values()) + 100_000:
        small = min(peaks, key=peaks.get)
        yield Advice('memory', {'row': row['row'], 'better': small,
                                'megabytes': (max(peaks.values()) - peaks[small]) / 1e6})


def about_chunking(rows: Sequence[dict]) -> Iterator[Advice]:
    """Which chunking is fastest, keeps most context, cuts cleanest."""
    chunked = {row['row']: row for row in rows if row['row'].startswith('chunk-')}
    if len(chunked) < 2:
        return
    speed = {name: row['milliseconds']['minigpt']['median'] for name, row in chunked.items()}
    quickest = min(speed, key=speed.get)
    yield Advice('quickest_chunks', {'row': quickest, 'milliseconds': speed[quickest]})
    for figure in ('context_preservation', 'boundary_preservation'):
        best = max(chunked, key=lambda name: chunked[name]['quality'][figure])
        yield Advice(f'best_{figure}', {'row': best, 'times': speed[best] / speed[quickest],
                                        'percent': 100 * chunked[best]['quality'][figure]})


def about_growth(rows: Sequence[dict]) -> Iterator[Advice]:
    """Whether the time grows faster than the load."""
    for work, exponent in exponents(rows).items():
        yield Advice('superlinear' if exponent > SUPERLINEAR else 'linear',
                     {'work': work, 'exponent': exponent})
