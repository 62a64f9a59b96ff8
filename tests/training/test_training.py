"""Training moves the weights, downhill, the same way each time, and can go on where it stopped."""

import math
import os
from dataclasses import replace

import numpy as np
import pytest

from minigpt import GPT, BPETokenizer, Checkpoint, GPTConfig, TrainConfig, train
from minigpt.backend import threads
from minigpt.backend.waiting import finish
from minigpt.errors import CheckpointError, ConfigError, TextError, TrainingError
from minigpt.formats import safetensors
from minigpt.training import Evaluation, Sample, TrainState, TrainStep, list_checkpoints
from minigpt.training.dataset import (consecutive_batches, documents, encode_documents,
                                      random_batch, read_text, split_documents)
from minigpt.training.evaluate import held_out_loss
from minigpt.training.gradient_check import gradient_check, random_places
from minigpt.training.optimizer import clip, make_optimizer
from minigpt.training.pieces import Piece, gradient
from minigpt.training.schedule import learning_rate
from minigpt.training.trainer import mean_loss

TEXT = ('o rato roeu a roupa do rei de Roma e a rainha, com raiva, resolveu remendar.\n\n'
        'quem com ferro fere com ferro será ferido, diz o velho ditado do povo.\n\n') * 40
CONFIG = GPTConfig(vocab_size=300, block_size=16, n_embd=32, n_head=2, n_layer=2)
RUN = TrainConfig(steps=60, batch_size=8, learning_rate=1e-2, warmup=10, eval_every=20, seed=4)


@pytest.fixture(scope='module')
def tokenizer():
    return BPETokenizer.train(TEXT, 300)


@pytest.fixture(scope='module')
def ids(tokenizer):
    return encode_documents(documents(TEXT), tokenizer)


def new_model():
    return GPT(CONFIG, np.random.default_rng(0))


def test_loss_goes_down(ids):
    model = new_model()
    steps = list(train(model, ids, RUN))
    assert steps[0].loss > 5
    assert steps[-1].loss < 2
    assert [step.step for step in steps] == list(range(1, 61))


def test_every_part_of_the_model_is_moved(ids):
    model, before = new_model(), new_model()
    next(train(model, ids, RUN))
    unused_rows = ('wte.weight', 'wpe.weight')  # tables move where tokens were seen
    for name, view in model.params.items():
        moved = view != before.params[name]
        assert moved.any() if name in unused_rows else moved.mean() > 0.9, name


def test_one_batch_can_be_learnt_by_heart(ids):
    model = new_model()
    inputs, targets = random_batch(ids, 2, 16, np.random.default_rng(0))
    optimizer = make_optimizer('adamw', model.shapes, like=model.flat, weight_decay=0)
    for _ in range(150):
        loss, grads = model.loss_and_grads(inputs, targets)
        optimizer.step(model.flat, grads.flat, 3e-3)
    assert loss < 0.05


def test_same_seed_same_run(ids):
    first, second = new_model(), new_model()
    losses = [[step.loss for step in train(model, ids, RUN)] for model in (first, second)]
    assert losses[0] == losses[1]
    np.testing.assert_array_equal(first.flat, second.flat)


@pytest.mark.parametrize('kind', [
    {}, {'optimizer': 'momentum', 'learning_rate': 0.1, 'schedule': 'one-cycle'},
    {'optimizer': 'adam', 'accumulate': 2, 'schedule': 'linear'},
    {'optimizer': 'sgd', 'learning_rate': 0.5}])
def test_resumed_run_is_bit_equal_to_an_unbroken_one(ids, tokenizer, tmp_path, kind):
    run, config = replace(RUN, **kind), replace(CONFIG, dropout=0.1)
    whole = GPT(config, np.random.default_rng(0))
    losses = [event.loss for event in train(whole, ids, run, validation=ids)
              if isinstance(event, TrainStep)]
    assert losses[-1] < losses[0]
    half = Checkpoint(GPT(config, np.random.default_rng(0)), tokenizer, {}, run)
    half.train_state = TrainState(half.model, run)
    for event in train(half.model, ids, run, validation=ids, state=half.train_state):
        if isinstance(event, TrainStep) and event.step == 30:
            break
    half.save(tmp_path / 'half.safetensors')
    resumed = Checkpoint.load(tmp_path / 'half.safetensors')
    assert resumed.train_config == run
    events = list(train(resumed.model, ids, run, validation=ids, state=resumed.train_state))
    assert [event.step for event in events if isinstance(event, TrainStep)] == list(range(31, 61))
    np.testing.assert_array_equal(resumed.model.flat, whole.flat)


