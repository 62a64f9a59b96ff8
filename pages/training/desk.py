"""The run on the desk and those in the drawer: begun, rested, kept, and given to the lab."""

import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import replace

from pages import lab as labs
from pages.lab import lab
from pages.training import runs as kept_runs
from pages.training.history import History
from pages.training.resumption import resumed, with_training_of
from pages.training.runs import Run
from pages.training.samples import Written
from pages.training.session import Session
from pages.training.settings import Settings, settings_of
from pages.training.stored import stored_run

LATELY = 20           # points of the speed that its mean is taken over
# Seconds between two states of a run that all pages and the browser keep. While another page is
# looked at, it is not changed under the reader's eyes so often.
PUBLISH_EVERY, ELSEWHERE = 5.0, 20.0


class Desk:
    """`session` is the run of this visit, `runs` those kept; what is shown is one of them, or the
    run that comes with the site.
    """

    def __init__(self, page):
        self.page = page
        self.session: Session | None = None
        self.runs: list[Run] = []
        self.run_id, self.run_name = 0, ''   # of the session's run
        self.publishing = False              # the lab changes by this page's doing
        self.earlier_lab = None              # in use before this page trained a model
        self._hidden: set[int] = set()       # kept runs that are not drawn
        self._taken_up = 0    # after so many updates of an earlier visit, maybe at another speed
        self._read: tuple[Run | None, History] = None, History()  # the kept run's, when shown last
        self._published = 0.0
        self._corpus = ''                    # the lab's, as this page left it

    # What there is to show

    @property
    def kept_run(self) -> Run | None:
        """The run that the lab's model came from, where another visit left it."""
        kept = labs.kept()
        its = kept.name, kept.step, kept.checkpoint.model.n_params
        return next((it for it in reversed(self.runs)
                     if (it.name, it.step, it.parameters) == its), None)

    @property
    def history(self) -> History:
        if self.session:
            return self.session.history
        run = self.kept_run
        if run and self._read[0] is not run:
            self._read = run, run.history()
        return self._read[1] if run else stored_run().history

    @property
    def samples(self) -> list[Written]:
        if self.session:
            return self.session.samples
        return self.kept_run.written() if self.kept_run else stored_run().samples

    @property
    def step(self) -> int:
        return self.session.step if self.session else self.history.step

    @property
    def total(self) -> int:
        """Updates that the run shown was to have."""
        if self.session:
            return self.session.config.steps
        if self.kept_run:
            return max(self.kept_run.own_settings.steps, self.kept_run.step)
        return stored_run().header['train_config']['steps']

    @property
    def vocab_size(self) -> int:
        """Of the run shown."""
        if self.session:
            run = self.session.checkpoint
            return run.model.config.vocab_size if run else self.session.settings.vocab_size
        return (self.kept_run.vocab_size if self.kept_run
                else stored_run().header['config']['vocab_size'])

    @property
    def held_out(self) -> str:
        """What the run shown is judged by: one of session.HELD_OUT, empty where it is unknown."""
        shown = self.session or self.kept_run
        return shown.held_out if shown else ''

    @property
    def seconds_per_update(self) -> float | None:
        """Of this visit's run, over its last updates; all that goes on beside them left out."""
        session, curve = self.session, self.history.speed
        speeds = [speed for step, speed in zip(curve.x[-LATELY:], curve.y[-LATELY:])
                  if step > self._taken_up]
        if not (session and session.checkpoint and speeds):
            return None
        config = session.config
        tokens = config.batch_size * config.accumulate * session.checkpoint.model.config.block_size
        return tokens * len(speeds) / sum(speeds)

    @property
    def seconds_left(self) -> float | None:
        """Until the run's end, at its present speed."""
        update = self.seconds_per_update
        if not (update and self.page.running):
            return None
        return (self.session.config.steps - self.session.step) * update

    @property
    def rests(self) -> bool:
        """Whether a run may go on: this visit's, or one that the lab holds."""
        if self.session:
            return not self.session.ended
        saved = labs.kept().checkpoint
        return saved.train_state is not None and saved.train_state.step < saved.train_config.steps

    @property
    def kept_steps(self) -> list[int]:
        """The updates to which one can go back: of this visit's run, or of the one in the lab."""
        if self.session:
            return [it.step for it in self.session.moments.kept]
        kept = labs.kept()
        if kept.checkpoint.train_state is None:
            return []
        return [step for step, _ in kept.snapshots] + [kept.step]

    @property
    def shown_id(self) -> int | None:
        """Which of the runs is the one shown."""
        return self.run_id if self.session else self.kept_run and self.kept_run.id

    @property
    def compared(self) -> list[Run]:
        """The kept runs that are drawn beside the one shown."""
        return [it for it in self.runs if it.id != self.shown_id and it.id not in self._hidden
                and it.curves.get('loss', [[]])[0]]

    # A run's life

    def open(self) -> None:
        """The page is opened, or a link followed: what runs rests."""
        self.pause()
        found = {it.id: it for it in kept_runs.read_runs(lab().settings)}
        self.runs = list((found | {it.id: it for it in self.runs}).values())[-kept_runs.MOST:]

    def begin(self, text: str, settings: Settings) -> None:
        """Lay out a new run. Raises TextError for a text without a word."""
        origin = lab().checkpoint if settings.origin == 'lab' else None
        session = Session(text, settings, origin)
        self.remember()
        self.session, self._taken_up = session, 0
        self._new_run()

    def take_up(self, settings: Settings) -> None:
        """The run that rests, with the training settings as they are now."""
        if self.session is None:
            self._take_from_lab()
        self.session.change(with_training_of(self.session.settings, settings))

    def _take_from_lab(self, last: int | None = None) -> None:
        kept, run = labs.kept(), self.kept_run
        saved = kept.checkpoint
        settings = run.own_settings if run else settings_of(saved.model.config, saved.train_config)
        self.session = resumed(saved, kept.corpus, settings, kept.snapshots, last)
        self._new_run()
        if run:
            self.session.history, self.run_id, self.run_name = run.history(), run.id, run.name
            self.session.samples = run.written()
        self._taken_up = self.session.step

    def _new_run(self) -> None:
        self.run_id = 1 + max((it.id for it in self.runs), default=0)
        self.run_name = self.page.words['runs']['new'].format(number=self.run_id)
        self._published, self._corpus = time.monotonic(), lab().corpus
        self.earlier_lab = self.earlier_lab or labs.kept()

    async def stream(self, once: bool) -> AsyncIterator:
        """The events of the run, its model given to the lab on the way and at the end."""
        session = self.session
        async with contextlib.aclosing(session.events(once)) as events:
            async for event in events:
                if (self._due() and session.is_whole(event)
                        and session.checkpoint.model.gives_numbers()):
                    self.publish()
                yield event
        if self.session is session and session.is_broken:
            self._mend()
        elif self.session is session and session.step:
            self.publish()

    def _mend(self) -> None:
        """Back to the newest weights that were kept: those that broke the run break every page."""
        error, kept = self.session.error, self.kept_steps[-1]
        if kept < self.session.step:  # else the update that broke it changed nothing
            self.back_to(kept)
        self.session.error = error

    def pause(self) -> None:
        if self.session:
            self.session.pause()

    def finish(self, running: bool) -> None:
        if self.session:
            self.session.stopped = True
            self.session.pause()
            if not running and self.session.step:
                self.publish()

    def back_to(self, step: int) -> None:
        """Put the run back to a kept moment; its way so far stays as a run of its own."""
        if step not in self.kept_steps:
            return
        if self.session is None:
            self._take_from_lab(step)
        session = self.session
        if step < session.step:
            self.remember()
            session.back_to(step)
            self._new_run()
        else:
            session.back_to(step)
        self._taken_up = min(self._taken_up, step)
        self.publish()

    def leave(self) -> None:
        """Another model came into use: the session is over."""
        self.remember()
        self.pause()
        self.session = self.earlier_lab = None

    # What is kept

    def _due(self) -> bool:
        every = ELSEWHERE if self.page.hidden else PUBLISH_EVERY
        return time.monotonic() - self._published >= every

    def remember(self) -> None:
        """Keep the present run in the list, as it is now."""
        if self.session and self.session.step:
            run = kept_runs.run_of(self.session, self.run_id, self.run_name)
            self.runs = [*(it for it in self.runs if it.id != run.id), run][-kept_runs.MOST:]

    def publish(self) -> None:
        """The lab, and with it every page and the browser's memory, gets the model as it is now."""
        session = self.session
        self.remember()
        untouched = lab().corpus is self._corpus  # the reader chose no other text meanwhile
        self._corpus = session.text if untouched else lab().corpus
        earlier = tuple(it for it in session.snapshots.kept if it[0] < session.step)
        self._change_lab(checkpoint=session.saved(), corpus=self._corpus, name=self.run_name,
                         snapshots=earlier, settings=self._settings())
        self._published = time.monotonic()

    def _settings(self) -> dict:
        return lab().settings | {kept_runs.KEY: kept_runs.write_runs(self.runs)}

    def _change_lab(self, **fields) -> None:
        self.publishing = True
        try:
            labs.change(**fields)
        finally:
            self.publishing = False

    def back_to_earlier_lab(self) -> None:
        """The model that was in use before this page trained one; the runs stay."""
        if self.earlier_lab:
            self.remember()
            labs.replace(replace(self.earlier_lab, settings=self._settings()))

    def keep(self, runs: list[Run]) -> None:
        """Another list of runs: some renamed, or taken off."""
        self.runs = runs
        self._change_lab(settings=self._settings())

    def draw(self, run_id: int, shown: bool) -> None:
        """Whether a kept run is drawn beside the present one."""
        (self._hidden.discard if shown else self._hidden.add)(run_id)

    def rename(self, run: Run, name: str) -> None:
        """A run's name; the lab's, too, where the model in use is that run's."""
        if run.id == self.run_id and self.session:
            self.run_name = name
        is_in_use = run.name == lab().name
        self.runs = [replace(it, name=name) if it.id == run.id else it for it in self.runs]
        self._change_lab(settings=self._settings(), **({'name': name} if is_in_use else {}))
