"""The browser's product gives what NumPy's gives."""

import numpy as np
import pytest

from minigpt.backend import matmul


@pytest.mark.parametrize('shape', [(1, 1, 1), (2, 3, 5), (17, 63, 65), (1, 128, 257)])
@pytest.mark.parametrize('transposed', [False, True])
@pytest.mark.parametrize('product', [np.matmul, matmul.einsum_product])
def test_product_keeps_its_bound(shape, transposed, product, monkeypatch):
    monkeypatch.setattr(matmul, 'product', product)
    M, K, N = shape
    rng = np.random.default_rng(0)
    a = rng.normal(size=(2, M, K)).astype(np.float32)
    b = rng.normal(size=(N, K) if transposed else (K, N)).astype(np.float32)
    b = b.T if transposed else b
    exact = a.astype(np.float64) @ b.astype(np.float64)
    bound = 2 * K * 1.19e-7 * (np.abs(a).astype(np.float64) @ np.abs(b).astype(np.float64))
    found = matmul.matmul(a, b)
    assert found.shape == (2, M, N) and found.dtype == np.float32
    assert (np.abs(found - exact) <= bound).all()
