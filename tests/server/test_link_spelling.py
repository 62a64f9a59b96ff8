"""The page spells the server's values in its links as the server does."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from minigpt.lab import shipped_lab
from minigpt.server import modules
from minigpt.server.state import State
from pages.hosting.facts import facts

SPELLING = Path(__file__).parents[2] / 'site' / 'server' / 'spelling.mjs'
SCRIPT = """
const { linkChanges, changed } = await import(process.argv[1])
const { parameters, cases } = JSON.parse(require('fs').readFileSync(0))
console.log(JSON.stringify(cases.map(values => changed({}, linkChanges(values, parameters)))))
"""


def some_values(it) -> list:
    """The edges of what a parameter may be."""
    found = [it.default, *it.choices] if it.kind != 'texts' else [it.default, list(it.choices)]
    if it.kind == 'boolean':
        found += [True, False]
    if it.kind in ('integer', 'number'):
        found += [it.low, it.high]
    if it.kind == 'number':
        found.append(round((it.low + it.high) / 3, it.digits))
    if it.may_be_none:
        found.append(None)
    if it.kind == 'text' and not it.pattern:
        found += ['', 'Olá, você & eu?']
    return found


@pytest.mark.parametrize('name', list(modules.of(shipped_lab())))
def test_the_page_spells_what_the_server_spells(name):
    module = modules.of(shipped_lab())[name]
    cases = [{it.name: value} for it in module.parameters.values() for value in some_values(it)]
    assert len(cases) > len(module.parameters)
    told = json.dumps({'parameters': facts(State())['modules'][name], 'cases': cases})
    done = subprocess.run([shutil.which('node'), '-e', f'(async () => {{{SCRIPT}}})()',
                           SPELLING.as_uri()], input=told, text=True, capture_output=True,
                          check=True)
    assert json.loads(done.stdout) == [module.to_query(values) for values in cases]
