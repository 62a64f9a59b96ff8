"""The KV cache of the text: what is in it, how large it is, and what time it saves here."""

from collections.abc import Iterator

import numpy as np

from minigpt.bench.cache_saving import CacheSaving, cache_saving
from minigpt.inference import KVCache
from minigpt.nn.counts import FLOAT32, memory
from pages.charts import LineChart
from pages.components.cache_grid import CacheGrid
from pages.components.said import Said
from pages.inference.trial import Trial
from pages.lab import lab, visible
from pages.layout import beside, show, stack

TURNS = 7
POINTS = 8  # lengths measured


class Cache(Trial):
    """A real cache, filled with what the model sees for the token to come, while it is written."""

    section = 'cache'
    imports = ('from minigpt.inference import KVCache',)

    def __init__(self, page):
        super().__init__(page)
        self.cache: KVCache | None = None
        self.ids: list[int] = []               # what is in the cache
        self.found: dict[int, CacheSaving] = {}  # by length

    def layout(self) -> list:
        self.grid, self.size, self.said = CacheGrid(), Said(), Said()
        self.chart = LineChart(self.page, roles=('output', 'weights'), height=260)
        self.chart.figure.y_range.start = 0
        return [self.grid, beside('minmax(0, 5fr) minmax(0, 7fr)',
                                  stack(self.size, self.controls(), self.said), self.chart)]

    def relabel(self) -> None:
        words = self.words
        self.grid.param.update(title=words['title_of_grid'], words=words['grid'], locale=self.tag)
        self.chart.label(words['chart'], x=words['x'], y=words['y'])

    def forget(self) -> None:
        super().forget()
        self.cache, self.ids, self.found = None, [], {}

    # Filling

    def fill(self) -> None:
        """Read what the model sees for the token to come, remembered tokens not again."""
        ids = self.page.text.window_at(len(self.page.text.written))
        if self.ids == ids:
            return
        if self.cache is None or self.ids != ids[:len(self.ids)]:
            if self.ids[:len(ids)] == ids:
                self.cache.length = len(ids)  # a step back: the rest is as if never read
            else:
                self.cache = KVCache(lab().model.config, like=lab().model.flat)
        new = ids[self.cache.length:]
        if new:
            lab().model.forward(np.array([new]), kv_cache=self.cache)
        self.ids = ids

    def lengths(self) -> tuple[np.ndarray, np.ndarray]:
        """How long each key and each value in the cache is, over all heads: (L, T) each."""
        return tuple(np.sqrt(np.square(room[:, 0, :, :self.cache.length]).sum(axis=(1, 3)))
                     for room in (self.cache.keys, self.cache.values))

    def paint(self) -> None:
        super().paint()
        self.fill()
        keys, values = self.lengths()
        self.grid.cache = {
            'keys': np.round(keys, 3).tolist(), 'values': np.round(values, 3).tolist(),
            'tokens': [visible(i) for i in self.ids], 'room': lab().model.config.block_size,
            'bounds': [float(it.max(initial=0)) for it in (keys, values)]}
        self.size.paragraphs = self._size()

    def _size(self) -> list[str]:
        words, number, config = self.words, self.page.number, lab().model.config
        each = 2 * config.n_layer * config.kv_heads * config.head_width * FLOAT32
        whole = memory(config)
        blanks = {'layers': config.n_layer, 'heads': config.kv_heads, 'width': config.head_width,
                  'count': len(self.ids), 'room': config.block_size, 'each': number(each, 0),
                  'bytes': number(each * len(self.ids), 0),
                  'full': number(whole['kv cache'] / 1e3, 0),
                  'weights': number(whole['weights'] / 1e3, 0)}
        return [words['size'].format(**blanks), words['full'].format(**blanks)]

    # Measuring

    def run(self) -> None:
        """The time to the next token with and without the cache, at several lengths."""
        self.found = {}
        self.work.start(self.steps())

    def steps(self) -> Iterator[None]:
        size = lab().model.config.block_size
        ids = (self.ids * size)[:size]  # the time does not depend on which tokens they are
        lengths = sorted({max(1, round(size * part / POINTS)) for part in range(1, POINTS + 1)})
        runs = len(lengths) * (TURNS + 1)
        for run, step in enumerate(cache_saving(lab().model, ids, lengths, TURNS), 1):
            self.found[step.length] = step
            self.share = run / runs
            yield

    def paint_found(self) -> None:
        words, found = self.words, [self.found[length] for length in sorted(self.found)]
        self.said.paragraphs = self._told(found) if found else [words['invitation']]
        show(self.chart.box, len(found) > 1)
        if len(found) > 1:
            self.chart.draw([it.length for it in found], {
                words['cached']: [1e3 * it.cached for it in found],
                words['uncached']: [1e3 * it.uncached for it in found]})

    def _told(self, found: list[CacheSaving]) -> list[str]:
        number, last = self.page.number, found[-1]
        return [self.words['told'].format(
            length=last.length, cached=number(1e3 * last.cached, 2), turns=max(1, last.turns),
            uncached=number(1e3 * last.uncached, 2), ratio=number(last.ratio, 1))]

    def sources(self) -> list:
        return [KVCache, cache_saving]

    def script(self) -> list[str]:
        if not self.ids:
            return []
        return ['', '# The KV cache of what the model saw: the length of each key and each value',
                f'seen_ids = {self.ids}', 'cache = KVCache(lab.model.config, like=lab.model.flat)',
                'lab.model.forward(np.array([seen_ids]), kv_cache=cache)',
                "for name, room in (('keys', cache.keys), ('values', cache.values)):",
                '    stored = room[:, 0, :, :cache.length]',
                "    print(name, stored.nbytes, 'bytes')",
                '    print(np.sqrt(np.square(stored).sum(axis=(1, 3))).round(3))']
