"""One training run on the page: text → vocabulary → model → updates, and the way back.

    text ──BPE, merge by merge──▶ tokenizer ──▶ ids ──train──▶ events ──▶ history, samples, moments
                                                   ▲                          │
                                                   └────── back_to(step) ─────┘
"""

import contextlib
import contextvars
from collections.abc import AsyncIterator, Iterator

from minigpt.errors import MinigptError, TextError
from minigpt.nn import GPT
from minigpt.tokenizer import Merge
from minigpt.training import (Checkpoint, Moved, Sample, Snapshots, TrainState, TrainStep, train)
from minigpt.training.checkpoint import progress
from minigpt.training.preparation import (Material, material, new_run, sample_prompt, split_text,
                                          vocabulary, vocabulary_steps)
from pages.training.history import History
from pages.training.moments import Moment, Moments, copied
from pages.training.samples import Written, with_sample
from pages.training.settings import Settings

# What trains: another process where many share this one.
trainer = contextvars.ContextVar('trainer', default=train)
HELD_OUT = ('new', 'known', 'none')  # what there is to judge a run by; known: learnt, too
BREAKDOWNS = ('not_a_number', 'logits_not_numbers')  # errors of numbers grown beyond all bounds


class Session:
    """A run that can be paused after any update, taken up again, and put back.

    `origin`: the checkpoint whose model and vocabulary the run goes on from, or None for new ones.
    """

    def __init__(self, text: str, settings: Settings, origin: Checkpoint | None = None):
        self.text, self.settings = text, settings
        self.config = settings.train_config()
        self.checkpoint: Checkpoint | None = None  # once there is a vocabulary
        self.material: Material | None = None
        self.merges: list[Merge] = []
        self.history, self.moments, self.snapshots = History(), Moments(), Snapshots()
        self.samples: list[Written] = []
        self.error: MinigptError | MemoryError | None = None
        self.moved: Moved | None = None    # the device failed on the way
        self.stopped = False               # the reader ended it
        self.branches: list[int] = []      # updates at which settings changed or one went back
        self.broke_at: int | None = None   # the update whose numbers grew beyond all bounds last
        self._pausing = False
        self._origin = origin
        self._training, self._held_out = split_text(text)
        self.held_out_is_known = bool(self._held_out) and repeated(self._held_out, self._training)
        self._merging = (iter(()) if origin else
                         vocabulary_steps(self._training, settings.vocab_size))

    # What it tells

    @property
    def step(self) -> int:
        return self.checkpoint.train_state.step if self.checkpoint else 0

    @property
    def ended(self) -> bool:
        """Whether there is nothing more to do."""
        return self.stopped or self.step >= self.config.steps or bool(
            self.config.patience and self.checkpoint
            and self.checkpoint.train_state.evaluations_since_best >= self.config.patience)

    @property
    def held_out(self) -> str:
        """One of HELD_OUT; empty until the text is read."""
        if self.material is None:
            return ''
        if self.material.validation is None:
            return 'none'
        return 'known' if self.held_out_is_known else 'new'

    # What it does

    async def events(self, once: bool = False) -> AsyncIterator:
        """Go on: the merges of the vocabulary, then the events of the training.

        After `pause`, or after one update when `once`, the stream ends at a whole update.
        """
        self._pausing, self.error = once, None
        try:
            for merge in self._vocabulary(once):
                yield merge
            if not self.checkpoint:
                return
            stream = trainer.get()(
                self.checkpoint.model, self.material.data, self.config,
                validation=self.material.validation, sample_prompt=self._prompt(),
                state=self.checkpoint.train_state)
            async with contextlib.aclosing(stream) as events:
                async for event in events:
                    self._take(event)
                    yield event
                    if self._pausing and self.is_whole(event):
                        return
        except (MinigptError, MemoryError) as error:
            self.error = error
            if self.is_broken:
                self.broke_at = getattr(error, 'values', {}).get('step', self.step)

    @property
    def is_broken(self) -> bool:
        """Whether its weights led to numbers beyond all bounds, though they may be none yet."""
        return getattr(self.error, 'key', '') in BREAKDOWNS or bool(
            self.error and self.checkpoint and not self.checkpoint.model.gives_numbers())

    def pause(self) -> None:
        """End the stream after the update in hand."""
        self._pausing = True

    def _vocabulary(self, once: bool) -> Iterator[Merge | None]:
        """Learn the vocabulary, where it is not learnt yet; then make what the run needs."""
        if self.checkpoint:
            return
        for merge in self._merging:
            self.merges.append(merge)
            yield merge
            if self._pausing and not once:
                return
        yield None
        self._prepare()

    def _prepare(self) -> None:
        settings = self.settings
        if self._origin:
            old = self._origin.model
            model = GPT(settings.model_config(old.config), flat=old.flat.copy())
            run = Checkpoint(model, self._origin.tokenizer, {}, self.config,
                             TrainState(model, self.config))
        else:
            run = new_run(vocabulary(self.merges), settings.model_config(), self.config)
        self.material, self.checkpoint = self.material_for(run), run
        self._keep()

    def material_for(self, run: Checkpoint) -> Material:
        """The text as ids of the run's tokenizer; TextError where it is shorter than a context."""
        block_size = run.model.config.block_size
        use = material(self._training, self._held_out, run.tokenizer, block_size)
        if len(use.data) <= block_size:  # rather nothing to judge by than nothing to learn from
            everything = [*self._training, *self._held_out]
            use = material(everything, [], run.tokenizer, block_size)
        if len(use.data) <= block_size:
            raise TextError('text_too_short', got=len(use.data), need=block_size + 1)
        return use

    def _prompt(self) -> list[int]:
        run = self.checkpoint
        return sample_prompt(self.settings.prompt, run.tokenizer, run.model.config.block_size)

    def is_whole(self, event) -> bool:
        """Whether a run may rest here: an update is followed by its evaluation and its sample."""
        if isinstance(event, TrainStep):
            return event.step % self.config.eval_every != 0 and event.step != self.config.steps
        return isinstance(event, Sample)

    def _take(self, event) -> None:
        self.history.take(event)
        if isinstance(event, Sample):
            self._sample(event)
            self._keep()
        elif isinstance(event, Moved):
            self.moved = event

    def _sample(self, event: Sample) -> None:
        tokenizer = self.checkpoint.tokenizer
        given = tokenizer.decode(self._prompt())
        loss = self.history.validation.last()
        loss = self.history.smooth.last() if loss is None else loss
        whole = tokenizer.decode(event.ids)
        written = Written(event.step, given, whole[len(given):], loss)
        self.samples = with_sample(self.samples, written)

    def _keep(self) -> None:
        """A state to come back to."""
        self.moments.add(Moment.of(self.checkpoint))
        self.snapshots.offer(self.step, self.checkpoint.model.flat)

    def back_to(self, step: int) -> bool:
        """Put model, optimizer and curves back to a kept moment; False where it was not kept."""
        moment = self.moments.at(step)
        if moment is None:
            return False
        if step < self.step:
            self.branches.append(step)
        moment.put_back(self.checkpoint)
        self.history.cut(step)
        self.moments.cut(step)
        self.samples = [it for it in self.samples if it.step <= step]
        self.snapshots = Snapshots(tuple(it for it in self.snapshots.kept if it[0] <= step))
        self.error, self.stopped = None, False
        return True

    def saved(self) -> Checkpoint:
        """A copy of the run as it is now, that can be looked at, kept and taken up again."""
        own = self.checkpoint
        state = copied(own.train_state)
        model = GPT(own.model.config, flat=own.model.flat.copy())
        return Checkpoint(model, own.tokenizer, progress(state), self.config, state)

    def change(self, settings: Settings) -> None:
        """Go on with other settings of the training; those of the model stay."""
        if settings == self.settings:
            return
        self.branches.append(self.step)
        self.settings, self.config = settings, settings.train_config()
        if self.checkpoint:
            self.checkpoint.train_config = self.config
            self.checkpoint.train_state = carried_over(self.checkpoint, self.config)


def repeated(pieces: list[str], studied: list[str]) -> bool:
    """Whether every line of the pieces also stands in the studied ones, in whatever order."""
    whole = '\n'.join(studied)
    lines = set(map(str.strip, whole.split('\n')))  # quicker than to look through the whole
    return all(line in lines or line in whole  # where the text was cut, half a line
               for piece in pieces for line in map(str.strip, piece.split('\n')))


def carried_over(checkpoint: Checkpoint, config) -> TrainState:
    """The state for going on with another configuration: memories of the same name are kept."""
    old = checkpoint.train_state
    new = TrainState(checkpoint.model, config)
    for name, vector in new.optimizer.memory.items():
        if name in old.optimizer.memory:
            vector[...] = old.optimizer.memory[name]
    new.optimizer.steps, new.rng = old.optimizer.steps, old.rng
    new.best_validation_loss = old.best_validation_loss
    new.evaluations_since_best = old.evaluations_since_best
    return new
