"""What is said over /ws: the schema of every message, and how the server writes one.

Every message is a JSON object in a text frame, with a "type". A request may carry an "id" of the
client's, which comes back in its answer. How requests are read: `message_check`.
"""

import json
import math

from jsonschema import Draft202012Validator

from minigpt.errors import MinigptError
from minigpt.locale import LANGUAGES
from minigpt.server.streams import STREAMS

KINDS = ('terminal', 'page', 'script')
END = r'(?![\s\S])'  # of a text; `$` would let a line break follow
# No control characters: a name is printed in other people's terminals.
NAME = {'type': 'string', 'minLength': 1, 'maxLength': 60,
        'pattern': '^[^\\x00-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069]+' + END}
ID = {'type': ['string', 'integer'], 'maxLength': 64}
SEQ = {'type': 'integer', 'minimum': 0, 'maximum': 2 ** 53}
TEXTS = {'type': 'object', 'required': list(LANGUAGES),
         'properties': {lang: {'type': 'string', 'minLength': 1} for lang in LANGUAGES}}
MODULE = {'type': 'string', 'minLength': 1, 'maxLength': 60}  # which there are, the state knows
PAGE = {'type': 'string', 'pattern': '^[a-z][a-z0-9-]{0,40}' + END}  # of the site
WANTED_MODULES = {'anyOf': [{'const': '*'}, {'type': 'array', 'items': MODULE, 'maxItems': 32}]}
WANTED_STREAMS = {'type': 'array', 'items': {'enum': list(STREAMS)}, 'maxItems': len(STREAMS)}


def message(required: str, closed: bool = True, **properties) -> dict:
    """The schema of an object with these fields; `closed`: and with no others."""
    return {'type': 'object', 'properties': {'type': {'type': 'string'}, **properties},
            'required': ['type', *required.split()], 'additionalProperties': not closed}


TO_SERVER = {
    # `since`: the last number seen, of the server's `life` that the welcome told. `key`: a secret
    # of this person's, the same in all their tabs and terminals; who has the controls has them
    # everywhere. `page`: the one that it looks at.
    'hello': message('name kind', id=ID, name=NAME, kind={'enum': list(KINDS)}, since=SEQ,
                     life={'type': 'string', 'maxLength': 16},
                     key={'type': 'string', 'pattern': '^[A-Za-z0-9_-]{16,64}' + END},
                     modules=WANTED_MODULES, streams=WANTED_STREAMS, page=PAGE),
    'subscribe': message('', id=ID, modules=WANTED_MODULES, streams=WANTED_STREAMS, page=PAGE),
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
    # `local`: on the server's machine, so that it may take the controls and end connections.
    'welcome': message('client seq life controls local', id=ID, client={'type': 'string'}, seq=SEQ,
                       life={'type': 'string'}, local={'type': 'boolean'},
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
_id = Draft202012Validator(ID)


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
