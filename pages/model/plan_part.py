"""A plan: another machine, drawn and counted before it exists. The lab's model stays."""

import param

from minigpt.errors import MinigptError
from minigpt.locale import decimal
from minigpt.nn.config import CHOICES, GPTConfig
from minigpt.nn.counts import GPT2_SIZES, memory, parts
from minigpt.nn.parameters import count, parameter_shapes
from pages.components.figure_table import FigureTable
from pages.components.fold import Fold
from pages.components.model_map import ModelMap
from pages.components.number_control import NumberControl
from pages.components.said import Said
from pages.components.segments import Segments
from pages.lab import lab
from pages.layout import beside, stack
from pages.model.boxes import groups
from pages.model.machine_part import drawn_group
from pages.model.names import Names
from pages.model.plan_counts import count_rows, memory_rows
from pages.part import Part
from pages.model.plan_settings import (HEAD, KNOBS, PRESETS, SWITCHES, config_of, preset_of, read,
                                       values_of, write)


class PlanPart(Part):
    """`values` are those of the controls; `config` the last ones that fit together."""

    values = param.Dict(default={})

    section = 'plan'

    def __init__(self, page):
        super().__init__(page)
        self.config: GPTConfig = lab().model.config
        self.error: MinigptError | None = None
        self.head, self.banner = Said(), Said()
        self.preset = Segments()
        self.knobs = {name: NumberControl(start=knob.start, end=knob.end, step=knob.step)
                      for name, knob in KNOBS.items()}
        self.switches = {name: Segments() for name in (*SWITCHES, 'head')}
        self.map = ModelMap(lambda name: None, scale='medium')
        self.counts, self.memory = FigureTable(), FigureTable()
        self.fold = Fold(objects=[*self.knobs.values(), *self.switches.values()])
        self._painting = False
        self._drawn: tuple = ()
        self.preset.param.watch(lambda event: self._choose_preset(event.new), 'value')
        for name, control in (self.knobs | self.switches).items():
            control.param.watch(lambda event, name=name: self._set(name, event.new), 'value')
        self.param.watch(lambda *_: page.paint(self), 'values')

    # State

    def restore(self, query: dict[str, str]) -> None:
        with param.discard_events(self):
            self.values = read(query, lab().model.config)
        self.config = lab().model.config
        self._drawn = ()

    def state(self) -> dict[str, str]:
        return write(self.values, lab().model.config)

    def _choose_preset(self, name: str) -> None:
        config = {'own': lab().model.config, **GPT2_SIZES}.get(name)
        if config and not self._painting:
            self.values = values_of(config)

    def _set(self, name: str, value) -> None:
        if self._painting:
            return
        if name == 'head':
            self.values = self.values | {'tied_head': HEAD[value]}
        elif name in KNOBS:
            before, changed = self.values, {name: int(value)}
            if name == 'n_head' and before['n_kv_head'] == before['n_head']:
                changed['n_kv_head'] = int(value)  # no GQA before, none now
            self.values = before | changed
        else:
            self.values = self.values | {name: value}

    # Painting

    def relabel(self) -> None:
        words, page = self.words, self.page
        self.head.param.update(title=words['title'], paragraphs=[words['lead']])
        self.fold.label = words['controls']
        for name, control in self.knobs.items():
            control.param.update(words=page.words['control'], locale=self.tag, **words['knobs'][name])
        self.preset.param.update(**words['preset'])
        for name, control in self.switches.items():
            options = HEAD if name == 'head' else CHOICES[name]
            control.param.update(label=words['choices'][name], options=[
                {'id': it, 'label': words['options'][it]} for it in options])
        self.map.param.update(words=page.words['map'] | {'hint': words['hint']}, locale=self.tag)
        self._drawn = ()

    def paint(self) -> None:
        self.error = None
        try:
            self.config = config_of(self.values)
        except MinigptError as error:
            self.error = error
        self._paint_controls()
        if (self.config, self.page.lang) != self._drawn:
            self._drawn = self.config, self.page.lang
            self._paint_plan()
        self.banner.paragraphs = [self.sentence(self.error)] if self.error else [self._said()]

    def _paint_controls(self) -> None:
        self._painting = True
        for name, control in self.knobs.items():
            control.value = self.values[name]
        for name in SWITCHES:
            self.switches[name].value = self.values[name]
        self.switches['head'].value = 'tied' if self.values['tied_head'] else 'untied'
        preset, words = preset_of(self.values, lab().model.config), self.words
        known = {'own': words['own'], **PRESETS}
        if preset == 'custom':
            known['custom'] = words['custom']
        self.preset.param.update(value=preset, options=[
            {'id': key, 'label': label} for key, label in known.items()])
        self._painting = False

    def _paint_plan(self) -> None:
        words, lang, config = self.words, self.page.lang, self.config
        names = Names(self.page, None)
        self.map.groups = [drawn_group(it, names)
                           for it in groups(config, config.block_size, every_block=False)]
        lead = words['counts']['lead'].format(T=decimal(config.block_size, 0, lang))
        self.counts.param.update(words=words['counts'] | {'lead': lead}, head=words['columns'],
                                 rows=count_rows(config, words, lang))
        self.memory.param.update(words=words['memory'], head=words['memory_columns'],
                                 rows=memory_rows(config, words, lang))

    def _said(self) -> str:
        lang, words = self.page.lang, self.words
        mine = count(parameter_shapes(self.config))
        name = {'own': words['own'], 'custom': words['custom'], **PRESETS}[
            preset_of(self.values, lab().model.config)]
        return words['banner'].format(name=name, parameters=decimal(mine, 0, lang),
                                      ratio=decimal(mine / lab().model.n_params, 2, lang))

    def layout(self):
        return stack(self.head, self.preset,
                     beside('280px minmax(0, 1fr)', self.fold, stack(self.banner, self.map)),
                     beside('minmax(0, 7fr) minmax(0, 5fr)', self.counts, self.memory))

    def sources(self) -> list:
        return [parts, memory]
