"""True numbers as small pictures, a byte each, on one scale for each part.

    signed    1 … 128 … 255 is −bound … 0 … +bound; of many, every n-th
    unsigned  1 … 255 is 0 … bound; of many, the largest of each n: the likeliest token may not miss
    0         nothing is there: hidden, or the gap between two heads
"""

from collections.abc import Callable, Iterable

import numpy as np

from minigpt.arithmetic import Cell, Reading
from pages.model.boxes import Box, Group, mosaic

Array = np.ndarray
MOST = (32, 96)  # rows and columns of a picture
UNSIGNED = {'attn.weights', 'shares'}
NOT_DRAWN = {'tokens'}
STRONG = 99       # percentile that has the strongest colour: a few outliers would leave all pale


def sheet(array: Array, axes: str) -> Array:
    """An array as a plane: heads side by side, or as a mosaic; NaN where nothing is.   -> (R, C)"""
    if axes == 'HTS':
        H, T, S = array.shape
        across, down = mosaic(H)
        plane = np.full((down, T + 1, across, S + 1), np.nan, np.float32)
        for head in range(H):
            plane[head // across, :T, head % across, :S] = array[head]
        return plane.reshape(down * (T + 1), across * (S + 1))[:-1, :-1]
    if array.ndim == 3:
        return array.transpose(1, 0, 2).reshape(array.shape[1], -1)
    return array.reshape(-1, array.shape[-1])


def sampled(plane: Array, largest: bool = False) -> Array:
    """At most MOST rows and columns, evenly taken: each tile's first number, or its largest."""
    rows, columns = (-(-size // most) for size, most in zip(plane.shape, MOST))
    if not largest or rows == columns == 1:
        return plane[::rows, ::columns]
    lines = np.fmax.reduceat(plane, np.arange(0, len(plane), rows), axis=0)
    return np.fmax.reduceat(lines, np.arange(0, plane.shape[1], columns), axis=1)


def pictures(array: Callable[[str], Array], drawn: Iterable[Group], learnt: bool) -> dict:
    """Name → `codes` (uint8), `bound` and whether they are `unsigned`, for the weights, or for what
    a text made of them.

    `array(name)` gives the numbers. The same part has the same bound in all blocks.
    """
    alike: dict[str, list[Box]] = {}
    for box in (box for group in drawn for row in group.rows for box in row):
        if box.learnt == learnt and box.part not in NOT_DRAWN:
            alike.setdefault(box.part, []).append(box)
    found = {}
    for part, boxes in alike.items():  # of all blocks at once: NumPy is called a fourth as often
        planes = [sampled(sheet(array(box.name), box.axes), part in UNSIGNED) for box in boxes]
        found |= zip((box.name for box in boxes), _packed(np.stack(planes), part))
    return found


def _packed(planes: Array, part: str) -> list[dict]:
    """The pictures of planes (N, R, C) on one scale."""
    finite, unsigned = np.isfinite(planes), part in UNSIGNED  # −∞ is hidden
    bound = _bound(part, planes[finite])
    share = np.clip(planes / bound, 0 if unsigned else -1, 1)
    codes = np.where(finite, np.rint(1 + 254 * share if unsigned else 128 + 127 * share), 0)
    return [{'codes': it, 'bound': bound, 'unsigned': unsigned} for it in codes.astype(np.uint8)]


def _bound(part: str, numbers: Array) -> float:
    if part == 'attn.weights' or not numbers.size:
        return 1.0
    if part in UNSIGNED:
        return float(numbers.max()) or 1.0
    sizes = np.abs(numbers)
    kth = min(sizes.size - 1, sizes.size * STRONG // 100)
    return float(np.partition(sizes, kth)[kth]) or 1.0


def bands(cell: Cell, reading: Reading, axes: dict[str, str]) -> dict[str, list]:
    """Name → where its picture is lit, as [x, y, width, height] in shares of it: the cell itself,
    and the rows, columns and single numbers it came from. `axes`: how each is drawn.
    """
    lit = {cell.name: [band(axes.get(cell.name, ''), reading.array(cell.name).shape, cell.index)]}
    for it in [*cell.lines, *cell.numbers.values()]:
        if it.name in axes:
            place = band(axes[it.name], reading.array(it.name).shape, it.index)
            if place not in lit.setdefault(it.name, []):
                lit[it.name].append(place)
    return lit


def band(axes: str, shape: tuple[int, ...], index: tuple[int | None, ...]) -> list[float]:
    """The part of a picture that an index stands for; None runs along its whole axis."""
    if axes == 'HTS':
        (H, T, S), (head, t, s) = shape, index
        across, down = mosaic(H)
        left, top = head % across * (S + 1), head // across * (T + 1)
        whole = across * (S + 1) - 1, down * (T + 1) - 1
        return [(left + (s or 0)) / whole[0], (top + t) / whole[1],
                (S if s is None else 1) / whole[0], 1 / whole[1]]
    if len(shape) == 3:
        (H, T, D), (head, t, d) = shape, index
        row, column, size = t, None if d is None else head * D + d, (T, H * D)
        if d is None:
            return [head / H, (row or 0) / T, 1 / H, 1 if row is None else 1 / T]
    else:
        row, column = (0, *index)[-2:]
        size = (1, *shape)[-2:]
    if axes == 'T':  # the tokens stand below each other
        row, column, size = column, 0, (size[1], 1)
    return [(column or 0) / size[1], (row or 0) / size[0],
            1 if column is None else 1 / size[1], 1 if row is None else 1 / size[0]]


def axes_of(drawn: Iterable[Group]) -> dict[str, str]:
    """Name → the axes of its box."""
    return {box.name: box.axes for group in drawn for row in group.rows for box in row}
