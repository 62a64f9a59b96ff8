"""Code of the reader's own that cannot run for ever: each loop and call looks at the clock.

Only what is written as a loop, a comprehension or a function can be watched. A single operation
that takes for ever (10 ** 10 ** 10) cannot.
"""

import ast
import math
import time

TICK = '__tick__'      # names that the watched code calls
EACH = '__each__'


class TooLong(BaseException):
    """The time is up. No `except Exception` of the reader's own code swallows it."""


class Clock:
    """What watched code asks; `names` are to be put among its globals."""

    def __init__(self):
        self.end = math.inf
        self.names = {TICK: self.tick, EACH: self.each}

    def begin(self, seconds: float) -> None:
        """So long may it run from now on."""
        self.end = time.monotonic() + seconds

    def tick(self) -> None:
        if time.monotonic() > self.end:
            raise TooLong

    def each(self, items):
        """The items of a loop, the clock looked at before each."""
        for it in items:
            self.tick()
            yield it


def watched(tree: ast.Module, first: int, last: int) -> ast.Module:
    """The tree with the loops and functions on the lines first to last watched."""
    return ast.fix_missing_locations(_Watch(first, last).visit(tree))


class _Watch(ast.NodeTransformer):
    def __init__(self, first: int, last: int):
        self.first, self.last = first, last

    def _ours(self, node: ast.AST) -> bool:
        return self.first <= node.lineno <= self.last

    def visit_FunctionDef(self, node: ast.FunctionDef):
        self.generic_visit(node)
        if self._ours(node):
            place = 1 if ast.get_docstring(node) is not None else 0
            node.body.insert(place, _at(node, f'{TICK}()'))
        return node

    def visit_While(self, node: ast.While):
        self.generic_visit(node)
        if self._ours(node):
            node.body.insert(0, _at(node, f'{TICK}()'))
        return node

    def visit_For(self, node: ast.For):
        self.generic_visit(node)
        if self._ours(node):
            node.iter = _each(node.iter)
        return node

    def visit_comprehension(self, node: ast.comprehension):
        self.generic_visit(node)
        if self._ours(node.iter) and not node.is_async:
            node.iter = _each(node.iter)
        return node

    def visit_Lambda(self, node: ast.Lambda):
        self.generic_visit(node)
        if self._ours(node):
            node.body = ast.copy_location(ast.IfExp(
                _at(node, f'{TICK}()').value, node.body, node.body), node.body)
        return node


def _at(node: ast.AST, code: str) -> ast.Expr:
    """A statement that stands on the node's line."""
    made = ast.parse(code).body[0]
    for it in ast.walk(made):
        if hasattr(it, 'lineno'):
            ast.copy_location(it, node)
    return made


def _each(items: ast.expr) -> ast.expr:
    call = ast.Call(ast.Name(EACH, ast.Load()), [items], [])
    return ast.copy_location(call, items)
