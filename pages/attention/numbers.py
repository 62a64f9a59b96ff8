"""The sums behind the numbers of the attention page, with their values."""

import math

import numpy as np

from minigpt.locale import decimal
from pages.locale import text

STAGES = ('dots', 'scores', 'weights')  # of a head: what its picture can show


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


def stage_values(passes, stage: str, layer: int, head: int) -> np.ndarray:
    """(T, T): q·k, also of those out of sight; scores or weights, NaN for what is hidden."""
    values = passes.at(layer, stage)[head]
    return values if stage == 'dots' else np.where(passes.hidden, np.nan, values)


def stage_formula(page, stage: str, query: int, key: int) -> str:
    """The sum behind a cell of the opened head at this stage."""
    if stage == 'weights':
        return weight_formula(page, page.layer, page.head, query, key)
    passes, lang = page.passes, page.lang
    words = text(lang)['attention']['formula']
    dot = written(passes.at(page.layer, 'dots')[page.head, query, key], 3, lang)
    if stage == 'dots':
        q = passes.at(page.layer, 'q')[page.head, query]
        k = passes.at(page.layer, 'k')[passes.key_head(page.head), key]
        return words['dot'].format(terms=terms(q, k, lang), dot=dot)
    score = float(passes.at(page.layer, 'scores')[page.head, query, key])
    if math.isinf(score):
        return words['hidden' if passes.hidden[query, key] else 'cut']
    temperature = passes.what_if.temperature
    return words['score' if temperature == 1 else 'tempered_score'].format(
        dot=dot, root=written(math.sqrt(passes.model.config.head_width), 3, lang),
        score=written(score, 3, lang), temperature=decimal(temperature, 1, lang))


def terms(q: np.ndarray, k: np.ndarray, lang: str) -> str:
    """The first products of a sum of products: −0,10 × (−0,52) + (−1,68) × 2,88 + … """
    first = [f'{bracketed(a, 2, lang)} × {bracketed(b, 2, lang)}'
             for a, b in zip(q[1:3], k[1:3], strict=True)]
    first.insert(0, f'{written(q[0], 2, lang)} × {bracketed(k[0], 2, lang)}')
    return ' + '.join(first) + (' + …' if len(q) > 3 else '')


def walk_values(passes, layer: int, head: int, query: int) -> tuple[np.ndarray, dict]:
    """The values (T, 5) and facts of a Walk: one token's attention, a row for each token."""
    dots = passes.at(layer, 'dots')[head, query].astype(np.float64)
    scores = passes.at(layer, 'scores')[head, query].astype(np.float64)
    weights = passes.at(layer, 'weights')[head, query]
    root, temperature = math.sqrt(passes.model.config.head_width), passes.what_if.temperature
    largest = scores.max()
    powers = np.exp(scores - largest)
    forced = any(it[:3] == (layer, head, query) for it in passes.what_if.forced)
    values = np.stack([dots, dots / root / temperature, np.where(np.isinf(scores), np.nan, scores),
                       powers, weights], axis=1)
    return values, {'forced': forced, 'root': root, 'temperature': temperature,
                    'largest': float(largest), 'sum': float(powers.sum()),
                    'query': passes.tokens[query]}
