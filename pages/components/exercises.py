"""Three graded exercises: a task, a hint on demand, and the page's word when it is done."""

from collections.abc import Callable

import param

from pages.components import Component, Json


class Exercises(Component):
    """`exercises`: dictionaries of `key`, `said` (`task`, `hint` and `done`, or None where the text in
    use has nothing to ask about), `typed` (an answer is typed) and `is_done`, from easy to hard.
    `refused` is `{'key', 'times'}` of the last wrong answer.

    `on_answer(key, text)`, `on_begin_again()` and `on_shipped()` (back to our text) are called for
    what the reader does.
    """

    exercises = Json(default=[])
    refused = param.Dict(default={'key': '', 'times': 0})

    def __init__(self, on_answer: Callable[[str, str], None], on_begin_again: Callable[[], None],
                 on_shipped: Callable[[], None], **params):
        super().__init__(**params)
        self._on_answer, self._on_begin_again = on_answer, on_begin_again
        self._on_shipped = on_shipped

    def _handle_msg(self, data: dict) -> None:
        if 'answer' in data:
            self._on_answer(data['key'], data['answer'])
        elif 'shipped' in data:
            self._on_shipped()
        else:
            self._on_begin_again()
