"""The lab: the one model, tokenizer and text that all pages and the terminal look at.

A lab is kept in one file: a checkpoint with a few things more in it, so that whatever takes a
checkpoint takes a lab, and a plain checkpoint opens as a lab with the shipped corpus.

    tensors   'lab.corpus'         the text the model learnt from, UTF-8 bytes
              'lab.snapshot.100'   (V, C) token table after 100 updates
    metadata  'lab'                JSON: name, settings
"""

import functools
import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from minigpt import shipped
from minigpt.errors import CheckpointError
from minigpt.formats import safetensors
from minigpt.nn.model import GPT
from minigpt.tokenizer import BPETokenizer
from minigpt.training import Checkpoint

Array = np.ndarray
CORPUS, SNAPSHOT = 'lab.corpus', 'lab.snapshot.'


@dataclass(frozen=True)
class Lab:
    """A checkpoint and what belongs to it.

    `corpus`: the text in use. `name`: what its owner calls it; empty for the shipped one.
    `settings`: whatever JSON can hold, by name. `snapshots`: (update, token table (V, C)) in the
    order of training; may be empty.
    """
    checkpoint: Checkpoint
    corpus: str
    name: str = ''
    settings: dict = field(default_factory=dict)
    snapshots: tuple[tuple[int, Array], ...] = ()

    @property
    def model(self) -> GPT:
        return self.checkpoint.model

    @property
    def tokenizer(self) -> BPETokenizer:
        return self.checkpoint.tokenizer

    @property
    def metadata(self) -> dict[str, str]:
        return self.checkpoint.metadata

    def to_bytes(self) -> bytes:
        """The file's bytes."""
        return safetensors.to_bytes(*self.to_parts())

    def save(self, path: str | Path) -> None:
        """Write the file, whole or not at all."""
        safetensors.save(path, *self.to_parts())

    def to_parts(self) -> tuple[dict[str, Array], dict[str, str]]:
        """What its file holds: tensors and notes by name."""
        tensors, metadata = self.checkpoint.to_parts()
        # A lone surrogate, which some text boxes let through, is not UTF-8.
        text = self.corpus.encode('utf-8', 'replace')
        tensors[CORPUS] = np.frombuffer(text, np.uint8)
        tensors |= {f'{SNAPSHOT}{step}': table for step, table in self.snapshots}
        return tensors, metadata | {'lab': json.dumps({'name': self.name,
                                                       'settings': self.settings})}

    @classmethod
    def load(cls, path: str | Path) -> 'Lab':
        """Read a lab or a checkpoint; CheckpointError says what is wrong with the file."""
        return cls.from_parts(*safetensors.load(path), path)

    @classmethod
    def from_bytes(cls, data: bytes, path: str = 'file') -> 'Lab':
        """Like `load`, for bytes; `path` is only named in errors."""
        return cls.from_parts(*safetensors.from_bytes(data, path), path)

    @classmethod
    def from_parts(cls, tensors: dict[str, Array], metadata: dict[str, str], path) -> 'Lab':
        """The lab that `to_parts` took apart; `path` is only named in errors."""
        checkpoint = Checkpoint.from_parts(tensors, metadata, path)
        try:
            about = json.loads(checkpoint.metadata.pop('lab', '{}'))
            name, settings = about.get('name', ''), about.get('settings', {})
            if not isinstance(name, str) or not isinstance(settings, dict):
                raise ValueError('its name must be a string and its settings an object')
            corpus = (tensors[CORPUS].tobytes().decode('utf-8') if CORPUS in tensors
                      else shipped_corpus())
            return cls(checkpoint, corpus, name, settings, snapshots(checkpoint, tensors))
        except (AttributeError, ValueError) as error:
            raise CheckpointError('bad_checkpoint', path=path, reason=error) from error


def snapshots(checkpoint: Checkpoint, tensors: dict[str, Array]) -> tuple[tuple[int, Array], ...]:
    """The token tables of a file, in the order of training; ValueError for one that is none."""
    shape = checkpoint.model.params['wte.weight'].shape
    found = {int(name.removeprefix(SNAPSHOT)): table for name, table in tensors.items()
             if name.startswith(SNAPSHOT)}
    for step, table in found.items():
        if table.shape != shape or table.dtype != np.float32 or not np.isfinite(table).all():
            raise ValueError(f'snapshot {step} is not a token table {shape}')
    return tuple(sorted(found.items()))


@functools.cache
def shipped_lab() -> Lab:
    """The model, tokenizer and corpus that come with minigpt."""
    return Lab(shipped.load(), shipped_corpus())


@functools.cache
def shipped_corpus() -> str:
    return (shipped.folder() / shipped.CORPUS).read_text(encoding='utf-8')