def test_accumulated_batches_give_the_gradient_of_one_large_batch(ids):
    model = GPT(CONFIG, np.random.default_rng(0), np.float64)
    large = finish(gradient(model, ids, replace(RUN, batch_size=12), np.random.default_rng(3)))
    small = finish(gradient(model, ids, replace(RUN, batch_size=4, accumulate=3),
                            np.random.default_rng(3)))
    assert small[0] == pytest.approx(large[0])
    np.testing.assert_allclose(small[1], large[1], atol=1e-12)


def test_run_without_progress_ends_early(ids):
    config = TrainConfig(steps=500, eval_every=1, patience=3, learning_rate=1e-12,
                         min_learning_rate=1e-13)
    events = list(train(new_model(), ids, config, validation=np.roll(ids, 7)))
    evaluations = [event.is_best for event in events if isinstance(event, Evaluation)]
    assert len(evaluations) < 500
    assert evaluations[-3:] == [False] * 3


def test_samples_come_with_evaluations_and_begin_with_the_prompt(ids):
    samples = [event for event in train(new_model(), ids, RUN, sample_prompt=[1, 2])
               if isinstance(event, Sample)]
    assert [sample.step for sample in samples] == [20, 40, 60]
    assert all(sample.ids[:2] == [1, 2] and len(sample.ids) == 42 for sample in samples)


def test_gradient_check_finds_a_right_and_a_wrong_gradient(ids):
    model = new_model()
    inputs, targets = random_batch(ids, 2, 16, np.random.default_rng(0))
    places = random_places(model, 1, np.random.default_rng(1))
    checks = gradient_check(model, inputs, targets, places)
    assert [check.name for check in checks] == list(model.params)
    assert all(abs(check.analytic - check.numeric) < 1e-7 for check in checks)
    assert GPT(CONFIG).flat.dtype == model.flat.dtype == np.float32
    wrong = replace(checks[2], analytic=2 * checks[2].numeric)
    assert wrong.relative_error == pytest.approx(0.5)


def test_evaluations_come_when_due_and_name_the_best(ids):
    evaluations = [event for event in train(new_model(), ids, RUN, validation=ids)
                   if isinstance(event, Evaluation)]
    assert [event.step for event in evaluations] == [20, 40, 60]
    assert all(event.is_best for event in evaluations)
    assert evaluations[-1].validation_loss < evaluations[0].validation_loss


def test_a_loss_that_is_not_a_number_stops_before_the_weights_change(ids):
    model = new_model()
    events = train(model, ids, TrainConfig(steps=9, learning_rate=1e30, max_grad_norm=1e30))
    before = model.flat.copy()
    with np.errstate(all='ignore'), pytest.raises(TrainingError, match='at step [23]'):
        for _ in events:
            before = model.flat.copy()
    np.testing.assert_array_equal(model.flat, before)


def test_a_held_out_loss_that_is_not_a_number_stops_too(ids):
    """So that nobody keeps the weights of that moment."""
    config = TrainConfig(steps=1, optimizer='sgd', learning_rate=1e38, warmup=0)
    events = train(new_model(), ids, config, validation=ids)
    with np.errstate(all='ignore'), pytest.raises(TrainingError, match='at step 1'):
        assert [type(event) for event in events] == [TrainStep]


def reference_steps(name, theta, gradients, decay, lr):
    """The optimizers as their papers write them, one equation a line."""
    m, v, u = np.zeros_like(theta), np.zeros_like(theta), np.zeros_like(theta)
    for t, g in enumerate(gradients, start=1):
        if name == 'adamw':
            theta = theta - lr * decay * theta
        else:
            g = g + decay * theta
        if name == 'sgd':
            theta = theta - lr * g
        elif name == 'momentum':
            u = 0.9 * u + g
            theta = theta - lr * u
        else:
            m = 0.9 * m + 0.1 * g
            v = 0.99 * v + 0.01 * g ** 2
            m_hat, v_hat = m / (1 - 0.9 ** t), v / (1 - 0.99 ** t)
            theta = theta - lr * m_hat / (np.sqrt(v_hat) + 1e-8)
    return theta


