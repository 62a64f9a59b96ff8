"""One token followed: q·k, scale, mask, softmax, and the weighted sum of the values."""

import math

import numpy as np

from pages.attention.numbers import bracketed, stage_formula, terms, walk_values, written
from pages.components.heat_strip import HeatStrip
from pages.components.matrix import Matrix
from pages.components.said import Said
from pages.components.walk import Walk
from pages.layout import stack
from pages.locale import text


class WalkView:
    """The last part of the page."""

    def __init__(self, page):
        self.page = page
        self.head, self.walk, self.strip = Said(), Walk(page.choose_key), HeatStrip()
        self.dot = Said()
        self.sum = Matrix(self._tell, scale='diverging', cell=22)
        self.walk.param.watch(lambda event: page.param.update(step=event.new), 'step')

    @property
    def parts(self) -> list:
        return [self.head, self.walk, self.strip, self.dot, self.sum]

    def layout(self):
        return stack(self.head, self.walk, self.sum)

    def product(self):
        """q·k of one pair, which stands beside the matrix of all pairs."""
        return stack(self.strip, self.dot)

    def relabel(self) -> None:
        words, tag = self.page.words, text(self.page.lang)['tag']
        self.head.param.update(title=words['walk']['heading'], paragraphs=[words['walk']['lead']])
        self.walk.locale = tag
        self.strip.param.update(words=words['strip']['heat'], locale=tag)
        self.sum.param.update(words=text(self.page.lang)['matrix'], locale=tag,
                              row_axis=words['sum']['row'], column_axis=words['sum']['column'])

    def paint(self) -> None:
        page, words = self.page, self.page.words
        passes, query, key = page.passes, page.shown_query, page.shown_key
        values, facts = walk_values(passes, page.layer, page.head, query)
        blanks = {'query': passes.tokens[query], 'key': passes.tokens[key],
                  'layer': page.layer + 1, 'head': page.head + 1}
        self.walk.param.update(
            title=words['walk']['title'].format(**blanks), tokens=passes.tokens, values=values,
            words=self._words(facts), facts=facts, step=page.step, key=key)
        self._paint_dot(query, key, blanks)
        received = self._contributions(query)
        self.sum.param.update(
            values=received, rows=[*self._seen_tokens(query), words['sum']['total']],
            row=len(received) - 1, title=words['sum']['title'].format(**blanks))

    def _words(self, facts: dict) -> dict:
        """The walk's words, true also of what the reader changed."""
        words = self.page.words['walk']
        changed, columns, told = words['changed'], words['columns'], [*words['told']]
        if facts['temperature'] != 1:
            columns = columns | {'scaled': changed['scaled']}
        if not self.page.passes.what_if.mask:
            told[2] = changed['unmasked']
        if facts['forced']:
            told[4] = changed['forced']
        return words | {'columns': columns, 'told': told}

    def _paint_dot(self, query: int, key: int, blanks: dict) -> None:
        """q, k, and their product place by place."""
        page, words = self.page, self.page.words['strip']
        q = page.passes.at(page.layer, 'q')[page.head, query].astype(float)
        k = page.passes.at(page.layer, 'k')[page.passes.key_head(page.head), key].astype(float)
        largest = float(max(np.abs(q).max(), np.abs(k).max()))
        product = q * k
        self.strip.param.update(title=words['title'].format(**blanks), vectors=[
            {'name': words['q'].format(**blanks), 'values': q.tolist(), 'bound': largest},
            {'name': words['k'].format(**blanks), 'values': k.tolist(), 'bound': largest},
            {'name': words['product'], 'values': product.tolist(),
             'bound': float(np.abs(product).max())}])
        dot = page.passes.at(page.layer, 'dots')[page.head, query, key]
        self.dot.paragraphs = [words['dot'].format(
            **blanks, terms=terms(q, k, page.lang), dot=written(dot, 3, page.lang), width=len(q),
            root=written(math.sqrt(len(q)), 3, page.lang)),
            capital(stage_formula(page, 'weights', query, key))]

    def _seen(self, query: int) -> np.ndarray:
        """Places of the tokens in sight."""
        return np.flatnonzero(~self.page.passes.hidden[query])

    def _seen_tokens(self, query: int) -> list[str]:
        return [self.page.passes.tokens[i] for i in self._seen(query)]

    def _contributions(self, query: int) -> np.ndarray:
        """weight × v for each token in sight, and the head's output below.   -> (S + 1, D)"""
        page, passes = self.page, self.page.passes
        seen = self._seen(query)
        weights = passes.at(page.layer, 'weights')[page.head, query, seen]
        v = passes.at(page.layer, 'v')[passes.key_head(page.head), seen]
        D = v.shape[-1]
        heads = passes.at(page.layer, 'heads')[query, page.head * D:(page.head + 1) * D]
        return np.concatenate([weights[:, None] * v, heads[None]])

    def _tell(self, row: int, column: int) -> str:
        """A cell's sum: weight × value; in the last row, all of them added up."""
        page, words = self.page, self.page.words['sum']
        if not page.passes:
            return ''
        passes, query, lang = page.passes, page.shown_query, page.lang
        seen = self._seen(query)
        if row >= len(seen):
            off = (page.layer, page.head) in passes.what_if.off
            return words['off' if off else 'added'].format(count=len(seen), place=column + 1)
        key = int(seen[row])
        weight = passes.at(page.layer, 'weights')[page.head, query, key]
        v = passes.at(page.layer, 'v')[passes.key_head(page.head), key, column]
        return words['term'].format(
            weight=written(weight, 3, lang), v=bracketed(v, 3, lang), token=passes.tokens[key],
            value=written(weight * v, 3, lang), place=column + 1)


def capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
