"""The lab: the one model, tokenizer and text that all pages and the terminal look at.

A lab is kept in one file: a checkpoint with a few things more in it, so that whatever takes a
checkpoint takes a lab, and a plain checkpoint opens as a lab with the shipped corpus.

    tensors   'lab.corpus'         the text the model learnt from, UTF-8 bytes
              'lab.snapshot.100'   (P,) all weights after 100 updates, float16
    metadata  'lab'                JSON: name, settings
"""

import functools
import json
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from minigpt import shipped
from minigpt.errors import CheckpointError, Flaw, flaw, require
from minigpt.formats import safetensors
from minigpt.nn.model import GPT
from minigpt.tokenizer import BPETokenizer
from minigpt.training import Checkpoint
from minigpt.training.snapshots import DTYPE

Array = np.ndarray
CORPUS, SNAPSHOT = 'lab.corpus', 'lab.snapshot.'


@dataclass(frozen=True)
class Lab:
    """A checkpoint and what belongs to it.

    `corpus`: the text in use. `name`: what its owner calls it; empty for the shipped one.
    `settings`: whatever JSON can hold, by name. `snapshots`: earlier states of the model, as
    (updates, weights (P,) float16) in the order of training; may be empty.
    """
    checkpoint: Checkpoint
    corpus: str
    name: str = ''
    settings: dict = field(default_factory=dict)
    snapshots: tuple[tuple[int, Array], ...] = ()

    def __repr__(self) -> str:
        """In a line: what it holds fills screens."""
        return (f'Lab({self.name!r}, {self.model.n_params:,} parameters, step {self.step}, '
                f'{len(self.corpus):,} characters, {len(self.snapshots)} snapshots)')

    @property
    def model(self) -> GPT:
        return self.checkpoint.model

    @property
    def tokenizer(self) -> BPETokenizer:
        return self.checkpoint.tokenizer

    @property
    def metadata(self) -> dict[str, str]:
        return self.checkpoint.metadata

    @property
    def step(self) -> int | None:
        """How many updates made the model, where its notes say so."""
        state, noted = self.checkpoint.train_state, self.metadata.get('step', '')
        return state.step if state else int(noted) if noted.isdecimal() else None

    def at(self, step: int | None) -> 'Lab':
        """The lab as it was after `step` updates, a moment of its snapshots; itself for its own.

        Raises CheckpointError for a moment that was not kept.
        """
        if step == self.step:
            return self
        kept = dict(self.snapshots)
        if step not in kept:
            raise CheckpointError('no_snapshot', step=step, kept=', '.join(map(str, kept)))
        model = GPT(self.model.config, flat=kept[step].astype(np.float32))
        notes = {name: note for name, note in self.metadata.items() if name != 'validation_loss'}
        return replace(self, checkpoint=Checkpoint(model, self.tokenizer,
                                                   notes | {'step': str(step)}),
                       snapshots=tuple(it for it in self.snapshots if it[0] < step))

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
        tensors |= {f'{SNAPSHOT}{step}': flat for step, flat in self.snapshots}
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
            require(checkpoint.model.gives_numbers(), 'broken')  # no page could show it
            about = json.loads(checkpoint.metadata.pop('lab', '{}'))
            name, settings = about.get('name', ''), about.get('settings', {})
            if not isinstance(name, str) or not isinstance(settings, dict):
                raise Flaw('flaw.lab_notes')
            corpus = (tensors[CORPUS].tobytes().decode('utf-8') if CORPUS in tensors
                      else shipped_corpus())
            return cls(checkpoint, corpus, name, settings, snapshots(checkpoint, tensors))
        except (AttributeError, ValueError) as error:
            raise CheckpointError('bad_checkpoint', path=path, reason=flaw(error)) from error


def snapshots(checkpoint: Checkpoint, tensors: dict[str, Array]) -> tuple[tuple[int, Array], ...]:
    """The earlier states of a file, in the order of training; Flaw for one that is none.

    Files of earlier versions hold token tables (V, C) under the same name: they are passed over.
    """
    model = checkpoint.model
    found = {int(name.removeprefix(SNAPSHOT)): flat for name, flat in tensors.items()
             if name.startswith(SNAPSHOT) and flat.shape != model.params['wte.weight'].shape}
    for step, flat in found.items():
        if flat.shape != model.flat.shape or flat.dtype != DTYPE or not np.isfinite(flat).all():
            raise Flaw('flaw.other_snapshot', step=step, params=model.n_params)
    return tuple(sorted(found.items()))


@functools.cache
def shipped_lab() -> Lab:
    """The model, tokenizer and corpus that come with minigpt."""
    return Lab(shipped.load(), shipped_corpus())


@functools.cache
def shipped_corpus() -> str:
    return (shipped.folder() / shipped.CORPUS).read_text(encoding='utf-8')
