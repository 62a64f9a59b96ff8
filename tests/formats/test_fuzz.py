"""Hostile safetensors files and GPT-2 folders are read rightly or refused, and cost little."""

import json
import random

import numpy as np

from minigpt.errors import CheckpointError
from minigpt.formats import gpt2_folder, safetensors
from minigpt.nn.config import GPTConfig
from minigpt.nn.model import GPT
from tests.formats.fuzz import CASES, assert_refused_or_read, spoilt_bytes, spoilt_document

TENSORS = {'a': np.arange(6, dtype=np.float32).reshape(2, 3), 'b': np.array([], np.int64),
           'c.ü': np.array(7, np.uint8), 'half': np.ones((2, 2), np.float16)}


def parts(data):
    size = int.from_bytes(data[:8], 'little')
    return json.loads(data[8:8 + size]), data[8 + size:]


def with_header(header, body):
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, 'little') + text + body


def is_consistent(found):
    tensors, metadata = found
    assert all(isinstance(tensor, np.ndarray) for tensor in tensors.values())
    assert all(isinstance(value, str) for value in metadata.values())


def test_spoilt_headers():
    rng = random.Random(1)
    header, body = parts(safetensors.to_bytes(TENSORS, {'note': 'olá'}))
    for _ in range(CASES):
        data = with_header(spoilt_document(header, rng), body)
        assert_refused_or_read(safetensors.from_bytes, data, CheckpointError, is_consistent)


def test_spoilt_bytes():
    rng = random.Random(2)
    good = safetensors.to_bytes(TENSORS, {'note': 'olá'})
    for _ in range(CASES):
        assert_refused_or_read(safetensors.from_bytes, spoilt_bytes(good, rng), CheckpointError,
                               is_consistent)


def test_spoilt_gpt2_folders(tmp_path):
    rng = random.Random(3)
    model = GPT(GPTConfig(vocab_size=11, block_size=4, n_embd=4, n_head=2, n_layer=1),
                np.random.default_rng(0))
    gpt2_folder.save(model, tmp_path)
    settings = json.loads((tmp_path / 'config.json').read_text())
    weights = (tmp_path / 'model.safetensors').read_bytes()
    header, body = parts(weights)
    for case in range(CASES):
        config, data = settings, weights
        if case % 2:
            config = spoilt_document(settings, rng)
        else:
            data = with_header(spoilt_document(header, rng), body)
        (tmp_path / 'config.json').write_text(json.dumps(config))
        (tmp_path / 'model.safetensors').write_bytes(data)
        assert_refused_or_read(lambda data: gpt2_folder.load(tmp_path), data, CheckpointError)
