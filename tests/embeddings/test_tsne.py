"""t-SNE: perplexities are hit, the gradient is the gradient, and clusters come apart."""

import numpy as np
import pytest

from minigpt.embeddings import tsne
from minigpt.embeddings.affinities import (conditional_probabilities, joint_probabilities,
                                           squared_distances)
from minigpt.embeddings.tsne import kl_divergence, kl_gradient
from minigpt.errors import EmbeddingError


def clusters(per_cluster=30, width=20):
    """Three clouds far apart, and which cloud each point is from."""
    rng = np.random.default_rng(0)
    centres = rng.normal(0, 10, (3, width))
    labels = np.repeat(np.arange(3), per_cluster)
    return centres[labels] + rng.normal(size=(3 * per_cluster, width)), labels


def buffers(n):
    return np.empty((2, n, n))


@pytest.mark.parametrize('perplexity', [2, 5.5, 30, 80])
@pytest.mark.parametrize('scale', [1e-6, 1, 1e6])
def test_every_point_has_the_wanted_perplexity(perplexity, scale):
    vectors = clusters()[0] * scale
    p = conditional_probabilities(squared_distances(vectors), perplexity)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    entropy = -(p * np.log(np.where(p > 0, p, 1))).sum(axis=1)
    np.testing.assert_allclose(np.exp(entropy), perplexity, rtol=1e-5)
    assert not p.diagonal().any()


def test_joint_probabilities_are_symmetric_and_sum_to_1():
    p = joint_probabilities(clusters()[0], 10)
    np.testing.assert_array_equal(p, p.T)
    assert p.sum() == pytest.approx(1)


def test_exact_twins_are_each_others_neighbours():
    vectors = np.repeat(np.eye(4), 10, axis=0)  # each point nine times again
    p = conditional_probabilities(squared_distances(vectors), 3)
    np.testing.assert_allclose(p[0, 1:10], 1 / 9, atol=1e-9)
    np.testing.assert_allclose(p[0, 10:], 0, atol=1e-9)


def test_distances_are_the_squared_distances():
    vectors = np.random.default_rng(0).normal(100, 1, (20, 5))
    expected = ((vectors[:, None] - vectors) ** 2).sum(axis=2)
    np.testing.assert_allclose(squared_distances(vectors), expected, atol=1e-11)


def test_gradient_equals_finite_differences():
    rng = np.random.default_rng(0)
    p = joint_probabilities(rng.normal(size=(12, 5)), 4)
    y = rng.normal(size=(12, 2))
    numeric = np.empty_like(y)
    for place in np.ndindex(y.shape):
        step = np.zeros_like(y)
        step[place] = 1e-6
        numeric[place] = (kl_divergence(p, y + step, buffers(12))
                          - kl_divergence(p, y - step, buffers(12))) / 2e-6
    np.testing.assert_allclose(kl_gradient(p, y, buffers(12)), numeric, rtol=1e-5, atol=1e-8)


def test_kl_is_that_of_its_definition():
    rng = np.random.default_rng(0)
    p = joint_probabilities(rng.normal(size=(12, 5)), 4)
    y = rng.normal(size=(12, 2))
    q = np.array([[0 if i == j else 1 / (1 + ((a - b) ** 2).sum()) for j, b in enumerate(y)]
                  for i, a in enumerate(y)])
    q /= q.sum()
    expected = sum(p[i, j] * np.log(p[i, j] / q[i, j]) for i, j in np.ndindex(p.shape) if p[i, j])
    assert kl_divergence(p, y, buffers(12)) == pytest.approx(expected)


@pytest.fixture(scope='module')
def run():
    vectors, labels = clusters()
    return list(tsne(vectors, perplexity=10, rng=np.random.default_rng(1))), labels


def test_clusters_come_apart(run):
    steps, labels = run
    distances = squared_distances(steps[-1].positions)
    same = labels[:, None] == labels
    assert distances[same].max() < distances[~same].min()


def test_kl_goes_down(run):
    kl = np.array([step.kl for step in run[0] if not step.exaggerated])
    assert kl[-1] < run[0][0].kl / 4
    assert (np.diff(kl) < 1e-3).all()


def test_events_come_every_ten_updates_and_after_the_last(run):
    assert [step.iteration for step in run[0]] == list(range(10, 1001, 10))
    assert [step.exaggerated for step in run[0]].count(True) == 25
    few = tsne(clusters()[0], n_iterations=25, every=10, rng=np.random.default_rng(0))
    assert [step.iteration for step in few] == [10, 20, 25]


def test_same_seed_same_picture_centred_on_0():
    vectors, _ = clusters()
    first, again, other = (list(tsne(vectors, n_iterations=60, rng=np.random.default_rng(seed)))
                           for seed in (1, 1, 2))
    np.testing.assert_array_equal(first[-1].positions, again[-1].positions)
    assert not np.array_equal(first[-1].positions, other[-1].positions)
    np.testing.assert_allclose(first[-1].positions.mean(axis=0), 0, atol=1e-12)
    assert first[0].positions is not first[1].positions


@pytest.mark.parametrize(('settings', 'words'), [
    ({'perplexity': 1}, 'above 1 and below 8 for 9'), ({'perplexity': 8}, 'above 1 and below 8'),
    ({'perplexity': float('nan')}, 'perplexity'), ({'n_iterations': 0}, 'n_iterations'),
    ({'every': 1.5}, 'every'), ({'learning_rate': 0}, 'learning_rate')])
def test_bad_requests_are_refused_at_the_call(settings, words):
    with pytest.raises(EmbeddingError, match=words):
        tsne(np.eye(9), rng=np.random.default_rng(0), **({'perplexity': 3} | settings))
