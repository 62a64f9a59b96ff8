"""The controls of a run: presets, every setting in its group, the prompt, the forecast."""

import panel as pn

from minigpt.errors import MinigptError
from minigpt.locale import decimal
from minigpt.locale.powers import powers_of_ten
from pages.components.fold import Fold
from pages.components.number_control import NumberControl
from pages.components.picker import Picker
from pages.components.prompt_box import PromptBox
from pages.components.said import Said
from pages.components.segments import Segments
from pages.lab import lab, shipped_lab
from pages.locale import text
from pages.training.forecast import LARGEST, bytes_needed, parameters
from pages.training.settings import (CONTROLS, FIXED_BY_LAB, GROUPS, PRESETS, PROMPT_LENGTH, Choice,
                                     preset_of, with_preset)

STACK = ':host { display: grid !important; gap: 12px; grid-template-columns: minmax(0, 1fr); }'


class ControlsView:
    """The components that set `page.settings`, painted from them."""

    def __init__(self, page):
        self.page = page
        self.presets = Segments()
        self.presets.param.watch(lambda event: self._choose_preset(event.new), 'value')
        self.controls = {name: self._control(name) for name in CONTROLS}
        self.prompt = PromptBox()
        self.prompt.param.watch(lambda event: self._set('prompt', event.new[:PROMPT_LENGTH]),
                                'value')
        self.forecast = Said()
        self.folds = {name: Fold(objects=[self.controls[it] for it in group], opens=False)
                      for name, group in GROUPS.items()}
        self._painting = False

    def layout(self):
        return pn.Column(self.presets, self.forecast, self.controls['origin'],
                         *self.folds.values(), self.prompt, stylesheets=[STACK],
                         sizing_mode='stretch_width')

    def _control(self, name: str):
        """A slider for a whole number, a list for a choice; it tells the page what was set."""
        setting = CONTROLS[name]
        if isinstance(setting, Choice):
            control = Picker()
        else:
            control = NumberControl(start=setting.start, end=setting.end, step=setting.step,
                                    value=setting.start)
        control.param.watch(lambda event: self._heard(name, event.new), 'value')
        return control

    def _heard(self, name: str, value) -> None:
        setting = CONTROLS[name]
        now = getattr(self.page.settings, name)
        written = str(int(value)) if isinstance(value, float) else str(value)
        self._set(name, setting.read({setting.key: written}, now))

    def _set(self, name: str, value) -> None:
        if not self._painting and value != getattr(self.page.settings, name):
            self.page.choose(**{name: value})

    def _choose_preset(self, name: str) -> None:
        if not self._painting and name in PRESETS:
            self.page.settings = with_preset(self.page.settings, name)

    # Words and values

    def relabel(self) -> None:
        words, tag = self.page.words, text(self.page.lang)['tag']
        self.presets.param.update(label=words['presets']['label'], options=[
            {'id': name, 'label': words['presets'][name]} for name in PRESETS])
        for name, control in self.controls.items():
            said = words['settings'][name]
            control.label = said['label']
            if isinstance(CONTROLS[name], Choice):
                control.options = [{'id': CONTROLS[name].write(it), 'label': self._option(name, it)}
                                   for it in CONTROLS[name].options]
            else:
                control.param.update(words=words['control'], locale=tag)
        self.prompt.param.update(words=words['prompt'], examples=[])
        for name, fold in self.folds.items():
            fold.label = words['groups'][name]

    def _option(self, name: str, value) -> str:
        named = self.page.words['settings'][name].get('options', {})
        key = CONTROLS[name].write(value)
        if key in named:
            return named[key]
        return self.number(value) if isinstance(value, (int, float)) else str(value)

    def number(self, value: float) -> str:
        """A number of any size, in the page's language."""
        return powers_of_ten(f'{value:g}').replace('.', ',' if self.page.lang == 'pt' else '.')

    def paint(self) -> None:
        self._painting = True
        try:
            self._paint_values()
        finally:
            self._painting = False
        self.paint_forecast()

    def _paint_values(self) -> None:
        page, words = self.page, self.page.words
        settings, session = page.settings, page.desk.session
        self.presets.value = preset_of(settings)
        resting = session is not None and not session.ended
        fixed = settings.origin == 'lab'
        for name, control in self.controls.items():
            value, setting = getattr(settings, name), CONTROLS[name]
            reason = words['fixed'] if fixed and name in FIXED_BY_LAB else ''
            note = words['settings'][name].get('note', '')
            if resting and name not in page.changeable and value != getattr(session.settings, name):
                note = words['restarts']
            control.value = setting.write(value) if isinstance(setting, Choice) else value
            control.param.update(note=note, reason=reason)
        self.prompt.param.update(value=settings.prompt, info='', error='')

    def paint_forecast(self) -> None:
        """What the run would cost, or why it cannot be."""
        page, words = self.page, self.page.words['forecast']
        settings = page.settings
        try:
            config = settings.model_config(lab().model.config)
            settings.train_config()
        except MinigptError as error:
            self.forecast.paragraphs = [page.sentence(error)]
            return
        needed = bytes_needed(config, settings.batch_size)
        said = [words['size'].format(parameters=decimal(parameters(config), 0, page.lang),
                                     memory=decimal(needed / 1e6, 0, page.lang))]
        if needed > LARGEST:
            said.append(words['too_large'].format(limit=decimal(LARGEST / 1e6, 0, page.lang)))
        elif page.forecast:
            update = page.forecast.update
            said.append(words['time'].format(
                update=decimal(1000 * update, 0, page.lang),
                time=duration(page.forecast.seconds(settings.steps), page)))
        else:
            said.append(words['running'] if page.running else words['measuring'])
        said.append(words['linked'] if page.linked_text else words['text'].format(
            count=decimal(len(page.text), 0, page.lang)))
        if len(page.text) > 2000 and page.text != shipped_lab().corpus:
            said.append(words['long_text'])
        self.forecast.paragraphs = [' '.join(said)]


def duration(seconds: float, page) -> str:
    """'40 s', '3 min 20 s', '2 h 5 min'."""
    seconds = round(seconds)
    if seconds < 60:
        return f'{seconds} s'
    if seconds < 3600:
        return f'{seconds // 60} min {seconds % 60} s'
    return f'{decimal(seconds // 3600, 0, page.lang)} h {seconds % 3600 // 60} min'
