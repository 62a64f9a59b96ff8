"""What of an array is on the screen: a plane of it, and of a large plane a stretch."""

from dataclasses import dataclass, replace

import numpy as np

Array = np.ndarray
ROWS, COLUMNS = 256, 1024  # of the matrix on the screen; more of them are reached by number


@dataclass(frozen=True)
class Window:
    """An array of up to three axes seen as rows and columns: the first of three is the head; a
    vector is one row, the tokens of a text one column.
    """
    axes: str
    shape: tuple[int, ...]
    head: int = 0
    row: int = 0     # the first one on the screen
    column: int = 0

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of the whole plane."""
        if len(self.shape) > 1:
            return self.shape[-2:]
        return (*self.shape, 1) if self.axes == 'T' else (1, *self.shape)

    @property
    def heads(self) -> int:
        return self.shape[0] if len(self.shape) == 3 else 0

    @property
    def row_axis(self) -> str:
        """The letter of the axis that the rows are on; '' where there is a single row."""
        return self.axes if self.axes == 'T' else self.axes[-2:-1]

    @property
    def column_axis(self) -> str:
        return '' if self.axes == 'T' else self.axes[-1]

    def plane(self, array: Array) -> Array:
        """All of the head shown.   -> (R, C)"""
        return (array[self.head] if self.heads else array).reshape(self.size)

    def seen(self, array: Array) -> Array:
        """What is on the screen."""
        return self.plane(array)[self.row:self.row + ROWS, self.column:self.column + COLUMNS]

    def index(self, row: int, column: int) -> tuple[int, ...]:
        """Where in the array a row and column of the screen are."""
        row, column = row + self.row, column + self.column
        if len(self.shape) == 1:
            return (row,) if self.axes == 'T' else (column,)
        return (self.head, row, column) if self.heads else (row, column)

    def on_screen(self, index: tuple[int, ...]) -> list[int]:
        """The row and column of the screen where a number is; [] for no index."""
        if not index:
            return []
        row, column = self._flat(index)
        return [row - self.row, column - self.column]

    def holding(self, index: tuple[int, ...]) -> 'Window':
        """Moved, if need be, so that the number of this index is in it."""
        head = index[0] if index and self.heads else min(self.head, max(0, self.heads - 1))
        firsts = [self.row, self.column]
        if index:
            for axis, (at, most) in enumerate(zip(self._flat(index), (ROWS, COLUMNS))):
                if not firsts[axis] <= at < firsts[axis] + most:
                    firsts[axis] = at - most // 2
        limits = (max(0, size - most) for size, most in zip(self.size, (ROWS, COLUMNS)))
        row, column = (max(0, min(first, limit)) for first, limit in zip(firsts, limits))
        return replace(self, head=head, row=row, column=column)

    def _flat(self, index: tuple[int, ...]) -> tuple[int, int]:
        if len(index) > 1:
            return index[-2:]
        return (index[0], 0) if self.axes == 'T' else (0, index[0])
