"""What is said over /ws: the schema of every message, and reading one with a clear refusal.

Every message is a JSON object in a text frame, with a "type". A request may carry an "id" of the
client's, which comes back in its answer. `parsed` and `checked` turn a frame into a request, or
raise a ServerError that says what was wrong with it.
"""

import json
import math

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from minigpt.errors import MinigptError, ServerError
from minigpt.locale import LANGUAGES
from minigpt.server.streams import STREAMS

MESSAGE_BYTES = 2 ** 17  # of one message of a client's
KINDS = ('terminal', 'page', 'script')
# No control characters: a name is printed in other people's terminals.
NAME = {'type': 'string', 'minLength': 1, 'maxLength': 60,
        'pattern': '^[^\\x00-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069]+$'}
ID = {'type': ['string', 'integer'], 'maxLength': 64}
SEQ = {'type': 'integer', 'minimum': 0, 'maximum': 2 ** 53}
TEXTS = {'type': 'object', 'required': list(LANGUAGES),
         'properties': {lang: {'type': 'string', 'minLength': 1} for lang in LANGUAGES}}
MODULE = {'type': 'string', 'minLength': 1, 'maxLength': 60}  # which there are, the state knows
WANTED_MODULES = {'anyOf': [{'const': '*'}, {'type': 'array', 'items': MODULE, 'maxItems': 32}]}
WANTED_STREAMS = {'type': 'array', 'items': {'enum': list(STREAMS)}, 'maxItems': len(STREAMS)}


def message(required: str, optional: str = '', closed: bool = True, **properties) -> dict:
    """The schema of an object with these fields; `closed`: and with no others."""
    return {'type': 'object', 'properties': {'type': {'type': 'string'}, **properties},
            'required': ['type', *required.split()], 'additionalProperties': not closed}


TO_SERVER = {
    # `since`: the last number seen, of the server's `life` that the welcome told. `key`: a secret
    # of this person's, the same in all their tabs and terminals; who has the controls has them
    # everywhere.
    'hello': message('name kind', id=ID, name=NAME, kind={'enum': list(KINDS)}, since=SEQ,
                     life={'type': 'string', 'maxLength': 16},
                     key={'type': 'string', 'pattern': '^[A-Za-z0-9_-]{16,64}$'},
                     modules=WANTED_MODULES, streams=WANTED_STREAMS),
    'subscribe': message('', id=ID, modules=WANTED_MODULES, streams=WANTED_STREAMS),
    # `texts`: values as a link or a person spells them, instead of `values` in their types.
    'set': message('module', id=ID, module=MODULE,
                   values={'type': 'object', 'minProperties': 1, 'maxProperties': 64},
                   texts={'type': 'object', 'minProperties': 1, 'maxProperties': 64,
                          'additionalProperties': {'type': 'string'}})
           | {'oneOf': [{'required': ['values']}, {'required': ['texts']}]},
    # `every`: seconds between two; 0 ends them.
    'metrics': message('every', id=ID, every={'type': 'number', 'anyOf': [
        {'const': 0}, {'minimum': 0.25, 'maximum': 3600}]}),
    'controls': message('action', id=ID, action={'enum': ['take', 'give']}),
    'ping': message('', id=ID),
}
FROM_SERVER = {
    'welcome': message('client seq life controls', id=ID, client={'type': 'string'}, seq=SEQ,
                       life={'type': 'string'},
                       controls={'type': ['object', 'null']}),
    # `because`: 'hello', 'too_old' (the missed events are no longer known) or 'behind' (the
    # client read too slowly, so events were left out).
    'snapshot': message('seq because parameters', closed=False, seq=SEQ,
                        because={'enum': ['hello', 'too_old', 'behind']},
                        parameters={'type': 'object'}),
    'change': message('seq module values by name', closed=False, seq=SEQ,
                      module=MODULE, values={'type': 'object'},
                      by={'type': 'string'}, name={'type': 'string'}),
    'lab': message('seq lab', closed=False, seq=SEQ, lab={'type': 'object'}),
    'presets': message('seq presets', closed=False, seq=SEQ, presets={'type': 'array'}),
    'demo': message('seq run demo status', closed=False, seq=SEQ),
    'training': message('seq training', closed=False, seq=SEQ),
    'training_step': message('id step', closed=False),
    'training_evaluation': message('id step', closed=False),
    'training_sample': message('id step text', closed=False),
    'token': message('text', closed=False),
    'metrics': message('', closed=False),
    'clients': message('clients controls', clients={'type': 'array'},
                       controls={'type': ['object', 'null']}),
    'controls': message('holder', holder={'type': ['object', 'null'],
                                          'required': ['client', 'name']}),
    'done': message('seq', id=ID, seq=SEQ),
    'error': message('code message', id=ID, code={'type': 'string'}, message=TEXTS),
    'pong': message('seq', id=ID, seq=SEQ),
    'bye': message('reason message', reason={'type': 'string'}, message=TEXTS),
}
_validators = {kind: Draft202012Validator(schema) for kind, schema in TO_SERVER.items()}
_id = Draft202012Validator(ID)


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


def encoded(message: dict) -> bytes:
    """A message as the bytes of its frame's payload.

    Half a surrogate pair has no UTF-8; backslashreplace makes the escape that JSON has for it. A
    loss that is no number has no JSON; it is told as null.
    """
    try:
        text = json.dumps(message, ensure_ascii=False, separators=(',', ':'), allow_nan=False)
    except ValueError:
        return encoded(without_nan(message))
    return text.encode('utf-8', 'backslashreplace')


def without_nan(value):
    """The value with None in the place of what is no finite number."""
    if isinstance(value, dict):
        return {name: without_nan(it) for name, it in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(it) for it in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def in_both_languages(error: MinigptError) -> dict:
    return {lang: error.in_language(lang) for lang in LANGUAGES}


def error_message(error: MinigptError, request=None) -> dict:
    """The answer to a request that could not be done."""
    return answer('error', request, code=error.key, message=in_both_languages(error))


def answer(kind: str, request, **fields) -> dict:
    """An answer, with the request's id where it gave a valid one."""
    known = isinstance(request, dict) and 'id' in request and _id.is_valid(request['id'])
    return {'type': kind, **({'id': request['id']} if known else {}), **fields}
