"""The whole GPT: ids → vectors → blocks → logits, and back again with gradients.

    x = token vector + position vector      (B, T, C)
    x = block(x), L times
    logits = layernorm(x) · token vectorsᵀ  (B, T, V)

The last step reuses the token table (a tied head): a word is likely when its own vector points
where the stream points.
"""

import numpy as np

from minigpt.errors import ConfigError, TextError
from minigpt.nn.config import GPTConfig
from minigpt.nn.loss import cross_entropy_backward, cross_entropy_forward
from minigpt.nn.ops import (embedding_backward, embedding_forward, layernorm_backward,
                            layernorm_forward)
from minigpt.nn.parameters import (NamedViews, count, initialise, parameter_shapes,
                                   subviews)
from minigpt.nn.trace import Trace, record
from minigpt.nn.transformer import block_backward, block_forward

Array = np.ndarray


class GPT:
    """A GPT-2 style language model whose weights are one flat vector.

    `flat` holds all weights (float32; float64 for gradient checks), `params` names its parts.
    """

    def __init__(self, config: GPTConfig, rng: np.random.Generator | None = None,
                 dtype=np.float32):
        """Random weights from `rng`; without one all weights are 0, to be filled by the caller."""
        self.config = config
        self.shapes = parameter_shapes(config)
        self.flat = np.zeros(count(self.shapes), dtype)
        self.params = NamedViews(self.flat, self.shapes)
        self._blocks = [subviews(self.params, f'h.{layer}.') for layer in range(config.n_layer)]
        if rng is not None:
            initialise(self.params, config.n_layer, rng)

    @property
    def n_params(self) -> int:
        return self.flat.size

    def forward(self, ids: Array, *, trace: Trace | None = None, kv_cache=None) -> Array:
        """Logits for the token after each position.   (B, T) int -> (B, T, V)

        With a `KVCache` the ids continue the ones it has seen; keys and values are not recomputed.
        """
        logits, _ = self._forward(ids, trace, kv_cache)
        return logits

    def loss_and_grads(self, ids: Array, targets: Array) -> tuple[float, NamedViews]:
        """Mean cross-entropy in nats per token, and its gradient for every parameter.

        ids, targets (B, T) int. The gradients are named views on one vector, `grads.flat`.
        """
        logits, caches = self._forward(ids)
        loss, loss_cache = cross_entropy_forward(logits, self._checked(targets))
        return loss, self._backward(cross_entropy_backward(loss_cache), caches)

    def loss(self, ids: Array, targets: Array) -> float:
        """Mean cross-entropy in nats per token, without gradients."""
        return cross_entropy_forward(self.forward(ids), self._checked(targets))[0]

    def _forward(self, ids: Array, trace: Trace | None = None, kv_cache=None):
        p, ids = self.params, self._checked(ids)
        start = 0 if kv_cache is None else kv_cache.length
        positions = np.arange(start, start + ids.shape[1])
        if positions[-1] >= self.config.block_size:
            raise TextError('beyond_context', got=start + ids.shape[1],
                            block_size=self.config.block_size)
        tokens, wte_cache = embedding_forward(ids, p['wte.weight'])
        places, wpe_cache = embedding_forward(positions, p['wpe.weight'])
        x = tokens + places
        record(trace, 'embed', x)
        block_caches = []
        for layer, block in enumerate(self._blocks):
            past = None if kv_cache is None else kv_cache.layer(layer)
            x, cache = block_forward(x, block, self.config.n_head, past=past, trace=trace,
                                     name=f'h.{layer}.')
            block_caches.append(cache)
        if kv_cache is not None:
            kv_cache.length += ids.shape[1]
        x, ln_f_cache = layernorm_forward(x, p['ln_f.weight'], p['ln_f.bias'])
        record(trace, 'ln_f', x)
        logits = x @ p['wte.weight'].T
        record(trace, 'logits', logits)
        return logits, (wte_cache, wpe_cache, block_caches, ln_f_cache, x)

    def _backward(self, dlogits: Array, caches) -> NamedViews:
        wte_cache, wpe_cache, block_caches, ln_f_cache, x = caches
        grads = NamedViews(np.empty_like(self.flat), self.shapes)
        V, C = self.params['wte.weight'].shape
        dx = dlogits @ self.params['wte.weight']
        np.matmul(dlogits.reshape(-1, V).T, x.reshape(-1, C), out=grads['wte.weight'])
        dx, grads['ln_f.weight'][:], grads['ln_f.bias'][:] = layernorm_backward(dx, ln_f_cache)
        for layer in reversed(range(self.config.n_layer)):
            dx, block_grads = block_backward(dx, block_caches[layer])
            for name, grad in block_grads.items():
                grads[f'h.{layer}.{name}'][...] = grad
        # The token table was used twice, at the entrance and as the head: its gradients add up.
        grads['wte.weight'] += embedding_backward(dx, wte_cache)
        grads['wpe.weight'][...] = embedding_backward(dx.sum(axis=0), wpe_cache)
        return grads

    def _checked(self, ids) -> Array:
        """The ids as a (B, T) integer array, or an error that says what is wrong with them."""
        ids = np.asarray(ids)
        if ids.ndim != 2 or not ids.size or not np.issubdtype(ids.dtype, np.integer):
            raise ConfigError('bad_ids_shape', shape=ids.shape, dtype=ids.dtype)
        if ids.min() < 0 or ids.max() >= self.config.vocab_size:
            raise ConfigError('id_out_of_range', low=ids.min(), high=ids.max(),
                              last=self.config.vocab_size - 1)
        return ids
