"""From a prompt to text: the KV cache, sampling, generation, beams, and how likely a text is."""

from minigpt.inference.batch import BatchToken, generate_batch
from minigpt.inference.beam import Beam, BeamStep, beam_search
from minigpt.inference.generate import GeneratedToken, generate
from minigpt.inference.kv_cache import KVCache
from minigpt.inference.likelihood import log_probs, log_probs_and_entropies, perplexity
from minigpt.inference.sampling import Distribution, next_token_distribution
from minigpt.inference.stop import generate_text, until_stop

__all__ = ['Beam', 'BeamStep', 'BatchToken', 'Distribution', 'GeneratedToken', 'KVCache',
           'beam_search', 'generate', 'generate_batch', 'generate_text', 'log_probs',
           'log_probs_and_entropies', 'next_token_distribution', 'perplexity', 'until_stop']
