"""REST: every operation does what it says, and answers as its schema has it."""

import json
import time
from dataclasses import replace
from urllib.parse import quote

import jsonschema
import numpy as np
import pytest
from serving import Running

from minigpt import GPT
from minigpt.lab import shipped_lab
from minigpt.server.clients import Client
from minigpt.server.rest import OPERATIONS
from minigpt.training import Checkpoint

BODIES = {it.name: it.example for it in OPERATIONS if it.example is not None}
TINY = {'steps': 20_000, 'n_layer': 1, 'n_embd': 16, 'n_head': 2, 'block_size': 8,
        'vocab_size': 260, 'batch_size': 1, 'eval_every': 5, 'eval_batches': 1}


@pytest.fixture(scope='module')
def running():
    running = Running()
    yield running
    running.close()


@pytest.fixture
def diverged(running):
    """The server looks at a model whose scores are not numbers."""
    lab = running.server.state.lab
    model = GPT(lab.model.config, flat=lab.model.flat * np.float32(1e30))
    running.call(running.server.state.set_lab,
                 replace(lab, checkpoint=Checkpoint(model, lab.tokenizer)), 'test')
    yield
    running.call(running.server.state.set_lab, lab, 'test')


@pytest.fixture(scope='module')
def document(running):
    status, document = running.json('GET', '/api/v1/openapi.json')
    assert status == 200
    return document


def root(path, **names):
    return '/api/v1' + path.format(**{name: quote(it, safe='') for name, it in names.items()})


