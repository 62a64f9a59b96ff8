"""Where neurons fire most, found a context at a time, is where they fire most in all of it."""

import numpy as np

from minigpt import GPT, GPTConfig, Trace
from minigpt.nn.neurons import strongest_firing

CONFIG = GPTConfig(20, 8, 8, 2, 2, position='sinusoidal')


def test_the_strongest_places_of_all_contexts():
    model = GPT(CONFIG, np.random.default_rng(0))
    ids = np.random.default_rng(1).integers(0, 20, 8 * 5 + 3)
    *_, firing = strongest_firing(model, ids, k=4)
    assert firing.read == len(ids)
    active = np.full((2, CONFIG.mlp_width, len(ids)), -np.inf)
    for start in range(0, len(ids), 8):
        trace = Trace()
        model.forward(ids[None, start:start + 8], trace=trace)
        for layer in range(2):
            active[layer, :, start + 1:start + 8] = trace[f'h.{layer}.mlp.active'][0, 1:].T
    np.testing.assert_allclose(firing.values, np.sort(active, axis=-1)[..., :-5:-1], atol=1e-6)
    for layer, neuron in ((0, 3), (1, 31)):
        for place, value in firing.of(layer, neuron):
            assert np.isclose(active[layer, neuron, place], value, atol=1e-6)


def test_a_text_of_one_token_has_no_places():
    model = GPT(CONFIG, np.random.default_rng(0))
    (firing,) = strongest_firing(model, np.array([3]))
    assert firing.of(0, 0) == [] and firing.read == 1
