"""Pictures and controls drawn by our own small ES modules, each beside its Python class.

`curves.py` is drawn by `curves.mjs`, dressed by `curves.css`. A module exports `render`, which gets
`{ model, el }`: it reads params from `model`, watches them with `model.on(name, f)`, writes them
back by assignment and asks for things with `model.send_msg`. It shows text only as text, never as
markup, and takes all its words from `model.words`. base.css dresses all. The build makes one script
of all modules and sheets (py/sitebuild/bundle_drawing.mjs); to the page crosses only a name.
"""

import json
import math

import numpy as np
import param
from panel.custom import JSComponent
from panel.io.state import set_curdoc, state
from panel.reactive import Reactive

OF_EVERY_MODEL = {*Reactive.param, 'esm', 'importmap'}  # all else stands in a component's `data`


class Crossing(param.Parameter):
    """A value that crosses to the module in another form, as a text or as bytes: `cross(value)`.

    Bokeh would otherwise visit every value in it, which for a picture that follows each token
    costs more time than the model's own computation.
    """


class OneWay(Crossing):
    """A value that only Python assigns: it crosses as bytes, and never comes back."""


class Json(Crossing):
    """Lists and dictionaries that cross as JSON text: `JSON.parse(model.name)`.

    JSON has no numbers beyond all numbers, which a model has whose training broke down: they cross
    as null.
    """

    def cross(self, value) -> str:
        return as_json(value)

    def come_back(self, crossed: str):
        return json.loads(crossed)


def as_json(value) -> str:
    """The value as JSON text; numbers that JSON lacks as null."""
    try:
        return json.dumps(value, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value))


def _finite(value):
    """The same with None for each number that is none."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(it) for key, it in value.items()}
    return [_finite(it) for it in value] if isinstance(value, list | tuple) else value


class Numbers(OneWay):
    """A NumPy array, of any shape, whose numbers cross as float32:
    `unpacked(model.name, Float32Array)`. NaN may stand for a number that is not there.
    """

    def cross(self, value) -> bytes:
        return packed(np.ascontiguousarray(value, '<f4'))


class Shades(OneWay):
    """Numbers from 0 to 1 to be seen, not read: a byte each, 0 for NaN, 1 … 255 for 0 … 1. They
    cross as `unpacked(model.name, Uint8Array)`.
    """

    def cross(self, value) -> bytes:
        return packed(np.nan_to_num(np.rint(1 + 254 * np.clip(value, 0, 1))).astype(np.uint8))


def packed(numbers: np.ndarray) -> bytes:
    """An array's count of axes, the length of each, all as little-endian int32, and its numbers."""
    return np.array([numbers.ndim, *numbers.shape], '<i4').tobytes() + numbers.tobytes()


class Params(param.parameterized.Parameters):
    """A component's namespace `param`."""

    def update(self_, arg=(), /, **values) -> None:
        # As param does it, without what would put all back after a `with`: for that it reads every
        # param of the component, a fifth of what Python does for a key.
        with param.parameterized.batch_call_watchers(self_.self):
            for name, value in dict(arg, **values).items():
                if name not in self_:
                    raise ValueError(f'{name!r} is not a parameter of {self_.cls.__name__}')
                setattr(self_.self, name, value)


class Namespace(type(vars(param.Parameterized)['param'])):
    """Gives components their Params, and the class what param gives it."""

    def __get__(self, component, kind):
        if component is None:
            return super().__get__(None, kind)
        return Params(kind, self=component)


class Component(JSComponent):
    """Base of all components."""

    words = param.Dict(default={}, doc='Its words in the present language.')
    locale = param.String(default='pt-BR', doc='How numbers are written: a BCP 47 tag.')

    param = Namespace()
    _bundle_path = None  # Panel would look for such a file in five places

    def __init_subclass__(cls):
        super().__init_subclass__()
        cls._esm = cls.__module__.rpartition('.')[2]  # its script's name, as the screen knows it

    def _update_properties(self, *events, doc) -> dict:
        # Panel asks its design for style sheets at each change of anything, a third of all its work.
        return self._process_param_change({event.name: event.new for event in events})

    def _process_events(self, events: dict) -> None:
        # As Panel does it, without its count of what goes on, which makes all params of two objects
        # writable for a while, six times: a seventh of what Python does for a key.
        self._in_process__events[state.curdoc] = events
        try:
            self.param.update(**self._process_property_change(events))
        finally:
            self._in_process__events.pop(state.curdoc, None)

    def _process_bokeh_event(self, doc, event) -> None:
        with set_curdoc(doc):
            self._process_event(event)

    def _process_param_change(self, params: dict) -> dict:
        found = super()._process_param_change(params)
        if 'stylesheets' in found:  # without Panel's own: a page would load hundreds
            found['stylesheets'] = [*self._stylesheets, *params['stylesheets']]
        return {name: self.param[name].cross(value)
                if isinstance(self.param[name], Crossing) else value
                for name, value in found.items()}

    def _update_model(self, events, msg: dict, root, model, doc, comm) -> None:
        # As Panel does it, without what is for components that hold others: twice the time.
        if model.children:
            super()._update_model(events, msg, root, model, doc, comm)
            return
        from_screen = self._in_process__events.get(doc, {})
        news = {name: value for name, value in msg.items()
                if name not in from_screen or value != from_screen[name]}
        ref = root.ref['id']
        before = self._changing.get(ref)
        for target, there in ((model, OF_EVERY_MODEL), (model.data, news.keys() - OF_EVERY_MODEL)):
            fresh = {name: value for name, value in news.items() if name in there and not
                     target.lookup(name).property.matches(getattr(target, name), value)}
            if not fresh:
                continue
            self._changing[ref] = list(fresh)  # else Panel would take them for the reader's
            try:
                target.update(**fresh)
            finally:
                if before is None:
                    del self._changing[ref]
                else:
                    self._changing[ref] = before

    def _process_property_change(self, params: dict) -> dict:
        # Panel takes a change made within another change for the screen's, and hands it back.
        params = super()._process_property_change(params)
        found = {name: (self.param[name], value) for name, value in params.items()}
        return {name: it.come_back(value) if isinstance(it, Json) else value
                for name, (it, value) in found.items() if not isinstance(it, OneWay)}
