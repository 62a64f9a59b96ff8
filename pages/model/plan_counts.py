"""What a plan costs, as rows of numbers that tell how they were counted."""

from minigpt.locale import decimal
from minigpt.nn.config import GPTConfig
from minigpt.nn.counts import activations, memory, parts
from minigpt.nn.parameters import count, parameter_shapes


def count_rows(config: GPTConfig, words: dict, lang: str) -> list[dict]:
    """Parameters and operations of each part, and their sum, for a `FigureTable`."""
    found = parts(config)
    total = sum(it.parameters for it in found)
    flops = sum(it.flops for it in found)

    def whole(value: float) -> str:
        return decimal(value, 0, lang)

    def row(name: str, parameters: int, operations: int) -> dict:
        about = words['about']
        tied = about['tied'] if config.tied_head else about['untied'].format(
            V=config.vocab_size, C=config.n_embd)
        norms = 2 * config.n_layer + 1
        each = parameters // (norms if name == 'norms' else config.n_layer)
        blanks = {'V': config.vocab_size, 'C': config.n_embd, 'T': config.block_size,
                  'L': config.n_layer, 'each': whole(each), 'parameters': whole(parameters),
                  'tied': tied, 'flops': whole(operations), 'total': whole(total)}
        how = ('flops_total' if name == 'total' else 'scores' if name.startswith('attention scores')
               else 'product' if operations else 'no_product')
        share = parameters / total
        return {'name': words['rows'][name], 'share': share, 'cells': [
            {'text': whole(parameters), 'about': about[name].format(**blanks)},
            {'text': whole(operations), 'about': about[how].format(**blanks)},
            {'text': decimal(100 * share, 1, lang) + '%', 'about': about['share'].format(**blanks)}]}

    return [*(row(it.name, it.parameters, it.flops) for it in found), row('total', total, flops)]


def memory_rows(config: GPTConfig, words: dict, lang: str) -> list[dict]:
    """Bytes of each thing that is held, then what training and writing hold together."""
    held = memory(config)
    together = {'training': sum(held.values()) - held['kv cache'],
                'inference': held['weights'] + held['kv cache']}
    blanks = {'parameters': decimal(count(parameter_shapes(config)), 0, lang),
              'activations': decimal(activations(config), 0, lang), 'L': config.n_layer,
              'K': config.kv_heads, 'D': config.head_width, 'T': config.block_size}
    order = ('weights', 'gradients', 'optimizer', 'activations', 'training', 'kv cache',
             'inference')
    rows = []
    for name in order:
        value = (held | together)[name]
        share = value / together['training']
        rows.append({
            'name': words['memory_rows'][name], 'share': min(1, share), 'cells': [
                {'text': size_words(value, words['units'], lang),
                 'about': f'{words["memory_about"][name].format(**blanks)} = '
                          f'{words["units"]["bytes"].format(value=decimal(value, 0, lang))}'},
                {'text': decimal(100 * share, 1, lang) + '%',
                 'about': f'{decimal(value, 0, lang)} ÷ {decimal(together["training"], 0, lang)}'}]})
    return rows


def size_words(value: int, units: dict, lang: str) -> str:
    """'3,8 MB'; a thousand is a step, as disks count."""
    for unit, size in (('GB', 1e9), ('MB', 1e6), ('kB', 1e3)):
        if value >= size:
            return units[unit].format(value=decimal(value / size, 1, lang))
    return units['bytes'].format(value=decimal(value, 0, lang))
