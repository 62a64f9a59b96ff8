"""The script of the lessons page: Python that tells the same steps, with their numbers."""

from minigpt.teach.exercises import KINDS

STORY = '''from itertools import islice

from minigpt.teach.draw import cells, drawn
from minigpt.teach.figures import Rows
from minigpt.teach.lesson import Lesson


def show(words, figures):
    print(words.text, end='\\n\\n')
    for figure in figures:
        if isinstance(figure, Rows):
            for row in [words.head, *cells(figure, {lang!r})[0]]:
                print('  '.join(row))
        else:
            print(*drawn(figure, {lang!r}), sep='\\n')
        print()


lab = load_lab()  # the lesson speaks of the model that comes with minigpt, whatever the lab
lesson = Lesson({name!r})
print(lesson.title({lang!r}), end='\\n\\n')
'''
STEPS = '''for step in islice(lesson.story(), {count}):
    show(lesson.words(step, {lang!r}), step.figures)
'''
EXERCISE = '''exercise = lesson.exercise({kind!r})
show(lesson.words(exercise, {lang!r}), exercise.figures)
print(exercise.starter)
# What is right is computed too: exercise.check('...')
'''


def lessons_script(page) -> str:
    """Lines that print the story up to the step on the screen, or the exercise asked."""
    said = {'name': page.lesson, 'lang': page.lang}
    if page.stage in KINDS:
        return STORY.format(**said) + EXERCISE.format(kind=page.stage, **said)
    return STORY.format(**said) + STEPS.format(count=int(page.stage), **said)
