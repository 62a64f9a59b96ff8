"""PCA equals the singular value decomposition, and its signs never flip."""

import numpy as np
import pytest

from minigpt.embeddings import pca
from minigpt.errors import EmbeddingError


@pytest.fixture(scope='module', params=[(200, 12), (9, 30)], ids=['tall', 'wide'])
def vectors(request):
    N, C = request.param
    rng = np.random.default_rng(0)
    return rng.normal(size=(N, C)) * np.linspace(3, 0.5, C) + rng.normal(size=C)


def test_it_equals_the_singular_value_decomposition(vectors):
    found = pca(vectors, 4)
    centred = vectors - vectors.mean(axis=0)
    _, sizes, directions = np.linalg.svd(centred, full_matrices=False)
    signs = np.sign(np.einsum('kc,kc->k', directions[:4], found.components))
    np.testing.assert_allclose(found.components, signs[:, None] * directions[:4], atol=1e-9)
    variances = sizes ** 2 / (len(vectors) - 1)
    np.testing.assert_allclose(found.explained_variance, variances[:4], rtol=1e-9)
    np.testing.assert_allclose(found.explained_ratio, variances[:4] / variances.sum(), rtol=1e-9)
    np.testing.assert_allclose(found.coordinates, centred @ directions[:4].T * signs, atol=1e-9)


def test_all_components_explain_everything(vectors):
    found = pca(vectors, min(len(vectors) - 1, vectors.shape[1]))
    assert found.explained_ratio.sum() == pytest.approx(1)
    rebuilt = found.coordinates @ found.components + found.mean
    np.testing.assert_allclose(rebuilt, vectors, atol=1e-9)


def test_signs_do_not_depend_on_the_order_of_the_vectors(vectors):
    found, reversed_ = pca(vectors, 3), pca(vectors[::-1], 3)
    np.testing.assert_allclose(found.components, reversed_.components, atol=1e-9)
    largest = np.abs(found.components).argmax(axis=1)
    assert (found.components[np.arange(3), largest] > 0).all()


def test_coordinates_are_the_projection_of_the_vectors(vectors):
    found = pca(vectors.astype(np.float32), 2)
    np.testing.assert_allclose(found.project(vectors.astype(np.float32)), found.coordinates,
                               atol=1e-12)
    np.testing.assert_allclose(found.project(found.mean), 0, atol=1e-12)


@pytest.mark.parametrize(('vectors', 'n_components', 'words'), [
    (np.ones((5, 3)), 1, 'all vectors are the same'), (np.eye(3), 3, 'from 1 to 2'),
    (np.eye(3), 0, 'from 1 to 2'), (np.eye(3), 1.5, 'from 1 to 2'),
    (np.ones(3), 1, 'at least 2 rows'), (np.ones((1, 3)), 1, 'at least 2 rows'),
    (np.array([[1, np.inf], [0, 1]]), 1, 'not finite')])
def test_bad_vectors_are_named(vectors, n_components, words):
    with pytest.raises(EmbeddingError, match=words):
        pca(vectors, n_components)
