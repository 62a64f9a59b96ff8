"""Make all golden files anew, with the reference libraries installed:

    pip install torch transformers tokenizers tiktoken safetensors
    python -m tests.golden.make
"""

import importlib
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def main():
    sys.path.insert(0, str(FOLDER.parents[1] / 'py'))
    for path in sorted(FOLDER.glob('make_*.py')):
        print(path.name)
        importlib.import_module(f'tests.golden.{path.stem}').main()


if __name__ == '__main__':
    main()
