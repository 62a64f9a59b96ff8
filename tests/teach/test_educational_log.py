"""The educational log tells what really happened, to each audience its own; off, it is free."""

import json
import logging

import numpy as np
import pytest

from minigpt import Trace, chunk, generate, shipped
from minigpt.teach import watch
from minigpt.teach.bottleneck import bottlenecks
from minigpt.teach.log import LEVELS, Event, json_lines, listening, logger, wanted
from minigpt.teach.material import losses, small_model, small_text
from minigpt.training import TrainConfig, train

PROMPT = 'A menina abriu a porta'


@pytest.fixture(scope='module')
def checkpoint():
    return shipped.load()


def heard(level, work):
    events = []
    with listening(events.append, level):
        work()
    return events


def test_nobody_listening_means_nothing_is_traced_or_told(checkpoint, monkeypatch):
    made = []
    monkeypatch.setattr(watch, 'TimedTrace', lambda: made.append(1) or Trace())
    assert not wanted('beginner')
    ids = watch.encode(checkpoint.tokenizer, PROMPT)
    logits = watch.forward(checkpoint.model, ids)
    assert made == []
    np.testing.assert_array_equal(logits, checkpoint.model.forward(np.array([ids]))[0])


def test_each_audience_hears_what_those_before_hear_and_more(checkpoint):
    counts = [len(heard(level, lambda: watch.encode(checkpoint.tokenizer, PROMPT)))
              for level in LEVELS]
    merges = sum(1 for _ in checkpoint.tokenizer.encode_steps(PROMPT))
    assert counts == [1, 1 + merges, 2 + merges]
    assert logger.level == logging.CRITICAL and not wanted()


def test_a_forward_pass_tells_every_tensor_with_its_true_statistics(checkpoint):
    ids = checkpoint.tokenizer.encode(PROMPT)
    trace = Trace()
    checkpoint.model.forward(np.array([ids]), trace=trace)
    events = heard('detail', lambda: watch.forward(checkpoint.model, ids))
    tensors = {event.tensor.name: event for event in events if event.key == 'tensor'}
    assert list(tensors) == list(trace)
    q = tensors['h.2.attn.q']
    assert (q.part, q.tensor.shape) == ('attention', trace['h.2.attn.q'].shape)
    assert q.tensor.mean == pytest.approx(float(trace['h.2.attn.q'].mean()), abs=1e-5)
    assert q.bytes == trace['h.2.attn.q'].nbytes
    parts = {event.part: event for event in events if event.key == 'part'}
    assert set(parts) == {'embedding', 'norm', 'attention', 'mlp', 'head'}
    assert parts['attention'].bytes == sum(
        tensor.nbytes for name, tensor in trace.items() if watch.part_of(name) == 'attention')
    assert all(event.seconds > 0 for event in parts.values())


def test_generation_and_training_pass_through_unchanged(checkpoint):
    ids = checkpoint.tokenizer.encode(PROMPT)

    def stream():
        return generate(checkpoint.model, ids, max_new_tokens=4, rng=np.random.default_rng(1))

    plain = [event.token_id for event in stream()]
    seen = []
    events = heard('numbers', lambda: seen.extend(
        event.token_id for event in watch.generation(stream(), checkpoint.tokenizer)))
    assert seen == plain
    assert [event.values['index'] for event in events] == [1, 2, 3, 4]
    assert all('rivals' in event.values for event in events)
    _, data = small_text()
    config = TrainConfig(steps=6, batch_size=8, warmup=5, learning_rate=3e-3)
    told = []
    stream = watch.training(train(small_model(), data, config))
    events = heard('detail', lambda: told.extend(stream))
    assert [event.values['loss'] for event in events] == losses(small_model(), data, steps=6)
    assert len(told) == 6


def test_chunks_are_told_with_their_reasons():
    text = 'O gato dorme. A lua sobe. ' * 20
    events = heard('detail', lambda: watch.chunks(text, 'sentence', 100))
    assert [event.values['reason'] for event in events[1:]] == [
        piece.reason for piece in chunk(text, 'sentence', 100)]


def test_sentences_are_in_the_reader_s_language_with_its_numbers():
    event = Event('training', 'step', 'detail', {'step': 1200, 'loss': 2.5, 'rate': 1e-3,
                                                 'norm': 0.75, 'speed': 12345.6})
    assert event.in_language('pt').startswith('passo 1.200: perda 2,500')
    assert event.in_language('en').startswith('step 1,200: loss 2.500')


def test_json_lines_hold_the_numbers(checkpoint):
    lines = []
    ids = checkpoint.tokenizer.encode(PROMPT)
    hear = json_lines(lines.append)
    with listening(hear, 'numbers'):
        watch.forward(checkpoint.model, ids)
    found = [json.loads(line) for line in lines]
    assert all(line.endswith('\n') and line.count('\n') == 1 for line in lines)
    times = [entry['at'] for entry in found]
    assert times == sorted(times)
    logits = next(entry for entry in found if entry.get('tensor', {}).get('name') == 'logits')
    assert logits['tensor']['shape'] == [1, len(ids), checkpoint.model.config.vocab_size]


def test_the_bottleneck_is_the_part_that_took_longest():
    events = [Event('a', 'part', 'beginner', seconds=1.0, bytes=10),
              Event('b', 'part', 'beginner', seconds=3.0, bytes=5),
              Event('a', 'tensor', 'detail', seconds=9.0),
              Event('a', 'part', 'beginner', seconds=1.0),
              Event('c', 'chunk', 'detail')]
    slowest, other = bottlenecks(events)
    assert (slowest.part, slowest.share, slowest.events) == ('b', 0.6, 1)
    assert (other.part, other.seconds, other.bytes) == ('a', 2.0, 10)


def test_a_broken_tensor_is_told_as_broken():
    from minigpt.teach.tensor_view import summary
    found = summary('x', np.array([1.0, np.nan, 3.0, np.inf]))
    assert (found.bad, found.mean, found.largest) == (2, 2.0, 3.0)
