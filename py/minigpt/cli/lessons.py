"""`minigpt lesson` tells a lesson, `minigpt exercise` asks and checks."""

import sys
from functools import partial
from pathlib import Path

from minigpt.cli import stories, terminal
from minigpt.cli.options import add_json, print_json, refuse_place
from minigpt.errors import ConfigError
from minigpt.formats.atomic import write_atomically
from minigpt.locale import sentence
from minigpt.teach.exercises import KINDS, Exercise, Verdict
from minigpt.teach.lesson import LESSONS, LEVELS, NAMES, Lesson
from minigpt.teach.words import verdict_said
from minigpt.training.dataset import read_text


def add_lesson_arguments(parser, say) -> None:
    parser.add_argument('name', nargs='?', choices=LESSONS, metavar='NAME',
                        help=say('cli.lesson.name'))
    parser.add_argument('--interactive', action='store_true', help=say('cli.demo.interactive'))
    add_json(parser, say)


def run_lesson(args) -> None:
    if args.name is None:
        return list_lessons(args)
    lesson = Lesson(args.name)
    if args.json:
        for step in lesson.story():
            print_json(stories.as_json(lesson, step, args.lang))
        return None
    stories.tell(lesson, args.lang, args.interactive)
    say = partial(sentence, args.lang)
    if args.interactive and sys.stdin.isatty():
        quiz(lesson, args.lang)
    terminal.heading(say('cli.lesson.exercises'))
    terminal.table([], [(say(f'teach.kind.{kind}'), f'minigpt exercise {lesson.name} {kind}')
                        for kind in KINDS])


def quiz(lesson: Lesson, lang: str) -> None:
    """Ask what can be answered in a word, and judge at once; Enter alone passes on."""
    for exercise in lesson.exercises():
        if not exercise.starter:
            stories.ask(lesson, exercise, lang)
            print(terminal.bold('> '), end='', flush=True)
            answer = sys.stdin.readline().strip()
            if answer:
                tell(exercise.check(answer), lang)


def tell(verdict: Verdict, lang: str) -> None:
    """Green for right, red for not yet."""
    print((terminal.good if verdict.right else terminal.bad)(verdict_said(verdict, lang)))


def list_lessons(args) -> None:
    """Names and titles by level."""
    say = partial(sentence, args.lang)
    for level in LEVELS:
        found = [Lesson(name) for name in NAMES[level]]
        if args.json:
            for lesson in found:
                print_json({'name': lesson.name, 'level': level, 'title': lesson.title(args.lang),
                            'goal': lesson.goal(args.lang)})
        else:
            terminal.heading(say(f'teach.level.{level}'))
            terminal.table([], [(lesson.name, lesson.title(args.lang)) for lesson in found])


def add_exercise_arguments(parser, say) -> None:
    parser.add_argument('lesson', choices=LESSONS, metavar='LESSON', help=say('cli.lesson.name'))
    parser.add_argument('kind', nargs='?', choices=KINDS, metavar='KIND',
                        help=say('cli.exercise.kind', kinds=', '.join(KINDS)))
    parser.add_argument('answer', nargs='?', metavar='ANSWER', help=say('cli.exercise.given'))
    parser.add_argument('--file', metavar='FILE', help=say('cli.exercise.file'))
    parser.add_argument('--start', metavar='FILE', help=say('cli.exercise.start'))
    parser.add_argument('--hint', action='store_true', help=say('cli.exercise.hint'))
    add_json(parser, say)


def run_exercise(args) -> int:
    """0 for a right answer or a question asked; 1 for a wrong answer."""
    lesson = Lesson(args.lesson)
    if args.kind is None:
        for exercise in lesson.exercises():
            stories.ask(lesson, exercise, args.lang)
        return 0
    exercise = lesson.exercise(args.kind)
    if args.start:
        return write_starter(exercise, args)
    answer = read_text(args.file) if args.file else args.answer
    if args.hint:
        terminal.prose(lesson.hint(exercise, args.lang))
    elif answer is None:
        stories.ask(lesson, exercise, args.lang)
    if answer is None:
        return 0
    return judge(exercise, answer, args)


def write_starter(exercise: Exercise, args) -> int:
    """Put the code that the answer begins with into a new file; an existing one is kept."""
    path = Path(args.start)
    if not exercise.starter:
        raise ConfigError('no_starter', kind=exercise.kind)
    refuse_place(path)
    if path.exists():
        raise ConfigError('file_exists', path=path)
    write_atomically(path, exercise.starter.encode('utf-8'))
    print(sentence(args.lang, 'cli.exercise.started', path=path, lesson=args.lesson,
                   kind=exercise.kind))
    return 0


def judge(exercise: Exercise, answer: str, args) -> int:
    """Say whether the answer is right; 1 if it is not."""
    verdict = exercise.check(answer)
    if args.json:
        print_json({'right': verdict.right, 'verdict': verdict.key,
                    'text': verdict_said(verdict, args.lang), 'values': dict(verdict.values)})
    else:
        tell(verdict, args.lang)
        if not verdict.right and sys.stdout.isatty():
            terminal.note(sentence(args.lang, 'cli.exercise.try_hint'))
    return 0 if verdict.right else 1
