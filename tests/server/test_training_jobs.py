"""Trainings are bounded in number, time and memory, and hold nobody up."""

import json
import time

import numpy as np
import pytest
from serving import Running

from minigpt.lab import shipped_lab
from minigpt.server.curves import thinned
from minigpt.server.limits import Limits

TINY = {'steps': 20_000, 'n_layer': 1, 'n_embd': 16, 'n_head': 2, 'block_size': 8,
        'vocab_size': 260, 'batch_size': 1, 'eval_every': 5, 'eval_batches': 1}
TEXT = 'o rato roeu a roupa do rei de roma. ' * 40


@pytest.fixture
def server():
    """A function that starts a server with these limits; it ends with the test."""
    servers = []

    def start(**limits):
        servers.append(Running(limits=Limits(**limits)))
        return servers[-1]
    yield start
    for it in servers:
        it.close()


def wait_for(running, *kinds, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        told = running.server.jobs.status
        if told['status'] in kinds:
            return told
        time.sleep(0.02)
    raise AssertionError(told)


def begin(running, **settings):
    return running.json('POST', '/api/v1/training', {'settings': TINY | settings, 'text': TEXT})


def test_one_at_a_time_and_everybody_is_answered_meanwhile(server):
    running, told = server(), []
    running.call(running.server.state.watch, told.append)
    streamed = []
    running.call(running.server.state.watch_streams, streamed.append)
    assert begin(running)[0] == 202
    wait_for(running, 'running')
    for text in ('a', 'b'):
        status, said = begin(running, steps=7)
        assert (status, said['error']['code']) == (409, 'training_runs')
        assert running.server.state.values('training')['steps'] == 20_000
        assert running.json('POST', '/api/v1/tokenize', {'text': text})[0] == 200
    assert running.server.jobs.status['status'] == 'running'
    wanted, until = {'training_evaluation', 'training_sample'}, time.monotonic() + 60
    while not wanted <= {it['type'] for it in streamed} and time.monotonic() < until:
        time.sleep(0.02)
    assert running.json('POST', '/api/v1/training/stop')[0] == 202
    ended = wait_for(running, 'ended')
    kinds = [it['training']['status'] for it in told if it['type'] == 'training']
    assert [it for n, it in enumerate(kinds) if not n or kinds[n - 1] != it] == [
        'starting', 'running', 'stopping', 'ended']
    steps = [it['step'] for it in streamed if it['type'] == 'training_step']
    assert steps == list(range(1, ended['step'] + 1))
    assert wanted <= {it['type'] for it in streamed}
    lab = [it for it in told if it['type'] == 'lab'][-1]
    assert lab['lab']['step'] == ended['step'] and lab['by'] == ended['id']
    assert running.server.state.lab.model.config.n_embd == 16
    for action in ('pause', 'stop', 'resume'):
        status, said = running.json('POST', f'/api/v1/training/{action}')
        assert status == 409 and said['error']['code'] in ('no_training', 'training_rests_not')


def test_a_training_of_the_labs_own_model_begins_where_that_one_is(server):
    running = server()
    assert begin(running, origin='lab', learning_rate=1e-5, steps=1)[0] == 202
    assert wait_for(running, 'ended')['steps'] == 1
    lab, shipped = running.server.state.lab, shipped_lab()
    assert lab.tokenizer.to_json() == shipped.tokenizer.to_json() and lab.corpus == TEXT
    moved = np.abs(lab.model.flat - shipped.model.flat).max()
    assert 0 < moved < 1e-4


def test_what_would_need_too_much_is_refused_before_it_begins(server):
    running = server(job_bytes=100_000)
    status, said = begin(running, n_embd=256, n_head=8, n_layer=8)
    assert (status, said['error']['code']) == (400, 'training_too_large')
    assert running.server.jobs.status is None


def test_what_needs_more_than_was_thought_ends_and_says_so(server):
    running = server(job_bytes=2_000_000)
    assert begin(running)[0] == 202
    told = wait_for(running, 'failed')
    assert told['error']['code'] == 'training_memory' and '1 MB' in told['error']['message']['en']
    assert begin(running)[0] == 202  # nothing of it is in the way of the next one
    wait_for(running, 'failed')


def test_time_is_bounded_and_what_was_learnt_stays(server):
    running = server(job_seconds=0)
    assert begin(running)[0] == 202
    told = wait_for(running, 'ended')
    assert told['error']['code'] == 'training_time' and told['step'] >= 1
    assert running.server.state.lab.step == told['step']


@pytest.mark.parametrize('settings, text, code', [
    ({'n_embd': 16, 'n_head': 1, 'n_kv_head': 4}, TEXT, 'kv_heads_do_not_divide'),
    ({'n_layer': 99}, TEXT, 'parameter_bounds'), ({'layers': 2}, TEXT, 'unknown_parameter')])
def test_settings_that_cannot_be_are_refused(server, settings, text, code):
    running = server()
    status, said = begin(running, **settings)
    assert status in (400, 404)
    assert said['error']['code'] == code
    assert running.server.jobs.status is None


def test_a_text_too_short_fails_with_its_sentence(server):
    running = server()
    assert running.json('POST', '/api/v1/training', {'settings': TINY, 'text': 'oi'})[0] == 202
    told = wait_for(running, 'failed')
    assert told['error']['code'] == 'text_too_short'
    assert json.dumps(running.server.state.snapshot())


def test_curves_keep_their_end():
    points = [[i, 0.5] for i in range(1, 4321)]
    kept = thinned(points, 1000)
    assert len(kept) <= 1000 and kept[-1] == [4320, 0.5]
    assert {b[0] - a[0] for a, b in zip(kept, kept[1:])} == {5}
    assert thinned([], 10) == [] and thinned(points[:3], 10) == points[:3]
