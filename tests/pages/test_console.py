"""The Python console without a browser: what is typed, what it answers, what it shows."""

import asyncio
import gc
import weakref

import numpy as np
import pytest
from bokeh.core.json_encoder import serialize_json
from bokeh.document import Document

from minigpt.lab import shipped_lab
from minigpt.locale import sentence
from pages import lab
from pages.components.matrix import Matrix
from pages.console.console import LONGEST, Console
from pages.console.interpreter import completions, is_complete
from pages.inference.page import Inference
from pages.locale import text
from pages.theme import GROUND


@pytest.fixture
def console():
    return Console()


def entered(console, *sources: str) -> str:
    """Enter these, one after another; the text of the last answer."""
    async def go():
        for source in sources:
            console.enter(source)
            while console.running:
                await asyncio.sleep(0)
    asyncio.run(go())
    return ''.join(text for _, text in console.answers[-1].parts)


def kinds(console) -> list[str]:
    return [kind for kind, _ in console.answers[-1].parts]


def test_an_expression_is_shown_and_a_name_is_kept(console):
    assert entered(console, 'a = 3', 'a + 4') == '7\n'
    assert entered(console, '_ * 2') == '14\n' and kinds(console) == ['value']
    assert console.failure == ''


def test_prints_errors_and_values_come_in_their_order(console):
    assert entered(console, "print('um')\n2\nprint('três')") == 'um\n2\ntrês\n'
    assert kinds(console) == ['out', 'value', 'out']


def test_the_lab_is_at_hand_as_it_is_now(console):
    assert entered(console, 'lab is _ if "_" in vars() else model.config.n_layer') == (
        f'{shipped_lab().model.config.n_layer}\n')
    assert entered(console, "tok.decode(tok.encode('ção')) == 'ção' and tok is lab.tokenizer") == (
        'True\n')
    lab.change(name='outro')
    assert entered(console, 'lab.name') == "'outro'\n"
    lab.replace(shipped_lab())


def test_page_is_the_one_on_the_screen_and_can_be_told_things(console):
    page = Inference(query={'n': '3'})

    async def show():
        page.show()
    asyncio.run(show())
    assert entered(console, 'page.temperature') == '0.8\n'
    entered(console, 'page.temperature = 1.5')
    assert page.temperature == 1.5 and page._view.knobs['temperature'].value == 1.5


def test_a_name_the_reader_took_stays_theirs(console):
    entered(console, 'model = 5')
    assert entered(console, 'model') == '5\n'
    assert entered(console, 'del model', 'model is lab.model') == 'True\n'


def test_await_works_at_the_top_level(console):
    code = 'import asyncio\nfor i in range(3):\n    await asyncio.sleep(0)\n    i\n'
    assert entered(console, code) == '0\n1\n2\n'
    assert entered(console, '[await asyncio.sleep(0, i) for i in range(2)]') == '[0, 1]\n'


def test_an_error_shows_the_reader_s_lines_alone(console):
    said = entered(console, 'def f(x):\n    return 1 / x\n', 'f(0)')
    assert said.startswith('Traceback') and said.endswith('ZeroDivisionError: division by zero\n')
    assert 'return 1 / x' in said and 'f(0)' in said and 'interpreter.py' not in said
    assert kinds(console) == ['error']
    said = entered(console, "np.linalg.inv(np.zeros((2, 2)))")
    assert said.count('File ') == 2 and 'Singular matrix' in said  # theirs, and where it arose


def test_an_error_of_minigpt_s_is_told_in_the_reader_s_language(console):
    said = entered(console, 'model.forward(np.array([[9999]]))')
    key = 'errors.id_out_of_range'
    assert said.splitlines()[-1] == 'ConfigError: ' + sentence(
        'pt', key, low=9999, high=9999, last=tokens() - 1)
    assert 'in checked' in said


def tokens() -> int:
    return shipped_lab().tokenizer.vocab_size


def test_what_python_cannot_read_is_told_too(console):
    assert 'SyntaxError' in entered(console, 'a b')
    assert 'SyntaxError' in entered(console, 'a\0b')


@pytest.mark.parametrize('source, whole', [
    ('1', True), ('', True), ('def f():', False), ('def f():\n    return 1', False),
    ('def f():\n    return 1\n', True), ('(1,', False), ('"""a', False), ('a b', True),
    ('a = 1\nb = 2', True), ('for i in x:\n    await i\n', True), ('x = [\n    1,\n    2]', False),
    ('if a:\n    b\nelse:\n    c\n\n', True)])
def test_enter_runs_what_is_whole(source, whole):
    assert is_complete(source) == whole


def test_an_unfinished_command_is_not_run(console):
    sent = []
    console.input._send_msg = sent.append
    console.enter('for i in range(3):')
    assert sent == [{'more': 'for i in range(3):'}] and console.answers == []


def test_names_are_completed_with_their_attributes():
    names = {'model': shipped_lab().model, 'modelo': 1, 'número': 2}
    assert completions('x = mode', names) == (4, ['model', 'modelo'])
    start, found = completions('print(model.n_p', names)
    assert (start, found) == (6, ['model.n_params'])
    assert completions('núm', names) == (0, ['número'])
    assert completions('f(', names) == (2, []) and completions('', names) == (0, [])
    assert completions('model.nada', names)[1] == []


def test_a_long_output_is_cut_and_says_so(console):
    said = entered(console, "print('a' * 1_000_000)")
    assert len(said) == LONGEST and '980.001' in console.answers[-1].cut
    assert entered(console, '1') == '1\n' and console.answers[-1].cut == ''


