"""One parameter of a module: what it may be, and how a link and a terminal spell it."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from minigpt.errors import ServerError
from minigpt.locale import LANGUAGES, template

KINDS = ('integer', 'number', 'choice', 'boolean', 'text', 'texts')
BOOLEANS = {'on': True, 'true': True, 'yes': True, 'sim': True, '1': True,
            'off': False, 'false': False, 'no': False, 'não': False, 'nao': False, '0': False}


@dataclass(frozen=True)
class Parameter:
    """A typed, bounded value with a default.

    `key`: its name in a link. `default` None, or `optional`: None is a value too, and means what
    the page shows by itself, or that a cut is off. `opening`: what the page shows by itself with
    the shipped model, where that is a text. `digits`: decimals that a number may have.
    `spelling`: value → how a link writes it, where that is not plain; of `texts`, of each of them.
    `join`: what stands between texts in a link.
    """
    name: str
    kind: str
    default: object = None
    low: float | None = None
    high: float | None = None
    choices: tuple = ()
    max_length: int = 2000
    key: str = ''
    digits: int = 0
    optional: bool = False
    pattern: str = ''
    join: str = '.'
    spelling: Mapping = field(default_factory=dict)
    opening: str | None = None
    module: str = ''

    @property
    def may_be_none(self) -> bool:
        return self.optional or self.default is None

    def check(self, value):
        """The value, in its own type; ServerError says in one sentence what is wrong with it."""
        if value is None:
            if not self.may_be_none:
                raise self._unfit('parameter_missing')
            return None
        return getattr(self, f'_check_{self.kind}')(value)

    def _check_integer(self, value) -> int:
        whole = not isinstance(value, bool) and (
            isinstance(value, int) or isinstance(value, float) and value.is_integer())
        if not whole:
            raise self._unfit('parameter_integer', value)
        return int(self._bounded(int(value)))

    def _check_number(self, value) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not (
                abs(value) < 1e300):  # no NaN either
            raise self._unfit('parameter_number', value)
        if round(float(value), self.digits) != float(value):
            raise self._unfit('parameter_digits', value, digits=self.digits)
        return float(self._bounded(value))

    def _bounded(self, value):
        if not self.low <= value <= self.high:
            raise self._unfit('parameter_bounds', value, low=self.low, high=self.high)
        return value

    def _check_choice(self, value):
        for choice in self.choices:
            if choice == value and isinstance(choice, bool) == isinstance(value, bool):
                return choice
        raise self._unfit('parameter_choice', value, choices=', '.join(map(str, self.choices)))

    def _check_boolean(self, value) -> bool:
        if not isinstance(value, bool):
            raise self._unfit('parameter_boolean', value)
        return value

    def _check_text(self, value) -> str:
        if not isinstance(value, str):
            raise self._unfit('parameter_text', value)
        if len(value) > self.max_length:
            raise self._unfit('parameter_long', got=len(value), most=self.max_length)
        if any('\ud800' <= letter <= '\udfff' for letter in value):
            raise self._unfit('parameter_surrogate')
        if self.pattern and not re.fullmatch(self.pattern, value):
            raise self._unfit('parameter_pattern', value, pattern=self.pattern)
        return value

    def _check_texts(self, value) -> list[str]:
        if not isinstance(value, list | tuple) or not all(isinstance(it, str) for it in value):
            raise self._unfit('parameter_texts', value)
        if unknown := [it for it in value if it not in self.choices]:
            raise self._unfit('parameter_choice', unknown[0], choices=', '.join(self.choices))
        return [it for it in self.choices if it in value]  # each once, in their order

    def _unfit(self, key: str, value=None, **values) -> ServerError:
        name = f'{self.module}.{self.name}' if self.module else self.name
        shown = repr(value)
        return ServerError(key, name=name, **({} if value is None else {
            'got': shown if len(shown) <= 60 else f'{shown[:60]}…'}) | values)

    # Links and terminals

    def to_text(self, value) -> str:
        """How a link spells a value; the empty string for a None that it leaves out."""
        if self.kind == 'texts':
            return self.join.join(self.spelling.get(it, it) for it in value or ())
        if value is None or isinstance(value, bool) or value in self.spelling:
            return self.spelling.get(value, '' if value is None else str(value).lower())
        if self.kind == 'number':
            return f'{value:.{self.digits}f}'
        return f'{value:g}' if isinstance(value, float) else str(value)

    def from_text(self, text: str):
        """The value that a link or a person spells; ServerError where it is none."""
        if self.kind == 'text':
            return self.check(text)
        if self.kind == 'texts':
            spelt = {written: it for it, written in self.spelling.items()}
            pieces = list(text) if not self.join else [it for it in text.split(self.join) if it]
            if not self.join and text in self.choices:
                pieces = [text]
            return self.check([spelt.get(it, it) for it in pieces])
        for value, spelt in self.spelling.items():
            if spelt == text:
                return self.check(value)
        if text in ('', 'none') and self.may_be_none:
            return None
        if self.kind == 'choice':
            found = [it for it in self.choices if self.to_text(it) == text or str(it) == text]
            return found[0] if found else self.check(text)
        if self.kind == 'boolean':
            return self.check(BOOLEANS.get(text.lower(), text))
        return self.check(_number(text))

    def about(self) -> dict[str, str]:
        """A sentence in each language."""
        return {lang: template(lang, f'server.parameters.{self.module}.{self.name}')
                for lang in LANGUAGES}

    def to_schema(self) -> dict:
        """JSON Schema of the value."""
        kinds = {'integer': {'type': 'integer', 'minimum': self.low, 'maximum': self.high},
                 'number': {'type': 'number', 'minimum': self.low, 'maximum': self.high},
                 'choice': {'enum': list(self.choices)}, 'boolean': {'type': 'boolean'},
                 'text': {'type': 'string', 'maxLength': self.max_length},
                 'texts': {'type': 'array', 'items': {'enum': list(self.choices)}}}
        schema = dict(kinds[self.kind])
        if self.pattern:
            schema['pattern'] = f'^(?:{self.pattern})$'
        if self.may_be_none:
            schema |= ({'enum': [None, *schema['enum']]} if 'enum' in schema
                       else {'type': [schema['type'], 'null']})
        return schema | {'default': self.default}


def _number(text: str):
    """The number a text spells, with a point or a comma; the text itself where it spells none."""
    try:
        value = float(text.replace(',', '.'))
    except ValueError:
        return text
    return int(value) if math.isfinite(value) and value == int(value) else value
