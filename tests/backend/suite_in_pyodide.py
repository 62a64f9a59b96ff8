"""Runs inside Pyodide (see test_backends): every case with `simd`; prints what failed as JSON."""

import json
import os
import shutil
import sys
import sysconfig
import traceback

shutil.unpack_archive('/in/python.zip', sysconfig.get_path('purelib'))
sys.path.insert(0, '/in')
os.environ['MINIGPT_BACKEND'] = 'simd'

from cases import CASES  # noqa: E402

from minigpt import backend  # noqa: E402

failures = {}
for name in ('simd', 'numpy'):
    backend.use(name)
    for case in CASES:
        try:
            case()
        except Exception:
            failures[f'{name}: {case.__name__}'] = traceback.format_exc()[-1500:]
chosen = backend.use('auto')
modules = [name for name in sys.modules if name.startswith('minigpt.backend.kernels._')]
json.dumps({'failures': failures, 'auto': chosen, 'modules': modules, 'absent': backend.describe().absent})
