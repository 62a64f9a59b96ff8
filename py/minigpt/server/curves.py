"""The losses of a training, read from the events that its process wrote down."""

import contextlib
import json
from pathlib import Path

POINTS = 1000  # of a curve that is told


def read_curves(path: Path) -> dict[str, list]:
    """[update, nats per token] of batches and of held-out text, at most POINTS of each; a line
    that a crash cut is passed over, and a file that is not there is empty."""
    found: dict[str, list] = {'loss': [], 'validation_loss': []}
    for line in path.read_text(encoding='utf-8').split('\n') if path.exists() else []:
        with contextlib.suppress(ValueError):
            event = json.loads(line)
            if event['event'] == 'TrainStep':
                found['loss'].append([event['step'], event['loss']])
            elif event['event'] == 'Evaluation':
                found['validation_loss'].append([event['step'], event['validation_loss']])
    return {name: thinned(points) for name, points in found.items()}


def thinned(points: list, most: int = POINTS) -> list:
    """Evenly many of them, the last one always."""
    every = -(-len(points) // most) or 1
    return points[len(points) - 1::-every][::-1] if points else []
