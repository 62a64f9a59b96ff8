"""One lesson being told: its steps as far as they are computed, its exercises as they are asked."""

from collections.abc import Iterator

from minigpt.teach.exercises import KINDS, Exercise
from minigpt.teach.lesson import Lesson, Step, Working


class Telling:
    """`stages`: '1', '2', … for the steps of the story, then the kinds of the exercises."""

    def __init__(self, name: str):
        self.lesson = Lesson(name)
        self.steps: list[Step] = []
        self.exercises: dict[str, Exercise] = {}
        self.share = 0.0  # of the step being computed
        self._events: Iterator | None = None

    @property
    def count(self) -> int:
        """Steps of the whole story."""
        return len(self.lesson.steps)

    @property
    def stages(self) -> list[str]:
        return [*map(str, range(1, self.count + 1)), *KINDS]

    def here(self, stage: str) -> Step | Exercise | None:
        """What a stage shows; None as long as it is not computed."""
        if stage in KINDS:
            return self.exercises.get(stage)
        return self.steps[int(stage) - 1] if int(stage) <= len(self.steps) else None

    def reaching(self, stage: str) -> Iterator[None]:
        """Compute what a stage shows, in turns; a story goes on where it stopped."""
        yield
        if stage in KINDS:
            self.exercises[stage] = self.lesson.exercise(stage)
            return
        while len(self.steps) < int(stage):
            self._events = self._events or self._begin()
            event = next(self._events)
            self.share = event.share if isinstance(event, Working) else 0.0
            if isinstance(event, Step):
                self.steps.append(event)
            yield

    def _begin(self) -> Iterator[Step | Working]:
        """The events after the steps already told."""
        told = len(self.steps)
        for event in self.lesson.events():
            if told and isinstance(event, Step):
                told -= 1
            else:
                yield event

    def rest(self) -> None:
        """Let go of what the story holds between two steps; going on, it begins anew."""
        self._events = None
