"""The one door of the project: builds, serves, tests and cleans (see `python build.py --help`).

Only the standard library is needed to start it. This file keeps to syntax that any Python can
read, so that an old one gets a sentence and not a traceback; the steps are in py/sitebuild/.
"""

import os
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(ROOT, 'py'))

if __name__ == '__main__':
    from sitebuild.python_version import complaint

    problem = complaint(sys.version_info)
    if problem:
        sys.exit('build.py: ' + problem)

    from sitebuild.cli import main

    sys.exit(main(ROOT, sys.argv[1:]))
