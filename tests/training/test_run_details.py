"""What a run tells of itself: vitals of each part, one update taken apart, races, logs."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from minigpt import GPT, BPETokenizer, GPTConfig, TrainConfig, train
from minigpt.errors import TextError, TrainingError
from minigpt.nn.trace import Trace
from minigpt.training import Evaluation, Sample, TrainState, TrainStep
from minigpt.training.anatomy import anatomy
from minigpt.training.dataset import random_batch
from minigpt.training.event_log import entry, event_of, header, read_log
from minigpt.training.preparation import (Material, material, new_run, split_text, vocabulary,
                                          vocabulary_steps)
from minigpt.training.race import race
from minigpt.training.trainer import one_step
from minigpt.training.vitals import model_parts

TEXT = ('o rato roeu a roupa do rei de Roma e a rainha, com raiva, resolveu remendar.\n\n'
        'quem com ferro fere com ferro será ferido, diz o velho ditado do povo.\n\n') * 40
RUN = TrainConfig(steps=20, batch_size=4, learning_rate=1e-2, warmup=4, eval_every=10,
                  watch_every=2, seed=4)
KINDS = [{}, {'tied_head': False, 'norm': 'rmsnorm', 'activation': 'swiglu', 'position': 'rope',
              'n_kv_head': 1}]


@pytest.fixture(scope='module')
def tokenizer():
    return BPETokenizer.train(TEXT, 300, ['<|endoftext|>'])


@pytest.fixture(scope='module')
def ids(tokenizer):
    return material([TEXT], [], tokenizer, 16).data


def model_of(dtype=np.float32, **kind):
    return GPT(GPTConfig(300, 16, 32, 2, 2, **kind), np.random.default_rng(0), dtype)


@pytest.mark.parametrize('kind', KINDS)
def test_the_parts_of_a_model_are_the_whole_of_it(kind):
    model = model_of(**kind)
    parts = dict(model_parts(model.shapes))
    names = ['embedding', 'h.0', 'h.1', 'ln_f'] + ['head'] * ('tied_head' in kind)
    assert list(parts) == names
    assert sum(it.stop - it.start for it in parts.values()) == model.n_params
    np.testing.assert_array_equal(model.flat[parts['ln_f']][:32], model.params['ln_f.weight'])


def test_vitals_come_when_due_and_are_those_of_the_update(ids):
    model = model_of()
    state, before = TrainState(model, RUN), model.flat.copy()
    events = [one_step(model, ids, RUN, state), one_step(model, ids, RUN, state)]
    assert events[0].vitals is None
    found = events[1].vitals
    lengths = [it.gradient for it in found.values()]
    assert np.linalg.norm(lengths) == pytest.approx(events[1].grad_norm, rel=1e-4)
    again = model_of()
    np.testing.assert_array_equal(again.flat, before)
    state = TrainState(again, RUN)
    one_step(again, ids, RUN, state)
    middle = again.flat.copy()
    one_step(again, ids, RUN, state)
    block = dict(model_parts(model.shapes))['h.1']
    assert found['h.1'].update == pytest.approx(np.linalg.norm((again.flat - middle)[block]))
    assert found['h.1'].ratio == pytest.approx(found['h.1'].update / found['h.1'].weights)


def test_watching_changes_nothing(ids):
    first, second = model_of(), model_of()
    losses = [[it.loss for it in train(model, ids, config)] for model, config in (
        (first, RUN), (second, replace(RUN, watch_every=0)))]
    assert losses[0] == losses[1]
    np.testing.assert_array_equal(first.flat, second.flat)


@pytest.mark.parametrize('kind', KINDS)
def test_gradients_on_their_way_back_are_those_of_small_changes(ids, kind):
    model = model_of(**kind)
    exact = GPT(model.config, dtype=np.float64)
    exact.flat[...] = model.flat
    inputs, targets = random_batch(ids, 2, 16, np.random.default_rng(0))
    trace = Trace()
    exact.loss_and_grads(inputs, targets, trace=trace)
    h = 1e-5

    def moved(by):
        from minigpt.nn.loss import cross_entropy_forward

        def change(name, value):
            if name == 'h.0.resid_mid':
                value = value.copy()
                value[1, 3, 5] += by
            return value
        return cross_entropy_forward(exact.forward(inputs, change=change), targets)[0]

    numeric = (moved(h) - moved(-h)) / (2 * h)
    assert trace['h.0.d.resid_mid'][1, 3, 5] == pytest.approx(numeric, rel=1e-4, abs=1e-9)


@pytest.mark.parametrize('kind', KINDS)
def test_an_update_taken_apart_is_the_update(ids, kind):
    # AdamW divides a gradient by its own size: in float32 the noise of a tiny one would be seen.
    model, twin = (model_of(np.float64, **kind) for _ in range(2))
    run = replace(RUN, accumulate=3)
    step = one_step(twin, ids, run, TrainState(twin, run))
    found = anatomy(model, ids, run, TrainState(model, run))
    assert found.inputs.shape == (3 * run.batch_size, 16)
    assert found.loss == pytest.approx(step.loss, rel=1e-9)
    assert found.losses.mean() == pytest.approx(step.loss, rel=1e-9)
    assert found.grad_norm == pytest.approx(step.grad_norm, rel=1e-9)
    np.testing.assert_allclose(found.after, twin.flat, rtol=1e-7, atol=1e-9)
    np.testing.assert_array_equal(model.flat, model_of(np.float64, **kind).flat)
    assert found.loss_after < found.loss
    assert [it.name for it in found.stations] == ['embed', 'h.0.attn', 'h.0.mlp', 'h.1.attn',
                                                  'h.1.mlp', 'ln_f', 'logits']
    assert all(it.stream > 0 and it.back > 0 for it in found.stations)


def test_of_a_large_batch_a_few_stretches_can_be_looked_at(ids):
    model = model_of()
    whole, few = (anatomy(model, ids, RUN, TrainState(model, RUN), most) for most in (None, 3))
    np.testing.assert_array_equal(few.inputs, whole.inputs[:3])
    np.testing.assert_array_equal(few.targets, whole.targets[:3])


def test_the_gradients_of_all_stations_are_the_whole_one_before_it_is_clipped(ids):
    model, short = model_of(), replace(RUN, max_grad_norm=0.01)
    found = anatomy(model, ids, short, TrainState(model, short))
    parts = [it.weights.gradient for it in found.stations if it.weights]
    assert math.hypot(*parts) == pytest.approx(found.grad_norm, rel=1e-5)
    assert np.linalg.norm(found.gradient) == pytest.approx(0.01, rel=1e-5)


def test_a_race_begins_alike_and_leaves_the_model_alone(ids):
    model = model_of()
    rates = {'sgd': 0.1, 'momentum': 0.01, 'adam': 0.01, 'adamw': 0.01}
    events = list(race(model, ids, RUN, rates))
    assert len(events) == 4 * RUN.steps
    first = {name: event.loss for name, event in events[:4]}
    assert list(first) == ['sgd', 'momentum', 'adam', 'adamw'] and len(set(first.values())) == 1
    last = {name: event.loss for name, event in events[-4:]}
    assert last['adamw'] < last['sgd'] < first['sgd']
    np.testing.assert_array_equal(model.flat, model_of().flat)


def test_who_breaks_down_in_a_race_is_out_and_the_others_go_on(ids):
    events = list(race(model_of(), ids, RUN, {'sgd': 1e30, 'adamw': 0.01}))
    broken = [event for _, event in events if isinstance(event, TrainingError)]
    assert len(broken) == 1
    assert sum(name == 'adamw' for name, _ in events) == RUN.steps


def test_a_log_gives_the_run_back(ids, tokenizer):
    run = new_run(tokenizer, GPTConfig(300, 16, 32, 2, 1), RUN)
    events = list(train(run.model, ids, RUN, validation=ids, sample_prompt=[65]))
    lines = [json.loads(json.dumps(entry(it, tokenizer))) for it in events]
    back = [event_of(it) for it in lines]
    for told, kept, line in zip(events, back, lines, strict=True):
        if isinstance(told, Sample):
            assert kept is None and line['text'] == tokenizer.decode(told.ids)
        elif isinstance(told, Evaluation):
            assert kept.validation_loss == pytest.approx(told.validation_loss, rel=1e-5)
        else:
            assert isinstance(kept, TrainStep) and kept.loss == pytest.approx(told.loss, rel=1e-5)
            assert (kept.vitals or {}).keys() == (told.vitals or {}).keys()
    head = header(run, Material(ids, None))
    assert head['parameters'] == run.model.n_params and head['held_out_tokens'] == 0


def test_a_sample_may_hold_any_character_in_the_log(tmp_path, tokenizer):
    told = entry(Sample(3, tokenizer.encode('um\u2028dois\x85três\r\n\x0cquatro')), tokenizer)
    (tmp_path / 'run.jsonl').write_text(json.dumps(told, ensure_ascii=False) + '\n', 'utf-8')
    assert list(read_log(tmp_path / 'run.jsonl')) == [told]


def test_some_of_every_text_is_held_out_and_nothing_is_lost():
    for text in (TEXT, 'Um texto só, sem linhas em branco. ' * 30, 'um\n\ndois\n\ntrês\n\nquatro'):
        training, held_out = split_text(text)
        sizes = [sum(map(len, side)) for side in (training, held_out)]
        assert 0.03 < sizes[1] / sum(sizes) < 0.6
        assert sum(sizes) >= len(''.join(text.split('\n'))) - 1
    assert split_text('') == ([], [])
    with pytest.raises(TextError):
        next(vocabulary_steps([], 300))


def test_a_new_run_has_the_vocabulary_that_was_learnt():
    merges = list(vocabulary_steps([TEXT], 280))
    tokenizer = vocabulary(merges)
    assert tokenizer.vocab_size == 280 and tokenizer.end_of_text == 279
    run = new_run(tokenizer, GPTConfig(999, 16, 32, 2, 1), RUN)
    assert run.model.config.vocab_size == 280
    same = new_run(tokenizer, GPTConfig(999, 16, 32, 2, 1), RUN)
    np.testing.assert_array_equal(run.model.flat, same.model.flat)
