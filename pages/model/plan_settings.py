"""The numbers and choices of a plan, and how they stand in a link."""

from dataclasses import asdict, replace

from minigpt.nn.config import CHOICES, GPTConfig
from minigpt.nn.counts import GPT2_SIZES
from pages.settings import Knob, one_of

KNOBS = {'vocab_size': Knob('pv', 0, 1, 200_000, 1), 'block_size': Knob('pt', 0, 1, 8192, 1),
         'n_embd': Knob('pc', 0, 1, 8192, 1), 'n_head': Knob('ph', 0, 1, 128, 1),
         'n_layer': Knob('pl', 0, 1, 128, 1), 'n_kv_head': Knob('pk', 0, 1, 128, 1)}
SWITCHES = {'position': 'pp', 'norm': 'pn', 'activation': 'pa'}
LONG_NAMES = {f'plan_{name}': key for name, key in (
    *((name, knob.key) for name, knob in KNOBS.items()), *SWITCHES.items(), ('head', 'po'))}
HEAD = {'tied': True, 'untied': False}
PRESETS = {'gpt2': 'GPT-2 small', 'gpt2-medium': 'GPT-2 medium', 'gpt2-large': 'GPT-2 large',
           'gpt2-xl': 'GPT-2 XL'}


def values_of(config: GPTConfig) -> dict:
    """What the controls show for a configuration."""
    values = asdict(config) | {'n_kv_head': config.kv_heads}
    del values['dropout']
    return values


def config_of(values: dict) -> GPTConfig:
    """The configuration; ConfigError where the values do not fit together."""
    same = values['n_kv_head'] == values['n_head']
    return GPTConfig(**values | ({'n_kv_head': None} if same else {}))


def preset_of(values: dict, own: GPTConfig) -> str:
    """Which known machine this is, or 'custom'."""
    known = {'own': own} | GPT2_SIZES
    return next((name for name, config in known.items() if values_of(config) == values), 'custom')


def read(query: dict[str, str], own: GPTConfig) -> dict:
    """The values of a link; the lab's where it gives none that fits."""
    values = values_of(GPT2_SIZES.get(one_of(query, 'plan', GPT2_SIZES, ''), own))
    for name, knob in KNOBS.items():
        values[name] = int(replace(knob, default=values[name]).read(query))
    for name, key in SWITCHES.items():
        values[name] = one_of(query, key, CHOICES[name], values[name])
    values['tied_head'] = HEAD[one_of(query, 'po', HEAD, 'tied' if values['tied_head'] else
                                      'untied')]
    return values


def write(values: dict, own: GPTConfig) -> dict[str, str]:
    """What `read` reads, without what is as in the lab's model or in the preset."""
    preset = preset_of(values, own)
    if preset == 'own':
        return {}
    if preset != 'custom':
        return {'plan': preset}
    first, state = values_of(own), {}
    for name, knob in KNOBS.items():
        if values[name] != first[name]:
            state[knob.key] = knob.write(values[name])
    for name, key in SWITCHES.items():
        if values[name] != first[name]:
            state[key] = values[name]
    if values['tied_head'] != first['tied_head']:
        state['po'] = 'tied' if values['tied_head'] else 'untied'
    return state
