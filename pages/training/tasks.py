"""The training page's exercises: what its runs must show."""

import math

from pages.training.verdict import verdict

LEARNT = 1.5  # nats below pure chance: it has begun to write words


def has_learnt(page) -> bool:
    """A run of the reader's own is well below pure chance on the text it studies."""
    session = page.desk.session
    loss = session and session.history.smooth.last()
    return bool(loss) and loss < math.log(page.desk.vocab_size) - LEARNT


def has_memorised(page) -> bool:
    """A run of the reader's own overfits."""
    return _kind(page) == 'overfit'


def was_rescued(page) -> bool:
    """A run that broke or diverged was put back and learns again."""
    session = page.desk.session
    return bool(session and session.broke_at is not None and session.error is None
                and _kind(page) in ('learning', 'gap', 'unjudged', 'overfit'))


def _kind(page) -> str:
    if not page.desk.session:
        return ''
    found = verdict(page.desk.session.history, page.desk.vocab_size)
    return found.kind if found else ''
