"""What the training page shows: its state, put into components and words."""

import panel as pn

from pages.components.actions import Actions
from pages.components.picker import Picker
from pages.own_text import OwnText
from pages.training.charts import ChartsView
from pages.training.controls import ControlsView
from pages.training.runs_view import RunsView
from pages.training.told import ToldView

PHONE = '@media (max-width: 899px)'
LAYOUT = f"""
:host {{ display: grid !important; grid-template-columns: 320px minmax(0, 1fr);
  gap: 16px 32px; align-items: start; }}
{PHONE} {{ :host {{ grid-template-columns: minmax(0, 1fr); }} }}
"""
# Two columns of their own; on a phone one, in which the settings wait below the samples.
COLUMN = f"""
:host {{ display: grid !important; gap: 16px; grid-template-columns: minmax(0, 1fr); }}
{PHONE} {{
  :host {{ display: contents !important; }}
  :host > .picture {{ order: 1; }}
  :host > .settings {{ order: 2; }}
  :host > .more {{ order: 3; }}
}}
"""
STACK = ':host { display: grid !important; gap: 16px; grid-template-columns: minmax(0, 1fr); }'
MAIN = """
:host { display: grid !important; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
  gap: 16px 32px; align-items: start; }
@media (max-width: 1199px) { :host { grid-template-columns: minmax(0, 1fr); } }
"""


def stack(*parts, css: str = STACK, name: str = ''):
    """One below the other, or as the stylesheet says; `name` is its class in the one around."""
    return pn.Column(*parts, stylesheets=[css], sizing_mode='stretch_width',
                     css_classes=[name] if name else [])


class TrainingView:
    """The components of one `pages.training.page.Training`, painted from its state."""

    def __init__(self, page):
        self.page = page
        self.actions = Actions(lambda name: getattr(page, name)())
        self.controls, self.charts = ControlsView(page), ChartsView(page)
        self.told, self.runs = ToldView(page), RunsView(page)
        self.moment, self.undo = Picker(), Actions(lambda name: self._undo(name))
        self._offered = ''  # the moment chosen for the reader, until they choose another
        self._returned = False  # the model in use before was: its button, that has the focus, stays

    def layout(self):
        page = self.page
        picture = stack(self.told.readout, stack(self.charts.loss, self.told.samples, css=MAIN),
                        self.told.verdict, name='picture')
        settings = stack(OwnText(page), self.controls.layout(), self.moment, self.undo,
                         name='settings')
        more = stack(self.charts.small(), self.runs.table, name='more')
        columns = [stack(self.actions, settings, css=COLUMN), stack(picture, more, css=COLUMN)]
        return stack(stack(*columns, css=LAYOUT),
                     *(part.layout() for part in page.parts))

    def _undo(self, name: str) -> None:
        if name == 'earlier':
            self._returned = True
            self.page.back_to_earlier_lab()
        elif self.moment.value.isdecimal():
            self._offered = self.moment.value  # gone to: another one is offered next
            self.page.back_to(int(self.moment.value))

    def relabel(self) -> None:
        """All fixed words, in the page's language."""
        words = self.page.words
        self.actions.words = words['actions']
        self.undo.words = words['undo']
        self.moment.label = words['undo']['label']
        for part in (self.controls, self.charts, self.told, self.runs, *self.page.parts):
            part.relabel()

    def paint(self) -> None:
        """Everything that follows the page's state."""
        if self.page.hidden:
            return
        self._paint_actions()
        self._paint_undo()
        for part in (self.controls, self.charts, self.told, self.runs, *self.page.parts):
            part.paint()
        self.page.painted()

    def paint_running(self) -> None:
        """What changes with each update, and no more."""
        if self.page.hidden:
            return
        if self.actions.buttons != self._buttons():
            self.paint()  # the run has just begun
            return
        self.charts.paint_curves()
        self.told.paint_running()

    def paint_forecast(self) -> None:
        self.controls.paint_forecast()

    def paint_pinned(self) -> None:
        """The update looked at, in all curves and in the samples."""
        self.charts.paint_pinned()
        self.told.samples.pinned = self.page.pinned

    def _paint_actions(self) -> None:
        self.actions.buttons = self._buttons()

    def _buttons(self) -> list[dict]:
        page, words = self.page, self.page.words['actions']
        running = words['is_running'] if page.running else ''
        idle = '' if page.running else words['is_idle']
        rests = running or ('' if page.can_go_on else words['nothing_rests'])
        rest = page.desk.session is not None and not page.desk.session.ended
        reasons = {'begin': running or page.cannot_begin, 'pause': idle, 'go_on': rests,
                   'one': running or ('' if page.can_go_on else page.cannot_begin),
                   'finish': '' if page.running or rest else words['nothing_rests']}
        first = 'pause' if page.running else 'go_on' if rest else 'begin'
        return [{'id': name, 'label': words[name], 'primary': name == first, 'reason': reason}
                for name, reason in reasons.items()]

    @staticmethod
    def _newest_before(step: int, kept: list[int]) -> str:
        """The kept point that undoes least; the first where none is earlier."""
        earlier = [it for it in kept if it < step] or kept[:1]
        return str(earlier[-1]) if earlier else ''

    def _paint_undo(self) -> None:
        page, words = self.page, self.page.words['undo']
        steps = page.desk.kept_steps
        self.moment.param.update(options=[
            {'id': str(step), 'label': words['moment'].format(step=step)} for step in steps],
            note=words['note'] if steps else words['none'])
        if self.moment.value == self._offered or self.moment.value not in map(str, steps):
            self._offered = self.moment.value = self._newest_before(page.desk.step, steps)
        busy = page.words['actions']['is_running'] if page.running else ''
        self.moment.styles = {'display': 'block' if steps else 'none'}
        earlier = page.desk.earlier_lab
        self.undo.styles = {'display': 'block' if steps or earlier or self._returned else 'none'}
        self.undo.buttons = [
            {'id': 'back', 'label': words['back'], 'primary': False,
             'reason': busy or ('' if steps else words['none'])},
            {'id': 'earlier', 'label': words['earlier'], 'primary': False,
             'reason': busy or ('' if earlier else words['returned' if self._returned
                                                         else 'no_earlier'])}]
