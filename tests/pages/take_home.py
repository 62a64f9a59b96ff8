"""The script that a reader takes home, run as they would run it."""

import os
import subprocess
import sys
from pathlib import Path

from pages.script import script_text

LIBRARY = Path(__file__).parents[2] / 'py'


def printed(page, folder: Path, *arguments) -> str:
    """What the script of a page's present view prints in another Python."""
    file = folder / 'view.py'
    file.write_text(script_text(page), encoding='utf-8')
    # With this environment, since settings of BLAS in it change last digits, and t-SNE grows those.
    done = subprocess.run([sys.executable, file, *arguments], capture_output=True,
                          env=os.environ | {'PYTHONPATH': str(LIBRARY),
                                            'PYTHONIOENCODING': 'utf-8'},
                          encoding='utf-8', check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
