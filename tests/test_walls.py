"""The rooms of minigpt and what each may touch: see the map in the README."""

import ast
import sys
from pathlib import Path

import pytest

import minigpt

PACKAGE = Path(minigpt.__file__).parent
MAY_TOUCH = {
    'locale': set(), 'backend': {'errors', 'locale'}, 'errors': {'locale'},
    'chunking': {'errors', 'tokenizer'},
    'tokenizer': {'errors'}, 'nn': {'backend', 'errors'}, 'formats': {'errors', 'nn'},
    'inference': {'backend', 'errors', 'nn'},
    'arithmetic': {'nn'},
    'embeddings': {'errors', 'nn'},
    'training': {'backend', 'errors', 'inference', 'nn', 'tokenizer', 'formats'},
    'shipped': {'training'},
    'lab': {'errors', 'formats', 'nn', 'shipped', 'tokenizer', 'training'},
    'bench': {'backend', 'chunking', 'errors', 'formats', 'inference', 'locale', 'nn', 'shipped',
              'tokenizer', 'training'},
    'teach': {'backend', 'bench', 'chunking', 'embeddings', 'errors', 'formats', 'inference', 'lab',
              'locale', 'nn', 'shipped', 'tokenizer', 'training'},
    'server': {'arithmetic', 'backend', 'bench', 'chunking', 'embeddings', 'errors', 'formats',
               'inference', 'lab', 'locale', 'nn', 'shipped', 'teach', 'tokenizer', 'training'},
    'cli': {'backend', 'bench', 'chunking', 'errors', 'formats', 'inference', 'lab', 'locale', 'nn',
            'server', 'shipped', 'teach', 'tokenizer', 'training'},
}


# The runtimes that minigpt may run in, each behind one seam.
SEAMS = {'side_module.py': {'js'}, 'helper_threads.py': {'js'},
         'waiting.py': {'pyodide'}, 'webgpu.py': {'js', 'pyodide'},
         'cupy_device.py': {'cupy', 'cupyx'}}
REFERENCES = {'torch', 'tiktoken', 'tokenizers', 'chonkie', 'langchain_text_splitters'}
# Terminals are nicer with these; a file that needs one is imported only where it is installed.
TERMINAL = {'with_rich.py': {'rich'}, 'dashboard.py': {'rich'}, 'completion.py': {'shtab'}}
SERVER = {'tornado', 'jsonschema', 'prometheus_client', 'psutil'}  # the extra of that name


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = [f'{node.module}.{alias.name}' for alias in node.names]
            yield from names if node.module == 'minigpt' else [node.module]


def files():
    return sorted(PACKAGE.rglob('*.py'))


@pytest.mark.parametrize('path', files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_touches_only_what_it_may(path):
    room = path.relative_to(PACKAGE).parts[0].removesuffix('.py')
    for name in imports(path):
        top, _, rest = name.partition('.')
        if top == 'minigpt' and room in MAY_TOUCH:
            other = rest.partition('.')[0]
            assert other in MAY_TOUCH[room] | {room, '__version__'}, f'{path} imports {name}'
        elif top != 'minigpt':
            allowed = sys.stdlib_module_names | {'numpy', 'unicodedata2'}
            # What minigpt is measured against is imported by the benchmarks, where installed.
            allowed |= REFERENCES if room == 'bench' else set()
            allowed |= SEAMS.get(path.name, set()) if room == 'backend' else set()
            allowed |= TERMINAL.get(path.name, set()) if room == 'cli' else set()
            allowed |= SERVER if room == 'server' else set()
            assert top in allowed, f'{path} imports {name}: the core is NumPy only'
