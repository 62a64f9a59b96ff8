"""What a module shows over REST is what minigpt computes with its present parameters."""

import numpy as np
import pytest
from serving import Running

from minigpt import Trace
from minigpt.chunking import chunk
from minigpt.inference import next_token_distribution
from minigpt.lab import shipped_lab
from minigpt.nn.ablation import switched_off
from minigpt.nn.changes import forced, tempered, together, without_head
from minigpt.nn.ops import softmax_forward
from minigpt.tokenizer import BPETokenizer

TEXT = 'O rato roeu a roupa do rei'


@pytest.fixture(scope='module')
def running():
    running = Running()
    yield running
    running.close()


def shown(running, module, what='data', **values):
    if values:
        assert running.json('PATCH', f'/api/v1/modules/{module}/parameters', values)[0] == 200
    status, said = running.json('GET', f'/api/v1/modules/{module}/{what}')
    assert status == 200, said
    return said[what]


def read(change=None, layer=1):
    lab, trace = shipped_lab(), Trace()
    ids = lab.tokenizer.encode(TEXT)
    logits = lab.model.forward(np.array([ids]), trace=trace, change=change)
    return logits[0], trace, ids


def test_attention_follows_layer_head_and_what_if(running):
    found = shown(running, 'attention', text=TEXT, layer=2, head=3)
    _, trace, ids = read()
    assert [it['id'] for it in found['tokens']] == ids
    assert np.allclose(found['weights'], trace['h.1.attn.weights'][0, 2], atol=1e-5)
    found = shown(running, 'attention', temperature=0.5, forced='1.2.3.0', off='0.1-9.9')
    config = shipped_lab().model.config
    _, trace, _ = read(together(tempered(0.5), forced(1, 2, 3, 0), without_head(0, 1, config)))
    assert np.allclose(found['weights'], trace['h.1.attn.weights'][0, 2], atol=1e-5)
    assert found['weights'][3][:2] == [1, 0]
    figures = shown(running, 'attention', 'metrics')
    row = trace['h.1.attn.weights'][0, 2, -1].astype(float)
    bits = -(row[row > 0] * np.log2(row[row > 0])).sum()
    assert abs(figures['last_entropy_bits'] - bits) < 1e-3


def test_transformer_says_the_word_of_each_depth_with_parts_off(running):
    found = shown(running, 'transformer', text=TEXT, off=['h.0.mlp'])
    ids = np.array([shipped_lab().tokenizer.encode(TEXT)])
    logits = read(switched_off(shipped_lab().model, ids, {'h.0.mlp'}))[0][-1]
    probabilities, _ = softmax_forward(logits.astype(float))
    assert [it['depth'] for it in found['depths']] == [0, 1, 2, 3, 4]
    assert found['depths'][-1]['id'] == int(logits.argmax())
    assert abs(found['depths'][-1]['probability'] - probabilities.max()) < 1e-5


def test_inference_gives_the_candidates_under_the_knobs(running):
    found = shown(running, 'inference', prompt=TEXT, temperature=0.5, top_k=3)
    expected = next_token_distribution(read()[0][-1], 0.5, 3)
    assert [it['id'] for it in found['candidates']] == np.argsort(-expected.probs)[:3].tolist()
    assert found['kept'] == 3
    assert abs(sum(it['probability'] for it in found['candidates']) - 1) < 1e-9


def test_tokenizer_uses_as_many_merges_as_are_set(running):
    tokenizer = shipped_lab().tokenizer
    assert shown(running, 'tokenizer', text=TEXT)['ids'] == tokenizer.encode(TEXT)
    few = BPETokenizer(tokenizer.merges[:20])
    found = shown(running, 'tokenizer', merges=20)
    assert found['ids'] == few.encode(TEXT)
    assert shown(running, 'tokenizer', 'metrics')['tokens'] == len(found['ids'])


def test_chunks_are_those_of_the_corpus(running):
    found = shown(running, 'chunking', strategy='sentence', size=200, overlap=25, amount=3000)
    expected = chunk(shipped_lab().corpus[:3000], 'sentence', 200, 50)
    assert [(it['start'], it['end']) for it in found['chunks']] == [
        (it.start, it.end) for it in expected]
    assert shown(running, 'chunking', 'metrics')['count'] == len(expected)


def test_an_opening_text_is_the_pages(running):
    found = shown(running, 'attention', text=None)
    assert ''.join(it['text'] for it in found['tokens']).startswith('Ana')


def test_a_text_that_cannot_be_read_is_said(running):
    running.json('PATCH', '/api/v1/modules/attention/parameters', {'text': 'palavra ' * 200})
    status, said = running.json('GET', '/api/v1/modules/attention/data')
    assert status == 400 and said['error']['code'] == 'prompt_too_long'
    running.json('PATCH', '/api/v1/modules/embeddings/parameters', {'word': '99999'})
    status, said = running.json('GET', '/api/v1/modules/embeddings/data')
    assert status == 400 and said['error']['code'] == 'row_out_of_range'