@pytest.mark.parametrize('name', ['sgd', 'momentum', 'adam', 'adamw'])
def test_optimizer_follows_its_equations(name):
    rng = np.random.default_rng(0)
    flat = rng.normal(size=8)
    gradients = rng.normal(size=(5, 8))
    decay = np.array([0.1] * 6 + [0] * 2)
    expected = reference_steps(name, flat.copy(), gradients, decay, 0.01)
    optimizer = make_optimizer(name, {'w': (3, 2), 'b': (2,)}, like=flat, weight_decay=0.1)
    for g in gradients:
        optimizer.step(flat, g, 0.01)
    np.testing.assert_allclose(flat, expected, rtol=1e-12)
    assert optimizer.steps == 5


def test_clip_shortens_only_long_gradients():
    grad = np.array([3.0, 4.0])
    assert clip(grad, 10) == 5
    np.testing.assert_array_equal(grad, [3, 4])
    assert clip(grad, 1) == 5
    np.testing.assert_allclose(grad, [0.6, 0.8])


def rates(schedule):
    return [learning_rate(step, schedule=schedule, peak=1.0, warmup=10, total=110, floor=0.1)
            for step in range(110)]


@pytest.mark.parametrize(('schedule', 'middle', 'end'), [
    ('constant', 1, 1), ('linear', 0.55, 0.109), ('cosine', 0.55, 0.1)])
def test_schedule_climbs_then_falls(schedule, middle, end):
    curve = rates(schedule)
    np.testing.assert_allclose(curve[:10], np.arange(1, 11) / 10)
    assert curve[10] == 1.0
    assert curve[60] == pytest.approx(middle)
    assert curve[-1] == pytest.approx(end, abs=1e-3)
    assert curve[10:] == sorted(curve[10:], reverse=True)


def test_one_cycle_rises_for_three_tenths_then_falls():
    curve = rates('one-cycle')
    assert curve[0] == pytest.approx(0.136)
    assert curve[33] == pytest.approx(1.0)
    assert curve[:34] == sorted(curve[:34])
    assert curve[33:] == sorted(curve[33:], reverse=True)
    assert curve[-1] == pytest.approx(0.1, abs=1e-3)


def test_another_rate_keeps_the_share_that_is_left_at_the_end():
    lower = TrainConfig(schedule='linear').at_rate(5e-5)
    assert (lower.learning_rate, lower.min_learning_rate) == (5e-5, pytest.approx(5e-6))
    assert max(map(lower.rate_at, range(1000))) == pytest.approx(5e-5)
    with pytest.raises(ConfigError, match='^learning_rate must be above 0, got -1'):
        lower.at_rate(-1)


