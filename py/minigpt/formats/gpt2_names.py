"""GPT-2 as Hugging Face's `transformers` names it, and as minigpt does.

Both keep OpenAI's names and `[in, out]` weights, so most differences are at the edges:

    transformer.h.0.attn.c_attn.weight   GPT2LMHeadModel; GPT2Model leaves `transformer.` out
    h.0.attn.bias, h.0.attn.masked_bias  old files: the causal mask, not a weight
    lm_head.weight                       left out, or a copy of wte.weight, where the head is tied

Source: transformers, `models/gpt2/configuration_gpt2.py` and `modeling_gpt2.py`.
"""

import numpy as np

from minigpt.errors import Flaw
from minigpt.nn.config import GPTConfig

SIZES = {'vocab_size': 'vocab_size', 'n_positions': 'block_size', 'n_embd': 'n_embd',
         'n_head': 'n_head', 'n_layer': 'n_layer'}
ACTIVATIONS = {'gelu_new': 'gelu', 'gelu_pytorch_tanh': 'gelu', 'relu': 'relu'}
DROPOUTS = ('embd_pdrop', 'attn_pdrop', 'resid_pdrop')
DEFAULTS = {  # of GPT2Config, where config.json leaves an entry out
    'vocab_size': 50257, 'n_positions': 1024, 'n_embd': 768, 'n_head': 12, 'n_layer': 12,
    'activation_function': 'gelu_new', 'tie_word_embeddings': True, **dict.fromkeys(DROPOUTS, 0.1)}
FIXED = {'model_type': 'gpt2', 'layer_norm_epsilon': 1e-5, 'scale_attn_weights': True,
         'scale_attn_by_inverse_layer_idx': False, 'add_cross_attention': False}
PREFIX = 'transformer.'
MASKS = ('.attn.bias', '.attn.masked_bias')


def config_from_hf(settings: dict) -> GPTConfig:
    """The GPTConfig of a `config.json`; Flaw where it asks for what our GPT does not do.

    Of the three dropouts, which our model does not tell apart, the residual stream's is taken.
    """
    for name, value in FIXED.items():
        if settings.get(name, value) != value:
            raise Flaw('flaw.setting', name=name, got=settings[name], expected=value)
    settings = DEFAULTS | settings
    activation = settings['activation_function']
    if activation not in ACTIVATIONS:
        raise Flaw('flaw.setting_among', name='activation_function', got=activation,
                   expected=', '.join(ACTIVATIONS))
    if type(settings['tie_word_embeddings']) is not bool:
        raise Flaw('flaw.not_bool', name='tie_word_embeddings')
    if settings.get('n_inner') not in (None, 4 * settings['n_embd']):
        raise Flaw('flaw.setting', name='n_inner', got=settings['n_inner'], expected='4 · n_embd')
    return GPTConfig(**{ours: settings[theirs] for theirs, ours in SIZES.items()},
                     activation=ACTIVATIONS[activation], dropout=settings['resid_pdrop'],
                     tied_head=settings['tie_word_embeddings'])


def config_to_hf(config: GPTConfig) -> dict:
    """The `config.json` of a model; Flaw where `transformers`' GPT-2 has no such switch."""
    for name, value in [('position', 'learned'), ('norm', 'layernorm'),
                        ('kv_heads', config.n_head)]:
        if getattr(config, name) != value:
            raise Flaw('flaw.not_in_gpt2', name=name, got=getattr(config, name))
    activations = {ours: theirs for theirs, ours in reversed(ACTIVATIONS.items())}
    if config.activation not in activations:
        raise Flaw('flaw.not_in_gpt2', name='activation', got=config.activation)
    return {'architectures': ['GPT2LMHeadModel'], **FIXED,
            **{theirs: getattr(config, ours) for theirs, ours in SIZES.items()},
            'n_inner': None, 'activation_function': activations[config.activation],
            'tie_word_embeddings': config.tied_head, 'bos_token_id': None, 'eos_token_id': None,
            **dict.fromkeys(DROPOUTS, config.dropout)}


def names_from_hf(tensors: dict[str, np.ndarray], tied_head: bool) -> dict[str, np.ndarray]:
    """The tensors under our names, masks left out; Flaw if a tied head has its own values."""
    ours = {name.removeprefix(PREFIX): tensor for name, tensor in tensors.items()
            if not name.endswith(MASKS)}
    if tied_head and 'lm_head.weight' in ours:
        head = ours.pop('lm_head.weight')
        if not np.array_equal(head, ours.get('wte.weight')):
            raise Flaw('flaw.tied_differs')
    return ours


def names_to_hf(tensors: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The tensors as GPT2LMHeadModel names them; a tied head is left out, as transformers does."""
    return {name if name.startswith('lm_head.') else PREFIX + name: tensor
            for name, tensor in tensors.items()}
