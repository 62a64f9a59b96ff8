"""Training moves the weights, downhill, the same way each time, and can go on where it stopped."""

import math

import numpy as np
import pytest

from minigpt import GPT, BPETokenizer, Checkpoint, GPTConfig, TrainConfig, train
from minigpt.errors import CheckpointError, ConfigError, TextError, TrainingError
from minigpt.training import Evaluation, TrainState, TrainStep
from minigpt.training.dataset import (consecutive_batches, documents, encode_documents,
                                      random_batch, read_text, split_documents)
from minigpt.training.evaluate import held_out_loss
from minigpt.training.optimizer import AdamW, clip
from minigpt.training.schedule import warmup_cosine
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
    optimizer = AdamW(model.shapes, model.flat.size, weight_decay=0)
    for _ in range(150):
        loss, grads = model.loss_and_grads(inputs, targets)
        optimizer.step(model.flat, grads.flat, 3e-3)
    assert loss < 0.05


def test_same_seed_same_run(ids):
    first, second = new_model(), new_model()
    losses = [[step.loss for step in train(model, ids, RUN)] for model in (first, second)]
    assert losses[0] == losses[1]
    np.testing.assert_array_equal(first.flat, second.flat)


def test_resumed_run_is_bit_equal_to_an_unbroken_one(ids, tokenizer, tmp_path):
    whole = new_model()
    list(train(whole, ids, RUN, validation=ids))
    half = Checkpoint(new_model(), tokenizer, {}, RUN)
    half.train_state = TrainState(half.model, RUN)
    for event in train(half.model, ids, RUN, validation=ids, state=half.train_state):
        if isinstance(event, TrainStep) and event.step == 30:
            break
    half.save(tmp_path / 'half.safetensors')
    resumed = Checkpoint.load(tmp_path / 'half.safetensors')
    assert resumed.train_config == RUN
    events = list(train(resumed.model, ids, RUN, validation=ids, state=resumed.train_state))
    assert [event.step for event in events if isinstance(event, TrainStep)] == list(range(31, 61))
    np.testing.assert_array_equal(resumed.model.flat, whole.flat)


def test_evaluations_come_when_due_and_name_the_best(ids):
    evaluations = [event for event in train(new_model(), ids, RUN, validation=ids)
                   if isinstance(event, Evaluation)]
    assert [event.step for event in evaluations] == [20, 40, 60]
    assert all(event.is_best for event in evaluations)
    assert evaluations[-1].validation_loss < evaluations[0].validation_loss


def test_a_loss_that_is_not_a_number_stops_with_the_last_good_weights(ids):
    model = new_model()
    events = train(model, ids, TrainConfig(steps=9, learning_rate=1e30, max_grad_norm=1e30))
    last_good = model.flat.copy()
    with np.errstate(all='ignore'), pytest.raises(TrainingError, match='at step [23]'):
        for _ in events:
            last_good = model.flat.copy()
    np.testing.assert_array_equal(model.flat, last_good)


def test_adamw_follows_its_equations():
    rng = np.random.default_rng(0)
    optimizer = AdamW({'w': (3, 2), 'b': (2,)}, 8, np.float64, weight_decay=0.1)
    flat = rng.normal(size=8)
    theta, m, v = flat.copy(), np.zeros(8), np.zeros(8)
    decay = np.array([0.1] * 6 + [0] * 2)
    for t in range(1, 6):
        g = rng.normal(size=8)
        optimizer.step(flat, g, 0.01)
        m = 0.9 * m + 0.1 * g
        v = 0.99 * v + 0.01 * g * g
        theta = theta - 0.01 * decay * theta
        theta -= 0.01 * (m / (1 - 0.9 ** t)) / (np.sqrt(v / (1 - 0.99 ** t)) + 1e-8)
        np.testing.assert_allclose(flat, theta, rtol=1e-12)


def test_clip_shortens_only_long_gradients():
    grad = np.array([3.0, 4.0])
    assert clip(grad, 10) == 5
    np.testing.assert_array_equal(grad, [3, 4])
    assert clip(grad, 1) == 5
    np.testing.assert_allclose(grad, [0.6, 0.8])


def test_schedule_climbs_then_falls():
    rates = [warmup_cosine(step, peak=1.0, warmup=10, total=110, floor=0.1) for step in range(110)]
    np.testing.assert_allclose(rates[:10], np.arange(1, 11) / 10)
    assert rates[10] == 1.0
    assert rates[60] == pytest.approx(0.55)
    assert rates[-1] == pytest.approx(0.1, abs=1e-3)
    assert rates[10:] == sorted(rates[10:], reverse=True)


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
    with pytest.raises(TextError, match='10 tokens.*at least 17'):
        train(new_model(), ids[:10], RUN)


@pytest.mark.parametrize('settings', [{'steps': 0}, {'batch_size': 0}, {'learning_rate': 0.0},
                                      {'learning_rate': math.nan}])
def test_impossible_settings_are_refused(settings):
    with pytest.raises(ConfigError, match=next(iter(settings))):
        TrainConfig(**settings)


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


def test_checkpoint_that_is_cut_or_foreign_is_refused(tokenizer, tmp_path):
    path = tmp_path / 'm.safetensors'
    model = new_model()
    model.flat[5] = np.nan
    Checkpoint(model, tokenizer).save(path)
    with pytest.raises(CheckpointError, match='not a number'):
        Checkpoint.load(path)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CheckpointError, match='m.safetensors is not a whole'):
        Checkpoint.load(path)
    with pytest.raises(CheckpointError, match='cannot read'):
        Checkpoint.load(tmp_path / 'none.safetensors')
