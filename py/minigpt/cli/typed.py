"""Numbers as people write them on the command line, under the names that errors call them by."""

from collections.abc import Callable


def number(say) -> Callable[[str], float]:
    """The type of an option that is a number: '0.5', or '0,5' as Portuguese writes it."""
    return called(say('cli.argparse.number'), lambda text: float(text.replace(',', '.')))


def whole(say) -> Callable[[str], int]:
    """The type of an option that is a whole number."""
    return called(say('cli.argparse.whole'), int)


def seed(say) -> Callable[[str], int]:
    """The type of an option that a generator of random numbers begins with."""
    def read(text: str) -> int:
        if int(text) < 0:
            raise ValueError
        return int(text)

    return called(say('cli.argparse.seed'), read)


def port(say) -> Callable[[str], int]:
    """The type of an option that is a port to listen at; 0 is any that is free."""
    def read(text: str) -> int:
        if not 0 <= int(text) <= 65535:
            raise ValueError
        return int(text)

    return called(say('cli.argparse.port'), read)


def share_or_count(say) -> Callable[[str], int | float]:
    """The type of an overlap: a whole number of units, or a share of the size: '50', '0.1'."""
    return called(say('cli.argparse.number'), lambda text: (
        int(text) if text.isdecimal() else float(text.replace(',', '.'))))


def called(name: str, read: Callable) -> Callable:
    """`read` under the name by which argparse's errors call an option's type."""
    def typed(text: str):
        return read(text)

    typed.__name__ = name
    return typed
