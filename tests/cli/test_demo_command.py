"""demo: every module and every lesson by name, with any combination of its options."""

import re

import numpy as np
import pytest

from minigpt import Trace, shipped
from minigpt.cli.demo import DEMOS, NAMES
from minigpt.teach.draw import drawn
from minigpt.teach.tensor_view import attention_map, summary
from minigpt.teach.words import sections

SEED_MODULES = {'tokenizer', 'attention', 'transformer', 'model', 'training', 'inference',
                'chunking', 'embeddings', 'benchmarks', 'kernels', 'educational_logger'}
PROMPT = 'O gato subiu no'


def test_every_module_of_the_seed_is_there_and_every_lesson():
    assert SEED_MODULES == set(DEMOS)
    assert 'transformer_architecture' in NAMES and 'memory_management' in NAMES


@pytest.mark.parametrize('name', [name for name, demo in DEMOS.items()
                                  if isinstance(demo.story, str) and name in (
                                      'tokenizer', 'attention', 'embeddings', 'chunking')])
def test_a_module_tells_its_lesson(minigpt, name):
    ran = minigpt('demo', '--module', name)
    assert ran.code == 0
    assert sections(DEMOS[name].story, 'pt')['title'] in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


def test_tensors_and_maps_are_those_of_the_prompt(minigpt):
    ran = minigpt('demo', '--module', 'attention', '--prompt', PROMPT, '--show-tensors',
                  '--show-attention-maps')
    checkpoint, trace = shipped.load(), Trace()
    ids = checkpoint.tokenizer.encode(PROMPT)
    checkpoint.model.forward(np.array([ids]), trace=trace)
    found = summary('h.0.attn.q', trace['h.0.attn.q'])
    mean = f'{found.mean:.3f}'.replace('.', ',')
    assert re.search(rf'h\.0\.attn\.q \(1, 4, {len(ids)}, 32\): média {mean}', ran.out)
    sharpest = trace['h.3.attn.weights'][0].max(-1).mean(-1).argmax()
    assert f'camada 4, cabeça {sharpest + 1}' in ran.out
    tokens = [checkpoint.tokenizer.decode([i]).replace(' ', '·') for i in ids]
    for line in drawn(attention_map(trace['h.3.attn.weights'][0, sharpest], tokens), 'pt'):
        assert f'  {line}'.rstrip() in ran.out


def test_options_combine(minigpt, tmp_path):
    log = tmp_path / 'log.jsonl'
    ran = minigpt('demo', '--module', 'embeddings', '--interactive', '--benchmarks',
                  '--show-tensors', '--educational-logs', '--log-file', log, '--lang', 'en')
    assert ran.code == 0
    assert '[Enter goes on]' in ran.err
    assert '[tokenizer] 31 characters became 8 tokens.' in ran.err
    assert 'Where the time went:' in ran.err
    assert re.search(r'embedding-search .*at once', ran.out)
    assert 'embed (1, 8, 128): mean' in ran.out
    assert len(log.read_text(encoding='utf-8').splitlines()) > 50


def test_a_lesson_by_name_and_the_log_for_three_audiences(minigpt):
    assert 'O gradiente está certo?' in minigpt('demo', '--module', 'gradient_computation').out
    ran = minigpt('demo', '--module', 'educational_logger')
    assert '[tokenizador] 31 caracteres viraram 8 tokens.' in ran.out
    assert re.search(r'\[atenção\] h\.0\.attn\.q|\[embeddings\] embed \(1, 8, 128\)', ran.out)
    assert 'os mais prováveis:' in ran.out


def test_an_empty_prompt_is_told(minigpt):
    ran = minigpt('demo', '--prompt', '')
    assert ran.code == 1 and 'vazio' in ran.err
