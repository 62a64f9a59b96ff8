"""A run written down: one JSON object a line for the run itself, then one for each event."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from minigpt.errors import CheckpointError, Refused, flaw
from minigpt.tokenizer import BPETokenizer
from minigpt.training.checkpoint import Checkpoint
from minigpt.training.preparation import Material
from minigpt.training.run import Moved
from minigpt.training.trainer import Evaluation, Event, Sample, TrainStep
from minigpt.training.vitals import PartVitals

DIGITS = 6  # significant, of each number


def header(checkpoint: Checkpoint, material: Material) -> dict:
    """What is trained, on how much, and how."""
    validation = material.validation
    return {'event': 'Run', 'config': checkpoint.model.config.to_dict(),
            'train_config': checkpoint.train_config.to_dict(),
            'parameters': checkpoint.model.n_params, 'training_tokens': len(material.data),
            'held_out_tokens': 0 if validation is None else len(validation)}


def entry(event: Event, tokenizer: BPETokenizer) -> dict:
    """An event as JSON can hold it; a sample as its text."""
    kind = {'event': type(event).__name__}
    if isinstance(event, Sample):
        return kind | {'step': event.step, 'text': tokenizer.decode(event.ids)}
    if isinstance(event, Moved):
        return kind | {'step': event.step, 'backend': event.backend, 'reason': str(event.reason)}
    return kind | _short({name: value for name, value in asdict(event).items()
                          if value is not None})


def event_of(entry: dict) -> TrainStep | Evaluation | None:
    """The event of a line that holds one with numbers; None for the others."""
    values = {name: value for name, value in entry.items() if name != 'event'}
    if entry['event'] == 'Evaluation':
        return Evaluation(**values)
    if entry['event'] != 'TrainStep':
        return None
    if 'vitals' in values:
        values['vitals'] = {part: PartVitals(**it) for part, it in values['vitals'].items()}
    return TrainStep(**values)


def read_log(path: str | Path) -> Iterator[dict]:
    """The lines of a log. CheckpointError for a file that cannot be read or is none."""
    try:
        with open(path, encoding='utf-8') as lines:  # splitlines() would also cut at a text's U+2028
            yield from map(json.loads, lines)
    except OSError as error:
        raise CheckpointError('file_unreadable', path=path, reason=Refused(error)) from error
    except ValueError as error:
        raise CheckpointError('file_unreadable', path=path, reason=flaw(error)) from error


def _short(value):
    """Numbers with DIGITS significant digits: a curve needs no more, and a file may be small."""
    if isinstance(value, dict):
        return {name: _short(it) for name, it in value.items()}
    return float(f'{value:.{DIGITS}g}') if isinstance(value, float) else value
