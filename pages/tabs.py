"""The reader's other tabs: each has a lab of its own, and the browser keeps one for all of them."""

import json

from pages import lab
from pages.training.runs import KEY as RUNS


def take_progress(settings: str) -> None:
    """What the reader did in another tab counts here: its settings as JSON. The list of runs is
    part of the model that is kept, and not of these.
    """
    theirs, mine = json.loads(settings), lab.kept().settings
    new = theirs | {RUNS: mine[RUNS]} if RUNS in mine else {
        key: value for key, value in theirs.items() if key != RUNS}
    if new != mine:
        lab.change(settings=new)


def what_it_is() -> str:
    """What kind of lab this is: 'shipped', 'text' for the reader's own with the site's model, or
    'model' and its name.
    """
    if lab.is_shipped():
        return 'shipped'
    return f'model {lab.kept().name}' if lab.is_own_model() else 'text'
