"""The lab that every page shows: which one it is now, and who is told when it changes.

Pages ask `lab()` whenever they compute; nothing of the lab is kept across a change.
"""

import codecs
from collections.abc import Callable
from dataclasses import replace as changed

from minigpt.lab import Lab, shipped_lab

_present: Lab | None = None
_watchers: list[Callable[[Lab, set[str]], None]] = []
FIELDS = ('checkpoint', 'corpus', 'name', 'settings', 'snapshots')


def lab() -> Lab:
    """The lab in use: the shipped one until the reader opens or makes another."""
    return _present or shipped_lab()


def is_shipped() -> bool:
    """Whether model, corpus and name are those that came with the site."""
    ours, shipped = lab(), shipped_lab()
    return all(getattr(ours, name) is getattr(shipped, name) for name in ('checkpoint', 'corpus'))


def change(**fields) -> None:
    """Put these fields in the lab's place for all pages: `change(corpus='…', name='…')`."""
    replace(changed(lab(), **fields))


def replace(new: Lab) -> None:
    """Use another lab from now on. The reader's settings stay: they are not the model's."""
    global _present
    old, _present = lab(), new
    different = {name for name in FIELDS if getattr(old, name) is not getattr(new, name)}
    for tell in list(_watchers):
        tell(new, different)


def open_file(data: bytes, name: str) -> None:
    """Use the lab, or the checkpoint, of a file; CheckpointError leaves the present one."""
    opened = Lab.from_bytes(data, name)
    replace(changed(opened, name=opened.name or name.rpartition('.')[0] or name,
                    settings=lab().settings))


def back_to_shipped() -> None:
    """The shipped model, tokenizer and corpus again; what the reader achieved stays."""
    replace(changed(shipped_lab(), settings=lab().settings))


def watch(tell: Callable[[Lab, set[str]], None]) -> None:
    """Call `tell(lab, names of the fields that changed)` after each change."""
    _watchers.append(tell)


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
    return ''.join(map(_seen, raw.decode('utf-8', 'loose_bytes')))


def _seen(char: str) -> str:
    if char == ' ':
        return '·'
    if char == '\n':
        return '↵'
    return char if char.isprintable() or char in '⟨⟩' else f'⟨{ord(char):02x}⟩'


def _loose_bytes(error: UnicodeDecodeError) -> tuple[str, int]:
    loose = error.object[error.start:error.end]
    return ''.join(f'⟨{byte:02x}⟩' for byte in loose), error.end


codecs.register_error('loose_bytes', _loose_bytes)
