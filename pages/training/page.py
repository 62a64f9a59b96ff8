"""Training: a model learns from the text, update by update, before the reader's eyes."""

from collections.abc import Callable
from dataclasses import replace

import param

from minigpt.errors import MinigptError
from minigpt.nn.attention import attention_backward, heads_backward
from minigpt.nn.loss import cross_entropy_backward, cross_entropy_forward
from minigpt.training.optimizer import clip, make_optimizer
from minigpt.training.pieces import gradient
from minigpt.training.schedule import learning_rate
from minigpt.training.trainer import update
from minigpt.training.vitals import vitals
from pages.exercises import Exercise
from pages.lab import lab, shipped_lab
from pages.page import ABOUT_THE_MODEL, Page
from pages.tour import Stop
from pages.training.desk import Desk
from pages.training.forecast import LARGEST, Forecast, bytes_needed, forecast
from pages.training.parts import make_parts
from pages.training.script import training_script
from pages.training.settings import (CONTROLS, FIRST, MEASURING, TRAINING, Settings,
                                     read_settings, write_settings)
from pages.training.tasks import has_learnt, has_memorised, was_rescued
from pages.training.view import TrainingView
from pages.work import Work

LONGEST = 2000  # characters of a text that a link carries


class Training(Page):
    """A run with its settings, curves and samples; the lab's model once it has learnt something."""

    settings = param.ClassSelector(class_=Settings, default=FIRST, doc='Of the next run.')
    linked_text = param.String(default='', doc='A text that came in a link; else the lab has it.')
    pinned = param.Number(default=-1, doc='The update looked at in all curves; -1 for none.')

    section = 'training'
    terms = ('loss', 'nat', 'perplexity', 'gradient', 'learning_rate', 'batch', 'step', 'training',
             'parameter', 'vocabulary', 'context', 'validation_loss', 'overfitting', 'optimizer',
             'warmup', 'weight_decay', 'dropout', 'snapshot', 'seed')
    exercises = (Exercise('words', check=has_learnt), Exercise('memorise', check=has_memorised),
                 Exercise('rescue', check=was_rescued))
    tour = (Stop('start', 'view.actions'), Stop('loss', 'view.charts.loss'),
            Stop('samples', 'view.told.samples'), Stop('verdict', 'view.told.verdict'),
            Stop('slow', 'slow.picture'), Stop('race', 'race.intro'))
    long_names = {name: control.key for name, control in CONTROLS.items()}
    follows_moments = False  # its own curves and kept points tell of them
    changeable = frozenset({*TRAINING, *MEASURING, 'prompt'} - {'seed'})  # while a run rests

    def __init__(self, lang: str = 'pt', query: dict[str, str] | None = None):
        self.desk = Desk(self)
        self.error: MinigptError | None = None  # why a run cannot begin
        self.forecast: Forecast | None = None
        self.work = Work(self._running, self.broke)
        self.weighing = Work(self._weighed, self.broke)
        self._others: dict[str, str | None] = {}  # what others changed during a run
        self.parts = make_parts(self)
        self.slow, _, self.race = self.parts
        self.view = TrainingView(self)
        super().__init__(lang, query)
        self.param.watch(lambda *_: self._settings_changed(), ['settings', 'linked_text'])
        self.param.watch(lambda *_: self.view.paint_pinned(), 'pinned')

    # What a link carries

    @property
    def names_in_links(self) -> dict[str, str]:
        return {control.key: self.words['settings'][name]['label']
                for name, control in CONTROLS.items()}

    def restore(self, query: dict[str, str]) -> None:
        """Settings and text; a run in progress rests, and nothing of it is lost."""
        self.desk.open()
        with param.discard_events(self):
            self.param.update(settings=read_settings(query), pinned=-1,
                              linked_text=query.get('text', '')[:LONGEST])
        self.error = self.forecast = None

    def reopen(self, query: dict[str, str]) -> None:
        self.take(query)  # no word hangs on a link
        self.view.paint()
        self.start()

    def follow(self, changes: dict[str, str | None]) -> None:
        """A run is not disturbed: what others changed meanwhile is taken when it rests."""
        self._others |= changes
        if not self.running:
            changes, self._others = self._others, {}
            super().follow(changes)

    def start(self) -> None:
        """Measure what a run would cost here, and what the parts below show."""
        self._weigh()
        for part in self.parts:
            part.start()

    def state(self) -> dict[str, str]:
        """The settings, and a short text of the reader's own: enough to run it again elsewhere."""
        own = self.text and self.text != shipped_lab().corpus and len(self.text) <= LONGEST
        return write_settings(self.settings) | ({'text': self.text} if own else {})

    # What the page speaks of

    @property
    def text(self) -> str:
        """What the next run learns from."""
        return self.linked_text or lab().corpus

    @property
    def would_repeat_the_stored_run(self) -> bool:
        """Whether a run begun now would be the one that comes with the site."""
        return self.settings == FIRST and self.text == shipped_lab().corpus

    @property
    def running(self) -> bool:
        return self.work.running

    @property
    def can_go_on(self) -> bool:
        """Whether a run rests before its end."""
        return not self.running and self.desk.rests

    @property
    def cannot_begin(self) -> str:
        """Why these settings make no run; empty where they do."""
        try:
            config = self.settings.model_config(lab().model.config)
            self.settings.train_config()
        except MinigptError as error:
            return self.sentence(error)
        if bytes_needed(config, self.settings.batch_size) > LARGEST:
            return self.words['actions']['too_large']
        return ''

    # What the reader does

    def begin(self, once: bool = False) -> None:
        """A new run with these settings on this text."""
        if self.running or self.cannot_begin:
            return
        if self._can(lambda: self.desk.begin(self.text, self.settings)):
            self._go(once)

    def go_on(self, once: bool = False) -> None:
        """Take up the run that rests, with the settings of the training as they are now."""
        if self.can_go_on and self._can(lambda: self.desk.take_up(self.settings)):
            self._go(once)

    def one(self) -> None:
        """One update, of the run that rests or of a new one."""
        (self.go_on if self.can_go_on else self.begin)(once=True)

    def pause(self) -> None:
        """Rest after the update in hand."""
        self.desk.pause()

    def finish(self) -> None:
        """End the run here; the model stays as it is."""
        self.desk.finish(self.running)
        if not self.running:
            self.view.paint()

    def back_to(self, step: int) -> None:
        """Undo everything after an update that was kept; the curves so far stay as a run."""
        if not self.running and self._can(lambda: self.desk.back_to(step)):
            for part in self.parts:
                part.forget()
            self.view.paint()
            self.start()

    def back_to_earlier_lab(self) -> None:
        """The model that was in use before this page trained one."""
        if not self.running:
            self.desk.back_to_earlier_lab()

    def choose(self, **values) -> None:
        """Other settings for the next run."""
        self.settings = replace(self.settings, **values)

    def _can(self, act: Callable[[], object]) -> bool:
        """Do it; what forbids it, as a text that is too short, is said."""
        try:
            act()
        except MinigptError as error:
            self.error = error
            self.view.paint()
            return False
        self.error = None
        return True

    def _go(self, once: bool) -> None:
        self.pinned = -1
        self.weighing.stop()
        for part in self.parts:
            part.work.stop()
        self.work.start(self.desk.stream(once))

    # What follows

    def follow_lab(self, names: set[str]) -> None:
        if self.desk.publishing:  # this page's own doing
            super().follow_lab(names - ABOUT_THE_MODEL)
        elif 'checkpoint' in names or ABOUT_THE_MODEL.isdisjoint(names):
            super().follow_lab(names)
        else:  # another text: what is learnt from next
            super().follow_lab(names - ABOUT_THE_MODEL)
            self._settings_changed()

    def lab_changed(self) -> None:
        """Another model: the run is over; what it was stays in the list."""
        self.desk.leave()
        for part in self.parts:
            part.forget()
        super().lab_changed()

    def moment_changed(self) -> None:
        """Nothing here shows the lab's model."""

    def _settings_changed(self) -> None:
        self.error = self.forecast = None
        self.view.paint()
        self._weigh()

    def _weigh(self) -> None:
        """Measure what a run with these settings costs, unless one is running."""
        if self._started and not self.hidden and not self.running:
            self.weighing.start(self._weighing())

    def _weighing(self):
        yield  # what the reader does next goes first
        if not self.cannot_begin:
            config = self.settings.model_config(lab().model.config)
            self.forecast = forecast(config, self.settings.train_config())
            session = self.desk.session
            if session and session.settings == self.settings and self.desk.seconds_per_update:
                self.forecast = replace(self.forecast, update=self.desk.seconds_per_update)
        yield

    def _weighed(self) -> None:
        self.view.paint_forecast()

    def show(self) -> None:
        super().show()
        self.view.paint()
        if not self.running:
            self.start()

    def relabel(self) -> None:
        self.view.relabel()
        self.view.paint()

    def _running(self) -> None:
        """Painted while a run goes on, and once when it rests."""
        if self.running:
            self.view.paint_running()
            return
        self.view.paint()
        for part in self.parts:
            part.forget()
        if self._others:
            self.follow({})
        elif self._started and not self.hidden:
            self.start()

    def painted(self) -> None:
        """After each whole paint: exercises, the code shown, the link."""
        self.frame.check()
        if self.complete:
            self.query = self.state()

    # What the frame shows around the picture

    def body(self):
        return self.view.layout()

    def sources(self) -> list:
        """From a batch to other weights, in the order of one update."""
        return [update, gradient, cross_entropy_forward, cross_entropy_backward,
                attention_backward, heads_backward, clip, make_optimizer, learning_rate, vitals]

    def script(self) -> str:
        return '' if self.cannot_begin else training_script(self)
