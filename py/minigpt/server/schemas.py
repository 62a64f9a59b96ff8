"""JSON Schemas that several operations share; the parameters' follow the present lab."""

from minigpt.server.modules import Module
from minigpt.server.state import State

TEXT = {'type': 'string', 'maxLength': 200_000}
NAME = {'type': 'string', 'minLength': 1, 'maxLength': 60}
COUNT = {'type': 'integer', 'minimum': 0}
NUMBER = {'type': 'number'}
STRING = {'type': 'string'}


def closed(**properties) -> dict:
    """An object with just these properties, all of them; a name that ends in `_` may be missing."""
    return {'type': 'object', 'additionalProperties': False,
            'required': [name for name in properties if not name.endswith('_')],
            'properties': {name.removesuffix('_'): it for name, it in properties.items()}}


def list_of(schema: dict) -> dict:
    return {'type': 'array', 'items': schema}


def maybe(schema: dict) -> dict:
    return {'anyOf': [schema, {'type': 'null'}]}


def ref(name: str) -> dict:
    return {'$ref': f'#/components/schemas/{name}'}


SENTENCE = closed(pt=STRING, en=STRING)
CONFIG = {'type': 'object', 'required': ['vocab_size', 'block_size', 'n_embd', 'n_head', 'n_layer']}
OPEN = {'type': 'object'}
FIXED = {
    'Error': closed(error=closed(code=STRING, message=SENTENCE)),
    'Lab': closed(name=STRING, step=maybe(COUNT), parameters=COUNT, config=CONFIG, tokens=COUNT,
                  characters=COUNT, moments=list_of(COUNT), shipped={'type': 'boolean'}),
    'Change': closed(seq=COUNT, module=STRING, values=OPEN, by=STRING, at=NUMBER),
    'Event': {'type': 'object', 'required': ['type', 'seq', 'at'],
              'properties': {'type': STRING, 'seq': COUNT, 'at': NUMBER}},
    'Token': closed(id=COUNT, text=STRING, bytes=STRING),
    'Likely': closed(id=COUNT, text=STRING, probability=NUMBER),
    'Training': closed(id=STRING, status={'enum': ['starting', 'learning_vocabulary', 'running',
                                                   'paused', 'stopping', 'ended', 'failed']},
                       step=COUNT, steps=COUNT, loss=maybe(NUMBER), validation_loss=maybe(NUMBER),
                       tokens_per_second=maybe(NUMBER), seconds=NUMBER, sample=maybe(STRING),
                       settings=OPEN, by=STRING, error=maybe(closed(code=STRING,
                                                                    message=SENTENCE))),
}


_made: tuple[object, dict] = (None, {})  # of the present modules; they change with the lab


def components(state: State) -> dict:
    """What `$ref` finds: the fixed schemas, and the values of each module."""
    global _made
    if _made[0] is not state.modules:
        _made = state.modules, _components(state)
    return _made[1]


def _components(state: State) -> dict:
    return {'schemas': FIXED | {parameters_name(it): parameters_of(it)
                                for it in state.modules.values()}
            | {'Parameters': {'anyOf': [ref(parameters_name(it))
                                        for it in state.modules.values()]},
               'State': closed(seq=COUNT, lab=ref('Lab'), training=maybe(ref('Training')),
                               presets=list_of(STRING),
                               parameters=closed(**{name: ref(parameters_name(it))
                                                    for name, it in state.modules.items()}))}}


def parameters_name(module: Module) -> str:
    return f'{module.name.capitalize()}Parameters'


def parameters_of(module: Module) -> dict:
    """All parameters of a module; none has to be given."""
    return {'type': 'object', 'additionalProperties': False,
            'properties': {name: it.to_schema() for name, it in module.parameters.items()}}
