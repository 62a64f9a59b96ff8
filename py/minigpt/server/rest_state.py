"""Modules and parameters, the whole state, its history, presets."""

from minigpt.errors import ServerError
from minigpt.server import module_data
from minigpt.server.operation import Call, Operation
from minigpt.server.parameter import Parameter
from minigpt.server.schemas import (COUNT, NAME, OPEN, SENTENCE, STRING, closed, list_of, maybe,
                                    ref)

PARAMETER = closed(name=STRING, kind=STRING, key=STRING, schema=OPEN, default={}, value={},
                   opening=maybe(STRING), about=SENTENCE)
VALUES = {'type': 'object', 'minProperties': 1}


async def modules(server, call: Call):
    return {'modules': [{'name': name, 'parameters': list(it.parameters)}
                        for name, it in server.state.modules.items()]}


async def module(server, call: Call):
    found = server.state.module(call.path['module'])
    values = server.state.values(found.name)
    return {'name': found.name, 'link': found.to_query(values),
            'parameters': [told(it, values[it.name]) for it in found.parameters.values()]}


def told(it: Parameter, value) -> dict:
    """A parameter as one reads about it."""
    return {'name': it.name, 'kind': it.kind, 'key': it.key, 'schema': it.to_schema(),
            'default': it.default, 'value': value, 'opening': it.opening, 'about': it.about()}


async def parameters(server, call: Call):
    found = server.state.values(call.path['module'])
    return {'seq': server.state.seq, 'values': found}


async def change(server, call: Call):
    done = server.state.set(call.path['module'], call.body, call.by)
    return {'seq': done.seq, 'module': done.module, 'values': done.values, 'by': done.by,
            'at': done.at}


async def reset(server, call: Call):
    found = server.state.module(call.path['module'])
    done = server.state.set(found.name, found.defaults(), call.by)
    return {'seq': done.seq, 'module': done.module, 'values': done.values, 'by': done.by,
            'at': done.at}


async def data(server, call: Call):
    return await module_data.data(server, call.path['module'])


async def metrics(server, call: Call):
    return await module_data.metrics(server, call.path['module'])


async def state(server, call: Call):
    return server.state.snapshot()


async def history(server, call: Call):
    """None of the events where some are forgotten: then the snapshot is what helps."""
    events = server.state.since(call.query.get('since', 0))
    limit = call.query.get('limit', 1000)
    return {'seq': server.state.seq, 'complete': events is not None,
            'events': (events or [])[:limit],
            'more': max(0, len(events or []) - limit)}


async def presets(server, call: Call):
    return {'presets': [it.told() for it in server.presets.all()]}


async def preset(server, call: Call):
    return server.presets.find(call.path['preset']).told()


async def save_preset(server, call: Call):
    """The values given, or the present ones of the modules named, or of all."""
    body = call.body
    values = body.get('values')
    if values is None:
        names = body.get('modules', list(server.state.modules))
        values = {name: server.state.values(name) for name in names}
    elif 'modules' in body:
        raise ServerError('preset_twice')
    return server.presets.save(call.path['preset'], values, call.by).told()


async def apply_preset(server, call: Call):
    changes = server.presets.apply(call.path['preset'], call.by)
    return {'seq': server.state.seq, 'modules': [it.module for it in changes]}


async def delete_preset(server, call: Call):
    server.presets.delete(call.path['preset'])
    return {'seq': server.state.seq, 'presets': server.presets.names()}


PRESET = closed(name=NAME, shipped={'type': 'boolean'}, by=STRING, values={
    'type': 'object', 'additionalProperties': OPEN})
OPERATIONS = (
    Operation('GET', '/state', 'getState', 'All parameters, the lab and the training at once.',
              'state', state, ref('State')),
    Operation('GET', '/history', 'getHistory', 'Events after a number, in order. Where `complete` '
              'is false some are forgotten: take the state.', 'state', history,
              closed(seq=COUNT, complete={'type': 'boolean'}, events=list_of(ref('Event')),
                     more=COUNT),
              query={'since': COUNT, 'limit': {'type': 'integer', 'minimum': 1,
                                               'maximum': 10_000}}),
    Operation('GET', '/modules', 'listModules', 'The modules and what their parameters are called.',
              'modules', modules, closed(modules=list_of(closed(name=STRING,
                                                                parameters=list_of(STRING))))),
    Operation('GET', '/modules/{module}', 'getModule', 'A module: its parameters with type, '
              'bounds, default and value, and what a link to its page says.', 'modules', module,
              closed(name=STRING, link={'type': 'object', 'additionalProperties': STRING},
                     parameters=list_of(PARAMETER))),
    Operation('GET', '/modules/{module}/parameters', 'getParameters', 'The values of a module.',
              'modules', parameters, closed(seq=COUNT, values=ref('Parameters'))),
    Operation('PATCH', '/modules/{module}/parameters', 'setParameters', 'Set some parameters of a '
              'module, all of those given or none.', 'modules', change, ref('Change'), VALUES,
              example={'layer': 2}),
    Operation('DELETE', '/modules/{module}/parameters', 'resetParameters', 'Set all parameters of '
              'a module to their defaults.', 'modules', reset, ref('Change')),
    Operation('GET', '/modules/{module}/data', 'getData', 'What the module shows with the present '
              'parameters, computed now.', 'modules', data,
              closed(module=STRING, seq=COUNT, data=OPEN)),
    Operation('GET', '/modules/{module}/metrics', 'getMetrics', 'The figures of a module with the '
              'present parameters.', 'modules', metrics,
              closed(module=STRING, seq=COUNT, metrics={
                  'type': 'object', 'additionalProperties': {'type': ['number', 'null']}})),
    Operation('GET', '/presets', 'listPresets', 'All presets.', 'presets', presets,
              closed(presets=list_of(PRESET))),
    Operation('GET', '/presets/{preset}', 'getPreset', 'One preset.', 'presets', preset, PRESET),
    Operation('PUT', '/presets/{preset}', 'savePreset', 'Keep values under a name: those given, or '
              'the present ones of the modules named, or of all.', 'presets', save_preset, PRESET,
              {'type': 'object', 'additionalProperties': False, 'properties': {
                  'values': {'type': 'object', 'additionalProperties': VALUES},
                  'modules': list_of(STRING) | {'minItems': 1, 'maxItems': 9}}},
              example={'modules': ['attention']}),
    Operation('POST', '/presets/{preset}/apply', 'applyPreset', 'Set all that a preset holds.',
              'presets', apply_preset, closed(seq=COUNT, modules=list_of(STRING))),
    Operation('DELETE', '/presets/{preset}', 'deletePreset', 'Forget a preset.', 'presets',
              delete_preset, closed(seq=COUNT, presets=list_of(STRING))),
)
