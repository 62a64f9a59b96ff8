"""Show a lesson's steps and exercises in the terminal."""

import sys
from functools import partial

from minigpt.cli import terminal
from minigpt.locale import sentence
from minigpt.teach.draw import cells, drawn
from minigpt.teach.exercises import Exercise
from minigpt.teach.figures import Figure, Rows
from minigpt.teach.lesson import Lesson, Step
from minigpt.teach.words import Said


def tell(lesson: Lesson, lang: str, interactive: bool = False) -> None:
    """The whole story, step by step; with `interactive` the reader says when to go on."""
    terminal.heading(lesson.title(lang))
    terminal.prose(lesson.goal(lang))
    for number, step in enumerate(lesson.story()):
        if interactive and number:
            pause(lang)
        show(lesson.words(step, lang), step.figures, lang)


def show(words: Said, figures: tuple[Figure, ...], lang: str) -> None:
    """Text, then pictures and tables."""
    terminal.prose(words.text)
    for figure in figures:
        if isinstance(figure, Rows):
            body, sides = cells(figure, lang)
            terminal.table(list(words.head), body, sides)
        else:
            print()
            terminal.lines(drawn(figure, lang))


def ask(lesson: Lesson, exercise: Exercise, lang: str) -> None:
    """The question of an exercise, with its pictures and the beginning of the code."""
    say = partial(sentence, lang)
    terminal.heading(f'{lesson.name} · {say(f"teach.kind.{exercise.kind}")}')
    show(lesson.words(exercise, lang), exercise.figures, lang)
    if exercise.starter:
        begin = exercise.starter if exercise.starter.count('\n') < 8 else ''
        print(f'\n{begin}' if begin else '')
        terminal.prose(say('cli.exercise.code', lesson=lesson.name, kind=exercise.kind))
    else:
        terminal.prose(say('cli.exercise.answer', lesson=lesson.name, kind=exercise.kind))


def as_json(lesson: Lesson, step: Step, lang: str) -> dict:
    """A step for scripts: its words, its values, its pictures as data."""
    words = lesson.words(step, lang)
    return {'step': step.key, 'text': words.text, 'head': words.head, 'values': dict(step.values),
            'figures': [{'kind': type(figure).__name__.lower(), **plain(vars(figure))}
                        for figure in step.figures]}


def plain(value):
    """Arrays and tuples as lists, for JSON."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if hasattr(value, 'tolist'):
        return value.tolist()
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def pause(lang: str) -> None:
    """Wait for Enter; a closed input goes on at once."""
    print(terminal.dim('\n' + sentence(lang, 'cli.pause')), end=' ', file=sys.stderr, flush=True)
    sys.stdin.readline()
