"""Commands run inside the test's own process: quick, and with everything that they printed."""

import io
import json
import sys
from dataclasses import dataclass

import pytest

from minigpt.cli import main


@dataclass
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self):
        """What was printed, one JSON object a line."""
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def minigpt(capsys, monkeypatch):
    """minigpt('generate', 'Era', '--seed', 3, stdin='…'): what happened."""
    monkeypatch.setenv('MINIGPT_LANG', 'pt')
    monkeypatch.setenv('COLUMNS', '80')

    def run(*argv, stdin: str | bytes = '') -> Ran:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, 'stdin', io.TextIOWrapper(io.BytesIO(given)))
        capsys.readouterr()
        try:
            code = main([str(arg) for arg in argv])
        except SystemExit as stopped:  # argparse, for help and misuse
            code = stopped.code
        return Ran(code, *capsys.readouterr())

    return run
