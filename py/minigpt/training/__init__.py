"""From text to a trained model: batches, optimizer, schedule, the loop, checkpoints."""

from minigpt.training.checkpoint import Checkpoint
from minigpt.training.checkpoint_list import list_checkpoints
from minigpt.training.gradient_check import gradient_check
from minigpt.training.pieces import Piece
from minigpt.training.run import Moved
from minigpt.training.snapshots import Snapshots
from minigpt.training.train_config import TrainConfig
from minigpt.training.trainer import Evaluation, Sample, TrainState, TrainStep, train

__all__ = ['Checkpoint', 'Evaluation', 'Moved', 'Piece', 'Sample', 'Snapshots', 'TrainConfig',
           'TrainState', 'TrainStep', 'gradient_check', 'list_checkpoints', 'train']
