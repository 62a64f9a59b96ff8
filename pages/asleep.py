"""What can be computed again is not kept in the memory that the site starts from.

A trace of a forward pass, say, is mostly random bits, which no compressor makes smaller.
"""

import functools
import weakref

_owners: weakref.WeakValueDictionary[int, object] = weakref.WeakValueDictionary()


class forgettable(functools.cached_property):  # noqa: N801
    """A cached property that `forget` drops: asked for again, it is computed anew."""

    def __get__(self, owner, kind=None):
        if owner is not None:
            _owners[id(owner)] = owner
        return super().__get__(owner, kind)


def forget() -> None:
    """Drop what every such property holds."""
    for owner in list(_owners.values()):
        for name in [*vars(owner)]:
            if isinstance(getattr(type(owner), name, None), forgettable):
                del vars(owner)[name]
