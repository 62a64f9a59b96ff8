"""A page's view as a Python file that arrives at the same numbers anywhere."""

import ast

from pages import lab
from pages.locale import text

LOAD_LAB = '''
def load_lab() -> Lab:
    """{about}"""
    lab = Lab.load(sys.argv[1]) if len(sys.argv) > 1 else shipped_lab()
    return {lab}
'''


def script_name(page) -> str:
    """The name of the file: 'minigpt-inference.py'."""
    return f'minigpt-{page.section}.py'


def script_text(page) -> str:
    """The whole file: what it is, how to run it, imports, `load_lab`, then the page's own part.

    Runs with minigpt and NumPy alone; a lab of the reader's own is given as a file.
    """
    words = text(page.lang)['frame']['script']['head']
    title = text(page.lang)['pages'].get(page.section, {}).get('heading', page.section)
    own = not lab.is_shipped()
    at_the_end = lab.lab() is lab.kept()
    head = [f'"""{words["made"]}', '', words['page'].format(title=title), '',
            words['own'] if own else words['run'], '',
            f'    python {script_name(page)}' + (' lab.safetensors' if own else ''), '"""']
    imports, rest = split_imports(page.script().strip())
    return '\n'.join([*head, '', 'import sys', '', *imports,
                      'from minigpt.lab import Lab, shipped_lab', '',
                      LOAD_LAB.format(
                          about=words['lab'],
                          lab='lab' if at_the_end else f'lab.at({lab.moment()})'), '', *rest, ''])


def split_imports(code: str) -> tuple[list[str], list[str]]:
    """The lines of the imports that the code begins with, and the lines after them."""
    end = 0
    for node in ast.parse(code).body:
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            break
        end = node.end_lineno
    lines = code.splitlines()
    rest = lines[end:]
    while rest and not rest[0].strip():
        del rest[0]
    return lines[:end], rest
