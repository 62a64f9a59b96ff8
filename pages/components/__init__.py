"""Pictures and controls drawn by our own small ES modules, each beside its Python class.

A module gets `{ model, el }`: it reads params from `model`, watches them with `model.on(name, f)`,
writes them back by assignment and asks for things with `model.send_msg`. It has no imports, for it
crosses to the page as text; what all modules need stands in front of it (shared.mjs). It shows text
only as text, never as markup, and takes all its words from `model.words`.
"""

import base64
import json
from pathlib import Path

import numpy as np
import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


def module(name: str) -> str:
    """The source of a component's module: what all share, then its own."""
    return ''.join((HERE / it).read_text(encoding='utf-8') for it in ('shared.mjs', name))


def styles(*names: str) -> list[str]:
    """The stylesheets of a component: what all share, then its own."""
    return [(HERE / name).read_text(encoding='utf-8') for name in ('base.css', *names)]


class Json(param.Parameter):
    """Lists and dictionaries that cross to the module as JSON text: `JSON.parse(model.name)`.

    Bokeh would otherwise visit every value in them, which for a picture that follows each token
    costs more time than the model's own computation.
    """

    def cross(self, value) -> str:
        return json.dumps(value)

    def come_back(self, crossed: str):
        return json.loads(crossed)


class Numbers(Json):
    """A NumPy array, of any shape, whose numbers cross as float32: JSON with `shape` and `base64`,
    which is the bytes of a Float32Array. NaN may stand for a number that is not there.
    """

    def cross(self, value) -> str:
        numbers = np.ascontiguousarray(value, '<f4')
        return json.dumps({'shape': numbers.shape,
                           'base64': base64.b64encode(numbers.tobytes()).decode('ascii')})

    def come_back(self, crossed: str):
        packed = json.loads(crossed)
        numbers = np.frombuffer(base64.b64decode(packed['base64']), '<f4')
        return numbers.reshape(packed['shape'])


class Component(JSComponent):
    """Base of all components."""

    words = param.Dict(default={}, doc='Its words in the present language.')
    locale = param.String(default='pt-BR', doc='How numbers are written: a BCP 47 tag.')

    _esm = 'export function render() {}'
    _stylesheets = styles()

    def _process_param_change(self, params: dict) -> dict:
        params = super()._process_param_change(params)
        return {name: self.param[name].cross(value) if self._crosses_as_json(name) else value
                for name, value in params.items()}

    def _process_property_change(self, params: dict) -> dict:
        # Panel takes a change made within another change for the screen's, and hands it back.
        params = super()._process_property_change(params)
        return {name: self.param[name].come_back(value) if self._crosses_as_json(name) else value
                for name, value in params.items()}

    def _crosses_as_json(self, name: str) -> bool:
        return isinstance(self.param[name], Json)
