"""The network: operations, attention, transformer block, model, loss, each with its backward."""

from minigpt.nn.config import GPTConfig
from minigpt.nn.model import GPT
from minigpt.nn.trace import Trace

__all__ = ['GPT', 'GPTConfig', 'Trace']
