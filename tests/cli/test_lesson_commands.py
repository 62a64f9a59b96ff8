"""lesson and exercise: told in both languages, answered and judged from the terminal."""

import json

from minigpt.teach.exercises import KINDS
from minigpt.teach.lesson import LESSONS, Lesson
from minigpt.teach.words import sections

NAME = 'backpropagation_by_hand'


def test_lessons_are_listed_by_level_in_the_reader_s_language(minigpt):
    ran = minigpt('lesson', '--lang', 'en')
    assert all(name in ran.out for name in LESSONS)
    assert ran.out.index('beginner') < ran.out.index('intermediate') < ran.out.index('advanced')
    assert [it['name'] for it in minigpt('lesson', '--json').json] == list(LESSONS)
    assert sections(NAME, 'pt')['title'] in minigpt('lesson').out


def test_a_lesson_is_told_with_its_numbers_and_ends_with_the_exercises(minigpt):
    ran = minigpt('lesson', NAME)
    assert ran.code == 0
    assert sections(NAME, 'pt')['title'] in ran.out
    assert '−ln p(C) = 0,3672' in ran.out
    assert all(f'minigpt exercise {NAME} {kind}' in ran.out for kind in KINDS)
    assert max(map(len, ran.out.splitlines())) <= 80
    assert '−ln p(C) = 0.3672' in minigpt('lesson', NAME, '--lang', 'en').out


def test_a_lesson_as_json_is_its_steps(minigpt):
    found = minigpt('lesson', NAME, '--json').json
    assert [it['step'] for it in found] == [step.key for step in Lesson(NAME).story()]
    heat = found[2]['figures'][0]
    assert heat['kind'] == 'heat' and len(heat['values']) == 2


def test_interactive_waits_between_steps_and_goes_on_when_the_input_ends(minigpt):
    ran = minigpt('lesson', NAME, '--interactive', stdin='\n')
    assert ran.err.count('[Enter continua]') == len(list(Lesson(NAME).story())) - 1
    assert ran.out == minigpt('lesson', NAME).out


def test_answers_are_judged_and_the_exit_code_says_so(minigpt):
    right = minigpt('exercise', NAME, 'analysis', '-0,8')
    assert (right.code, right.out) == (0, 'Certo!\n')
    wrong = minigpt('exercise', NAME, 'analysis', '-0.5', '--lang', 'en')
    assert (wrong.code, wrong.out) == (1, 'Not yet: the number is too large.\n')
    [verdict] = minigpt('exercise', NAME, 'visualisation', 'Z', '--json').json
    assert verdict['right'] is False and 'A, B, C, D, E' in verdict['text']
    hint = minigpt('exercise', NAME, 'analysis', '--hint')
    assert hint.code == 0 and '0,2' in hint.out


def test_all_five_are_asked_without_a_kind(minigpt):
    ran = minigpt('exercise', NAME)
    assert ran.code == 0
    for word in ('análise', 'visualização', 'comparação', 'implementação', 'depuração'):
        assert f'{NAME} · {word}' in ran.out


def test_a_bug_hunt_from_start_to_mended(minigpt, tmp_path):
    hunt = Lesson(NAME).exercise('debugging')
    path = tmp_path / 'caca.py'
    assert minigpt('exercise', NAME, 'debugging', '--start', path).code == 0
    assert path.read_text(encoding='utf-8') == hunt.starter
    ran = minigpt('exercise', NAME, 'debugging', '--file', path)
    assert ran.code == 1 and ran.out.startswith('Ainda não: o teste mediu 0,1')
    again = minigpt('exercise', NAME, 'debugging', '--start', path)
    assert again.code == 1 and 'já existe' in again.err
    path.write_text(hunt.starter.replace(hunt.wrong, hunt.right), encoding='utf-8')
    ran = minigpt('exercise', NAME, 'debugging', '--file', path)
    assert ran.code == 0 and ran.out.startswith('Consertado!')


def test_a_function_is_judged(minigpt, tmp_path):
    path = tmp_path / 'meu.py'
    path.write_text('def gradient(logits, target):\n'
                    '    p = np.exp(logits - logits.max())\n    p /= p.sum()\n'
                    '    p[target] -= 1\n    return p\n')
    assert minigpt('exercise', NAME, 'implementation', '--file', path).code == 0
    path.write_text('def gradient(logits, target):\n    return logits\n')
    ran = minigpt('exercise', NAME, 'implementation', '--file', path, '--json')
    assert ran.code == 1 and json.loads(ran.out)['verdict'] == 'differs'


def test_a_question_without_code_has_no_start(minigpt, tmp_path):
    ran = minigpt('exercise', NAME, 'analysis', '--start', tmp_path / 'x.py')
    assert ran.code == 1 and 'não começa com código' in ran.err
    assert not (tmp_path / 'x.py').exists()
