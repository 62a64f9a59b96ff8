"""minigpt: a GPT to take apart. Text → ids → vectors → logits → text, in NumPy alone."""

from minigpt.chunking import chunk
from minigpt.errors import MinigptError
from minigpt.inference import generate
from minigpt.nn import GPT, GPTConfig, Trace
from minigpt.tokenizer import BPETokenizer
from minigpt.training import Checkpoint, TrainConfig, train

__version__ = '0.1.0'

__all__ = ['BPETokenizer', 'Checkpoint', 'GPT', 'GPTConfig', 'MinigptError', 'Trace',
           'TrainConfig', 'chunk', 'generate', 'train']
