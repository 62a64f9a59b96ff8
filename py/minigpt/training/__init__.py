"""From text to a trained model: batches, optimizer, schedule, the loop, checkpoints."""

from minigpt.training.checkpoint import Checkpoint
from minigpt.training.trainer import Evaluation, TrainConfig, TrainState, TrainStep, train

__all__ = ['Checkpoint', 'Evaluation', 'TrainConfig', 'TrainState', 'TrainStep', 'train']
