"""Golden weight files of the reference libraries: `python -m tests.golden.make_formats`.

Writes tests/golden/formats.npz: folders that `transformers` saved (two tiny random GPT-2s) with
their logits, a file of the official `safetensors` with every dtype, and the hash of a file of ours
that the official library read back exactly. Stops if `transformers` reads our folders otherwise.
"""

import hashlib
import sys
import tempfile
from pathlib import Path

import numpy as np
import safetensors.numpy
import safetensors.torch
import torch
from transformers import GPT2Config, GPT2LMHeadModel

from minigpt.formats import gpt2_folder
from minigpt.formats import safetensors as ours

TARGET = Path(__file__).with_name('formats.npz')
SIZES = {'vocab_size': 61, 'n_positions': 12, 'n_embd': 24, 'n_head': 3, 'n_layer': 2,
         'bos_token_id': None, 'eos_token_id': None}
MODELS = {'tied': {}, 'untied': {'tie_word_embeddings': False, 'activation_function': 'relu'}}
ARRAYS = {name: np.arange(6).reshape(2, 3).astype(name) for name in (
    'float64', 'float32', 'float16', 'int64', 'int32', 'int16', 'int8', 'uint64', 'uint32',
    'uint16', 'uint8')}
SPECIAL_FLOATS = [1.5, -2.0, 3e38, 1e-40, float('inf'), -0.0]


def random_model(seed: int, **settings) -> GPT2LMHeadModel:
    """A tiny GPT-2 whose every weight, biases included, is random enough to tell them apart."""
    torch.manual_seed(seed)
    model = GPT2LMHeadModel(GPT2Config(**SIZES, **settings)).eval()
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(0.1 * torch.randn_like(weight))
    return model


def model_rows(name: str, model: GPT2LMHeadModel) -> dict[str, np.ndarray]:
    """What transformers saves for the model, and what it computes with it."""
    ids = torch.arange(12).reshape(1, 12) * 5 % 61
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        model.save_pretrained(folder)
        logits = model(ids).logits.numpy()
        again = Path(folder) / 'again'
        gpt2_folder.save(gpt2_folder.load(folder), again)
        back = GPT2LMHeadModel.from_pretrained(again).eval()
        if not np.array_equal(back(ids).logits.numpy(), logits):
            sys.exit(f'{name}: transformers computes otherwise from the folder we wrote')
        return {f'{name}.config': as_bytes((Path(folder) / 'config.json').read_bytes()),
                f'{name}.weights': as_bytes((Path(folder) / 'model.safetensors').read_bytes()),
                f'{name}.ids': ids.numpy(), f'{name}.logits': logits}


def as_bytes(data: bytes) -> np.ndarray:
    return np.frombuffer(data, np.uint8)


def official_file() -> bytes:
    """Every dtype we read, as the official library writes it."""
    tensors = {name: torch.from_numpy(array) for name, array in ARRAYS.items()}
    tensors['bfloat16'] = torch.tensor(SPECIAL_FLOATS, dtype=torch.bfloat16)
    tensors['bool'] = torch.tensor([[True, False]])
    return safetensors.torch.save(tensors, {'note': 'olá'})


def our_file() -> bytes:
    """A file of ours, read back by the official library."""
    data = ours.to_bytes(ARRAYS | {'transposed': ARRAYS['float32'].T, 'scalar': np.float32(7)},
                         {'note': 'olá'})
    for name, array in safetensors.numpy.load(data).items():
        expected = {'transposed': ARRAYS['float32'].T, 'scalar': np.float32(7)} | ARRAYS
        if array.dtype != expected[name].dtype or not np.array_equal(array, expected[name]):
            sys.exit(f'the official library reads {name} otherwise')
    return data


def main() -> None:
    rows = {}
    for seed, (name, settings) in enumerate(MODELS.items()):
        rows |= model_rows(name, random_model(seed, **settings))
    official = official_file()
    expected = torch.tensor(SPECIAL_FLOATS, dtype=torch.bfloat16).to(torch.float32).numpy()
    digest = hashlib.sha256(our_file()).hexdigest()
    np.savez_compressed(TARGET, official=as_bytes(official), bfloat16=expected,
                        ours_sha256=np.array(digest), **rows)
    print(f'{TARGET.name}: {TARGET.stat().st_size} bytes')


if __name__ == '__main__':
    main()
