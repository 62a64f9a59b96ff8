"""Exercises: small tasks that the page itself checks, and the record of those done.

Done ones are kept as 'section.key' in the lab's settings, which the browser saves.
"""

from collections.abc import Callable
from dataclasses import dataclass

from minigpt.locale.typed import readings
from pages import lab

SENTENCES = ('task', 'hint', 'done')


@dataclass(frozen=True)
class Exercise:
    """One task. `check(page)` is true once the page's state shows it done; or `answer(page, text)`
    once the reader typed what is right. Exactly one of the two is given.

    Words: `<section>.exercises.<key>` with `task`, `hint` and `done`. Where they speak of a {word},
    `word()` is it, and {named} how `<section>.named` writes it in a sentence; '' where the text in
    use has no word to ask about. `kind()` names a kind of model for which some of the sentences are
    others: those in `<section>.exercises.<key>.<kind>`; '' for the plain ones.
    """
    key: str
    check: Callable[..., bool] | None = None
    answer: Callable[..., bool] | None = None
    word: Callable[[], str] | None = None
    kind: Callable[[], str] = lambda: ''

    def __post_init__(self):
        if (self.check is None) == (self.answer is None):
            raise ValueError(f'exercise {self.key!r} needs either check or answer')

    def said(self, words: dict) -> dict[str, str] | None:
        """The sentences, of the section's words; None where there is no word to ask about."""
        own = words['exercises'][self.key]
        fitting = own | own.get(self.kind(), {})
        sentences = {name: fitting[name] for name in SENTENCES}
        if self.word is None:
            return sentences
        if not (word := self.word()):
            return None
        ways = words.get('named', {})
        named = ways.get(word, ways.get('word', '')).format(word=word)
        return {key: it.format(word=word, named=named) for key, it in sentences.items()}


def done(section: str) -> set[str]:
    """The keys of this page's exercises that the reader has done."""
    return {name.removeprefix(f'{section}.') for name in kept('exercises') if name.startswith(f'{section}.')}


def remember(section: str, keys: set[str]) -> None:
    """Keep exactly these keys of the page as done."""
    others = [name for name in kept('exercises') if not name.startswith(f'{section}.')]
    mine = sorted(f'{section}.{key}' for key in keys)
    lab.change(settings=lab.lab().settings | {'exercises': others + mine})


def kept(key: str) -> list[str]:
    """The names that the lab's settings hold under this key, whoever wrote its file."""
    names = lab.lab().settings.get(key)
    return [it for it in names if isinstance(it, str)] if isinstance(names, list) else []


def near(text: str, value: float, tolerance: float) -> bool:
    """Whether the typed number is, or may be read as, the value, give or take the tolerance."""
    return any(abs(it - value) <= tolerance for it in readings(text))
