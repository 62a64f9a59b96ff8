"""Pictures and controls drawn by our own small ES modules, each beside its Python class.

A module gets `{ model, el }`: it reads params from `model`, watches them with `model.on(name, f)`,
writes them back by assignment and asks for things with `model.send_msg`. It has no imports, shows
text only as text (never as markup), and takes all its words from `model.words`.
"""

import json
from pathlib import Path

import param
from panel.custom import JSComponent

HERE = Path(__file__).parent


def styles(*names: str) -> list[str]:
    """The stylesheets of a component: what all share, then its own."""
    return [(HERE / name).read_text(encoding='utf-8') for name in ('base.css', *names)]


class Json(param.Parameter):
    """Lists and dictionaries that cross to the module as JSON text: `JSON.parse(model.name)`.

    Bokeh would otherwise visit every value in them, which for a picture that follows each token
    costs more time than the model's own computation.
    """


class Component(JSComponent):
    """Base of all components."""

    words = param.Dict(default={}, doc='Its words in the present language.')
    locale = param.String(default='pt-BR', doc='How numbers are written: a BCP 47 tag.')

    _esm = 'export function render() {}'
    _stylesheets = styles()

    def _process_param_change(self, params: dict) -> dict:
        params = super()._process_param_change(params)
        return {name: json.dumps(value) if isinstance(self.param[name], Json) else value
                for name, value in params.items()}

    def _process_property_change(self, params: dict) -> dict:
        # Panel takes a change made within another change for the screen's, and hands it back.
        params = super()._process_property_change(params)
        return {name: json.loads(value) if isinstance(self.param[name], Json) else value
                for name, value in params.items()}
