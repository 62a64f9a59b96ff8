"""The answer to one question: a number to type, one of a few to choose, or code that stands
elsewhere; a hint on demand, and the verdict."""

from collections.abc import Callable

import param

from pages.components import Component, Json


class AnswerBox(Component):
    """`key` tells one question from the next: another one empties the box. `ask` is 'number',
    'choice' (with `choices`, dictionaries of `id` and `label`) or 'code'. `given`: the answer that
    stands there at first. `solved` marks a question answered rightly, today or before.

    `verdict` is the word about the last answer and `right` whether it was; `printed` is what the
    reader's code wrote. `can_restore`: there is something to take back to its beginning.

    `on_answer(text)` and `on_restore()` are called for what the reader does. Words: `number`,
    `choice`, `check`, `hint`, `hideHint`, `restore`, `busy`, `printed`, `solved`.
    """

    key = param.String(default='')
    ask = param.Selector(default='number', objects=['number', 'choice', 'code'])
    choices = Json(default=[])
    given = param.String(default='')
    hint = param.String(default='')
    verdict = param.String(default='')
    right = param.Boolean(default=False)
    solved = param.Boolean(default=False)
    printed = param.String(default='')
    busy = param.Boolean(default=False)
    can_restore = param.Boolean(default=False)

    def __init__(self, on_answer: Callable[[str], None], on_restore: Callable[[], None], **params):
        super().__init__(**params)
        self._on_answer, self._on_restore = on_answer, on_restore

    def _handle_msg(self, data: dict) -> None:
        if 'answer' in data:
            self._on_answer(str(data['answer']))
        else:
            self._on_restore()
