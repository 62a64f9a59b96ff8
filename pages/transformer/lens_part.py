"""What the model would say at each stop of the stream, and what each part did for one word."""

from collections.abc import Iterator

import numpy as np

from minigpt.inference.sampling import likeliest
from minigpt.nn.logit_lens import direct_contributions, logit_lens, stream_stops
from pages.charts import LineChart
from pages.components.lens import Lens
from pages.lab import lab, visible
from pages.layout import stack
from pages.part import Part
from pages.transformer.reading import shares

WORDS = 3  # named at each stop
CARD = {'ln_1': 'ln_1', 'attn': 'heads', 'ln_2': 'ln_2', 'mlp': 'neurons'}  # part → card


class LensPart(Part):
    """`without`: part → share of the word explained with that part off, as far as computed."""

    section = 'lens'

    def __init__(self, page):
        super().__init__(page)
        self.without: dict[str, float] = {}
        self._rows: list[dict] = []  # all of them but for what is tried
        self.lens = Lens(self.open)
        self.chart = LineChart(page, digits=(1, 2), height=220, roles=('weights', 'query'))

    def open(self, key: str) -> None:
        """A row was chosen: its block and its part in the picture."""
        block, _, part = key.rpartition('.')
        if block:
            self.page.choose_block(int(block.split('.')[1]), part=CARD[part])
        elif key == 'embed':
            self.page.choose_block(0, part='in')
        else:
            self.page.choose_block(lab().model.config.n_layer - 1, part='out')

    def effects(self) -> Iterator[None]:
        """Switch each part off by itself, all others on, and see what is left of the word."""
        self.without = {}
        page = self.page
        reading, place, target = page.reading, page.look.place, page.target
        for key in self._keys():
            part = 'position' if key == 'embed' else key
            self.without[key] = float(shares(reading.without(part)[place])[target])
            yield

    def _keys(self) -> list[str]:
        layers = range(self.page.reading.model.config.n_layer)
        return ['embed', *(f'h.{layer}.{part}' for layer in layers for part in CARD), 'ln_f']

    def paint(self) -> None:
        page = self.page
        if page.reading is None:
            self.lens.rows = []
            return
        token, target = (visible(int(i)) for i in (page.reading.ids[page.look.place], page.target))
        blanks = {'token': token, 'word': target}
        words = self.words
        self.lens.param.update(
            title=words['title'].format(**blanks), lead=words['lead'].format(**blanks),
            words=words['words'] | {'columns': {key: text.format(**blanks) for key, text in
                                                words['words']['columns'].items()}})
        self._look()
        self._paint_rows()
        self._paint_chart(token)

    def pin(self) -> None:
        """Another card is pinned in the picture."""
        self.lens.chosen = self._chosen()

    def paint_effects(self) -> None:
        """Only the rows: their last column fills while the parts are tried."""
        if self.page.reading is not None and self.without:
            self._paint_rows()

    def _look(self) -> None:
        """What the model says at each stop, and what each part gave: the same while parts are tried.
        """
        reading, place, keys = self.page.reading, self.page.look.place, self._keys()
        stream = np.stack([reading.now[_stop(key, reading)][0, place] for key in keys])
        said = shares(logit_lens(reading.model, stream))
        if 'ln_f' not in reading.off:
            said[-1] = shares(reading.now['logits'][0, place])
        direct, target = self._direct(keys), self.page.target
        self._rows = [self._row(key, it, target, direct[key]) for key, it in zip(keys, said)]

    def _paint_rows(self) -> None:
        sizes = [abs(it['direct']) for it in self._rows if it['direct'] is not None]
        word = visible(self.page.target)
        self.lens.param.update(rows=[self._tried(it, word) for it in self._rows],
                               bound=max(sizes, default=1.0) or 1.0, chosen=self._chosen())

    def _direct(self, keys) -> dict[str, float | None]:
        page = self.page
        found = direct_contributions(page.reading.model, page.reading.ids[None], page.reading.now,
                                     page.look.place, page.target)
        found['embed'] = found.pop('wte') + found.pop('wpe', 0.0)
        found['ln_f'] = found.pop('ln_f.bias')
        return {key: found.get(key) for key in keys}

    def _row(self, key: str, said: np.ndarray, target: int, direct: float | None) -> dict:
        page, words = self.page, self.words
        best, share, word = likeliest(said, WORDS).tolist(), float(said[target]), visible(target)
        block, _, part = key.rpartition('.')
        layer = int(block.split('.')[1]) + 1 if block else 0
        name = words['names'][part].format(layer=layer)
        kind = 'norm' if part.startswith('ln') else part if block else 'stream'
        about = words['about']['norm' if kind == 'norm' and block else 'stop'].format(
            name=name, word=word, share=page.percent(share), first=visible(best[0]),
            best=page.percent(said[best[0]]))
        if direct is not None:
            about += ' ' + words['about']['direct'].format(
                word=word, direct=page.number(direct, 2))
        return {'key': key, 'name': name, 'kind': kind, 'target': share, 'direct': direct,
                'words': [{'word': visible(i), 'share': float(said[i])} for i in best],
                'about': about}

    def _tried(self, row: dict, word: str) -> dict:
        """A row with what is left of the word without the part, once that is computed."""
        words, without, about = self.words['about'], self.without.get(row['key']), [row['about']]
        if without is not None:
            about.append(words['without'].format(
                name=row['name'], word=word, without=self.page.percent(without)))
        if row['kind'] not in ('norm', 'stream'):
            about.append(words['open'])
        return row | {'without': without, 'about': ' '.join(about)}

    def _chosen(self) -> str:
        page = self.page
        for part, card in CARD.items():
            if page.part == card:
                return f'h.{page.layer}.{part}'
        return ''

    def _paint_chart(self, token: str) -> None:
        """The stream's length at this token, and the mean over all of the text."""
        page, words = self.page, self.words['chart']
        lengths = np.array([np.linalg.norm(page.reading.now[name][0], axis=-1)
                            for name in stream_stops(page.reading.model.config.n_layer)])
        place = page.look.place
        self.chart.draw(np.arange(len(lengths)) / 2, {
            words['token'].format(token=token): lengths[:, place],
            words['mean'].format(count=lengths.shape[1]): lengths.mean(axis=1)})

    def relabel(self) -> None:
        self.lens.locale = self.tag
        words = self.words['chart']
        self.chart.label(words['title'], x=words['x'], y=words['y'])

    def layout(self):
        return stack(self.lens, self.chart)


def _stop(key: str, reading) -> str:
    """Where in the trace a row reads: the stream after the part, or what a norm gives."""
    return {'embed': 'embed', 'ln_f': f'h.{reading.model.config.n_layer - 1}.resid_post'}.get(
        key) or key.replace('.attn', '.resid_mid').replace('.mlp', '.resid_post')
