"""How compression grows with the vocabulary: bytes per token after each merge."""

import math

from bokeh.models import Span

from pages.charts import LineChart
from pages.tokenizer.text_pieces import TextPieces

POINTS = 160  # along each line


class GrowthChart(LineChart):
    """A line for the corpus, one for the reader's text, and an upright where the slider stands."""

    def __init__(self, page):
        super().__init__(page, roles=('weights', 'query'), digits=(0, 2), height=320)
        self.here = Span(dimension='height', line_dash='dashed', line_width=2)
        self.figure.add_layout(self.here)
        self._names = {}
        self._first = 0  # tokens of the vocabulary without any merge

    def words(self, words: dict) -> None:
        """Title, axes and the lines' names."""
        self._names = words
        self.label(words['title'], words['x'], words['y'])

    def paint(self, text: TextPieces, corpus: TextPieces, n_merges: int) -> None:
        """Both lines, as far as they are counted."""
        limit = len(text.tokenizer.merges)
        self._first = text.tokenizer.vocab_size - limit
        places = sorted({round(limit * i / POINTS) for i in range(POINTS + 1)})
        self.draw([self._first + n for n in places], {
            self._names[name]: compression(pieces, places)
            for name, pieces in (('corpus', corpus), ('text', text))})
        self.mark(n_merges)

    def mark(self, n_merges: int) -> None:
        """Move the upright."""
        self.here.location = self._first + n_merges

    def _wear(self) -> None:
        super()._wear()
        self.here.line_color = self.colour('output')


def compression(pieces: TextPieces, places: list[int]) -> list[float]:
    """Bytes per token after so many merges; NaN while nobody counted, and for an empty text."""
    if not pieces.counts or not pieces.n_bytes:
        return [math.nan] * len(places)
    return [pieces.n_bytes / pieces.counts[n] for n in places]
