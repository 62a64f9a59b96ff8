"""The tree of continuations on the screen: what the reader sees of it, and does with it."""

from collections.abc import Iterator

from pages.components.branches import Branches
from pages.inference.continuation import Branch, Continuation
from pages.inference.settings import write_branches
from pages.inference.tree import MOST, Tree, places
from pages.lab import visible
from pages.layout import show


class TreeView:
    """Every text that followed this prompt; the page shows one of them above."""

    def __init__(self, page):
        self.page = page
        self.tree = Tree()
        self.component = Branches(self.go, self.remove)

    def begin(self) -> None:
        """Another prompt: another tree."""
        self.tree = Tree()

    def keep(self) -> None:
        """The reader is about to leave the present text."""
        if self.page.text:
            self.tree.keep(self.page.text.branch())

    def grow(self, wanted: list[tuple[int, int, dict[int, int]]]) -> Iterator[None]:
        """Write the branches of a link again, token by token, with the page's knobs."""
        text, sampling = self.page.text, self.page.sampling
        for seed, count, picks in wanted[:MOST]:
            other = Continuation(text.model, text.prompt_ids, seed, text.end)
            while len(other.written) < count and not other.ended:
                other.step(sampling, picks.get(len(other.written)))
                yield
            self.tree.keep(other.branch())

    def link(self) -> str:
        """The other branches, for `grow`: those that the page's present knobs would write."""
        branches, current = self.branches
        return write_branches([
            (it.seed, len(it.written), it.picks) for place, it in enumerate(branches)
            if place != current
            and all(token.sampling == self.page.sampling for token in it.written)])

    @property
    def branches(self) -> tuple[list[Branch], int]:
        """All of them, and the place of the one shown above."""
        return self.tree.with_current(self.page.text.branch())

    def go(self, index: int, at: int) -> None:
        """Show a branch above, and speak of its token `at`; −1: of the one where it parts."""
        branches, current = self.branches
        if not 0 <= index < len(branches):  # it is gone since
            return
        self.page.stop()
        if at < 0:
            fork = next(it.fork for it in places([it.ids for it in branches]) if it.index == index)
            at = min(fork, len(branches[index].written) - 1)
        self.keep()
        if index != current or len(branches[index].written) != len(self.page.text.written):
            self.page.text.take(branches[index])
        self.page.look_at(at)

    def remove(self, index: int) -> None:
        """Forget a branch; where it is the one shown above, show another one."""
        branches, current = self.branches
        if len(branches) < 2 or not 0 <= index < len(branches):
            return
        self.page.stop()
        if index == current:
            places_now = places([it.ids for it in branches])
            parent = next(it.parent for it in places_now if it.index == index)
            other = parent if parent >= 0 else places_now[1].index
            self.tree.remove(branches[index])
            self.page.text.take(branches[other])
            self.page.look_at(0)
        else:
            self.tree.remove(branches[index])
            self.page.look_at(self.page.pinned)

    def paint(self) -> None:
        show(self.component, self.page.text is not None)
        if not self.page.text:
            self.component.rows = []
            return
        branches, current = self.branches
        words = self.page.words['tree']
        placed = places([it.ids for it in branches])
        lead = words['alone'] if len(branches) == 1 else words['lead']
        self.component.param.update(
            title=words['title'],
            lead=lead.format(count=len(branches), most=MOST),
            rows=[self._row(branches[it.index], it, it.index == current) for it in placed])

    def _row(self, branch: Branch, place, is_current: bool) -> dict:
        words, number = self.page.words['tree'], self.page.number
        before, after = branch.written[:place.fork], branch.written[place.fork:]
        figures = {'count': len(branch.written), 'bits': number(branch.surprise, 1)}
        return {'index': place.index, 'parent': place.parent, 'depth': place.depth,
                'from': place.fork, 'current': is_current,
                'column': sum(len(visible(it.token_id)) for it in before),
                'tokens': [{'token': visible(it.token_id), 'picked': it.picked} for it in after],
                'figures': words['figures'].format(**figures),
                'place': words['name' if place.parent >= 0 else 'first'].format(fork=place.fork)}

    def relabel(self) -> None:
        self.component.words = self.page.words['tree']
