"""Every lesson runs with the real library, says the same in both languages, and checks itself."""

import re
import string
from functools import cache

import numpy as np
import pytest

from minigpt.errors import ConfigError
from minigpt.teach.bug_hunt import PACKAGE, BugHunt
from minigpt.teach.draw import WIDTH, cells, drawn
from minigpt.teach.exercises import KINDS, Choice, Code, Number
from minigpt.locale import catalogue
from minigpt.teach.figures import Curves, Name, Rows
from minigpt.teach.lesson import LESSONS, LEVELS, NAMES, Lesson, Working
from minigpt.teach.words import FOLDER, said, sections, verdict_said

SEED = ('transformer_architecture', 'tokenization_process', 'embeddings_explained',
        'training_system', 'gradient_computation', 'optimization_techniques', 'inference_engine',
        'memory_management')


@cache
def told(name):
    """The steps of a lesson, run once for all tests."""
    return list(Lesson(name).story())


@cache
def exercises(name):
    return Lesson(name).exercises()


def blanks(text):
    return sorted({name for _, name, _, _ in string.Formatter().parse(text) if name})


def columns(text):
    """How many columns the table head at the end of a section has."""
    last = text.rsplit('\n', 1)[-1]
    return last.count('|') if last.startswith('|') else 0


def test_there_are_fifteen_or_more_in_three_levels_and_the_seed_s_among_them():
    assert len(LESSONS) >= 15
    assert set(SEED) <= set(LESSONS)
    assert set(NAMES) == set(LEVELS)
    assert all(Lesson(name).level == level for level in LEVELS for name in NAMES[level])
    files = {path.stem for path in (PACKAGE / 'teach' / 'lessons').glob('*.py')} - {'__init__'}
    assert files == set(LESSONS)
    assert {path.name for path in FOLDER.glob('*.md')} == {
        f'{name}.{lang}.md' for name in LESSONS for lang in ('pt', 'en')}


def test_a_lesson_that_is_none_is_named_with_the_choices():
    with pytest.raises(ConfigError, match='kv_cache.*nonsense'):
        Lesson('nonsense')


@pytest.mark.parametrize('name', LESSONS)
def test_both_languages_have_the_same_sections_blanks_and_columns(name):
    pt, en = (sections(name, lang) for lang in ('pt', 'en'))
    assert list(pt) == list(en)
    for key in pt:
        assert blanks(en[key]) == blanks(pt[key]), key
        assert columns(en[key]) == columns(pt[key]), key


@pytest.mark.parametrize('name', LESSONS)
@pytest.mark.parametrize('lang', ['pt', 'en'])
def test_the_words_fit_what_the_story_tells(name, lang):
    lesson, used = Lesson(name), {'title', 'goal'}
    for step in told(name):
        words = lesson.words(step, lang)
        used.add(step.key)
        assert words.text and not re.search(r'\{\w*\}|nan|inf\b', words.text), words.text
        tables = [figure for figure in step.figures if isinstance(figure, Rows)]
        assert len(words.head) == (len(tables[0].cells[0]) if tables else 0), step.key
        for figure in step.figures:
            lines = (drawn(figure, lang) if not isinstance(figure, Rows)
                     else [' '.join(row) for row in cells(figure, lang)[0]])
            assert lines and max(map(len, lines)) <= WIDTH
    for exercise in exercises(name):
        used |= {exercise.key, f'{exercise.key}.hint'}
        assert len(lesson.words(exercise, lang).text) > 20
        assert len(lesson.hint(exercise, lang)) > 5
    assert used == set(sections(name, lang))


@pytest.mark.parametrize('name', LESSONS)
def test_every_lesson_ends_with_the_five_kinds(name):
    assert [exercise.kind for exercise in exercises(name)] == list(KINDS)


@pytest.mark.parametrize('name', LESSONS)
def test_the_right_answer_is_taken_and_wrong_ones_are_not(name):
    for exercise in exercises(name):
        if isinstance(exercise, Number):
            assert exercise.check(f'{exercise.expected:.9f}'.replace('.', ',')).right
            if exercise.expected == round(exercise.expected):
                assert exercise.check(f'{exercise.expected:,.0f}').right
                assert exercise.check(f'{exercise.expected:,.0f}'.replace(',', '.')).right
            too_much = exercise.check(str(exercise.expected + 2 * exercise.tolerance))
            assert (too_much.right, too_much.key) == (False, 'too_large')
            assert exercise.check('muito').key == 'no_number'
        elif isinstance(exercise, Choice):
            assert [choice for choice in exercise.choices if exercise.check(choice).right] == [
                exercise.expected]
            assert exercise.check('nonsense').key == 'no_choice'


@pytest.mark.parametrize('name', LESSONS)
def test_a_function_like_the_library_s_passes_and_the_starter_does_not(name):
    for exercise in exercises(name):
        if isinstance(exercise, Code):
            assert not exercise.check(exercise.starter).right
            assert exercise.compare(exercise.reference).key == 'passes'


@pytest.mark.parametrize('name', LESSONS)
def test_the_planted_mistake_is_caught_and_its_mending_accepted(name):
    [hunt] = [exercise for exercise in exercises(name) if isinstance(exercise, BugHunt)]
    assert hunt.check(hunt.starter).key == 'still_wrong'
    mended = hunt.starter.replace(hunt.wrong, hunt.right, 1) if hunt.wrong else (
        (PACKAGE / hunt.file).read_text(encoding='utf-8'))
    assert hunt.check(mended).key == 'mended'


