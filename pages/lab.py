"""The lab that every page shows: which one it is now, and who is told when it changes.

Pages ask `lab()` whenever they compute; nothing of the lab is kept across a change. Where the lab
has snapshots of its training, the reader may look at an earlier moment: then `lab()` is the lab as
it was, while `kept()` stays the whole one, which is saved and exported.

Where several readers share one process, and its lab, each has a `Reader` of their own: what they
achieved is theirs alone.
"""

import contextvars
import weakref
from collections.abc import Callable
from dataclasses import replace as changed

from minigpt.lab import Lab, shipped_lab
from minigpt.tokenizer.loose_bytes import with_loose_bytes

Tell = Callable[[Lab, set[str]], None]

_kept: Lab | None = None
_earlier: Lab | None = None  # the moment looked at, unless it is the end
_watchers: list[tuple[Callable[[], Tell | None], contextvars.Context]] = []  # references
FIELDS = ('checkpoint', 'corpus', 'name', 'settings', 'snapshots')
OF_A_RUN = {'checkpoint', 'snapshots'}  # other ones have other moments


class Reader:
    """One of several who share the lab: the settings in it are this reader's.

    `may_change()` raises a MinigptError where somebody else alone may change the rest of it.
    """

    def __init__(self, may_change: Callable[[], None] = lambda: None):
        self.settings: dict = {}
        self.may_change = may_change
        self._labs: dict[int, tuple[Lab, Lab]] = {}  # by the id of the shared one

    def change(self, settings: dict) -> None:
        self.settings = settings
        self._labs.clear()

    def own(self, shared: Lab) -> Lab:
        """The shared lab with this reader's settings; the same object each time."""
        if self._labs.get(id(shared), (None,))[0] is not shared:
            if len(self._labs) >= 4:  # there are two at a time, the end and the moment looked at
                self._labs.clear()
            self._labs[id(shared)] = shared, changed(shared, settings=self.settings)
        return self._labs[id(shared)][1]


# Whose pages run now; None where there is one reader and the lab's settings are theirs.
reader: contextvars.ContextVar[Reader | None] = contextvars.ContextVar('reader', default=None)


def lab() -> Lab:
    """The lab in use: the shipped one until the reader opens or makes another."""
    return _own(_earlier) if _earlier else kept()


def kept() -> Lab:
    """The same at the end of its training, with all that belongs to it."""
    return _own(_kept or shipped_lab())


def _own(shared: Lab) -> Lab:
    return reader.get().own(shared) if reader.get() else shared


def is_shipped() -> bool:
    """Whether model, corpus and name are those that came with the site."""
    ours, shipped = kept(), shipped_lab()
    return all(getattr(ours, name) is getattr(shipped, name) for name in ('checkpoint', 'corpus'))


def is_own_model() -> bool:
    """Whether the model is another than the one that came with the site."""
    return kept().checkpoint is not shipped_lab().checkpoint


def change(**fields) -> None:
    """Put these fields in the lab's place for all pages: `change(corpus='…', name='…')`."""
    replace(changed(kept(), **fields))


def replace(new: Lab) -> None:
    """Use another lab from now on. The reader's settings stay: they are not the model's."""
    global _kept, _earlier
    old = kept()
    different = {name for name in FIELDS if getattr(old, name) is not getattr(new, name)}
    if reader.get():
        if different - {'settings'}:
            reader.get().may_change()
        reader.get().change(new.settings)
    if different - {'settings'} or not reader.get():
        _kept = new
    if _earlier and different & OF_A_RUN:
        _earlier = None
    elif _earlier:
        _earlier = changed(_earlier, corpus=new.corpus, name=new.name, settings=new.settings)
    _tell_all(different)


def moments() -> list[int | None]:
    """After how many updates the model can be seen, the end last; empty without snapshots.

    The end is None where the lab does not say how many updates made its model.
    """
    end = kept().step
    earlier = [step for step, _ in kept().snapshots if step != end]
    return [*earlier, end] if earlier else []


def moment() -> int | None:
    """The moment looked at, one of `moments()`."""
    return lab().step


def view_at(step: int | None) -> None:
    """Look at the model as it was after so many updates, on all pages.

    CheckpointError for a moment that was not kept.
    """
    global _earlier
    if step != moment():
        if reader.get():
            reader.get().may_change()
        _earlier = None if step == kept().step else kept().at(step)
        _tell_all({'moment'})


def open_file(data: bytes, name: str) -> None:
    """Use the lab, or the checkpoint, of a file; CheckpointError leaves the present one."""
    opened = Lab.from_bytes(data, name)
    replace(changed(opened, name=opened.name or name.rpartition('.')[0] or name,
                    settings=kept().settings))


def back_to_shipped() -> None:
    """The shipped model, tokenizer and corpus again; what the reader achieved stays."""
    replace(changed(shipped_lab(), settings=kept().settings))


def watch(tell: Tell) -> None:
    """Call `tell(lab, names of the fields that changed)` after each change; 'moment' is one.

    A method is called for as long as its object lives, which this does not prolong; and for the
    reader whose page it is, whoever made the change.
    """
    found = weakref.WeakMethod(tell) if hasattr(tell, '__self__') else lambda: tell
    _watchers.append((found, contextvars.copy_context()))


def _tell_all(names: set[str]) -> None:
    _watchers[:] = [it for it in _watchers if it[0]()]
    mine = reader.get()
    for watcher, context in list(_watchers):
        tell = watcher()
        if tell and (names != {'settings'} or context.get(reader) is mine):
            # A copy, for whoever is told may change the lab and be told again.
            context.copy().run(lambda tell=tell: tell(lab(), names))


def visible(token_id: int, tokenizer=None) -> str:
    """A token as a reader can see it: spaces as ·, line ends as ↵, loose bytes as ⟨c3⟩.

    A token may hold only a part of a character: such bytes have no letter of their own.
    """
    tokenizer = tokenizer or lab().tokenizer
    for name, special_id in tokenizer.special_tokens.items():
        if token_id == special_id:
            return name
    return visible_bytes(tokenizer.token_bytes(token_id))


def visible_bytes(raw: bytes) -> str:
    """The same for the bytes of a token of any kind."""
    text = with_loose_bytes(raw).replace(' ', '·')
    return text if text.isprintable() else ''.join(map(_seen, text))


def _seen(char: str) -> str:
    if char == '\n':
        return '↵'
    return char if char.isprintable() or char in '⟨⟩' else f'⟨{ord(char):02x}⟩'
