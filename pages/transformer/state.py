"""The transformer page's state as a link carries it."""

from minigpt.nn.ablation import switches
from pages.first_text import first_text
from pages.lab import lab
from pages.locale import text
from pages.settings import each, one_of, whole
from pages.transformer.kin import SWITCHES
from pages.transformer.neurons import ORDERS

FIRST_PROMPT = text('pt')['transformer']['examples'][0]
PARTS = ('in', 'ln_1', 'heads', 'attn', 'add_attn', 'ln_2', 'neurons', 'mlp', 'add_mlp', 'out')
FIRST_PART = 'neurons'
KIN = tuple(name for name in SWITCHES if name != 'gpt2')
LONGEST = 2000  # characters of a text that a link carries


def read_state(query: dict[str, str]) -> dict:
    """The page's params; what a link does not say, or cannot mean, is as at first."""
    config = lab().model.config
    parts = switches(config)
    off = each(query, 'off', query.get('off', '').split(','),
               lambda it: it if it in parts else None)
    return {'prompt': query.get('text', first_text(FIRST_PROMPT)),
            'off': [it for it in parts if it in off],
            'part': one_of(query, 'part', PARTS, FIRST_PART),
            'order': one_of(query, 'order', ORDERS, ORDERS[0]),
            'kin': one_of(query, 'kin', KIN, KIN[0]),
            'place': whole(query, 'at', range(config.block_size), -1),
            'layer': whole(query, 'block', range(1, config.n_layer + 1), 1) - 1,
            'neuron': whole(query, 'neuron', range(config.mlp_width), -1),
            'word': whole(query, 'word', range(config.vocab_size), -1)}


def write_state(page) -> dict[str, str]:
    """What `read_state` reads, without what is as at first."""
    state = {'text': page.prompt, 'at': str(page.place), 'block': str(page.layer + 1),
             'part': page.part, 'off': ','.join(page.off), 'neuron': str(page.neuron),
             'word': str(page.word), 'order': page.order, 'kin': page.kin}
    first = {'text': first_text(FIRST_PROMPT), 'at': '-1', 'block': '1', 'part': FIRST_PART, 'off': '',
             'neuron': '-1', 'word': '-1', 'order': ORDERS[0], 'kin': KIN[0]}
    return {key: value for key, value in state.items()
            if value != first[key] and len(value) <= LONGEST}
