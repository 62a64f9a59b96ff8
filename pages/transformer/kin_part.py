"""GPT-2's block beside one of its kin: formulas, sizes, numbers on the same text, and a race."""

import statistics

from minigpt.errors import MinigptError
from pages.charts import LineChart
from pages.components.actions import Actions
from pages.components.block import Block
from pages.components.figure_table import FigureTable
from pages.components.said import Said
from pages.components.segments import Segments
from pages.lab import lab
from pages.layout import beside, stack
from pages.part import Part
from pages.transformer.block_drawing import EMPTY, block_drawing
from pages.transformer.kin import (HOW, SIZES, SWITCHES, KinRace, block_parameters, cache_bytes,
                                   kin_config, scores_at_one_distance)
from pages.transformer.reading import Look, Reading

SHIFT = 8  # places that the same tokens are moved on
NEAR = 4   # tokens from the first to the last of them
ROLES = ('weights', 'query', 'attention', 'value', 'key')


class KinPart(Part):
    """`race`: the five models, new or on their way."""

    section = 'kin'

    def __init__(self, page):
        super().__init__(page)
        self.race = KinRace(lab())
        self.error: MinigptError | None = None
        self.head, self.told, self.fact = Said(), Said(), Said()
        self.choice, self.actions = Segments(), Actions(lambda name: getattr(self, name)())
        self.choice.link(page, value='kin')
        self.said = {side: Said() for side in ('ours', 'theirs')}
        self.blocks = {side: Block(choosable=False, upright=True) for side in self.said}
        self.chart: LineChart | None = None  # made when there is something to draw
        self.below = stack()
        self.table = FigureTable()

    # What the reader does

    def train(self) -> None:
        """Begin, or go on where it was paused."""
        if self.race.step == 0 or self.ended:
            self.renew()
            self._steps = self.race.updates()
        self.page.kin_work.start(self._going_on())

    def pause(self) -> None:
        self.page.kin_work.stop()
        self.page.paint_kin()

    def renew(self) -> None:
        """New models: nothing of the old ones stays."""
        self.page.kin_work.stop()
        self.race, self.error = KinRace(lab()), None
        self.paint_race()

    def _going_on(self):
        """The race; a corpus too short for it is said, and changes nothing."""
        try:
            for _ in self._steps:  # `yield from` would end the race with a pause
                yield
        except MinigptError as error:
            self.error = error

    @property
    def ended(self) -> bool:
        return self.race.step >= HOW['steps']

    # What is shown

    def paint(self) -> None:
        """What follows the text and the choice; the race is painted as it goes."""
        self.choice.param.update(value=self.page.kin)
        self._paint_blocks()

    def paint_race(self) -> None:
        """What follows the training: called many times a second."""
        words, race, running = self.words, self.race, self.page.kin_work.running
        reasons = {'train': words['actions']['busy'] if running else '',
                   'pause': '' if running else words['actions']['idle']}
        self.actions.buttons = [
            {'id': name, 'label': words['actions'][name], 'primary': name == 'train',
             'reason': reason} for name, reason in reasons.items()]
        kind = ('error' if self.error else 'new' if not race.step else
                'done' if self.ended else 'now')
        self.told.paragraphs = [words['told'][kind].format(
            step=race.step, steps=HOW['steps'], **SIZES,
            error=self.page.sentence(self.error) if self.error else '')]
        self._paint_table()
        self._paint_chart()

    def _paint_chart(self) -> None:
        """As far as all five have come; nothing before the first update."""
        losses = self.race.losses
        length = min(len(it) for it in losses.values())
        if not length:
            self.below.objects = []
            return
        if self.chart is None:
            self.chart = LineChart(self.page, digits=(0, 2), height=260, roles=ROLES)
            self._label_chart()
        if not self.below.objects:
            self.below.objects = [self.chart.box]
        self.chart.draw([step for step, _ in losses['gpt2'][:length]], {
            self.words['names'][name]: [loss for _, loss in it[:length]]
            for name, it in losses.items()})

    def _label_chart(self) -> None:
        if self.chart:
            words = self.words['chart']
            self.chart.label(words['title'], x=words['x'], y=words['y'])

    def _paint_blocks(self) -> None:
        page, words = self.page, self.words
        looks = {side: self.look(name) for side, name in (('ours', 'gpt2'), ('theirs', page.kin))
                 } if page.reading else {}
        for side, name in (('ours', 'gpt2'), ('theirs', page.kin)):
            self.said[side].param.update(title=words['names'][name],
                                         paragraphs=[words['formulas'][page.kin][side]])
            self.blocks[side].words = self.blocks[side].words | {'name': words['names'][name]}
            self.blocks[side].block = (block_drawing(looks[side], page.words, page.number)
                                       if looks else EMPTY)
        self.fact.paragraphs = [self._fact(**looks)] if looks else []

    def look(self, name: str) -> Look:
        """The kin's first block at the token looked at, or the last one it can read."""
        reading = self.page.reading
        place = min(self.page.look.place, SIZES['block_size'] - 1)
        ids = reading.ids[:SIZES['block_size']].tolist()
        return Look(Reading.of(self.race.model(name), ids), 0, place)

    def _fact(self, ours: Look, theirs: Look) -> str:
        """What differs in numbers, here and now."""
        kin, number = self.page.kin, self.page.number
        if kin == 'rope':
            ids = ours.reading.ids[:NEAR]
            pairs = [scores_at_one_distance(it.reading.model, ids, SHIFT) for it in (ours, theirs)]
            blanks = dict(zip('abcd', (number(it, 4) for pair in pairs for it in pair)),
                          shift=SHIFT, distance=len(ids) - 1)
        elif kin == 'rmsnorm':
            blanks = dict(zip('ab', (number(it.vector('ln_1').mean(), 3) for it in (ours, theirs))))
        elif kin == 'swiglu':
            blanks = {'a': len(ours.vector('mlp.active')), 'b': len(theirs.vector('mlp.active'))}
        else:
            blanks = {'a': cache_bytes(ours.config), 'b': cache_bytes(theirs.config),
                      'heads': ours.config.n_head, 'shared': theirs.config.kv_heads}
        return self.words['facts'][kin].format(**blanks)

    def _paint_table(self) -> None:
        words, number = self.words['table'], self.page.number
        vocab, rows = lab().model.config.vocab_size, []
        for name in SWITCHES:
            config, losses = kin_config(name, vocab), self.race.losses[name]
            seconds = self.race.seconds[name]
            median = statistics.median(seconds) if seconds else 0  # also for too coarse a clock
            cells = [(number(block_parameters(config), 0), 'block'),
                     (number(cache_bytes(config), 0), 'cache'),
                     (number(1000 * median, 1) if median else '–', 'time'),
                     (number(losses[-1][1], 3) if losses else '–', 'loss')]
            blanks = {'name': self.words['names'][name], 'step': losses[-1][0] if losses else 0,
                      'C': config.n_embd, 'F': config.mlp_width, 'K': config.kv_heads,
                      'D': config.head_width, 'H': config.n_head, 'updates': len(seconds)}
            rows.append({'name': self.words['names'][name], 'cells': [
                {'text': text, 'about': words['about'][key].format(value=text, **blanks)}
                for text, key in cells]})
        self.table.rows = rows

    def relabel(self) -> None:
        words, tag = self.words, self.tag
        self.head.param.update(title=words['title'],
                               paragraphs=[it.format(**SIZES) for it in words['lead']])
        self.choice.param.update(label=words['choice'], options=[
            {'id': name, 'label': words['names'][name]} for name in SWITCHES if name != 'gpt2'])
        self.fact.title = words['numbers']
        self.actions.words = {'group': words['actions']['group']}
        for it in self.blocks.values():
            it.param.update(words=self.page.words['block']['words'] | {'title': '', 'hint': '',
                                                                       'scale': words['scale']},
                            locale=tag)
        self.table.param.update(words=words['table']['words'], locale=tag,
                                head=words['table']['head'], note=words['table']['note'])
        self._label_chart()
        self.paint_race()

    def layout(self):
        sides = [stack(self.said[side], self.blocks[side]) for side in self.said]
        return stack(self.head, self.choice, beside('minmax(0, 1fr) minmax(0, 1fr)', *sides),
                     self.fact,
                     beside('minmax(0, 5fr) minmax(0, 7fr)', stack(self.told, self.actions),
                            self.table), self.below)
