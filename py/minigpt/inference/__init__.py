"""From a prompt to text: the KV cache, sampling, generation."""

from minigpt.inference.generate import GeneratedToken, generate
from minigpt.inference.kv_cache import KVCache
from minigpt.inference.sampling import Distribution, next_token_distribution

__all__ = ['Distribution', 'GeneratedToken', 'KVCache', 'generate', 'next_token_distribution']
