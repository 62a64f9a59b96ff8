"""The figures of one or two cuttings as table cells: each number, and how it came about."""

from minigpt.chunking.boundaries import EDGE_QUALITY
from minigpt.locale import decimal
from pages.chunking.cutting import Cutting
from pages.chunking.timing import Timing

FIGURES = ('count', 'mean', 'deviation', 'repeated', 'boundaries', 'whole', 'context', 'density')


class Figures:
    """Writes numbers and formulas in one language; `words` is the section `chunking`."""

    def __init__(self, words: dict, lang: str):
        self.words, self.lang = words, lang

    def number(self, value: float, digits: int = 0) -> str:
        return decimal(value, digits, self.lang).replace('-', '−')

    def percent(self, share: float) -> str:
        return self.number(100 * share, 1) + '%'

    def rows(self, cuttings: list[Cutting], unit: str) -> list[dict]:
        """One row per figure, one cell per cutting."""
        columns = [self._column(it, unit) for it in cuttings if it.quality]
        said = self.words['figures']['rows']
        return [{'name': said[name]['name'].format(unit=self.words['units'][unit]), 'cells': [
            {'text': column[name][0], 'about': said[name]['about'].format(**column[name][1])}
            for column in columns]} for name in FIGURES if columns]

    def _column(self, cutting: Cutting, unit: str) -> dict[str, tuple[str, dict]]:
        """Figure → the number as written, and what its formula is filled with."""
        q, source = cutting.quality, cutting.chunks[0].source
        count, length = self.number(q.count), len(cutting.text)
        sizes = {'sum': self.number(sum(cutting.sizes)), 'count': count,
                 'mean': self.number(q.mean, 1), 'unit': self.words['units'][unit],
                 'smallest': self.number(q.smallest), 'median': self.number(q.median, 1),
                 'largest': self.number(q.largest), 'deviation': self.number(q.deviation, 1)}
        sentences = len(source.sentence_list)
        kept = self.percent(q.context_preservation)
        density = self.number(cutting.bits / cutting.characters, 2)
        return {
            'count': (count, {'count': count, 'cuts': self.number(q.count - 1)}),
            'mean': (self.number(q.mean, 1), sizes), 'deviation': (sizes['deviation'], sizes),
            'repeated': (self.percent(q.repeated), {
                'chunks': self.number(cutting.characters), 'text': self.number(length),
                'repeated': self.percent(q.repeated)}),
            'boundaries': self._boundaries(q),
            'whole': (self.percent(q.whole_sentences), {
                'whole': self.number(round(q.whole_sentences * sentences)),
                'sentences': self.number(sentences), 'share': self.percent(q.whole_sentences)}),
            'context': (kept, {'kept': kept}),
            'density': (density, {'bits': self.number(cutting.bits), 'density': density,
                                  'chunks': self.number(cutting.characters)})}

    def _boundaries(self, q) -> tuple[str, dict]:
        """The mean of the cuts' marks, with each kind of cut in the sum."""
        edges, cuts = self.words['text']['edges'], sum(q.borders.values())
        kinds = sorted(q.borders, key=EDGE_QUALITY.get, reverse=True)
        sum_ = ' + '.join(f'{self.number(q.borders[kind])} × {self.number(EDGE_QUALITY[kind], 1)} '
                          f'({edges[kind]})' for kind in kinds)
        mean = self.number(q.boundary_preservation, 2)
        return mean, {'sum': f'({sum_}) ÷ {self.number(cuts)}' if cuts else '—', 'mean': mean}

    def timing_rows(self, timings: list[Timing]) -> list[dict]:
        """One row per strategy: chunks, milliseconds, megabytes a second with a bar."""
        speeds = [it.megabytes_per_second or 0 for it in timings]
        fastest = max(speeds, default=0) or 1
        return [{'name': self.words['strategies'][it.strategy]['name'],
                 'share': speed / fastest, 'cells': self._timing(it)}
                for it, speed in zip(timings, speeds, strict=True)]

    def _timing(self, it: Timing) -> list[dict]:
        said, ms = self.words['timing'], [1000 * second for second in it.seconds]
        blanks = {
            'count': self.number(it.chunks), 'ms': self.number(1000 * it.median, 3),
            'least': self.number(min(ms), 3), 'most': self.number(max(ms), 3),
            'times': self.number(len(ms)), 'runs': self.number(it.runs),
            'size': self.number(it.size / 1e6, 4), 'speed': self.number(it.megabytes_per_second, 1)}
        return [{'text': blanks['count'], 'about': said['counted'].format(**blanks)},
                {'text': blanks['ms'], 'about': said['median'].format(**blanks)},
                {'text': blanks['speed'], 'about': said['division'].format(**blanks)}]
