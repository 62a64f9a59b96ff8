"""Where the numbers of an array lie in its buffer: views are made here, without touching a number.

An element (i, j, …) lies at offset + i·strides[0] + j·strides[1] + …; all are counted in elements.
"""

import math
from typing import NamedTuple

WIDEST_GRID = 65_535  # groups of threads along one axis; WebGPU's own limit


class Layout(NamedTuple):
    """The place of an array in a buffer."""
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def straight(shape: tuple[int, ...], offset: int = 0) -> Layout:
    """Row after row, without gaps."""
    strides, step = [], 1
    for size in reversed(shape):
        strides.append(step)
        step *= size
    return Layout(offset, tuple(shape), tuple(reversed(strides)))


def is_straight(layout: Layout) -> bool:
    wanted = straight(layout.shape).strides
    return 0 in layout.shape or all(
        size == 1 or stride == want
        for size, stride, want in zip(layout.shape, layout.strides, wanted))


def transposed(layout: Layout, axes: tuple[int, ...]) -> Layout:
    return Layout(layout.offset, tuple(layout.shape[axis] for axis in axes),
                  tuple(layout.strides[axis] for axis in axes))


def indexed(layout: Layout, key) -> Layout:
    """What `array[key]` shows, for integers, slices, `...` and None."""
    key = key if isinstance(key, tuple) else (key,)
    taken = sum(part is not None and part is not Ellipsis for part in key)
    if Ellipsis not in key:
        key = (*key, Ellipsis)
    offset, shape, strides, axis = layout.offset, [], [], 0
    for part in key:
        if part is None:
            shape.append(1)
            strides.append(0)
        elif part is Ellipsis:
            rest = len(layout.shape) - taken
            shape += layout.shape[axis:axis + rest]
            strides += layout.strides[axis:axis + rest]
            axis += rest
        else:
            size, stride = layout.shape[axis], layout.strides[axis]
            axis += 1
            if isinstance(part, slice):
                start, stop, step = part.indices(size)
                offset += start * stride
                shape.append(len(range(start, stop, step)))
                strides.append(stride * step)
            elif not -size <= part < size:
                raise IndexError(f'index {part} for an axis of {size}')
            else:
                offset += (part % size) * stride
    return Layout(offset, tuple(shape), tuple(strides))


def broadcast(layout: Layout, shape: tuple[int, ...]) -> Layout:
    """Repeated along new axes and axes of 1, as NumPy does."""
    missing = len(shape) - len(layout.shape)
    old, strides = (1,) * missing + layout.shape, (0,) * missing + layout.strides
    if missing < 0 or any(size not in (1, want) for size, want in zip(old, shape)):
        raise ValueError(f'shape {layout.shape} does not fit {shape}')
    return Layout(layout.offset, tuple(shape),
                  tuple(0 if size == 1 else stride for size, stride in zip(old, strides)))


def full_shape(shape, size: int) -> tuple[int, ...]:
    """A shape with its −1 replaced."""
    shape = tuple(int(part) for part in shape)
    known = math.prod(part for part in shape if part != -1)
    shape = tuple(size // known if part == -1 else part for part in shape)
    if math.prod(shape) != size:
        raise ValueError(f'{size} elements do not fit the shape {shape}')
    return shape


def reshaped(layout: Layout, shape: tuple[int, ...]) -> Layout | None:
    """The view of another shape, or None where the numbers would have to move.

    Old and new axes are matched in groups of equal size; inside a group the old axes must lie
    without gaps.
    """
    if is_straight(layout):
        return straight(shape, layout.offset)
    old = [(size, stride) for size, stride in zip(layout.shape, layout.strides) if size != 1]
    strides, place = [], 0
    new = [size for size in shape if size != 1]
    at = 0
    while at < len(new):
        group, first = [old[place]], at
        place, at = place + 1, at + 1
        while (held := math.prod(size for size, _ in group)) != (want := math.prod(new[first:at])):
            if held < want:
                group.append(old[place])
                place += 1
            else:
                at += 1
        for (_, stride), (size, inner) in zip(group, group[1:]):
            if stride != size * inner:
                return None
        step = group[-1][1]
        steps = []
        for size in reversed(new[first:at]):
            steps.append(step)
            step *= size
        strides += reversed(steps)
    rest = iter(strides)
    return Layout(layout.offset, shape, tuple(0 if size == 1 else next(rest) for size in shape))


def collapsed(shape: tuple[int, ...], *strides: tuple[int, ...]) -> tuple[list, list[list]]:
    """The same elements in as few axes as possible: (shape, strides of each array)."""
    sizes, kept = [], [[] for _ in strides]
    for axis, size in enumerate(shape):
        if size == 1:
            continue
        here = [their[axis] for their in strides]
        if sizes and all(done[-1] == stride * size for done, stride in zip(kept, here)):
            sizes[-1] *= size
            for done, stride in zip(kept, here):
                done[-1] = stride
        else:
            sizes.append(size)
            for done, stride in zip(kept, here):
                done.append(stride)
    return sizes, kept


def grid(count: int, threads: int = 256) -> tuple[int, int, int]:
    """Groups for so many elements: in one row, or in several where a row would be too wide."""
    groups = math.ceil(count / threads)
    rows = math.ceil(groups / WIDEST_GRID)
    return (math.ceil(groups / max(1, rows)), rows, 1)
