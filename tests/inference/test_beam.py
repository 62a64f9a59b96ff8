"""Beam search finds what an exhaustive search finds, and what `transformers` finds."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from minigpt import GPT, GPTConfig, generate
from minigpt.errors import SamplingError
from minigpt.inference import beam_search, log_probs

GOLDEN = json.loads((Path(__file__).parents[1] / 'golden' / 'beam.json').read_text())


def rough_model(vocab_size=5, block_size=8):
    rng = np.random.default_rng(3)
    model = GPT(GPTConfig(vocab_size, block_size, n_embd=8, n_head=2, n_layer=2), rng)
    model.flat += rng.normal(0, 0.4, model.flat.size).astype(np.float32)
    return model


def log_prob(model, prompt, continuation):
    return log_probs(model, [*prompt, *continuation])[len(prompt) - 1:].sum()


def test_enough_beams_find_the_best_of_all_continuations():
    model = rough_model()
    *_, last = beam_search(model, [1, 2], n_beams=125, max_new_tokens=3)
    sums = {ids: log_prob(model, [1, 2], ids) for ids in itertools.product(range(5), repeat=3)}
    ranking = sorted(sums, key=sums.get, reverse=True)
    assert [beam.ids for beam in last.live] == ranking
    np.testing.assert_allclose([beam.log_prob for beam in last.live],
                               [sums[ids] for ids in ranking], atol=1e-5)


@pytest.mark.parametrize('length_penalty', [0.0, 0.7, 1.0])
def test_finished_and_live_beams_are_ranked_by_their_normalised_score(length_penalty):
    """All continuations of up to 3 tokens that end with token 4, or are 3 long."""
    model = rough_model()
    *_, last = beam_search(model, [1], n_beams=125, max_new_tokens=3, stop_ids=[4],
                           length_penalty=length_penalty)
    every = [ids for n in (1, 2, 3) for ids in itertools.product(range(5), repeat=n)
             if 4 not in ids[:-1] and (n == 3 or ids[-1] == 4)]
    scores = {ids: log_prob(model, [1], ids) / len(ids) ** length_penalty for ids in every}
    ranked = last.ranked
    assert {beam.ids for beam in ranked} == set(every)
    np.testing.assert_allclose([beam.score for beam in ranked],
                               sorted(scores.values(), reverse=True), atol=1e-5)


@pytest.mark.parametrize('case', GOLDEN['results'], ids=lambda case: (
    f'{case["n_beams"]} beams, length_penalty {case["length_penalty"]}'))
def test_result_equals_that_of_transformers(case):
    model = GPT(GPTConfig(vocab_size=13, block_size=16, n_embd=8, n_head=2, n_layer=1))
    for name, values in GOLDEN['weights'].items():
        model.params[name][...] = values
    *_, last = beam_search(model, GOLDEN['prompt'], n_beams=case['n_beams'],
                           max_new_tokens=GOLDEN['max_new_tokens'], stop_ids=[GOLDEN['stop_id']],
                           length_penalty=case['length_penalty'])
    best = last.ranked[0]
    assert list(best.ids) == case['ids']
    assert best.score == pytest.approx(case['score'], abs=1e-5)


def test_one_beam_is_greedy_also_past_the_context():
    model = rough_model()
    greedy = [event.token_id for event in generate(model, [1], max_new_tokens=20, temperature=0,
                                                   rng=np.random.default_rng(0))]
    *_, last = beam_search(model, [1], n_beams=1, max_new_tokens=20)
    assert list(last.live[0].ids) == greedy


def test_each_beam_grew_from_its_parent():
    before = None
    for step in beam_search(rough_model(), [1, 2], n_beams=3, max_new_tokens=6):
        assert len(step.live) == 3
        for beam in step.live:
            assert len(beam.ids) == step.index + 1
            assert before is None or before[beam.parent].ids == beam.ids[:-1]
        before = step.live


def test_it_ends_when_nothing_can_become_better():
    model = rough_model()
    every = list(range(1, 5))  # four of five tokens end a text, so two finished come soon
    steps = list(beam_search(model, [1], n_beams=2, max_new_tokens=7, stop_ids=every,
                             length_penalty=0.0))
    assert len(steps) < 7
    assert steps[-1].finished[-1].score >= steps[-1].live[0].log_prob


@pytest.mark.parametrize(('settings', 'words'), [
    ({'n_beams': 0}, 'n_beams'), ({'n_beams': 1.5}, 'n_beams'), ({'length_penalty': -1}, 'length'),
    ({'length_penalty': float('nan')}, 'length'), ({'max_new_tokens': 0}, 'at least 1')])
def test_bad_requests_are_refused_at_the_call(settings, words):
    with pytest.raises(SamplingError, match=words):
        beam_search(rough_model(), [1], **settings)
