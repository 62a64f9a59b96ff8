"""From text to a trained model: batches, optimizer, schedule, the loop, checkpoints."""

from minigpt.training.checkpoint import Checkpoint
from minigpt.training.gradient_check import gradient_check
from minigpt.training.trainer import (Evaluation, Sample, TrainConfig, TrainState, TrainStep,
                                      train)

__all__ = ['Checkpoint', 'Evaluation', 'Sample', 'TrainConfig', 'TrainState', 'TrainStep',
           'gradient_check', 'train']
