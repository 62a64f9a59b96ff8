"""Views of a card's arrays are NumPy's views: compared by where each element lies."""

import numpy as np
import pytest

from minigpt.backend import gpu_layout
from minigpt.backend.gpu_layout import Layout

HOME = np.arange(4 * 5 * 6 * 7)


def places(layout: Layout):
    """Where every element of the layout lies, as an array of its shape."""
    axes = np.indices(layout.shape)
    return layout.offset + sum(i * step for i, step in zip(axes, layout.strides))


def equal(layout, view):
    assert layout.shape == view.shape
    np.testing.assert_array_equal(places(layout), view)


def start():
    return gpu_layout.straight((4, 5, 6, 7)), HOME.reshape(4, 5, 6, 7)


@pytest.mark.parametrize('key', [
    1, -1, ..., None, slice(None), slice(1, 3), slice(None, None, -1), (..., 2), (..., 2, slice(3)),
    (1, ..., slice(None, None, 2)), (slice(2, 2),), (None, 1, ..., None), (3, 4, 5, 6),
    (slice(-3, -1), slice(10), slice(None, 0, -2))], ids=str)
def test_indexing(key):
    layout, view = start()
    equal(gpu_layout.indexed(layout, key), view[key])


def test_an_index_beyond_the_end_is_an_error():
    for key in (4, -5, (0, 5)):
        with pytest.raises(IndexError):
            gpu_layout.indexed(start()[0], key)


def test_random_chains_of_views():
    rng = np.random.default_rng(0)
    for _ in range(300):
        layout, view = start()
        for _ in range(3):
            axes = rng.permutation(view.ndim)
            layout, view = gpu_layout.transposed(layout, axes), view.transpose(axes)
            key = tuple(slice(int(rng.integers(2)), None, int(rng.integers(1, 3)))
                        for _ in range(int(rng.integers(view.ndim + 1))))
            layout, view = gpu_layout.indexed(layout, key), view[key]
        equal(layout, view)
        assert gpu_layout.is_straight(layout) == view.flags.c_contiguous
        if view.size:
            check_reshape(layout, view)
        check_collapse(layout)


def check_reshape(layout, view):
    """A view exactly where NumPy makes one."""
    for shape in ((-1,), (*view.shape[:-2], -1), (view.shape[0], -1, 1), (1, *view.shape),
                  (*view.shape[:1], *(int(n) for size in view.shape[1:] for n in (size, 1)))):
        shape = gpu_layout.full_shape(shape, view.size)
        found, wanted = gpu_layout.reshaped(layout, shape), view.reshape(shape)
        assert (found is not None) == np.shares_memory(wanted, view)
        if found:
            equal(found, wanted)


def check_collapse(layout):
    shape, (strides,) = gpu_layout.collapsed(layout.shape, layout.strides)
    found = places(Layout(layout.offset, tuple(shape), tuple(strides)))
    np.testing.assert_array_equal(np.ravel(found), places(layout).ravel())
    assert len(shape) <= len(layout.shape)


def test_broadcasting():
    layout, view = gpu_layout.straight((5, 1, 7), 3), 3 + np.arange(35).reshape(5, 1, 7)
    equal(gpu_layout.broadcast(layout, (4, 5, 6, 7)), np.broadcast_to(view, (4, 5, 6, 7)))
    for shape in ((7,), (4, 6, 7)):
        with pytest.raises(ValueError, match='does not fit'):
            gpu_layout.broadcast(layout, shape)


def test_a_grid_covers_all_elements_within_the_limit():
    for count in (0, 1, 255, 256, 257, 10 ** 6, 2 ** 26):
        x, y, z = gpu_layout.grid(count)
        assert x * y * z * 256 >= count and max(x, y, z) <= gpu_layout.WIDEST_GRID
