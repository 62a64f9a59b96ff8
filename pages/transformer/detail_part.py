"""The part of the block that the reader pinned, looked into."""

import numpy as np
import panel as pn

from pages.components.contexts import Contexts
from pages.components.heat_strip import HeatStrip
from pages.components.ranking import Ranking
from pages.components.said import Said
from pages.components.spread import Spread
from pages.lab import visible
from pages.layout import show
from pages.part import Part
from pages.transformer.neurons import NeuronView

BINS = 41
# What is hidden takes no place; two pictures stand side by side where there is room.
LAYOUT = """
:host { display: grid !important; grid-template-columns: minmax(0, 5fr) minmax(0, 7fr);
  gap: 8px 32px; align-items: start; }
:host > .full { grid-column: 1 / -1; }
@media (max-width: 999px) { :host { grid-template-columns: minmax(0, 1fr); gap: 12px; } }
"""
KINDS = {'in': 'vector', 'ln_1': 'norm', 'heads': 'heads', 'attn': 'vector', 'add_attn': 'vector',
         'ln_2': 'norm', 'neurons': 'neurons', 'mlp': 'vector', 'add_mlp': 'vector',
         'out': 'vector'}


class DetailPart(Part):
    """One of four pictures: the spread of a norm, heads, neurons, or vectors number by number."""

    section = 'detail'

    def __init__(self, page):
        super().__init__(page)
        self.head, self.spread, self.strip = (
            kind(css_classes=['full']) for kind in (Said, Spread, HeatStrip))
        self.heads, self.seen = Ranking(hue='attention'), Contexts()
        self.neurons = NeuronView(self)
        self.pictures = {'norm': [self.spread], 'vector': [self.strip],
                         'heads': [self.heads, self.seen], 'neurons': self.neurons.components}
        self.heads.param.watch(lambda *_: self._paint_seen(), 'pointed')

    def paint(self) -> None:
        page = self.page
        kind = KINDS.get(page.part, '') if page.reading is not None else ''
        for name, components in self.pictures.items():
            for it in components:
                show(it, name == kind)
        show(self.head, bool(kind))
        if not kind:
            return
        words = self.words[page.part]
        blanks = {'token': visible(int(page.reading.ids[page.look.place])), 'block': page.layer + 1,
                  'C': page.look.config.n_embd, 'heads': page.look.config.n_head}
        self.head.param.update(title=words['title'].format(**blanks),
                               paragraphs=[words['lead'].format(**blanks)])
        {'norm': self._paint_norm, 'vector': self._paint_vectors, 'heads': self._paint_heads,
         'neurons': self.neurons.paint}[kind]()

    def _paint_norm(self) -> None:
        """The C numbers before and after, in bins on one axis."""
        look, name = self.page.look, self.page.part
        vectors = {'before': look.vector('in' if name == 'ln_1' else 'mid'),
                   'after': look.vector(name)}
        bound = float(max(abs(it).max() for it in vectors.values())) or 1.0
        edges = np.linspace(-bound, bound, BINS + 1)
        words, number = self.words['spread'], self.page.number
        self.spread.param.update(title=words['title'], bound=bound, rows=[
            {'name': words[key], 'counts': np.histogram(x, edges)[0].tolist(),
             'mean': float(x.mean()), 'deviation': float(x.std()),
             'about': words['about'].format(mean=number(x.mean(), 2), deviation=number(x.std(), 2))}
            for key, x in vectors.items()])

    def _paint_vectors(self) -> None:
        """What comes in and what goes out, number by number."""
        look, part = self.page.look, self.page.part
        names = {'in': ['in'], 'out': ['out'], 'attn': ['attn.heads', 'attn.out'],
                 'add_attn': ['in', 'attn.out', 'mid'], 'mlp': ['mlp.out'],
                 'add_mlp': ['mid', 'mlp.out', 'out']}[part]
        vectors = {name: look.vector(name) for name in names}
        if part == 'in' and look.layer == 0 and look.config.position != 'rope':
            word = look.reading.model.params['wte.weight'][look.reading.ids[look.place]]
            vectors = {'wte': word, 'wpe': vectors['in'] - word, **vectors}
        bound = float(max(abs(it).max() for it in vectors.values())) or 1.0
        words = self.words['vectors']
        self.strip.param.update(title=words['title'], vectors=[
            {'name': words[name], 'values': np.round(it.astype(float), 6).tolist(), 'bound': bound}
            for name, it in vectors.items()])

    def _paint_heads(self) -> None:
        page, words = self.page, self.words['of_heads']
        look = page.look
        rows = []
        for head, weights in enumerate(look.weights()):
            best = int(weights.argmax())
            rows.append({'id': head, 'rank': '', 'value': page.percent(weights[best]),
                         'label': words['row'].format(
                             head=head + 1, seen=visible(int(look.reading.ids[best]))),
                         'part': float(weights[best]), 'about': ''})
        self.heads.param.update(title=words['list'], rows=rows)
        self._paint_seen()

    def _paint_seen(self) -> None:
        """The text as the head looked at sees it: the larger the weight, the darker."""
        page = self.page
        if page.reading is None or KINDS.get(page.part) != 'heads':
            return
        words, look = self.words['of_heads'], page.look
        head = self.heads.pointed if 0 <= self.heads.pointed < look.config.n_head else 0
        weights = look.weights()[head, :look.place + 1]
        self.seen.param.update(
            title=words['seen'].format(head=head + 1), rows=[], note=words['note'],
            lead=page.sums.head(head), tokens=[
                {'token': visible(int(i)), 'value': page.percent(weight),
                 'part': float(weight / weights.max())}
                for i, weight in zip(look.reading.ids, weights)])

    def relabel(self) -> None:
        words, tag = self.words, self.tag
        self.spread.param.update(words=words['spread'], locale=tag)
        self.strip.param.update(words=self.page.words['heat'], locale=tag)
        self.heads.locale = tag
        self.seen.words = words['of_heads']['places']
        self.neurons.relabel()

    def layout(self):
        components = [it for picture in self.pictures.values() for it in picture]
        return pn.Column(self.head, *components, stylesheets=[LAYOUT], sizing_mode='stretch_width')
