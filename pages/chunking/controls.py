"""The controls of the chunking page: how the text is cut, and how much of it."""

import panel as pn

from minigpt.chunking import STRATEGIES
from minigpt.locale import decimal
from pages.chunking.cutting import AMOUNTS
from pages.chunking.layout import CONTROLS
from pages.chunking.settings import BY_SENTENCES, OVERLAP, SIZES
from pages.components.checks import Checks
from pages.components.choice import Choice
from pages.components.fold import Fold
from pages.components.number_control import NumberControl
from pages.components.picker import Picker
from pages.lab import lab
from pages.locale import text
from pages.own_text import OwnText


class ChunkingControls:
    """What the reader sets, the page takes over; what the page has, they show."""

    def __init__(self, page):
        self.page = page
        self.size = NumberControl()
        self.overlap = NumberControl(start=OVERLAP.start, end=OVERLAP.end, step=OVERLAP.step)
        self.strategy, self.unit = Choice(), Choice()
        self.preserve, self.other, self.amount = Checks(), Picker(), Picker()
        self.fold = Fold(objects=[self.strategy, self.other, self.unit, self.preserve,
                                  self.amount])
        self.own_text = OwnText(page)
        for name in ('size', 'overlap', 'strategy', 'unit', 'other', 'preserve'):
            getattr(self, name).link(page, value=name)
        self.amount.param.watch(lambda event: setattr(page, 'amount', int(event.new)), 'value')

    def layout(self):
        return pn.Column(self.size, self.overlap, self.own_text, self.fold,
                         stylesheets=[CONTROLS], sizing_mode='stretch_width')

    def relabel(self) -> None:
        """All fixed words, in the page's language."""
        words, tag = self.page.words, text(self.page.lang)['tag']
        strategies = [{'id': it, 'label': words['strategies'][it]['name']} for it in STRATEGIES]
        self.size.param.update(words=words['control'], locale=tag)
        self.overlap.param.update(words=words['control'], locale=tag,
                                  label=words['overlap']['label'])
        self.strategy.param.update(label=words['strategy'], options=strategies)
        self.unit.param.update(label=words['unit'], options=[
            {'id': it, 'label': words['units'][it]} for it in SIZES])
        self.other.param.update(label=words['compare'], options=[
            {'id': '', 'label': words['none']}, *strategies])
        self.preserve.label, self.fold.label = words['preserve']['label'], words['settings']

    def paint(self) -> None:
        """Everything that follows the page's state."""
        page, words = self.page, self.page.words
        knob, unit = SIZES[page.unit], words['units'][page.unit]
        self.size.param.update(start=knob.start, end=knob.end, step=knob.step, value=page.size,
                               label=words['size']['label'].format(unit=unit),
                               note=words['size']['note'])
        self.overlap.param.update(value=page.overlap, note=words['overlap']['note'].format(
            count=self._number(page.request.overlap), unit=unit))
        self.strategy.param.update(value=page.strategy,
                                   note=words['strategies'][page.strategy]['about'])
        self.unit.value, self.other.value = page.unit, page.other
        kept = words['preserve']['already'] if page.strategy in BY_SENTENCES else ''
        self.preserve.param.update(value=page.preserve, boxes=[
            {'id': 'sentences', 'label': words['preserve']['sentences'], 'reason': kept},
            {'id': 'paragraphs', 'label': words['preserve']['paragraphs'], 'reason': ''}])
        self._paint_amount()

    def _paint_amount(self) -> None:
        page, words = self.page, self.page.words['amount']
        whole = len(page.given or lab().corpus)
        choices = [it for it in AMOUNTS if it < whole]
        options = [{'id': str(it), 'label': words['first'].format(count=self._number(it))}
                   for it in choices]
        options.append({'id': '0', 'label': words['all'].format(count=self._number(whole))})
        value = str(page.amount) if page.amount in choices else '0'
        self.amount.param.update(label=words['label'], options=options, value=value)

    def _number(self, value: int) -> str:
        return decimal(value, 0, self.page.lang)
