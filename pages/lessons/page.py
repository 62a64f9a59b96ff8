"""Lessons: the terminal's lessons told step by step in the browser, their exercises checked."""

import contextlib
import functools
import inspect
import io
import sys
import types

import param

from minigpt.teach.exercises import KINDS, Exercise as Question, Verdict
from minigpt.teach.lesson import LESSONS
from pages.exercises import Exercise
from pages.lessons import record
from pages.lessons.script import lessons_script
from pages.lessons.tasks import mended_one, solved_three, told_one
from pages.lessons.telling import Telling
from pages.lessons.view import LessonsView
from pages.page import ABOUT_THE_MODEL, Page
from pages.settings import one_of
from pages.work import Work

PRINTED = 4000  # characters of what an answer's code prints


class Lessons(Page):
    """`lesson` is told; `stage` is what is on the screen: the number of a step, or a kind of
    exercise. The lessons speak of the model that comes with minigpt, whichever the lab has.
    """

    lesson = param.Selector(default=LESSONS[0], objects=list(LESSONS))
    stage = param.String(default='1')

    section = 'lessons'
    follows_moments = False
    terms = ('token', 'vector', 'logit', 'softmax', 'attention', 'loss', 'nat', 'gradient',
             'learning_rate', 'overfitting', 'kv_cache', 'chunk', 'perplexity', 'entropy')
    exercises = (Exercise('told', check=told_one), Exercise('three', check=solved_three),
                 Exercise('hunt', check=mended_one))

    def __init__(self, lang: str = 'pt', query: dict[str, str] | None = None):
        self.work = Work(self.paint, self.broke)
        self.telling: Telling | None = None
        self.answers: dict[tuple[str, str], str] = {}  # lesson and kind → as it stands
        self.verdicts: dict[tuple[str, str], tuple[Verdict, str]] = {}  # and what was printed
        self.checking = False
        super().__init__(lang, query)

    @functools.cached_property
    def view(self) -> LessonsView:
        return LessonsView(self)

    # State

    def restore(self, query: dict[str, str]) -> None:
        """The link's lesson and step; the opening view is computed at once, all else on screen."""
        self.work.stop()
        self._take(one_of(query, 'lesson', LESSONS, LESSONS[0]))
        self.stage = one_of(query, 'step', self.telling.stages, '1')
        if not query and not self.telling.steps:
            self.work.now(self.telling.reaching('1'))
            self.telling.rest()

    def _take(self, name: str) -> None:
        """Tell this lesson; one that is being told goes on."""
        self.lesson, self.checking = name, False
        if self.telling is None or self.telling.lesson.name != name:
            self.telling = Telling(name)

    def start(self) -> None:
        """Compute what the stage shows, if it is not there."""
        if self.here is None:
            self.work.start(self.telling.reaching(self.stage))
        else:
            self.paint()

    @property
    def here(self):
        """The step or the exercise on the screen; None until it is computed."""
        return self.telling.here(self.stage)

    @property
    def question(self) -> Question | None:
        return self.here if self.stage in KINDS else None

    @property
    def key(self) -> tuple[str, str]:
        """Which exercise is on the screen."""
        return self.lesson, self.stage

    # What the reader does

    def go(self, stage: str) -> None:
        """To another step or exercise of the same lesson."""
        if stage != self.stage and stage in self.telling.stages:
            self.work.stop()
            self.stage, self.checking = stage, False
            self.start()

    def on(self, by: int = 1) -> None:
        """To the next stage, or the next lesson after the last; `by` −1 goes back."""
        at = self.telling.stages.index(self.stage) + by
        if 0 <= at < len(self.telling.stages):
            self.go(self.telling.stages[at])
        elif at > 0:
            self.work.stop()
            self._take(LESSONS[(LESSONS.index(self.lesson) + 1) % len(LESSONS)])
            self.stage = '1'
            self.start()

    def stop(self) -> None:
        """Stop computing; the steps told so far stay."""
        self.work.stop()
        self.checking = False
        self.paint()

    def again(self) -> None:
        """Compute the story anew up to the present step: what is measured may differ."""
        self.telling = Telling(self.lesson)
        self.start()

    def answer(self, typed: str) -> None:
        """Check an answer; of code, what stands in the editor."""
        question = self.question
        if question is None or self.checking:
            return
        if not question.starter:
            self.answers[self.key] = typed
        self.checking = True
        self.work.start(self._check(question, self.key))

    def _check(self, question: Question, key: tuple[str, str]):
        yield  # the screen says so before the work begins
        out = io.StringIO()
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                verdict = question.check(self.answers.get(key, question.starter))
        finally:
            self.checking = False
        self.verdicts[key] = verdict, out.getvalue()[:PRINTED]
        if verdict.right:
            record.remember(*key)
        yield

    def write(self, code: str) -> None:
        """The reader changed the code."""
        if self.question is not None and self.question.starter:
            if code == self.question.starter:
                self.answers.pop(self.key, None)
            else:
                self.answers[self.key] = code

    def restore_starter(self) -> None:
        """The code as it was at first."""
        self.answers.pop(self.key, None)
        self.verdicts.pop(self.key, None)
        self.paint()

    # Painting

    def follow_lab(self, names: set[str]) -> None:
        """Nothing here is of the lab but what the reader achieved."""
        super().follow_lab(names - ABOUT_THE_MODEL)
        if 'settings' in names and self.complete:
            self.view.paint_list()

    def relabel(self) -> None:
        self.view.relabel()
        self.paint()

    def paint(self) -> None:
        if self.stage == str(self.telling.count) and self.here is not None and self._started:
            record.remember(self.lesson, record.STORY)
        self.view.paint()
        first = {'lesson': LESSONS[0], 'step': '1'}
        now = {'lesson': self.lesson, 'step': self.stage}
        self.query = {} if now == first else now
        self.frame.check()

    def sources(self) -> list:
        """The story itself, and what of minigpt it calls by name."""
        module = sys.modules[f'minigpt.teach.lessons.{self.lesson}']
        used = [getattr(module, name, None) for name in _names(module.story.__code__)]
        return [module.story, *(it for it in dict.fromkeys(filter(callable, used))
                                if _is_code_of_minigpt(it))]

    def script(self) -> str:
        return lessons_script(self)

    def body(self):
        return self.view.layout()


def _names(code: types.CodeType) -> list[str]:
    """The names that a function uses, in its comprehensions too."""
    return [*code.co_names, *(name for it in code.co_consts if isinstance(it, types.CodeType)
                              for name in _names(it))]


def _is_code_of_minigpt(thing) -> bool:
    """A function or class that computes: not the figures and steps that carry what was computed."""
    module = getattr(thing, '__module__', '') or ''
    real = inspect.unwrap(thing)
    return (module.startswith('minigpt.') and (inspect.isfunction(real) or inspect.isclass(real))
            and (not module.startswith('minigpt.teach.')
                 or module.startswith('minigpt.teach.lessons.')))
