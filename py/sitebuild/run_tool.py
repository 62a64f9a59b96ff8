"""Run another program for a step, quietly, and keep what it said for the error sentence."""

import subprocess

from sitebuild.errors import BuildError


def run_tool(command: list, failure: str, **options) -> str:
    """Return the program's standard output.

    If it cannot be started or fails, BuildError says `failure` and the last telling line it wrote.
    """
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True,
                              encoding='utf-8', errors='replace', **options)
    except OSError as error:
        raise BuildError(f'{failure} ({error})') from None
    if done.returncode:
        raise BuildError(f'{failure} ({telling_line(done.stderr or done.stdout)})')
    return done.stdout


def telling_line(output: str) -> str:
    """The line of a failed program's output that most likely names the cause."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    named = [line for line in lines if 'error:' in line.lower()]
    errors = [line for line in lines
              if 'error' in line.lower() and 'log of this run' not in line]
    return (named or errors or lines or ['it said nothing'])[-1][:300]
