"""The whole GPT: ids → vectors → blocks → logits, and back again with gradients.

    x = token vector + position vector      (B, T, C)
    x = block(x), L times
    logits = norm(x) · head vectorsᵀ        (B, T, V)

GPT-2's head is the token table itself (tied): a word is likely when its own vector points where
the stream points.
"""

import numpy as np

from minigpt.backend import matmul
from minigpt.errors import ConfigError, TextError
from minigpt.nn.changes import Change
from minigpt.nn.config import GPTConfig
from minigpt.nn.embedding import embed_backward, embed_forward
from minigpt.nn.forward_pass import ForwardPass
from minigpt.nn.loss import cross_entropy_backward, cross_entropy_forward
from minigpt.nn.norms import norm_backward, norm_forward
from minigpt.nn.parameters import (NamedViews, count, initialise, parameter_shapes,
                                   subviews)
from minigpt.nn.stretches import in_stretches
from minigpt.nn.trace import Trace
from minigpt.nn.transformer import block_backward, block_forward

Array = np.ndarray


class GPT:
    """A GPT-2 style language model whose weights are one flat vector.

    `flat` holds all weights (float32; float64 for gradient checks), `params` names its parts. It
    may lie on a device (see `backend.devices`): then all that is computed lies there too.
    """

    def __init__(self, config: GPTConfig, rng: np.random.Generator | None = None,
                 dtype=np.float32, *, flat: Array | None = None):
        """Random weights from `rng`; without one all weights are 0, to be filled by the caller.

        With `flat` (P,) those are the weights, and shared, not copied.
        """
        self.config = config
        self.shapes = parameter_shapes(config)
        self.flat = np.zeros(count(self.shapes), dtype) if flat is None else flat
        self.params = NamedViews(self.flat, self.shapes)
        self._blocks = [subviews(self.params, f'h.{layer}.') for layer in range(config.n_layer)]
        if rng is not None:
            initialise(self.params, config.n_layer, rng)

    @property
    def n_params(self) -> int:
        return self.flat.size

    def forward(self, ids: Array, *, trace: Trace | None = None, kv_cache=None,
                change: Change | None = None) -> Array:
        """Logits for the token after each position.   (B, T) int -> (B, T, V)

        With a `KVCache` the ids continue the ones it has seen; keys and values are not recomputed.
        `change` may put another value in the place of a named one: see `nn.changes`.
        """
        def read(ids, kv_cache):
            return self._forward(ids, trace=trace, kv_cache=kv_cache, change=change,
                                 keep=False)[0]

        watched = trace is not None or change is not None
        if not watched and kv_cache is None and type(self.flat) is np.ndarray:
            return in_stretches(read, self.checked(ids), self.config, self.flat.dtype)
        return read(ids, kv_cache)

    def gives_numbers(self) -> bool:
        """Whether its weights are numbers, and what it gives for a few ids: a model whose training
        broke may have weights so large that its logits are none.
        """
        ids = np.arange(min(8, self.config.block_size, self.config.vocab_size))[None]
        with np.errstate(over='ignore', invalid='ignore'):
            return bool(np.isfinite(self.flat).all() and np.isfinite(self.forward(ids)).all())

    def loss(self, ids: Array, targets: Array) -> float:
        """Mean cross-entropy in nats per token, without gradients."""
        return cross_entropy_forward(self.forward(ids), self._targets(ids, targets))[0]

    def loss_and_grads(self, ids: Array, targets: Array, *, only_last: bool = False,
                       dropout_rng: np.random.Generator | None = None,
                       trace: Trace | None = None) -> tuple[float, NamedViews]:
        """Mean cross-entropy in nats per token, and its gradient for every parameter.

        ids, targets (B, T) int. The gradients are named views on one vector, `grads.flat`.
        With `only_last` the last prediction of each row is the only one that counts. Dropout
        happens only with a `dropout_rng`, in GPT-2's four places at one rate: what enters the first
        block, the attention weights, and what attention and MLP add to the stream. A `trace` records
        the way there and the way back, the gradients of the residual stream with a d: 'd.logits',
        'h.1.d.mlp', 'h.1.d.resid_mid'.
        """
        targets = self._targets(ids, targets)
        logits, caches = self._forward(ids, dropout_rng=dropout_rng, trace=trace)
        counted, targets = (it[:, -1:] if only_last else it for it in (logits, targets))
        loss, loss_cache = cross_entropy_forward(counted, targets)
        dlogits = cross_entropy_backward(loss_cache)
        if only_last:
            dcounted, dlogits = dlogits, np.zeros_like(logits)
            dlogits[:, -1:] = dcounted
        return loss, self._backward(dlogits, caches, trace)

    def _forward(self, ids: Array, *, trace=None, kv_cache=None, dropout_rng=None, change=None,
                 keep=True):
        """Logits, and with `keep` what backward needs: without it memory is free at once."""
        start = 0 if kv_cache is None else kv_cache.length
        p, ids = self.params, self._placed(ids, start)
        positions = np.arange(start, start + ids.shape[1])
        run = ForwardPass(self.config, positions, trace, kv_cache, dropout_rng, change, keep)
        x, embed_cache = embed_forward(ids, p, run)
        block_caches = []
        for layer, block in enumerate(self._blocks):
            x, cache = block_forward(x, block, run.at_layer(layer))
            if keep:
                block_caches.append(cache)
            del cache
        if kv_cache is not None:
            kv_cache.length += ids.shape[1]
        x, ln_f_cache = norm_forward(x, p, 'ln_f', self.config.norm)
        x = run.record('ln_f', x)
        logits = run.record('logits', matmul(x, self._head.T))
        return logits, (embed_cache, block_caches, ln_f_cache, x)

    def _backward(self, dlogits: Array, caches, trace: Trace | None = None) -> NamedViews:
        embed_cache, block_caches, ln_f_cache, x = caches
        grads = NamedViews(np.zeros_like(self.flat), self.shapes)
        V, C = self._head.shape
        dhead = grads['wte.weight' if self.config.tied_head else 'lm_head.weight']
        matmul(dlogits.reshape(-1, V).T, x.reshape(-1, C), out=dhead, accumulate=True)
        dx, norm_grads = norm_backward(matmul(dlogits, self._head), ln_f_cache, 'ln_f', self.config.norm)
        grads.add(norm_grads)
        run = ForwardPass(self.config, np.arange(dlogits.shape[1]), trace)
        run.record('d.logits', dlogits)
        run.record('d.ln_f', dx)
        for layer in reversed(range(self.config.n_layer)):
            dx, block_grads = block_backward(dx, block_caches[layer], run.at_layer(layer).record)
            grads.add(block_grads, prefix=f'h.{layer}.')
        # A tied token table was used twice, at the entrance and as the head: gradients add up.
        grads.add(embed_backward(dx, embed_cache))
        return grads

    @property
    def _head(self) -> Array:
        """(V, C): what the last vector is compared with, token by token."""
        return self.params['wte.weight' if self.config.tied_head else 'lm_head.weight']

    def _placed(self, ids, start: int = 0) -> Array:
        """The ids, checked, where the weights are."""
        return np.asarray(self.checked(ids, start), like=self.flat)

    def _targets(self, ids, targets) -> Array:
        """The targets, checked like ids and to be as many, where the weights are."""
        if np.shape(targets) != np.shape(ids):
            raise ConfigError('bad_targets_shape', shape=np.shape(ids), got=np.shape(targets))
        return self._placed(targets)

    def checked(self, ids, start: int = 0) -> Array:
        """The ids as a (B, T) integer array, or an error that says what is wrong with them.

        `start` counts the tokens before them.
        """
        ids = np.asarray(ids)
        if ids.ndim != 2 or not ids.size or not np.issubdtype(ids.dtype, np.integer):
            raise ConfigError('bad_ids_shape', shape=ids.shape, dtype=ids.dtype)
        if ids.min() < 0 or ids.max() >= self.config.vocab_size:
            raise ConfigError('id_out_of_range', low=ids.min(), high=ids.max(),
                              last=self.config.vocab_size - 1)
        if start + ids.shape[1] > self.config.block_size:
            raise TextError('beyond_context', got=start + ids.shape[1],
                            block_size=self.config.block_size)
        return ids