@pytest.mark.parametrize('steps', [1, 5, 60, 1000, 5000])
def test_a_run_of_any_length_comes_to_its_largest_rate(steps):
    run = TrainConfig(steps=steps)
    rates = [run.rate_at(step) for step in range(steps)]
    assert max(rates) == rates[run.warmup] == run.learning_rate
    assert run.warmup <= min(100, steps // 10)
    assert replace(run, steps=10 * steps).warmup == run.warmup  # taken up again, it has warmed up


@pytest.mark.parametrize(('rate', 'smallest'), [(1e-2, 1e-4), (1e-3, 1e-4), (1e-5, 1e-6)])
def test_a_run_ends_at_its_smallest_rate(rate, smallest):
    run = TrainConfig(learning_rate=rate)
    rates = [run.rate_at(step) for step in range(100, run.steps)]
    assert rates == sorted(rates, reverse=True)
    assert run.min_learning_rate == pytest.approx(smallest, rel=1e-12)


def test_ids_may_be_a_list_as_a_tokenizer_gives_them(ids):
    config = replace(RUN, steps=2, eval_every=2)
    losses = [[getattr(it, 'loss', None) for it in train(new_model(), kind(ids), config,
                                                         validation=kind(ids))]
              for kind in (np.asarray, list)]
    assert losses[0] == losses[1]


def test_targets_are_the_inputs_moved_by_one(ids):
    inputs, targets = random_batch(ids, 5, 16, np.random.default_rng(0))
    assert inputs.shape == targets.shape == (5, 16)
    np.testing.assert_array_equal(inputs[:, 1:], targets[:, :-1])


def test_consecutive_batches_cover_every_prediction_once():
    row = np.arange(35)
    batches = list(consecutive_batches(row, 2, 8))
    np.testing.assert_array_equal(np.concatenate([b[1].ravel() for b in batches]), row[1:33])


def test_held_out_documents_are_never_trained_on():
    pieces = [f'documento {i % 300}' for i in range(900)]
    training, held_out = split_documents(pieces)
    assert not set(training) & set(held_out)
    assert sorted(training + held_out) == sorted(pieces)
    assert 0.05 < len(held_out) / len(pieces) < 0.16


def test_bits_per_byte_of_a_model_that_guesses(tokenizer):
    checkpoint = Checkpoint(GPT(CONFIG), tokenizer)  # all weights 0: every token equally likely
    result = held_out_loss(checkpoint, documents(TEXT))
    assert result.nats_per_token == pytest.approx(math.log(300), rel=1e-6)
    bits = result.tokens * math.log2(300) / result.bytes
    assert result.bits_per_byte == pytest.approx(bits, rel=1e-6)


def test_mean_loss_of_some_batches_is_of_evenly_spread_ones(ids):
    model = new_model()
    assert mean_loss(model, ids, 4, 3) == pytest.approx(mean_loss(model, ids, 4), abs=0.1)


@pytest.mark.parametrize('content', [b'', b' \n\n ', b'ol\xe1'])
def test_unusable_text_files_are_named(tmp_path, content):
    path = tmp_path / 'texto.txt'
    path.write_bytes(content)
    with pytest.raises(TextError, match='texto.txt'):
        read_text(path)


def test_text_shorter_than_the_context_is_refused_before_training(ids):
    with pytest.raises(TextError, match='it has 10.*at least 17'):
        train(new_model(), ids[:10], RUN)


@pytest.mark.parametrize('shape', [(4, 10), (1, 40), ()])
def test_ids_that_are_not_one_row_are_told_so(ids, shape):
    with pytest.raises(TextError, match=r'must be one row of numbers, \(N,\), not of shape \('):
        train(new_model(), np.resize(ids, shape), RUN)
    with pytest.raises(TextError, match='one row'):
        train(new_model(), ids, RUN, validation=np.resize(ids, shape))


@pytest.mark.parametrize('settings', [{'steps': 0}, {'batch_size': 0}, {'learning_rate': 0.0},
                                      {'learning_rate': math.nan}, {'schedule': 'steep'}, {'accumulate': 0}])
def test_impossible_settings_are_refused(settings):
    with pytest.raises(ConfigError, match=next(iter(settings))):
        TrainConfig(**settings)


def test_unknown_optimizer_is_refused():
    with pytest.raises(ConfigError, match='one of sgd, momentum'):
        TrainState(new_model(), TrainConfig(optimizer='lion'))


def test_checkpoint_brings_everything_back(tokenizer, tmp_path):
    path = tmp_path / 'm.safetensors'
    model = new_model()
    Checkpoint(model, tokenizer, {'note': 'x'}).save(path)
    loaded = Checkpoint.load(path)
    np.testing.assert_array_equal(loaded.model.flat, model.flat)
    assert loaded.model.config == CONFIG
    assert loaded.tokenizer.merges == tokenizer.merges
    assert loaded.metadata == {'note': 'x'}
    assert loaded.train_state is None


def test_checkpoint_of_half_precision_is_read_and_of_no_other(tokenizer, tmp_path):
    path = tmp_path / 'm.safetensors'
    model = new_model()
    tensors, notes = Checkpoint(model, tokenizer).to_parts()
    safetensors.save(path, {name: it.astype(np.float16) for name, it in tensors.items()}, notes)
    loaded = Checkpoint.load(path).model.flat
    assert loaded.dtype == np.float32
    np.testing.assert_array_equal(loaded, model.flat.astype(np.float16))
    for dtype in (np.float64, np.int16):
        safetensors.save(path, {name: it.astype(dtype) for name, it in tensors.items()}, notes)
        with pytest.raises(CheckpointError, match=np.dtype(dtype).name):
            Checkpoint.load(path)


def test_checkpoint_that_is_cut_or_foreign_is_refused(tokenizer, tmp_path):
    path = tmp_path / 'm.safetensors'
    sound = Checkpoint(new_model(), tokenizer)
    tensors, notes = sound.to_parts()
    safetensors.save(path, tensors | {'ln_f.bias': tensors['ln_f.bias'] + np.nan}, notes)
    with pytest.raises(CheckpointError, match='not a number'):
        Checkpoint.load(path)
    sound.save(path)
    sound.model.flat[5] = np.nan
    with pytest.raises(CheckpointError, match='not numbers, so nothing was written'):
        sound.save(path)
    assert Checkpoint.load(path).model.n_params == sound.model.n_params
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CheckpointError, match='m.safetensors is not a whole'):
        Checkpoint.load(path)
    with pytest.raises(CheckpointError, match='cannot read'):
        Checkpoint.load(tmp_path / 'none.safetensors')


