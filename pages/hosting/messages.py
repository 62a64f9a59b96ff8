"""What a page asks of the server that computes it: the table TO_WORKER of site/assets/protocol.mjs
as schemas. Answers are made by our own code and are those of TO_PAGE.
"""

import json

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

LONGEST = 24_000_000  # characters of one message: a lab opened from a file is one

NAME = {'type': 'string', 'pattern': '^[a-z][a-z0-9-]{0,40}$'}
QUERY = {'type': 'object', 'maxProperties': 64, 'additionalProperties': {'type': 'string'}}
CHANGES = {'type': 'object', 'maxProperties': 64,
           'additionalProperties': {'type': ['string', 'null']}}
LANG, THEME = {'enum': ['pt', 'en']}, {'enum': ['light', 'dark']}
# Only what widgets and components do: a patch may set values and send messages.
EVENT = {'type': 'object', 'required': ['kind'],
         'properties': {'kind': {'enum': ['ModelChanged', 'MessageSent']}}}
PATCH = {'type': 'object', 'required': ['events'], 'additionalProperties': False,
         'properties': {'events': {'type': 'array', 'items': EVENT, 'maxItems': 1000}}}

TO_SERVER = {
    'open': {'page': NAME, 'viewer': {'type': 'string'}, 'lang': LANG, 'theme': THEME,
             'query': QUERY, 'drawn': {'type': 'boolean'}},
    'restore': {'page': NAME, 'query': QUERY},
    'follow': {'page': NAME, 'changes': CHANGES},
    'rendered': {'page': NAME},
    'patch': {'page': NAME, 'patch': PATCH},
    'show': {'page': NAME},
    'language': {'lang': LANG},
    'theme': {'theme': THEME},
    'backend': {'name': NAME},
    # Not the page's but the connection's: the secret of this person's, as in `hello` of /ws.
    'visitor': {'key': {'type': 'string', 'pattern': '^[A-Za-z0-9_-]{16,64}$'}},
}


class Refused(Exception):
    """A message that no page of ours sends, and what is wrong with it."""


def _schema(fields: dict) -> Draft202012Validator:
    return Draft202012Validator({'type': 'object', 'required': ['type', *fields],
                                 'properties': {'type': True, **fields},
                                 'additionalProperties': False})


_schemas = {kind: _schema(fields) for kind, fields in TO_SERVER.items()}


def read(frame: str | bytes) -> dict:
    """The message in a frame; Refused for one that is none of the table."""
    if not isinstance(frame, str) or len(frame) > LONGEST:
        raise Refused('a message is a text of at most 24 million characters')
    try:
        message = json.loads(frame)
    except (ValueError, RecursionError) as error:
        raise Refused(f'a message is JSON: {error}') from None
    kind = message.get('type') if isinstance(message, dict) else None
    if not isinstance(kind, str) or kind not in _schemas:
        raise Refused(f'a message has a type, one of {", ".join(_schemas)}')
    if wrong := best_match(_schemas[kind].iter_errors(message)):
        raise Refused(f'message {kind}: {wrong.message[:200]}')
    if kind == 'patch' and has_bytes(message['patch']):
        raise Refused('message patch: no page of ours sends bytes')
    return message


def has_bytes(value) -> bool:
    """Whether Bokeh would unpack something in here: a few bytes may become very many."""
    if isinstance(value, dict):
        return value.get('type') == 'bytes' or any(map(has_bytes, value.values()))
    return isinstance(value, list) and any(map(has_bytes, value))
