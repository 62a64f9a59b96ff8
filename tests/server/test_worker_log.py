"""The events of a training, taken up again: those after its state go, all others stay whole."""

import json
from types import SimpleNamespace

from minigpt.server.curves import read_curves
from minigpt.server.training_worker import EVENTS, Worker

SAMPLE = {'event': 'Sample', 'step': 2, 'text': 'uma\u2028linha\x85ou\x0cduas'}
LINES = [{'event': 'TrainStep', 'step': 1, 'loss': 3.0}, SAMPLE,
         {'event': 'TrainStep', 'step': 3, 'loss': 2.0}]


def worker_at(step, folder):
    worker = Worker.__new__(Worker)
    worker.folder = folder
    worker.checkpoint = SimpleNamespace(train_state=SimpleNamespace(step=step))
    return worker


def test_what_happened_after_the_state_is_forgotten_and_nothing_else(tmp_path):
    path = tmp_path / EVENTS
    text = ''.join(json.dumps(it, ensure_ascii=False) + '\n' for it in LINES) + '{"event": "Tra'
    path.write_text(text, encoding='utf-8')
    worker_at(2, tmp_path).log().close()
    assert [json.loads(it) for it in path.read_text('utf-8').split('\n') if it] == LINES[:2]
    assert read_curves(path) == {'loss': [[1, 3.0]], 'validation_loss': []}