def test_asking_for_one_exercise_makes_no_other(monkeypatch):
    lesson, made = Lesson('training_system'), []
    for kind in KINDS:
        maker = getattr(lesson._module, kind)
        monkeypatch.setattr(lesson._module, kind, lambda kind=kind, maker=maker: (
            made.append(kind), maker())[1])
    assert lesson.exercise('analysis').kind == 'analysis' and made == ['analysis']
    with pytest.raises(ConfigError, match='analysis, visualisation'):
        lesson.exercise('story')


@pytest.mark.parametrize('name', LESSONS)
def test_the_steps_are_known_before_they_are_computed(name):
    assert Lesson(name).steps == tuple(step.key for step in told(name))


def test_a_story_that_takes_long_says_how_far_it_is():
    shares = []
    for event in Lesson('optimization_techniques').events():
        if isinstance(event, Working):
            shares.append(event.share)
        elif event.key == 'model':
            break
    assert len(shares) >= 8 and shares == sorted(shares) and shares[-1] == 1


@pytest.mark.parametrize('name', ['kv_cache', 'training_system', 'embeddings_explained'])
def test_every_line_of_a_chart_has_a_place_for_each_point(name):
    for step in told(name):
        for figure in step.figures:
            if isinstance(figure, Curves):
                assert {figure.x, figure.y} <= catalogue('pt')['teach']['axes'].keys()
                for line, values in figure.lines.items():
                    places = figure.places(line)
                    assert len(places) == len(values) and (np.diff(places) > 0).all()
    assert name != 'training_system' or figure_of(name, 'curve').places('held out').tolist() == [
        15 * i for i in range(1, 11)]


def figure_of(name, key):
    return next(step for step in told(name) if step.key == key).figures[0]


def test_names_are_told_in_the_reader_s_language_and_taken_in_any():
    exercise = Lesson('transformer_architecture').exercise('comparison')
    lesson = Lesson('transformer_architecture')
    assert 'MLP, normalizações, cabeça de saída' in lesson.words(exercise, 'pt').text
    rows, _ = cells(figure_of('transformer_architecture', 'weights'), 'pt')
    assert rows[0][0] == 'embeddings de token'
    for answer in ('projeções da atenção', 'Attention projections'):
        assert exercise.check(answer).key == 'another'
    said = verdict_said(exercise.check('nada'), 'pt')
    assert 'embeddings de token, embeddings de posição' in said


def test_every_name_of_a_story_is_in_the_locale():
    for name in LESSONS:
        for step in told(name):
            for figure in step.figures:
                words = getattr(figure, 'labels', []) or getattr(figure, 'lines', {}) or [
                    cell for row in getattr(figure, 'cells', []) for cell in row]
                assert {word for word in words if isinstance(word, Name)} <= (
                    catalogue('pt')['teach']['names'].keys())


@pytest.mark.parametrize(('code', 'key', 'line'), [
    ('def softmax(x):\n    while True:\n        pass', 'too_long', 2),
    ('while True: pass', 'too_long', 1), ('def softmax(x):\n    raise SystemExit', 'raised', 2),
    ('def softmax(x):\n    return [[1], [2, 3]]', 'raised_elsewhere', 0), ('\0', 'syntax', 0),
    ('(' * 5000, 'syntax', 1), ('def softmax(x):\n    return softmax(x)', 'raised', 1)])
def test_code_that_does_not_end_or_leaves_is_told_with_its_line(monkeypatch, code, key, line):
    monkeypatch.setattr('minigpt.teach.exercises.SECONDS', 0.2)
    verdict = Lesson('softmax_temperature').exercise('implementation').check(code)
    assert (verdict.right, verdict.key) == (False, key)
    assert verdict.values['line'] == line or key == 'syntax'
    assert '{' not in verdict_said(verdict, 'pt')


def test_a_bug_hunt_leaves_the_library_as_it_was():
    from minigpt.backend import dispatch
    before = dict(dispatch.reference)
    for exercise in exercises('backpropagation_by_hand'):
        if isinstance(exercise, BugHunt):
            exercise.check(exercise.starter)
    assert dispatch.reference == before


def test_the_numbers_of_a_story_are_the_model_s():
    steps = {step.key: step for step in told('transformer_architecture')}
    from minigpt import shipped
    model = shipped.load().model
    assert steps['weights'].values['parameters'] == model.n_params
    assert sum(row[1] for row in steps['weights'].figures[0].cells) == model.n_params
    steps = {step.key: step for step in told('kv_cache')}
    assert steps['same'].values['difference'] < 1e-4
    steps = {step.key: step for step in told('training_system')}
    assert steps['guessing'].values['loss'] == pytest.approx(np.log(320), abs=0.1)
    curve = steps['curve'].figures[0].lines
    assert curve['held out'][-1] < curve['held out'][0]


def test_answers_that_are_no_good_code_are_told_so():
    exercise = Lesson('softmax_temperature').exercise('implementation')
    assert exercise.check('def softmax(x:').key == 'syntax'
    assert exercise.check('y = 1').key == 'no_function'
    assert exercise.check('def softmax(x):\n    return x / 0 + nothing').key == 'raised'
    code = 'def softmax(x):\n    e = np.exp({})\n    return e / e.sum(-1, keepdims=True)'
    naive = exercise.check(code.format('x'))
    assert naive.key == 'differs' and 'nan' in naive.values['got']
    assert exercise.check(code.format('x - x.max(-1, keepdims=True)')).key == 'passes'


def test_words_fill_numbers_in_the_reader_s_way():
    values = {'parameters': 937728}
    assert '937.728' in said('transformer_architecture', 'weights', values, 'pt').text
    assert '937,728' in said('transformer_architecture', 'weights', values, 'en').text
