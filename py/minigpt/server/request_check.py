"""Requests held to their schemas; what does not fit is told in a sentence of either language."""

import json
from collections.abc import Iterable

from jsonschema import Draft202012Validator

from minigpt.errors import Flaw, ServerError, flaw
from minigpt.server.guard import shown

# Keyword of JSON Schema → what is told of it. Others are told as such.
TOLD = {'type': 'request_type', 'required': 'request_required', 'enum': 'request_enum',
        'additionalProperties': 'request_unknown', 'minimum': 'request_minimum',
        'maximum': 'request_maximum', 'maxLength': 'request_long', 'minLength': 'request_short',
        'maxItems': 'request_long', 'minItems': 'request_short', 'pattern': 'request_pattern',
        'minProperties': 'request_short', 'exclusiveMinimum': 'request_above'}
NUMBERS = {'integer': int, 'number': float}


def parsed(body: bytes, content_type: str) -> object:
    """The JSON of a body; ServerError where it is none."""
    if content_type.partition(';')[0].strip().lower() != 'application/json':
        raise ServerError('bad_media_type', got=shown(content_type))
    try:
        value = json.loads(body.decode('utf-8'), parse_constant=_no_constant)
        if b'\\u' in body:  # an escape may be half a character
            json.dumps(value, ensure_ascii=False).encode('utf-8')
        return value
    except UnicodeEncodeError as error:
        raise ServerError('body_surrogate') from error
    except UnicodeDecodeError as error:
        raise ServerError('body_not_utf8', position=error.start) from error
    except RecursionError as error:
        raise ServerError('body_too_deep') from error
    except ValueError as error:
        raise ServerError('body_not_json', reason=flaw(error)) from error


def _no_constant(name: str):
    raise Flaw('flaw.constant', name=name)


def check(value, schema: dict, components: dict, where: str) -> None:
    """ServerError for the first place of the value that does not fit the schema."""
    validator = Draft202012Validator(schema | {'components': components})
    error = min(validator.iter_errors(value), key=lambda it: (len(it.path), str(it.path)),
                default=None)
    if error is None:
        return
    place = where + ''.join(f'[{it}]' if isinstance(it, int) else f'.{it}' for it in error.path)
    limit = error.validator_value
    if error.validator == 'required':
        missing = [it for it in limit if it not in error.instance]
        raise ServerError('request_required', where=place, name=missing[0])
    if error.validator == 'additionalProperties':
        known = list(error.schema.get('properties', {}))
        unknown = [it for it in error.instance if it not in known]
        raise ServerError('request_unknown', where=place, name=shown(unknown[0])[1:-1],
                          known=', '.join(known) or '–')
    key = TOLD.get(error.validator, 'request_unfit')
    raise ServerError(key, where=place, got=shown(json.dumps(error.instance, ensure_ascii=False,
                                                             default=str))[1:-1],
                      limit=', '.join(map(str, limit)) if isinstance(limit, list) else limit)


def query_values(given: Iterable[tuple[str, list[bytes]]], schemas: dict[str, dict],
                 components: dict) -> dict[str, object]:
    """The values of the address, read as their schemas say; ServerError for one that is not."""
    values: dict[str, object] = {}
    for name, texts in given:
        if name == 'token':
            continue
        if name not in schemas:
            raise ServerError('query_unknown', name=shown(name)[1:-1],
                              known=', '.join(schemas) or '–')
        if len(texts) > 1:
            raise ServerError('query_twice', name=name)
        try:
            text = texts[0].decode('utf-8')
        except UnicodeDecodeError as error:
            raise ServerError('body_not_utf8', position=error.start) from error
        values[name] = _read(text, schemas[name])
        check(values[name], schemas[name], components, name)
    return values


def _read(text: str, schema: dict):
    """The text as the schema's type, or as it is: `check` then says what is wrong with it."""
    kind = schema.get('type')
    if kind == 'boolean':
        return {'true': True, 'false': False}.get(text, text)
    try:
        return NUMBERS[kind](text) if kind in NUMBERS else text
    except (ValueError, OverflowError):
        return text
