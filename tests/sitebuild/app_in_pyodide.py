"""Runs inside Pyodide (see test_bundle): build a small Panel app, return the css it asks for."""

import os
import re
import shutil
import sysconfig

shutil.unpack_archive('/in/python.zip', sysconfig.get_path('purelib'))
os.environ['PANEL_CDN_ROOT'] = 'panel/'

import sys  # noqa: E402

import numpy as np  # noqa: E402
import panel as pn  # noqa: E402
import param  # noqa: E402
from bokeh.document import Document  # noqa: E402
from bokeh.plotting import figure  # noqa: E402
from panel.custom import JSComponent  # noqa: E402
from panel.io.pyodide import _doc_json  # noqa: E402
from panel.io.state import set_curdoc  # noqa: E402
from panel.theme.base import Design  # noqa: E402


class Component(JSComponent):
    """The kind of picture that pages draw for themselves."""

    value = param.Integer(default=1)
    _esm = 'export function render({ model, el }) { el.append(String(model.value)) }'


pn.config.design = Design  # as in pages/opened.py
plot = figure(height=200, y_range=['a', 'b'])
plot.hbar(y=['a', 'b'], right=np.array([1.0, 2.0]))
plot.line([0, 1], [0, 1])
app = pn.Column(pn.widgets.IntSlider(name='n', end=9), pn.widgets.TextAreaInput(name='t'),
                pn.widgets.Button(name='b'), pn.widgets.Select(options=['x']),
                pn.pane.Markdown('# oi'), pn.pane.Bokeh(plot), Component())
document = Document()
with set_curdoc(document):
    app.server_doc(document)
json_text, _, roots = _doc_json(document)

assert len(list(roots)) >= 1
assert not {'pandas', 'narwhals', 'tornado', 'requests'} & set(sys.modules)
assert 'cdn.holoviz.org' not in json_text
' '.join(sorted(set(re.findall(r'"(panel/[^"]+\.css)"', json_text))))
