"""The curves of a run: both losses on one chart, and what moves them."""

import functools
import math

import panel as pn

from pages.components.curves import Curves
from pages.locale import text
from pages.training.history import Curve, History
from pages.training.settings import Settings

GROUP = 'training'
PLANNED = 200  # points of the schedule drawn
DASHES = ('dashed', 'dotted', 'dotdash')
GRID = """:host { display: grid !important; grid-template-columns: repeat(2, minmax(0, 1fr));
  gap: 20px 32px; } @media (max-width: 999px) { :host { grid-template-columns: minmax(0, 1fr); } }
"""


class ChartsView:
    """Five charts that share one upright."""

    def __init__(self, page):
        self.page = page
        settings = {'group': GROUP}
        self.loss = Curves(**settings, tall=320)
        self.rate = Curves(**settings, tall=170, digits=4)
        self.speed = Curves(**settings, tall=170, digits=0)
        self.gradients = Curves(**settings, tall=220, digits=3, log=True)
        self.ratios = Curves(**settings, tall=220, digits=5, log=True)
        self.all = {'loss': self.loss, 'gradients': self.gradients, 'ratios': self.ratios,
                    'rate': self.rate, 'speed': self.speed}
        for chart in self.all.values():
            chart.link(page, pinned='pinned')

    def small(self):
        """The four below the losses."""
        return pn.Column(self.gradients, self.ratios, self.rate, self.speed, stylesheets=[GRID],
                         sizing_mode='stretch_width')

    def relabel(self) -> None:
        words, tag = self.page.words, text(self.page.lang)['tag']
        for name, chart in self.all.items():
            chart.param.update(words=words['chart'] | words['charts'][name], locale=tag)

    def paint(self) -> None:
        for chart in self.all.values():
            chart.end = self.page.desk.total
        self.paint_curves()
        self._paint_marks()

    def paint_pinned(self) -> None:
        for chart in self.all.values():
            chart.pinned = self.page.pinned

    def paint_curves(self) -> None:
        """Whatever grew. The charts send no more than that."""
        history, words = self.page.desk.history, self.page.words['lines']
        self.loss.draw(self._losses(history))
        self.loss.newest = {} if history.under_way is None else {
            'batch': [history.step + 1, history.under_way]}
        self.rate.draw([self._plan(), line('rate', words['rate'], 'key', history.rate)])
        self.speed.draw([line('speed', words['speed'], 'value', history.speed)])
        self.gradients.draw([line('all', words['gradient'], 'ink', history.gradient, dash='dashed'),
                             *self._parts(history.gradients, 'gradient')])
        self.ratios.draw(self._parts(history.ratios, 'query'))

    def _losses(self, history: History) -> list[dict]:
        words = self.page.words['lines']
        lines = [line('batch', words['batch'], 'query', history.loss, faded=True),
                 line('train', words['train'], 'query', history.smooth),
                 line('validation', words['validation'], 'key', history.validation, dash='dashed')]
        for i, run in enumerate(self.page.desk.compared):
            name, key = (('validation', 'validation') if run.curves['validation'][0]
                         else ('loss', 'train'))
            x, y = run.curves[name]
            lines.append({
                'id': f'{run.id}', 'label': words['other'].format(name=run.name, curve=words[key]),
                'role': 'attention', 'dash': DASHES[i % len(DASHES)], 'faded': False,
                'version': run.step, 'x': x, 'y': y})
        return lines

    def _plan(self) -> dict:
        """The rates that the next run will have, or that the present one is to have."""
        session = self.page.desk.session
        settings = session.settings if session else self.page.settings
        return {'id': 'plan', 'label': self.page.words['lines']['plan'], 'role': 'soft',
                'dash': 'dotted', 'faded': False, **planned(settings)}

    def _parts(self, curves: dict[str, Curve], role: str) -> list[dict]:
        last = max(1, len(curves) - 1)
        return [line(part, part_name(part, self.page.words), role, curve,
                     dash='dashed' if part == 'head' else 'solid', share=i / last)
                for i, (part, curve) in enumerate(curves.items())]

    def _paint_marks(self) -> None:
        page, words = self.page, self.page.words['lines']
        size = page.desk.vocab_size
        moments = page.desk.session.moments.kept if page.desk.session else []
        self.loss.marks = {
            'y': [{'value': math.log(size), 'label': words['chance'].format(size=size)}],
            'x': [{'value': it.step, 'label': words['moment'].format(step=it.step)}
                  for it in moments]}
        self.ratios.marks = {'x': [], 'y': [{'value': 1e-3, 'label': words['thousandth']}]}


@functools.lru_cache(maxsize=8)
def planned(settings: Settings) -> dict:
    """Updates and rates of a run with these settings, at PLANNED places."""
    config = settings.train_config()
    every = max(1, config.steps // PLANNED)
    steps = [*range(0, config.steps, every)]
    return {'version': str(settings), 'x': [it + 1 for it in steps],
            'y': [config.rate_at(it) for it in steps]}


def line(key: str, label: str, role: str, curve: Curve, *, dash: str = 'solid',
         faded: bool = False, **more) -> dict:
    """A curve as the chart takes it."""
    return {'id': key, 'label': label, 'role': role, 'dash': dash, 'faded': faded,
            'version': curve.version, 'x': curve.x, 'y': curve.y, **more}


def part_name(part: str, words: dict) -> str:
    """A part of the model in words: 'h.0' → 'bloco 1'."""
    if part.startswith('h.'):
        return words['parts']['block'].format(number=int(part[2:]) + 1)
    return words['parts'][part]
