"""Any number of a forward pass, spelled out: what it was made of, and by which line.

    steps.py    the pass as a list of steps: what each reads, its weights, its shape, its cost
    reading.py  a text read once by a model, all of whose numbers can be asked for
    cell.py     one number: the rows, columns and single numbers that it was computed from
    spelling.py a cell for every operation of the model
    lines.py    the line of minigpt that computed a cell
"""

from minigpt.arithmetic.cell import Cell, Line, Operand
from minigpt.arithmetic.lines import source_line
from minigpt.arithmetic.reading import Reading
from minigpt.arithmetic.steps import Step, steps

__all__ = ['Cell', 'Line', 'Operand', 'Reading', 'Step', 'source_line', 'steps']
