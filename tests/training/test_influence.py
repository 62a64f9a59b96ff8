"""Gradient similarity finds the lines that taught a model something, where that is known."""

import numpy as np
import pytest

from minigpt import BPETokenizer, GPT, GPTConfig
from minigpt.errors import TextError
from minigpt.training import TrainConfig, train
from minigpt.training.influence import (Passage, influences, likely_first, passage_gradient,
                                        passages, prediction_gradient, shared_ending)

# Twelve countries; each line alone says which capital follows which country.
PAIRS = [('abc', 'X'), ('bcd', 'Y'), ('cde', 'Z'), ('def', 'W'), ('efg', 'K'), ('fgh', 'J'),
         ('ghi', 'Q'), ('hij', 'V'), ('ijk', 'U'), ('jkl', 'T'), ('klm', 'S'), ('lmn', 'R')]
TEXT = ''.join(f'{left}={right}\n' for left, right in PAIRS)
KINDS = [{}, {'position': 'rope', 'norm': 'rmsnorm', 'activation': 'swiglu', 'n_kv_head': 1,
              'tied_head': False}]


@pytest.fixture(scope='module')
def tokenizer():
    return BPETokenizer.train(TEXT, 256, [])


@pytest.fixture(scope='module', params=KINDS, ids=['gpt2', 'llama'])
def taught(request, tokenizer):
    """A small model that learnt the lines, but not yet by heart: then no gradient is left."""
    config = GPTConfig(tokenizer.vocab_size, block_size=8, n_embd=32, n_head=2, n_layer=2,
                       **request.param)
    model = GPT(config, np.random.default_rng(0))
    ids = np.array(tokenizer.encode(TEXT * 20))
    settings = TrainConfig(steps=40, batch_size=16, learning_rate=1e-2, warmup=10)
    for _ in train(model, ids, settings):
        pass
    return model


def untaught(block_size=8):
    return GPT(GPTConfig(vocab_size=300, block_size=block_size, n_embd=16, n_head=2, n_layer=1),
               np.random.default_rng(3))


def ranked(model, ids, next_id, found):
    *_, last = influences(model, ids, next_id, found)
    return last


@pytest.mark.parametrize('index', range(len(PAIRS)))
def test_the_line_that_taught_a_prediction_comes_first(taught, tokenizer, index):
    left, right = PAIRS[index]
    found = list(passages(TEXT, tokenizer, taught.config.block_size))
    last = ranked(taught, tokenizer.encode(left + '='), tokenizer.encode(right)[0], found)
    assert last.ranking[0].passage.line == index + 1
    assert last.ranking[0].cosine > 0 and last.read == last.total == len(PAIRS)


def test_learning_the_first_line_helps_more_than_learning_the_last(taught, tokenizer):
    """What the cosine promises, done: a small step on a line, and the prediction asked again."""
    ids, next_id = tokenizer.encode('def='), tokenizer.encode('W')[0]
    ranking = ranked(taught, ids, next_id, list(passages(TEXT, tokenizer, 8))).ranking

    def gain(influence):
        moved = GPT(taught.config, flat=taught.flat.astype(np.float64))
        targets = np.array([[next_id]])
        gradient = passage_gradient(taught, influence.passage.ids).astype(np.float64)

        def loss():
            logits = moved.forward(np.array([ids]))[0, -1]
            return np.log(np.exp(logits - logits.max()).sum()) + logits.max() - logits[targets[0, 0]]

        before = loss()
        moved.flat -= 1e-4 * gradient / np.linalg.norm(gradient)
        return before - loss()

    gains = [gain(ranking[0]), gain(ranking[-1])]
    assert gains[0] > 0 and gains[0] > gains[1]
    assert np.sign(gains[1]) == np.sign(ranking[-1].cosine)


def test_the_cosine_is_that_of_two_whole_gradients():
    model, ids, next_id = untaught(), [1, 2, 3, 4], 9
    line = Passage(1, '', (5, 1, 2, 9, 7))
    mean_of_all = [model.loss_and_grads(np.array([ids[:n]]), np.array([[2, 3, 4, 9][:n]]))[1].flat
                   for n in (3, 4)]
    want = 4 * mean_of_all[1] - 3 * mean_of_all[0]  # the sum of all four without the first three
    np.testing.assert_allclose(prediction_gradient(model, ids, next_id), want, atol=1e-5)
    other = model.loss_and_grads(np.array([[5, 1, 2, 9]]), np.array([[1, 2, 9, 7]]))[1].flat
    cosine = want @ other / np.linalg.norm(want) / np.linalg.norm(other)
    assert ranked(model, ids, next_id, [line]).latest.cosine == pytest.approx(cosine, abs=1e-5)


def test_a_prediction_is_most_like_itself():
    model = untaught()
    last = ranked(model, [7], 8, [Passage(1, '', (7, 8)), Passage(2, '', (8, 7))])
    assert [it.passage.line for it in last.ranking] == [1, 2]
    assert last.ranking[0].cosine == pytest.approx(1, abs=1e-5)


def test_the_ranking_grows_line_by_line_and_stays_in_order():
    model, rng = untaught(), np.random.default_rng(0)
    found = [Passage(n, '', tuple(rng.integers(0, 300, 6).tolist())) for n in range(1, 7)]
    found.append(found[2])
    for count, step in enumerate(influences(model, [1, 2], 3, found), 1):
        cosines = [it.cosine for it in step.ranking]
        assert step.read == count == len(cosines) and step.latest in step.ranking
        assert cosines == sorted(cosines, reverse=True)
    assert step.latest.cosine == next(it.cosine for it in step.ranking if it.passage.line == 3)


def test_lines_keep_their_numbers_and_long_ones_are_cut_with_every_token_predicted(tokenizer):
    long = 'abcdefghijklmnopqrstuv'
    found = list(passages(f'ab\n\n \n{long}\nc', tokenizer, 8))
    assert [it.line for it in found] == [1, 4, 4, 4]  # a lone token at the end teaches nothing
    assert found[0].text == 'ab\n'
    pieces = [it.ids for it in found[1:]]
    assert all(len(it) <= 9 for it in pieces)
    joined = list(pieces[0]) + [i for it in pieces[1:] for i in it[1:]]
    assert joined == tokenizer.encode(long + '\n')
    assert [a[-1] for a in pieces[:-1]] == [b[0] for b in pieces[1:]]


def test_what_holds_the_prediction_word_for_word_is_read_first():
    texts = [(1, 2), (9, 3), (8, 2, 3), (1, 2, 3), (2, 4)]
    found = [Passage(n, '', ids) for n, ids in enumerate(texts, 1)]
    assert [it.line for it in likely_first(found, [1, 2], 3)] == [4, 3, 2, 1, 5]
    assert shared_ending((1, 2, 3, 0, 2, 3), (0, 1, 2, 3)) == 3
    assert shared_ending((), (1,)) == 0


@pytest.mark.parametrize('ids', [[], [1] * 9])
def test_a_context_that_does_not_fit_is_refused_at_the_call(ids):
    with pytest.raises(TextError):
        influences(untaught(), ids, 1, [])
