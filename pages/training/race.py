"""Four optimizers from the same first weights, on the same batches: who is down first?"""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import panel as pn

from minigpt.errors import MinigptError, TrainingError
from minigpt.nn import GPT, GPTConfig
from minigpt.training.preparation import material, split_text
from minigpt.training.race import race
from pages.components.actions import Actions
from pages.components.curves import Curves
from pages.components.picker import Picker
from pages.components.said import Said
from pages.lab import lab
from pages.training.charts import line
from pages.training.history import SMOOTHING, Curve
from pages.training.part import Part
from pages.training.settings import Choice
from pages.work import Work

UPDATES = 150
CHARACTERS = 60_000   # of the text: enough for so few updates
SIZES = {'block_size': 32, 'n_embd': 32, 'n_head': 2, 'n_layer': 2}
BATCH = 8
RATES = Choice('rate', (1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0, 3.0))
RUNNERS = {'sgd': 1.0, 'momentum': 0.1, 'adam': 1e-2, 'adamw': 1e-2}
LOOKS = {'sgd': ('key', 'solid'), 'momentum': ('value', 'dashed'),
         'adam': ('attention', 'dotted'), 'adamw': ('query', 'dotdash')}
ROW = """:host { display: grid !important; gap: 12px;
  grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); }"""
STACK = ':host { display: grid !important; gap: 12px; grid-template-columns: minmax(0, 1fr); }'


class RacePart(Part):
    """`curves`: the smoothed loss of each runner; those in `out` have broken down."""

    section = 'race'

    def __init__(self, page):
        super().__init__(page)
        self.rates = dict(RUNNERS)
        self.curves = {name: Curve() for name in RUNNERS}
        self.out: dict[str, int] = {}
        self.error: MinigptError | None = None
        self.chance = 0.0
        self.intro, self.said = Said(), Said()
        self.pickers = {name: Picker() for name in RUNNERS}
        for name, picker in self.pickers.items():
            picker.param.watch(lambda event, name=name: self._set(name, event.new), 'value')
        self.actions = Actions(lambda name: getattr(self, name)())
        self.chart = Curves(tall=260, end=UPDATES)
        self.work = Work(self._running, page.broke)

    def layout(self):
        rates = pn.Column(*self.pickers.values(), stylesheets=[ROW], sizing_mode='stretch_width')
        return pn.Column(self.intro, rates, self.actions, self.chart, self.said,
                         stylesheets=[STACK], sizing_mode='stretch_width')

    # What the reader does

    def _set(self, name: str, written: str) -> None:
        self.rates[name] = RATES.read({'rate': written}, self.rates[name])

    def run(self) -> None:
        """A new race."""
        if self.page.running or self.work.running:
            return
        self.curves = {name: Curve() for name in RUNNERS}
        self.out, self.error = {}, None
        self.work.start(self._racing())

    def stop(self) -> None:
        self.work.stop()
        self.paint()

    def forget(self) -> None:
        self.work.stop()

    def _racing(self) -> Iterator[None]:
        yield
        try:
            yield from self._updates()
        except MinigptError as error:
            self.error = error

    def _updates(self) -> Iterator[None]:
        training, held_out = split_text(self.page.text[:CHARACTERS])
        tokenizer = lab().tokenizer
        ids = material(training + held_out, [], tokenizer, SIZES['block_size']).data
        config = GPTConfig(tokenizer.vocab_size, **SIZES)
        model = GPT(config, np.random.default_rng(self.page.settings.seed))
        self.chance = math.log(config.vocab_size)
        run = replace(self.page.settings.train_config(), steps=UPDATES, batch_size=BATCH, warmup=5,
                      watch_every=0, patience=0, accumulate=1, eval_every=10**6)
        mean: dict[str, float] = {}
        for name, event in race(model, ids, run, dict(self.rates)):
            if isinstance(event, TrainingError):
                self.out[name] = event.values['step']
            else:
                mean[name] = SMOOTHING * mean.get(name, event.loss) + (1 - SMOOTHING) * event.loss
                self.curves[name].add(event.step, min(mean[name], 3 * self.chance))
            yield

    # What is shown

    def relabel(self) -> None:
        words, page = self.words, self.page
        self.intro.param.update(title=words['title'], paragraphs=[words['lead']])
        for name, picker in self.pickers.items():
            picker.label = words['rate'].format(name=self._name(name))
            picker.note = words['notes'][name]
            picker.options = [{'id': RATES.write(it), 'label': RATES.write(it).replace(
                '.', ',' if page.lang == 'pt' else '.')} for it in RATES.options]
            picker.value = RATES.write(self.rates[name])
        self.chart.param.update(words=page.words['chart'] | words['chart'], locale=self.tag)
        self.actions.words = words
        self.paint()

    def _name(self, runner: str) -> str:
        return self.page.words['settings']['optimizer']['options'][runner]

    def paint(self) -> None:
        page, words = self.page, self.words
        busy = page.words['actions']['is_running'] if page.running else ''
        going = words['going'] if self.work.running else ''
        self.actions.buttons = [
            {'id': 'run', 'label': words['run'], 'primary': False, 'reason': busy or going},
            {'id': 'stop', 'label': words['stop'], 'primary': False,
             'reason': '' if self.work.running else words['idle']}]
        self.said.paragraphs = self._told()
        self._paint_curves()

    def _running(self) -> None:
        if self.work.running and self.actions.buttons[0]['reason']:
            self._paint_curves()
        else:
            self.paint()

    def _paint_curves(self) -> None:
        if self.chance:
            self.chart.marks = {'x': [], 'y': [{'value': self.chance, 'label': self.page.words[
                'lines']['chance'].format(size=round(math.exp(self.chance)))}]}
        self.chart.styles = {'display': 'block' if any(it.y for it in self.curves.values())
                             else 'none'}
        self.chart.draw([line(name, self._name(name), LOOKS[name][0], curve, dash=LOOKS[name][1])
                         for name, curve in self.curves.items()])

    def _told(self) -> list[str]:
        words = self.words
        if self.error:
            return [self.page.sentence(self.error)]
        said = [words['out'].format(name=self._name(name), step=step)
                for name, step in self.out.items()]
        last = {name: curve.last() for name, curve in self.curves.items()
                if curve.y and name not in self.out}
        if last and not self.work.running:
            order = sorted(last, key=last.get)
            ranking = ', '.join(f'{self._name(it)} {self.number(last[it], 2)}' for it in order)
            said.append(words['result'].format(winner=self._name(order[0]), ranking=ranking))
        return said or [words['waiting']]
