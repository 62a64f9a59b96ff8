"""Find checkpoints in a folder and tell them apart, reading only their headers."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from minigpt.errors import CheckpointError, Refused
from minigpt.formats import safetensors
from minigpt.nn.config import GPTConfig
from minigpt.training.checkpoint import FORMAT

ORDERS = {'loss': lambda entry: entry.validation_loss, 'step': lambda entry: -entry.step,
          'date': lambda entry: -entry.saved.timestamp()}


@dataclass(frozen=True)
class CheckpointEntry:
    """One checkpoint file. Without a measured loss `validation_loss` is infinite."""
    path: Path
    step: int
    validation_loss: float  # nats per token
    saved: datetime
    config: GPTConfig


def list_checkpoints(folder: str | Path, order: str = 'date') -> list[CheckpointEntry]:
    """The minigpt checkpoints in a folder: lowest loss, last step or newest first.

    Other files are passed over. CheckpointError if the folder cannot be read or the order is none.
    """
    if order not in ORDERS:
        raise CheckpointError('unknown_choice', name='order', got=order, choices=', '.join(ORDERS))
    folder = Path(folder)
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == '.safetensors')
    except OSError as error:
        raise CheckpointError('file_unreadable', path=folder, reason=Refused(error)) from error
    entries = [entry for path in paths if (entry := checkpoint_entry(path)) is not None]
    return sorted(entries, key=ORDERS[order])


def checkpoint_entry(path: Path) -> CheckpointEntry | None:
    """What the header of a file tells, or None if it is not one of our checkpoints."""
    try:
        metadata = safetensors.load_metadata(path)
        if metadata.get('format') != FORMAT:
            return None
        return CheckpointEntry(path, int(metadata.get('step', 0)),
                               float(metadata.get('validation_loss', 'inf')),
                               datetime.fromtimestamp(path.stat().st_mtime),
                               GPTConfig(**json.loads(metadata['config'])))
    except (ValueError, KeyError, TypeError):
        return None
