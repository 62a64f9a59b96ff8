"""The scripts made of many modules: they hold what is needed, and nothing is left to ask for."""

import json
import re

import pytest

from sitebuild import scripts, wheels
from sitebuild.errors import BuildError
from sitebuild.paths import Paths


def test_another_version_of_bokehjs_is_refused(tmp_path):
    package = tmp_path / 'node_modules' / '@bokeh' / 'bokehjs'
    package.mkdir(parents=True)
    (package / 'package.json').write_text('{"version": "3.0.0"}')
    chosen = [wheels.Wheel(f'{name}-3.9.2-py3-none-any.whl', '') for name in ('bokeh', 'panel')]
    with pytest.raises(BuildError, match=r'bokehjs 3\.0\.0 and Python has Bokeh 3\.9\.2'):
        scripts.drawing(chosen, Paths(tmp_path), 'node')


def test_what_draws_is_small_and_has_every_model_that_a_built_page_names(dist):
    drawing, plotting = ((dist / 'bokeh' / name).read_text(encoding='utf-8')
                         for name in ('drawing.js', 'plotting.js'))
    assert len(drawing) < 750_000  # without what figures need, and with all our components
    assert len(drawing + plotting) < 1_600_000  # without widgets, tables, formulas
    seen = set()
    for file in (dist / 'views').iterdir():
        document = json.loads(file.read_text(encoding='utf-8'))
        names = set(re.findall(r'"type": ?"object", ?"name": ?"([\w.]+)"', json.dumps(document)))
        # Our components, 'Fold1', are defined by the document itself.
        foreign = {name.rsplit('.', 1)[-1] for name in names if not name.endswith('1')}
        there = drawing + plotting * ('Figure' in foreign)
        assert [name for name in sorted(foreign) if f'"{name}"' not in there] == [], file.name
        seen |= foreign
    assert {'Figure', 'ReactiveESM', 'Location'} <= seen


NAMESAKES = {'Grid', 'HTML', 'Row', 'Stack'}  # models, and something else in BokehJS's core


def test_no_class_of_bokehjs_is_in_both_scripts(dist):
    named = [set(re.findall(r'this.__name__="(\w+)"',
                            (dist / 'bokeh' / name).read_text(encoding='utf-8')))
             for name in ('drawing.js', 'plotting.js')]
    assert named[0] & named[1] == NAMESAKES


def test_every_component_is_in_the_script_that_draws(dist):
    drawing = (dist / 'bokeh' / 'drawing.js').read_text(encoding='utf-8')
    for file in (dist / 'views').iterdir():
        for name in re.findall(r'"esm": ?"(.*?)"', file.read_text(encoding='utf-8')):
            assert re.search(rf'\b{name}:{{render:', drawing), (file.name, name)


@pytest.mark.parametrize('module, has', [('shell', 'IntersectionObserver'), ('worker', 'loadPyodide')])
def test_a_module_of_the_start_imports_nothing_that_is_known_beforehand(dist, module, has):
    script = (dist / 'assets' / f'{module}.mjs').read_text(encoding='utf-8')
    assert has in script and not re.search(r"^import|from '\./", script, re.MULTILINE)