def test_code_that_waits_can_be_stopped(console):
    async def go():
        console.enter("import asyncio\nprint('antes')\nawait asyncio.Event().wait()")
        while not (console.answers and console.answers[-1].parts):
            await asyncio.sleep(0)
            console._paint()
        console.stop()
        while console.running:
            await asyncio.sleep(0)
    asyncio.run(go())
    assert [it[1] for it in console.answers[-1].parts] == ['antes\n', 'Parado.']
    assert not console.input.busy and entered(console, '1') == '1\n'


def test_an_interrupt_ends_what_computes_and_nothing_else():
    blocks = []

    class Interrupts:
        def __enter__(self):
            blocks.append(self)

        def __exit__(self, *_):
            pass
    Console.interruptible, before = Interrupts, Console.interruptible
    try:
        console = Console()
        assert entered(console, 'raise KeyboardInterrupt') == 'Parado.'
        entered(console, 'import asyncio\nawait asyncio.sleep(0)\nawait asyncio.sleep(0)')
    finally:
        Console.interruptible = before
    assert len(blocks) > 4  # each stretch between two waits is a block of its own


def test_exit_is_answered(console):
    assert entered(console, 'exit()') == text('pt')['console']['no_exit']


@pytest.mark.parametrize('code, kind', [
    ('plot([1, 2, 4])', 'lines'), ('plot([0, 1], [3.5, 4])', 'lines'),
    ("plot({'a': [1, 2], 'b': [2, 1]}, title='t', x='passo', y='perda')", 'lines'),
    ("plot([1, 2], [3, 4], kind='points')", 'points'), ("plot([1, 0, 2], kind='bars')", 'bars'),
    ("plot(np.random.default_rng(0).normal(size=500), kind='histogram')", 'bars')])
def test_plot_shows_a_chart_under_its_answer(console, code, kind):
    entered(console, '1', code)
    assert console.answers[-1].parts == []
    before, chart = console.log.objects[-2:]
    assert before is console.answers[-1]
    assert text('pt')['chart'][kind] in chart.name_of_picture


def test_plot_shows_a_matrix_in_colours(console):
    entered(console, 'plot(np.eye(3))')
    assert np.array_equal(console.log.objects[-1].values, np.eye(3))
    entered(console, 'plot([[1, -1], [0.5, 2]])')
    assert isinstance(console.log.objects[-1], Matrix)
    assert console.log.objects[-1].scale == 'diverging'


def test_charts_follow_the_theme_and_are_let_go_when_cleared(console):
    entered(console, 'plot([1, 2])')
    chart = weakref.ref(console.charts[0])
    console.theme = 'dark'
    assert chart().figure.background_fill_color == GROUND['dark']['ground']
    console.clear()
    gc.collect()
    assert chart() is None


@pytest.mark.parametrize('code', [
    'plot()', 'plot([])', "plot('a')", 'plot([1], [1, 2])', "plot([1], kind='x')",
    'plot(np.zeros((2, 2, 2)))', 'plot({})', 'plot(np.zeros(10**6))'])
def test_what_cannot_be_plotted_is_an_error_and_no_chart(console, code):
    assert 'Error' in entered(console, code) and len(console.log.objects) == 1


def test_it_goes_to_the_screen_in_both_languages_and_only_so_many_answers(console):
    document = Document()
    console.__panel__().server_doc(document)
    entered(console, *map(str, range(45)), 'plot([1, np.nan, 3])')
    console.lang, console.theme = 'en', 'dark'
    assert len(console.answers) == 40 and 'Python' in console.input.greeting
    assert serialize_json(document.to_json())
    console.clear()
    assert console.log.objects == [] and entered(console, '41 + 1') == '42\n'


def test_both_languages_have_the_same_examples_and_they_work(console):
    assert text('pt')['console']['examples'] == text('en')['console']['examples']
    page = Inference(query={'n': '3'})

    async def show():
        page.show()
    asyncio.run(show())
    for example in text('pt')['console']['examples'][:5]:
        assert 'Error' not in entered(console, example)


def test_explain_tells_every_part_and_where_the_time_went(console):
    text_ = 'A menina abriu'
    said = entered(console, f"explain('{text_}', tokens=3)")
    ids = shipped_lab().tokenizer.encode(text_)
    assert f'{len(text_)} caracteres' in said and f'{len(ids)} tokens' in said
    for part in ('tokenizador', 'atenção', 'MLP', 'sorteio'):
        assert f'[{part}]' in said, part
    assert said.count('[sorteio]') == 3 and 'Onde foi o tempo: ' in said.splitlines()[-1]
    assert 'h.0.attn.q' in entered(console, f"explain('{text_}', 'detail')")
    assert "('beginner', 'detail', 'numbers')" in entered(console, "explain('a', 'tudo')")
    console.lang = 'en'
    assert '[tokenizer]' in entered(console, f"explain('{text_}')")


def test_a_package_that_is_not_here_is_said_plainly(console, tmp_path, monkeypatch):
    (tmp_path / 'micropip.py').write_text("def install(name):\n    raise ValueError('nope')\n")
    monkeypatch.syspath_prepend(tmp_path)
    console.bundled = ('tabulate',)
    said = entered(console, "import micropip\nmicropip.install('nada')")
    assert 'tabulate' in said and 'não veio com o site' in said and 'Traceback' not in said
    assert np.array_equal(console.names['np'].zeros(1), np.zeros(1))
