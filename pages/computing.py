"""Which backend computes what the pages show, and which others could: the message `computes`."""

from minigpt import backend
from minigpt.backend import helper_threads, side_module, threads
from minigpt.backend.absent import Absent
from minigpt.backend.dispatch import found, why_not
from minigpt.errors import ConfigError
from pages.locale import LANGUAGES


def use(name: str) -> None:
    """Compute with this one, or with the best there is where it is not here."""
    try:
        backend.use(name)
    except ConfigError:
        backend.use('auto')


def now() -> dict:
    """The fields of the message `computes`, see site/assets/protocol.mjs."""
    return {'asked': backend.asked(), 'computes': backend.current(),
            'build': side_module.build() if backend.current() == 'simd' else '',
            'threads': (1 + len(helper_threads.helpers()) if backend.current() == 'simd'
                        else threads.workers()),
            'choices': [_choice(name) for name in backend.names()]}


def _choice(name: str) -> dict:
    why = why_not(name)
    return {'name': name, 'here': not isinstance(found(name), Absent),
            'why': why and {lang: why.in_language(lang) for lang in LANGUAGES}}