def wait_for(running, status, seconds=60):
    """The training, once this is its status."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        told = running.json('GET', '/api/v1/training')[1]['training']
        if told['status'] == status:
            return told
        assert told['status'] != 'failed', told
        time.sleep(0.05)
    raise AssertionError(told)


def test_the_document_is_openapi_3_1_and_lists_each_operation_once(document):
    assert document['openapi'] == '3.1.0'
    found = [(method.upper(), path) for path, methods in document['paths'].items()
             for method in methods]
    assert sorted(found) == sorted((it.method, it.path) for it in OPERATIONS)
    names = [it['operationId'] for path in document['paths'].values() for it in path.values()]
    assert len(set(names)) == len(names) == len(OPERATIONS)
    for schema in document['components']['schemas'].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    layer = document['components']['schemas']['AttentionParameters']['properties']['layer']
    assert layer == {'type': 'integer', 'minimum': 1, 'maximum': 4, 'default': 1}


def test_half_a_character_is_refused(running):
    for body in (b'{"text": "a\\ud800"}', b'{"text": "\\udc00", "size": 5}'):
        for path in ('/chunk', '/tokenize'):
            status, _, said = running.ask('POST', root(path), body,
                                          Content_Type='application/json')
            assert status == 400 and json.loads(said)['error']['code'] == 'body_surrogate'
    status, said = running.json('POST', root('/chunk'), {'text': 'a 🚂 b', 'size': 3})
    assert status == 200 and ''.join(it['text'] for it in said['chunks']) == 'a 🚂 b'


class Contract:
    """Calls operations, holds what comes back to the document, and remembers which were called."""

    def __init__(self, running, document):
        self.running, self.document, self.called = running, document, set()

    def __call__(self, name, body=None, query='', **names):
        path, method = next((path, method) for path, methods in self.document['paths'].items()
                            for method, it in methods.items() if it['operationId'] == name)
        operation = self.document['paths'][path][method]
        body = BODIES.get(name) if body is None else body
        status, headers, said = self.running.ask(method.upper(), root(path, **names) + query, body)
        responses = operation['responses']
        assert str(status) in responses, (name, status, said[:300])
        (kind, about), = responses[str(status)]['content'].items()
        assert headers['Content-Type'].startswith(kind)
        lines = said.decode().splitlines() if kind.endswith('ndjson') else [said.decode()]
        found = [json.loads(line) for line in lines]
        schema = about['schema'] | {'components': self.document['components']}
        for it in found:
            jsonschema.Draft202012Validator(schema).validate(it)
        self.called.add(name)
        return found if kind.endswith('ndjson') else found[0]


def test_every_operation_answers_as_the_document_says(running, document):
    call = Contract(running, document)
    modules = [it['name'] for it in call('listModules')['modules']]
    assert modules == ['tokenizer', 'embeddings', 'attention', 'transformer', 'model', 'training',
                       'inference', 'chunking', 'sample']
    for name in modules:
        told = call('getModule', module=name)
        assert {it['name']: it['value'] for it in told['parameters']} == (
            call('getParameters', module=name)['values'])
        assert all(it['about']['pt'] and it['about']['en'] for it in told['parameters'])
        assert call('getData', module=name)['data']
        assert call('getMetrics', module=name)['metrics']

    assert call('setParameters', module='attention')['values'] == {'layer': 2}
    assert call('getModule', module='attention')['link'] == {'layer': '2'}
    before = call('getState')
    assert before['parameters']['attention']['layer'] == 2
    assert call('resetParameters', module='attention')['values']['layer'] == 1
    events = call('getHistory', query=f'?since={before["seq"]}')
    assert [it['type'] for it in events['events']] == ['change'] and events['complete']

    call('savePreset', preset='da aula', body={'values': {'attention': {'layer': 3}}})
    assert {'da aula', 'training-llama'} <= {it['name'] for it in call('listPresets')['presets']}
    assert call('getPreset', preset='da aula')['values'] == {'attention': {'layer': 3}}
    call('applyPreset', preset='training-llama')
    assert running.server.state.values('training')['norm'] == 'rmsnorm'
    assert 'da aula' not in call('deletePreset', preset='da aula')['presets']

    tokens = call('tokenize')
    assert call('decode', body={'ids': tokens['ids']})['text'] == BODIES['tokenize']['text']
    assert ''.join(it['text'] for it in call('chunk')['chunks']) == BODIES['chunk']['text']
    assert call('getCorpus')['characters'] == len(shipped_lab().corpus)
    assert call('getCorpusText', query='?start=3&count=7')['text'] == shipped_lab().corpus[3:10]
    weights = call('attention')['weights']
    assert all(abs(sum(row) - 1) < 1e-4 for row in weights)
    assert len(call('neighbours')['neighbours']) == 5
    assert -1 <= call('similarity')['cosine'] <= 1
    assert sum(it['model_probability'] for it in call('nextToken')['candidates']) < 1
    written = call('generate')
    assert ''.join(it['text'] for it in written[:-1]) == written[-1]['text']
    assert written[-1]['tokens'] == len(written) - 1 == 12

    assert call('listDemos')['demos'] == modules
    run = call('runDemo', demo='attention', body={'pace': 0})['id']
    lines = call('followDemoRun', run=run)
    assert [it['number'] for it in lines[:-1]] == list(range(1, 17))
    assert lines[-1]['status'] == call('getDemoRun', run=run)['status'] == 'ended'
    assert running.server.state.values('attention')['head'] == 4
    run = call('runDemo', demo='model', body={'pace': 30})['id']
    assert call('stopDemoRun', run=run)['status'] == 'stopped'
    assert run in [it['id'] for it in call('listDemoRuns')['runs']]

    ana = Client('Ana', 'page', 'k' * 16, False, lambda reason: None)
    running.call(running.server.hub.clients.add, ana)
    assert [it['name'] for it in call('listClients')['clients']] == ['Ana']
    assert call('kickClient', client=ana.id)['client'] == ana.id

    assert call('getTraining')['training'] is None
    call('beginTraining', body={'settings': TINY, 'text': 'o rato roeu a roupa. ' * 40})
    wait_for(running, 'running')
    call('pauseTraining')
    rested = wait_for(running, 'paused')['step']
    call('resumeTraining')
    wait_for(running, 'running')
    call('stopTraining')
    assert 0 < rested < wait_for(running, 'ended')['step'] < 20_000
    assert call('getCurves')['loss'][0][0] == 1

    call('saveCheckpoint', checkpoint='meu.safetensors')
    assert 'meu.safetensors' in [it['name'] for it in call('listCheckpoints')['checkpoints']]
    assert call('loadCheckpoint', checkpoint='shipped')['lab']['shipped']
    assert call('loadCheckpoint', checkpoint='meu.safetensors')['lab']['config']['n_embd'] == 16
    call('deleteCheckpoint', checkpoint='meu.safetensors')
    call('loadCheckpoint', checkpoint='shipped')
    assert call('getStatus')['metrics']['requests'] > 50
    assert call('getServerMetrics')['tokens'] >= 12
    assert call.called == {it.name for it in OPERATIONS}


@pytest.mark.filterwarnings('ignore::RuntimeWarning')
def test_a_demo_that_meets_what_nobody_foresaw_has_failed(running, diverged):
    """Its percentages cannot be rounded: an error, but none of ours."""
    _, run = running.json('POST', '/api/v1/demos/attention/runs', {'pace': 0})
    *_, end = running.ask('GET', f'/api/v1/demos/runs/{run["id"]}/events')[2].splitlines()
    end = json.loads(end)
    assert end['status'] == 'failed' and end['error']['code'] == 'server_failed'
