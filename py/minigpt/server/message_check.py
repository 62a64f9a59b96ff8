"""Frames that clients send on /ws, read strictly: a request that its schema allows, or a ServerError
that says what was wrong."""

import json

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from minigpt.errors import ServerError
from minigpt.server.messages import TO_SERVER

MESSAGE_BYTES = 2 ** 17  # of one message
_validators = {kind: Draft202012Validator(schema) for kind, schema in TO_SERVER.items()}


def parsed(frame: str | bytes):
    """The JSON value in a frame, strictly: no NaN, no name twice, no half of a surrogate pair."""
    if isinstance(frame, bytes):
        raise ServerError('message_binary', got=len(frame))
    if len(frame) > MESSAGE_BYTES or len(frame.encode()) > MESSAGE_BYTES:
        raise ServerError('message_too_long', limit=MESSAGE_BYTES)
    try:
        found = json.loads(frame, parse_constant=not_a_number, object_pairs_hook=once_each)
        if '\\u' in frame:
            json.dumps(found, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ServerError('message_too_deep') from error
    except json.JSONDecodeError as error:
        raise ServerError('message_not_json', position=error.pos + 1,
                          near=shown(frame[error.pos:error.pos + 20])) from error
    except UnicodeEncodeError as error:
        raise ServerError('message_half_letter') from error
    except ServerError:
        raise
    except ValueError as error:  # a whole number of thousands of digits
        raise ServerError('message_number_too_long') from error
    return found


def checked(found) -> dict:
    """The value itself where it is a request that its schema allows."""
    if not isinstance(found, dict):
        raise ServerError('message_not_object', got=shown(found))
    kind = found.get('type')
    if not isinstance(kind, str) or kind not in TO_SERVER:
        raise ServerError('message_unknown_type', types=', '.join(TO_SERVER),
                          got=shown(kind) if 'type' in found else '–')
    wrong = best_match(_validators[kind].iter_errors(found))
    if wrong:
        raise refusal(kind, wrong)
    return found


def not_a_number(name: str):
    raise ServerError('message_not_a_number', got=name)


def once_each(pairs: list[tuple[str, object]]) -> dict:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ServerError('message_repeats', name=next(n for n in names if names.count(n) > 1))
    return found


def refusal(kind: str, wrong) -> ServerError:
    """What jsonschema found, as one of our sentences."""
    while wrong.validator == 'anyOf':  # the last way is the one that says most
        wrong = wrong.context[-1]
    where = '.'.join([kind, *map(str, wrong.absolute_path)])
    rule, wanted, got, schema = wrong.validator, wrong.validator_value, wrong.instance, wrong.schema
    if rule == 'required':
        return ServerError('message_lacks', where=where, names=', '.join(
            name for name in wanted if name not in got))
    if rule == 'additionalProperties':
        return ServerError('message_unknown_field', where=where, names=', '.join(
            shown(name) for name in got if name not in schema['properties'])[:200],
            known=', '.join(schema['properties']))
    if rule in ('enum', 'const'):
        choices = wanted if rule == 'enum' else [wanted]
        return ServerError('message_not_one_of', where=where, got=shown(got),
                           choices=', '.join(map(str, choices)))
    if rule == 'type':
        kinds = [wanted] if isinstance(wanted, str) else wanted
        return ServerError('message_wrong_kind', where=where, got=shown(got),
                           kinds=' / '.join(kinds))
    if rule == 'oneOf':
        return ServerError('message_needs_one', where=where,
                           choices=', '.join(it['required'][0] for it in wanted))
    if rule in ('minimum', 'maximum'):
        return ServerError('message_out_of_range', where=where, got=shown(got),
                           low=schema.get('minimum', '…'), high=schema.get('maximum', '…'))
    if rule == 'pattern':
        return ServerError('message_bad_letters', where=where, got=shown(got))
    sizes = [schema.get(rule.replace(*pair), '…') for pair in (('max', 'min'), ('min', 'max'))]
    return ServerError('message_bad_size', where=where, got=len(got), low=sizes[0], high=sizes[1])


def shown(value) -> str:
    """A value in a sentence: as JSON, shortened."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:39] + '…'
