"""Edited source runs in a copy: its effect, its faults, and that nothing else feels it."""

import math

import numpy as np
import pytest

from minigpt import GPT, GPTConfig, Trace
from minigpt.lab import shipped_lab
from minigpt.nn.activations import gelu_forward
from minigpt.nn.attention import causal_mask, weights_step_by_step
from minigpt.nn.norms import layernorm_forward
from minigpt.nn.ops import softmax_forward
from minigpt.nn.transformer import block_forward
from pages.model import network_copy
from pages.model.network_copy import original
from pages.model.trial import Fault, differences, fault_in, run

IDS = np.array(shipped_lab().tokenizer.encode('O menino abriu a porta'))


@pytest.fixture(scope='module')
def before() -> Trace:
    return run({}, shipped_lab().model, IDS)


def test_the_copy_computes_what_the_model_does(before):
    trace = Trace()
    shipped_lab().model.forward(IDS[None], trace=trace)
    for name, value in trace.items():
        np.testing.assert_allclose(before[name], value, atol=2e-5, err_msg=name)


def test_the_true_text_changes_nothing(before):
    texts = {it: original(it) for it in (gelu_forward, softmax_forward, layernorm_forward,
                                         weights_step_by_step, block_forward)}
    after = run(texts, shipped_lab().model, IDS)
    assert all(it.largest == 0 for it in differences(before, after))


def test_a_change_is_felt_from_its_place_on(before):
    text = original(gelu_forward).replace('out *= 0.5', 'out *= 0.25')
    after = {it.name: it for it in differences(before, run({gelu_forward: text},
                                                          shipped_lab().model, IDS))}
    assert after['h.0.mlp.hidden'].largest == 0 < after['h.0.mlp.active'].largest
    it = after['h.0.mlp.active']
    assert it.after == pytest.approx(it.before / 2, rel=1e-5)
    assert it.largest == pytest.approx(abs(it.after - it.before), rel=1e-6)


def test_without_its_mask_attention_sees_the_future():
    text = original(causal_mask).replace('-np.inf', '0')
    after = run({causal_mask: text}, shipped_lab().model, IDS)
    assert np.triu(after['h.0.attn.weights'][0], 1).max() > 0


def test_a_mask_changed_in_its_last_row_alone_is_a_change(before):
    text = original(causal_mask).replace('return np.triu', 'mask = np.triu') + (
        '    mask[-1, 0] = -np.inf\n    return mask\n')
    after = run({causal_mask: text}, shipped_lab().model, IDS)
    it = next(it for it in differences(before, after) if it.name == 'h.0.attn.mask')
    assert (it.index, it.before, it.after) == ((len(IDS) - 1, 0), 0, -math.inf)


def test_model_backend_and_other_pages_stay_as_they_are(before):
    flat = shipped_lab().model.flat.copy()
    text = original(layernorm_forward).replace('return', 'gain *= 2\n    return')
    fault = run({layernorm_forward: text}, shipped_lab().model, IDS)
    assert fault.key == 'raised' and 'read-only' in fault.message
    assert (shipped_lab().model.flat == flat).all()
    run({gelu_forward: 'def gelu_forward(x):\n    return x, None\n'}, shipped_lab().model, IDS)
    x = np.ones((1, 4), np.float32)
    assert gelu_forward(x)[0][0, 0] == pytest.approx(0.841192, abs=1e-5)
    np.testing.assert_array_equal(run({}, shipped_lab().model, IDS)['logits'], before['logits'])


@pytest.mark.parametrize('text, key, line', [
    ('def gelu_forward(x):\n    return x +\n', 'syntax', 2),
    ('def gelu_forward(x):\n  y = 1\n   return y\n', 'syntax', 3),
    ('def other(x):\n    return x, None\n', 'gone', 0), ('', 'gone', 0),
    ('def gelu_forward(x):\n    t = x\n    return y, None\n', 'raised', 3),
    ('def gelu_forward(x):\n    import no_such_module\n', 'raised', 2),
    ('def gelu_forward(x):\n    return x\n', 'raised', 0),
    ('def gelu_forward(x):\n    return x[..., :3], None\n', 'raised', 0),
    ('def gelu_forward(x):\n    raise SystemExit\n', 'raised', 2),
    ('def gelu_forward(x):\n    "\\0"\n    return x / "a", None', 'raised', 3)])
def test_a_fault_is_said_with_its_line(text, key, line):
    fault = run({gelu_forward: text}, shipped_lab().model, IDS)
    assert isinstance(fault, Fault) and (fault.key, fault.line) == (key, line)
    assert fault.function == 'gelu_forward'


@pytest.mark.parametrize('loop', [
    'while True: pass', 'for _ in iter(int, 1): pass', '[0 for _ in iter(int, 1)]',
    'list(map(lambda it: it, iter(int, 1)))',
    'while True:\n        try:\n            1 / 0\n        except Exception:\n            pass'])
def test_a_loop_without_end_is_stopped(loop, monkeypatch):
    monkeypatch.setattr(network_copy, 'SECONDS', 0.05)
    fault = run({gelu_forward: f'def gelu_forward(x):\n    {loop}\n    return x, None\n'},
                shipped_lab().model, IDS)
    assert fault.key == 'too_long' and fault.line >= 2


def test_a_loop_beside_the_function_is_stopped_too(monkeypatch):
    monkeypatch.setattr(network_copy, 'SECONDS', 0.05)
    text = original(gelu_forward) + 'while True:\n    pass\n'
    fault = run({gelu_forward: text}, shipped_lab().model, IDS)
    assert fault.key == 'too_long' and fault.line == len(text.splitlines()) - 1


def test_a_call_without_end_is_an_error_of_python_s_own():
    fault = run({gelu_forward: 'def gelu_forward(x):\n    return gelu_forward(x)\n'},
                shipped_lab().model, IDS)
    assert fault.key == 'raised' and fault.line and 'RecursionError' in fault.message


def test_a_nul_does_not_parse():
    assert fault_in(gelu_forward, 'a\0').key == 'syntax'


def test_numbers_that_are_none_are_a_change(before):
    after = run({gelu_forward: 'def gelu_forward(x):\n    return x / 0, None\n'},
                shipped_lab().model, IDS)
    found = {it.name: it for it in differences(before, after)}
    assert math.isnan(found['logits'].largest) or math.isinf(found['logits'].largest)
    assert found['h.0.ln_1'].largest == 0


def test_every_kind_of_model_has_a_copy():
    config = GPTConfig(9, 8, 8, 2, 1, position='rope', norm='rmsnorm', activation='swiglu',
                       n_kv_head=1, tied_head=False)
    model = GPT(config, np.random.default_rng(0))
    trace = Trace()
    model.forward(np.array([[1, 2, 3]]), trace=trace)
    np.testing.assert_allclose(run({}, model, np.array([1, 2, 3]))['logits'], trace['logits'],
                               atol=1e-5)
