"""Demos: run one, follow it, stop it."""

from minigpt.server.demos import DEMOS
from minigpt.server.operation import Call, Operation
from minigpt.server.schemas import (COUNT, NUMBER, OPEN, SENTENCE, STRING, closed, list_of, maybe)


async def demos(server, call: Call):
    return {'demos': list(DEMOS)}


async def runs(server, call: Call):
    return {'runs': [it.told() for it in server.demos.runs.values()]}


async def begin(server, call: Call):
    return server.demos.begin(call.path['demo'], call.body.get('pace', 1), call.by).told()


async def run(server, call: Call):
    return server.demos.find(call.path['run']).told()


async def follow(server, call: Call):
    return server.demos.follow(server.demos.find(call.path['run']))


async def stop(server, call: Call):
    return (await server.demos.stop(call.path['run'])).told()


STEP = {'run': STRING, 'demo': STRING, 'number': COUNT, 'values': OPEN, 'figures': OPEN,
        'said': SENTENCE}
ERROR = maybe(closed(code=STRING, message=SENTENCE))
STATUS = {'enum': ['running', 'ended', 'stopped', 'failed']}
RUN = closed(id=STRING, demo=STRING, pace=NUMBER, by=STRING, status=STATUS,
             steps=list_of(closed(**STEP)), error=ERROR)
OPERATIONS = (
    Operation('GET', '/demos', 'listDemos', 'The demos there are.', 'demos', demos,
              closed(demos=list_of(STRING))),
    Operation('GET', '/demos/runs', 'listDemoRuns', 'Demos that run or have run.', 'demos', runs,
              closed(runs=list_of(RUN))),
    Operation('POST', '/demos/{demo}/runs', 'runDemo', 'Run a demo: it moves the module\'s '
              'parameters for all who look, a step every `pace` seconds.', 'demos', begin, RUN,
              closed(pace_={'type': 'number', 'minimum': 0, 'maximum': 30}), status=201,
              example={'pace': 1}),
    Operation('GET', '/demos/runs/{run}', 'getDemoRun', 'A run with its steps so far.', 'demos',
              run, RUN),
    Operation('GET', '/demos/runs/{run}/events', 'followDemoRun', 'The steps of a run, a line of '
              'JSON each, as they come.', 'demos', follow,
              {'oneOf': [closed(type={'const': 'step'}, **STEP),
                         closed(type={'const': 'end'}, run=STRING, status=STATUS, error=ERROR)]},
              streams=True),
    Operation('DELETE', '/demos/runs/{run}', 'stopDemoRun', 'Stop a run.', 'demos', stop, RUN),
)
