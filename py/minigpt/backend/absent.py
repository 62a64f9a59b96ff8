"""Why something cannot run here, or cannot any more, to be said in the reader's language."""

from minigpt.locale import sentence


class Absent:
    """`key` names a sentence under 'backend.absent' in the locale files, `values` fill its blanks."""

    def __init__(self, key: str, **values):
        self.key, self.values = key, values

    def in_language(self, lang: str) -> str:
        """The reason in 'en' or 'pt'; it fits after a colon."""
        return sentence(lang, f'backend.absent.{self.key}', **self.values)


class DeviceError(RuntimeError):
    """A device cannot do this work; the CPU must. If that is `lasting`, it is given up."""
    lasting = True

    def __init__(self, reason: Absent):
        self.reason = reason
        super().__init__(reason.in_language('en'))


class CannotWait(DeviceError):
    """This browser cannot wait in place, and nobody drives the work with `async for`."""
    lasting = False

    def __init__(self):
        super().__init__(Absent('cannot_wait'))


class TooLarge(DeviceError):
    """A vector that the device does not take; a smaller model's it does."""
    lasting = False

    def __init__(self, limit: int, need: int):
        super().__init__(Absent('model_too_large', limit=limit, need=need))
