"""Processes that train beside the server: started with its own code, ended when they must."""

import asyncio
import contextlib
import os
import sys
from pathlib import Path


async def started(module: str, *arguments: str) -> asyncio.subprocess.Process:
    """`python -m module`, with pipes to its stdin and from its stdout; OSError where the machine
    gives no process."""
    return await asyncio.create_subprocess_exec(
        sys.executable, '-m', module, *arguments, stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE, limit=2**20, env=_environment())


def kill(process: asyncio.subprocess.Process) -> None:
    """End it, unless it has ended."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()


def _environment() -> dict:
    """So that the process finds the minigpt that the server runs."""
    package = str(Path(__file__).parents[2])
    path = os.environ.get('PYTHONPATH')
    return os.environ | {'PYTHONPATH': os.pathsep.join(filter(None, (package, path)))}
