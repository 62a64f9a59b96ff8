"""What the chunking page shows: its state, put into components and words."""

import numpy as np
import panel as pn

from minigpt.chunking.boundaries import EDGE_QUALITY
from minigpt.chunking.chunk import REASONS
from minigpt.locale import decimal
from pages.chunking.controls import ChunkingControls
from pages.chunking.cutting import Cutting
from pages.chunking.layout import LAYOUT, SIDE_BY_SIDE, STACK
from pages.chunking.measures import ChunkingMeasures
from pages.chunking.window import Window, described, neighbours, segments
from pages.components.chunk_map import ChunkMap
from pages.components.chunk_text import ChunkText
from pages.lab import lab
from pages.locale import text

DRAWN = 300  # chunks that a strip shows one by one; of more it shows how close they lie


class ChunkingView:
    """The components of one `pages.chunking.page.Chunking`, painted from its params."""

    def __init__(self, page):
        self.page = page
        self.controls, self.measures = ChunkingControls(page), ChunkingMeasures(page)
        self.map = ChunkMap(page.move)
        self.text, self.second = ChunkText(below=self.measures.figures), ChunkText()
        self.text.link(page, pinned='pinned')
        self.second.param.watch(lambda *_: self._paint_second(), 'pinned')

    def layout(self):
        texts = pn.Column(self.text, self.second, stylesheets=[SIDE_BY_SIDE],
                          sizing_mode='stretch_width')
        picture = pn.Column(self.map, texts, self.measures.layout(), stylesheets=[STACK],
                            sizing_mode='stretch_width')
        return pn.Column(self.controls.layout(), picture, stylesheets=[LAYOUT],
                         sizing_mode='stretch_width')

    def relabel(self) -> None:
        """All fixed words, in the page's language."""
        words, tag = self.page.words, text(self.page.lang)['tag']
        self.controls.relabel()
        self.measures.relabel()
        self.map.param.update(words=words['map'], locale=tag)
        for component in (self.text, self.second):
            component.param.update(words=words['text'], locale=tag)

    def paint(self) -> None:
        """Everything that follows the page's state."""
        self.controls.paint()
        self.paint_texts()
        self.measures.paint()

    def paint_texts(self) -> None:
        """What one sees move while the size is dragged."""
        self._paint_map()
        self._paint_text()
        self._paint_second()

    def paint_busy(self) -> None:
        """That a long text is being cut."""
        self.text.busy = self.page.words['cutting']
        self.controls.paint()
        self.measures.paint_speed()

    def _paint_map(self) -> None:
        page, words, window = self.page, self.page.words['map'], self.page.window
        length = len(page.cut.text) or 1
        begin, end = (window.begin, window.end) if window else (0, length)
        self.map.param.update(
            rows=[self._strip(it, length) for it in self.page.cuttings if it.chunks],
            begin=begin / length, end=end / length, more_before=begin > 0, more_after=end < length,
            place=words['place'].format(begin=self._number(begin), end=self._number(end),
                                        length=self._number(length)))

    def _strip(self, cutting: Cutting, length: int) -> dict:
        starts = np.array([chunk.start for chunk in cutting.chunks])
        name = self.page.words['strategies'][cutting.strategy]['name']
        drawn = ({'cuts': (starts / length).round(6).tolist()} if len(starts) <= DRAWN else
                 {'bins': np.histogram(starts, DRAWN, (0, length))[0].tolist()})
        key = 'one' if len(starts) == 1 else 'each' if len(starts) <= DRAWN else 'density'
        return {**drawn, 'said': self.page.words['map'][key].format(
            name=name, count=self._number(len(starts)))}

    def _paint_text(self) -> None:
        page = self.page
        self._paint_chunks(self.text, page.cut, page.window)
        chunk = page.pinned_chunk
        self.text.param.update(
            pinned=page.pinned, near=neighbours(page.cut.chunks, page.pinned) if chunk else [],
            busy=page.words['cutting'] if page.cutting.running else '')

    def _paint_second(self) -> None:
        page, cutting = self.page, self.page.compared
        shown = cutting is not None and bool(cutting.chunks)
        self.second.css_classes = [] if shown else ['absent']
        if not shown:
            return
        if self.second.pinned >= len(cutting.chunks):
            self.second.pinned = -1
        self._paint_chunks(self.second, cutting, page.window)
        pinned = self.second.pinned
        self.second.near = neighbours(cutting.chunks, pinned) if pinned >= 0 else []

    def _paint_chunks(self, component: ChunkText, cutting: Cutting,
                      window: Window | None) -> None:
        """One strategy's chunks on the window's stretch of the text."""
        words, chunks = self.page.words, cutting.chunks
        pieces = segments(chunks, window.begin, window.end) if window else []
        shown = range(pieces[0]['first'], pieces[-1]['last'] + 1) if pieces else []
        name = words['strategies'][cutting.strategy]['name']
        component.param.update(
            picture={'segments': pieces, 'qualities': EDGE_QUALITY,
                     'first': pieces[0]['last'] if pieces else 0,
                     'chunks': [described(chunks[i], i, lab().tokenizer) for i in shown]},
            count=len(chunks), totals=self._totals(cutting), legend=self._legend(cutting),
            title=words['empty' if not chunks else 'title_of_one' if len(chunks) == 1
                        else 'title'].format(name=name, count=self._number(len(chunks))),
            written_in='' if self.page.own_text else 'pt-BR')

    def _totals(self, cutting: Cutting) -> list[str]:
        """Characters of the text and of the chunks: what is repeated counts once, and each time."""
        if not cutting.chunks:
            return []
        page, words, number = self.page, self.page.words['totals'], self._number
        length = len(cutting.text)
        said = [words['text'].format(count=number(length)),
                words['chunks'].format(count=number(cutting.characters),
                                       repeated=number(cutting.characters - length))]
        if length < len(page.whole_text):
            said.append(words['beginning'])
        if not page.is_linked:
            said.append(words['not_linked'])
        return said

    def _legend(self, cutting: Cutting) -> list[dict]:
        said, reasons = self.page.words['text']['reasons'], cutting.reasons
        return [{'reason': it, 'said': f'{said[it]} ×{self._number(reasons[it])}'}
                for it in REASONS if reasons[it]]

    def _number(self, value: int) -> str:
        return decimal(value, 0, self.page.lang)
