"""A GPT-2 model as `transformers` saves it: a folder with `config.json` and `model.safetensors`.

    model = gpt2_folder.load('gpt2')          # GPT2LMHeadModel.from_pretrained('gpt2')
    gpt2_folder.save(model, 'folder')         # model.save_pretrained('folder')

Only safetensors files are read: PyTorch's own `.bin` files are pickles, which can run programs.
"""

import json
from pathlib import Path

import numpy as np

from minigpt.errors import CheckpointError, Flaw, Refused, flaw
from minigpt.formats import safetensors
from minigpt.formats.atomic import write_atomically
from minigpt.formats.gpt2_names import (config_from_hf, config_to_hf, names_from_hf,
                                        names_to_hf)
from minigpt.nn.model import GPT
from minigpt.nn.parameters import check_sizes

CONFIG, WEIGHTS = 'config.json', 'model.safetensors'


def load(folder: str | Path) -> GPT:
    """The model of a folder, its weights as float32; CheckpointError says what does not fit."""
    folder = Path(folder)
    tensors, _ = safetensors.load(folder / WEIGHTS)
    try:
        settings = json.loads((folder / CONFIG).read_text(encoding='utf-8'))
        if not isinstance(settings, dict):
            raise Flaw('flaw.not_object', name=CONFIG)
        config = config_from_hf(settings)
        tensors = names_from_hf(tensors, config.tied_head)
        check_sizes(tensors, config)
        model = GPT(config)
        fill(model, tensors)
    except OSError as error:
        raise CheckpointError('file_unreadable', path=folder / CONFIG,
                              reason=Refused(error)) from error
    except (ValueError, TypeError, RecursionError) as error:
        raise CheckpointError('not_gpt2', path=folder, reason=flaw(error)) from error
    return model


def fill(model: GPT, tensors: dict[str, np.ndarray]) -> None:
    """Copy the tensors into the model; Flaw if one is missing, too many or misshapen."""
    odd = sorted(model.params.keys() ^ tensors.keys())
    if odd:
        raise Flaw('flaw.missing' if odd[0] in model.params else 'flaw.unexpected', name=odd[0])
    for name, view in model.params.items():
        tensor = tensors[name]
        if tensor.shape != view.shape or tensor.dtype.kind != 'f':
            raise Flaw('flaw.other_tensor', name=name, dtype=tensor.dtype, shape=tensor.shape,
                       expected=view.shape)
        if not np.isfinite(tensor).all():
            raise Flaw('flaw.not_numbers', name=name)
        view[...] = tensor


def save(model: GPT, folder: str | Path) -> None:
    """Write a folder that `GPT2LMHeadModel.from_pretrained` opens; it is made if missing."""
    folder = Path(folder)
    try:
        settings = config_to_hf(model.config)
    except Flaw as error:
        raise CheckpointError('not_gpt2', path=folder, reason=error) from error
    folder.mkdir(parents=True, exist_ok=True)
    safetensors.save(folder / WEIGHTS, names_to_hf(dict(model.params)), {'format': 'pt'})
    text = json.dumps(settings, indent=2) + '\n'
    write_atomically(folder / CONFIG, text.encode('utf-8'))
