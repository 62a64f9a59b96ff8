"""Makes `python -m minigpt` and `import minigpt` work in a checkout, where the package is in py/.

Run as a command in a Python without NumPy, it uses the project's own environment, `.venv`, and
makes that first if need be.
"""

import importlib
import importlib.util
import runpy
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / 'py'))

if __name__ != '__main__':
    # The import system hands out whatever now stands under this name: the real package.
    del sys.modules[__name__]
    importlib.import_module('minigpt')
elif importlib.util.find_spec('numpy'):
    try:
        runpy.run_module('minigpt', run_name='__main__', alter_sys=True)
    except KeyboardInterrupt:  # before the command itself could hear it
        sys.exit(130)
else:
    from sitebuild import environment
    from sitebuild.errors import BuildError
    try:
        python = environment.ensure(ROOT)
        sys.exit(subprocess.call([python, '-m', 'minigpt', *sys.argv[1:]]))
    except BuildError as error:
        sys.exit(f'minigpt: {error}')
    except KeyboardInterrupt:
        sys.exit(130)