def test_checkpoints_are_listed_by_loss_step_and_date(tokenizer, tmp_path):
    for name, step, loss, age in (('a', 10, 3.0, 30), ('b', 20, 2.0, 20), ('c', 30, 2.5, 10)):
        path = tmp_path / f'{name}.safetensors'
        notes = {'step': str(step), 'validation_loss': str(loss)}
        Checkpoint(new_model(), tokenizer, notes).save(path)
        os.utime(path, (1e9 - age, 1e9 - age))
    (tmp_path / 'broken.safetensors').write_bytes(b'12')
    safetensors.save(tmp_path / 'foreign.safetensors', {'x': np.zeros(2)}, {})

    def names(order):
        return ''.join(entry.path.stem for entry in list_checkpoints(tmp_path, order))

    assert (names('loss'), names('step'), names('date')) == ('bca', 'cba', 'cba')
    assert list_checkpoints(tmp_path)[0].config == CONFIG
    with pytest.raises(CheckpointError, match='loss, step, date'):
        list_checkpoints(tmp_path, 'size')
    with pytest.raises(CheckpointError, match='no such file or folder'):
        list_checkpoints(tmp_path / 'none')


def test_pieces_give_the_gradient_of_the_whole_and_are_told(ids, monkeypatch):
    monkeypatch.setattr(threads, 'workers', lambda: 1)
    model, rng = GPT(CONFIG, np.random.default_rng(0), np.float64), np.random.default_rng(3)
    run = replace(RUN, accumulate=2)
    whole = finish(gradient(model, ids, run, np.random.default_rng(3)))
    core = gradient(model, ids, replace(run, piece_flops=1), rng)
    told = []
    while True:
        try:
            told.append(next(core))
        except StopIteration as end:
            loss, grad, _ = end.value
            break
    assert loss == pytest.approx(whole[0])
    np.testing.assert_allclose(grad, whole[1], atol=1e-12)
    assert [it.share for it in told] == pytest.approx([k / 16 for k in range(1, 16)])
    assert told[7].loss == pytest.approx(finish(gradient(
        model, ids, RUN, np.random.default_rng(3)))[0])  # the first batch


def test_a_run_closed_between_two_pieces_goes_on_with_the_same_batch(ids, monkeypatch):
    monkeypatch.setattr(threads, 'workers', lambda: 1)
    run = replace(RUN, steps=3, piece_flops=1)
    models = [new_model(), new_model()]
    losses = [event.loss for event in train(models[0], ids, run) if isinstance(event, TrainStep)]
    state = TrainState(models[1], run)
    stream = train(models[1], ids, run, state=state)
    assert isinstance(next(stream), Piece) and isinstance(next(stream), Piece)
    stream.close()
    again = [event.loss for event in train(models[1], ids, run, state=state)
             if isinstance(event, TrainStep)]
    assert again == losses
    np.testing.assert_array_equal(models[0].flat, models[1].flat)


@pytest.mark.parametrize('setting', [
    {'steps': 0}, {'steps': 1.5}, {'steps': '3'}, {'warmup': -1}, {'patience': -1}, {'seed': -1},
    {'watch_every': -1}, {'min_learning_rate': -1e-4}, {'weight_decay': math.nan}, {'beta1': 1.0},
    {'beta2': -0.1}, {'max_grad_norm': 0.0}, {'max_grad_norm': math.nan}, {'optimizer': 'adamx'}])
def test_settings_that_cannot_work_are_named_before_anything_begins(setting):
    [(name, value)] = setting.items()
    with pytest.raises(ConfigError, match=f'^{name} must be .*{value}'):
        TrainConfig(**setting)
