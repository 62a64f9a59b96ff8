"""Which heads decide the next word: each switched off alone, and what that changes."""

from pages.attention.numbers import percent
from pages.attention.passes import moved
from pages.components.ranking import Ranking
from pages.lab import lab, visible
from pages.layout import show
from pages.locale import text

SHOWN = 5


class Deciders:
    """The list; it grows while the page switches one head off after the other."""

    def __init__(self, page):
        self.page = page
        self.list = Ranking(page.open_head, hue='output')

    def relabel(self) -> None:
        self.list.param.update(title=self.page.words['deciders']['title'],
                               locale=text(self.page.lang)['tag'])

    def paint(self) -> None:
        passes = self.page.passes
        show(self.list, bool(passes and passes.without))
        if not passes or not passes.without:
            self.list.rows = []
            return
        words, config = self.page.words['deciders'], passes.model.config
        self.list.param.update(rows=self._rows(passes), lead=words['lead'].format(
            done=len(passes.without), count=config.n_layer * config.n_head))

    def _rows(self, passes) -> list[dict]:
        """The heads that move most probability, most first."""
        page, words = self.page, self.page.words['deciders']
        before = passes.next_shares()[0]
        shares = {head: moved(before, after) for head, after in passes.without.items()}
        best = sorted(shares, key=shares.get, reverse=True)[:SHOWN]
        first = visible(int(before.argmax()))
        rows = []
        for rank, (layer, head) in enumerate(best, 1):
            after, share = passes.without[layer, head], shares[layer, head]
            blanks = {'layer': layer + 1, 'head': head + 1, 'moved': percent(share, page.lang),
                      'first': first, 'now': visible(int(after.argmax())),
                      'before': percent(before.max(), page.lang),
                      'after': percent(after[before.argmax()], page.lang)}
            same = after.argmax() == before.argmax()
            rows.append({'id': layer * lab().model.config.n_head + head, 'rank': rank,
                         'label': words['label'].format(**blanks), 'value': blanks['moved'],
                         'part': share, 'exact': share,
                         'mark': '' if same else words['mark'].format(**blanks),
                         'about': words['same' if same else 'other'].format(**blanks)})
        return rows
