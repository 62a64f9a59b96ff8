"""One file that is a model: weights, configuration, tokenizer and, to resume, training state."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from minigpt.errors import CheckpointError, Flaw, flaw
from minigpt.formats import safetensors
from minigpt.nn.config import GPTConfig
from minigpt.nn.model import GPT
from minigpt.nn.parameters import check_sizes
from minigpt.tokenizer import BPETokenizer
from minigpt.training.train_config import TrainConfig
from minigpt.training.trainer import TrainState

FORMAT = 'minigpt-1'


@dataclass
class Checkpoint:
    """What a checkpoint file holds. `metadata` are free notes, strings by name."""
    model: GPT
    tokenizer: BPETokenizer
    metadata: dict[str, str] = field(default_factory=dict)
    train_config: TrainConfig | None = None
    train_state: TrainState | None = None

    def save(self, path: str | Path) -> None:
        """Write a safetensors file, whole or not at all."""
        safetensors.save(path, *self.to_parts())

    def to_parts(self) -> tuple[dict[str, np.ndarray], dict[str, str]]:
        """What its file holds: tensors and notes by name. CheckpointError where a weight is not a
        number: nothing is written, over what may be there, that could not be read again.
        """
        if not np.isfinite(self.model.flat).all():
            raise CheckpointError('weights_not_numbers')
        tensors = dict(self.model.params)
        metadata = self.metadata | {
            'format': FORMAT, 'config': json.dumps(self.model.config.to_dict()),
            'tokenizer': self.tokenizer.to_json()}
        if self.train_state is not None:
            metadata |= progress(self.train_state)
            tensors |= state_tensors(self.train_state)
            metadata |= {'train_config': json.dumps(self.train_config.to_dict()),
                         'train_state': state_json(self.train_state)}
        return tensors, metadata

    @classmethod
    def load(cls, path: str | Path) -> 'Checkpoint':
        """Read a file written by `save`; CheckpointError says what is wrong with it."""
        return cls.from_parts(*safetensors.load(path), path)

    @classmethod
    def from_parts(cls, tensors: dict[str, np.ndarray], metadata: dict[str, str],
                   path: str | Path) -> 'Checkpoint':
        """The checkpoint that `to_parts` took apart; `path` is only named in errors."""
        metadata = dict(metadata)
        if metadata.pop('format', None) != FORMAT:
            raise CheckpointError('not_a_checkpoint', path=path)
        try:
            config = GPTConfig(**json.loads(metadata.pop('config')))
            check_sizes(tensors, config)
            model = GPT(config)
            tokenizer = BPETokenizer.from_json(metadata.pop('tokenizer'))
            fill(model, tensors)
            checkpoint = cls(model, tokenizer, metadata)
            if 'train_state' in metadata:
                checkpoint.train_config = TrainConfig(**json.loads(metadata.pop('train_config')))
                checkpoint.train_state = restored_state(checkpoint, tensors,
                                                        json.loads(metadata.pop('train_state')))
        except (KeyError, TypeError, ValueError) as error:
            raise CheckpointError('bad_checkpoint', path=path, reason=flaw(error)) from error
        if tokenizer.vocab_size != model.config.vocab_size:
            raise CheckpointError('vocabulary_differs', path=path, tokens=tokenizer.vocab_size,
                                  rows=model.config.vocab_size)
        return checkpoint


def progress(state: TrainState) -> dict[str, str]:
    """How far a run has come, as notes that `list_checkpoints` reads."""
    loss = state.best_validation_loss
    return {'step': str(state.step)} | ({'validation_loss': repr(loss)} if loss < np.inf else {})


def fill(model: GPT, tensors: dict[str, np.ndarray]) -> None:
    """Copy the tensors, of the model's precision or a lower one, into the model; Flaw if one
    is missing, misshapen or not finite.
    """
    for name, view in model.params.items():
        copy_into(view, name, tensors, lower=True)
        if not np.isfinite(view).all():
            raise Flaw('flaw.not_numbers', name=name)


def copy_into(view: np.ndarray, name: str, tensors: dict[str, np.ndarray],
              lower: bool = False) -> None:
    """Fill the view with the tensor of that name; Flaw unless it is of that shape and dtype,
    or of a `lower` precision where that is enough.
    """
    tensor = tensors[name]
    fits = tensor.dtype == view.dtype or (
        lower and tensor.dtype.kind == 'f' and np.can_cast(tensor.dtype, view.dtype))
    if tensor.shape != view.shape or not fits:
        raise Flaw('flaw.other_tensor', name=name, dtype=tensor.dtype, shape=tensor.shape,
                   expected=view.shape)
    view[...] = tensor


def state_tensors(state: TrainState) -> dict[str, np.ndarray]:
    return {f'optimizer.{name}': vector for name, vector in state.optimizer.memory.items()}


def state_json(state: TrainState) -> str:
    return json.dumps({'step': state.step, 'rng': state.rng.bit_generator.state,
                       'best_validation_loss': state.best_validation_loss,
                       'evaluations_since_best': state.evaluations_since_best})


def restored_state(checkpoint: Checkpoint, tensors: dict[str, np.ndarray], saved: dict):
    """The TrainState that `state_tensors` and `state_json` wrote down."""
    state = TrainState(checkpoint.model, checkpoint.train_config)
    for name, vector in state.optimizer.memory.items():
        copy_into(vector, f'optimizer.{name}', tensors)
    state.optimizer.steps = saved['step']
    state.rng.bit_generator.state = saved['rng']
    state.best_validation_loss = saved['best_validation_loss']
    state.evaluations_since_best = saved['evaluations_since_best']
    return state
