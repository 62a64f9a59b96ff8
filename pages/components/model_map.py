"""The whole machine as boxes of true shapes with true numbers in them, and the walk through it."""

import json
from collections.abc import Callable

import param

from pages.components import Component, Json, OneWay


class Pictures(OneWay):
    """Name → a dictionary with `codes`, a byte for each number (R, C), and `unsigned`.

    It crosses as bytes: how long a JSON text is, as a little-endian int32; that text, where each
    picture has its `shape`, `unsigned`, and at which byte behind the text its codes `start`; the
    codes.
    """

    def cross(self, value) -> bytes:
        heads, start = {}, 0
        for name, it in value.items():
            heads[name] = {'shape': it['codes'].shape, 'unsigned': it['unsigned'], 'start': start}
            start += it['codes'].size
        head = json.dumps(heads).encode()
        return b''.join([len(head).to_bytes(4, 'little'), head,
                         *(it['codes'].tobytes() for it in value.values())])


class ModelMap(Component):
    """`groups`: dictionaries of `name`, `title`, `note`, `aside` (a few words
    after the boxes) and `rows` of boxes. A box: `name`, `label`,
    `about`, `shape` (words), `sign` before it, `hue`, `learnt`, `step` of the walk, `small`,
    `medium` and `large` (each width, height and whether it is torn).

    `pictures` and `weights`: see pages.model.pictures. Without them the shapes alone are drawn: a
    plan.

    `walk`: the steps, dictionaries of `name`, `reads`, `seconds` and `said`. What is on the screen
    follows from `position` alone: 0 is before the first step, n after the n-th; between n and n + 1
    step n + 1 is being drawn, row by row.

    `focus` is the group shown alone, in large, or '' for all of them at `scale`. `opened` is the
    part looked at; `lit` where pictures are lit: name → shares [x, y, width, height]; arrows lead
    from those to `target`.

    What the reader opens (a group or a part) goes to `on_open`; Esc calls it with '..'.
    """

    groups = Json(default=[])
    pictures = Pictures(default={})
    weights = Pictures(default={})
    walk = Json(default=[])
    position = param.Number(default=0)
    focus = param.String(default='')
    scale = param.Selector(default='small', objects=['small', 'medium'])
    opened = param.String(default='')
    lit = Json(default={})
    target = param.String(default='')

    def __init__(self, on_open: Callable[[str], None], **params):
        super().__init__(**params)
        self._on_open = on_open

    def _handle_msg(self, data: dict) -> None:
        self._on_open(str(data['open']))
