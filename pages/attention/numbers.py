"""The sums behind the numbers of the attention page, with their values."""

import math

import numpy as np

from minigpt.locale import decimal
from pages.locale import text


def written(value: float, digits: int, lang: str) -> str:
    """A number as the language writes it, with a true minus sign; −∞ as such."""
    if math.isinf(value):
        return '−∞'
    return decimal(float(value), digits, lang).replace('-', '−')


def bracketed(value: float, digits: int, lang: str) -> str:
    """The same behind a sign: a negative number in brackets."""
    said = written(value, digits, lang)
    return f'({said})' if said.startswith('−') else said


def percent(share: float, lang: str, digits: int = 1) -> str:
    return decimal(100 * float(share), digits, lang) + '%'


def weight_formula(page, layer: int, head: int, query: int, key: int) -> str:
    """How the weight that `query` gives to `key` came to be."""
    passes, lang = page.passes, page.lang
    words = text(lang)['attention']['formula']
    if any(it[:3] == (layer, head, query) for it in passes.what_if.forced):
        return words['forced']
    scores = passes.at(layer, 'scores')[head, query]
    score, largest = float(scores[key]), float(scores.max())
    if math.isinf(score):
        return words['cut' if (layer, head, query, key) in passes.what_if.cut else 'hidden']
    powers = np.exp(scores.astype(np.float64) - largest)
    D, temperature = passes.model.config.head_width, passes.what_if.temperature
    blanks = {'dot': passes.at(layer, 'dots')[head, query, key], 'root': math.sqrt(D),
              'score': score, 'largest': largest, 'power': powers[key], 'sum': powers.sum(),
              'weight': passes.at(layer, 'weights')[head, query, key]}
    said = words['weight' if temperature == 1 else 'tempered'].format(
        temperature=decimal(temperature, 1, lang),
        **{name: (bracketed if name == 'largest' else written)(value, 3, lang)
           for name, value in blanks.items()})
    off = words['off'] if (layer, head) in passes.what_if.off else ''
    return f'{said} {off}'.strip()


def walk_rows(passes, layer: int, head: int, query: int) -> tuple[list[dict], dict]:
    """The rows and facts of a Walk: one token's attention, a row for each token of the text."""
    dots = passes.at(layer, 'dots')[head, query].astype(np.float64)
    scores = passes.at(layer, 'scores')[head, query].astype(np.float64)
    weights = passes.at(layer, 'weights')[head, query]
    root, temperature = math.sqrt(passes.model.config.head_width), passes.what_if.temperature
    largest = scores.max()
    powers = np.exp(scores - largest)
    forced = any(it[:3] == (layer, head, query) for it in passes.what_if.forced)
    rows = [{'token': token, 'dot': float(dot), 'scaled': float(dot / root / temperature),
             'score': None if math.isinf(score) else float(score), 'power': float(power),
             'weight': float(weight), 'forced': forced}
            for token, dot, score, power, weight
            in zip(passes.tokens, dots, scores, powers, weights, strict=True)]
    return rows, {'root': root, 'temperature': temperature, 'largest': float(largest),
                  'sum': float(powers.sum()), 'query': passes.tokens[query]}
