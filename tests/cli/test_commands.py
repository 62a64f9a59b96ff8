"""The command line, run as a person runs it: from the checkout, in a process of its own."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import minigpt
from minigpt import Checkpoint, shipped
from minigpt.lab import Lab
from minigpt.locale import catalogue

ROOT = Path(__file__).parents[2]
TEXT = ('O rato roeu a roupa do rei de Roma.\n\n' * 5
        + '\n\n'.join(f'Era uma vez o gato número {i}, que dormia.' for i in range(300)))
SMALL = ['--vocab-size', '300', '--block-size', '16', '--n-embd', '16', '--n-head', '2',
         '--n-layer', '1', '--batch-size', '4', '--warmup', '2']


def minigpt_command(*args, **options):
    return subprocess.run([sys.executable, '-m', 'minigpt', *map(str, args)], cwd=ROOT, text=True,
                          encoding='utf-8', capture_output=True, timeout=120,
                          env=os.environ | {'MINIGPT_LANG': 'pt', 'PYTHONUTF8': '1'}, **options)


@pytest.fixture
def text_file(tmp_path):
    path = tmp_path / 'texto.txt'
    path.write_text(TEXT, encoding='utf-8')
    return path


def test_version():
    assert minigpt_command('--version').stdout == f'minigpt {minigpt.__version__}\n'


def test_generate_continues_the_prompt_and_a_seed_repeats_it():
    settings = ('generate', 'Era uma vez', '--seed', 3, '--max-new-tokens', 20)
    first, second = minigpt_command(*settings), minigpt_command(*settings)
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith('Era uma vez')
    assert len(first.stdout) > len('Era uma vez') + 10
    assert first.stdout == second.stdout
    assert re.search(r'20 tokens a [\d.]+ tokens/s, semente 3', first.stderr)


def test_demo_tours_tokens_attention_and_generation():
    result = minigpt_command('demo')
    assert result.returncode == 0, result.stderr
    tokenizer = shipped.load().tokenizer
    prompt = catalogue('pt')['cli']['demo']['default_prompt']
    ids = tokenizer.encode(prompt)
    assert ' '.join(map(str, ids)) in result.stdout
    shares = [float(share.replace(',', '.'))
              for share in re.findall(r'([\d,]+) %$', result.stdout, re.MULTILINE)]
    assert sum(shares[:len(ids)]) == pytest.approx(100, abs=0.1 * len(ids))
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert 'tokens/s' in result.stdout


def test_demo_in_english():
    result = minigpt_command('demo', '--lang', 'en')
    assert 'From text to tokens' in result.stdout
    assert 'Do texto' not in result.stdout


def test_train_then_generate_then_resume(text_file, tmp_path):
    out = tmp_path / 'm.safetensors'
    result = minigpt_command('train', text_file, '--out', out, '--steps', 20, '--eval-every', 10,
                             *SMALL)
    assert result.returncode == 0, result.stderr
    assert result.stderr.count('reservados') == 3
    assert Checkpoint.load(out).metadata['step'] in ('10', '20')
    lab = Lab.load(out)
    assert (lab.corpus, lab.name) == (TEXT, out.stem)
    assert [step for step, _ in lab.snapshots] == list(range(0, lab.step, 2 if lab.step > 15 else 1))
    assert minigpt_command('generate', '--checkpoint', out, 'O').returncode == 0
    result = minigpt_command('train', text_file, '--out', out, '--steps', 30, '--resume')
    assert result.returncode == 0, result.stderr
    assert Checkpoint.load(tmp_path / 'm.resume.safetensors').train_state.step == 30
    lab = Lab.load(out)
    assert lab.snapshots[0][0] == 0 and lab.snapshots[-1][0] < lab.step
    result = minigpt_command('train', text_file, '--out', out, '--resume', '--n-layer', 2)
    assert result.returncode == 1 and 'n_layer = 1 e continua com ele, veio 2' in result.stderr


def test_a_run_whose_numbers_grow_beyond_all_bounds_says_where_to_go_on(text_file, tmp_path):
    out = tmp_path / 'm.safetensors'
    wild = ['--optimizer', 'sgd', '--learning-rate', '1e6', '--max-grad-norm', '1e30']
    result = minigpt_command('train', text_file, '--out', out, '--eval-every', 1, *wild, *SMALL)
    assert result.returncode == 1 and 'RuntimeWarning' not in result.stderr
    *_, told, error = result.stderr.strip().splitlines()
    assert 'com uma taxa menor' in error and 'm.resume.safetensors' in told
    step = Checkpoint.load(tmp_path / 'm.resume.safetensors').train_state.step
    assert f'passo {step},' in told
    result = minigpt_command('train', text_file, '--out', tmp_path / 'other.safetensors', *wild, *SMALL)
    assert result.returncode == 1 and '--resume' not in result.stderr
    assert 'Nada foi gravado ainda' in result.stderr and 'o padrão é 0.001' in result.stderr


def test_ctrl_c_keeps_the_work(text_file, tmp_path):
    out = tmp_path / 'm.safetensors'
    process = subprocess.Popen(
        [sys.executable, '-m', 'minigpt', 'train', text_file, '--out', out,
         '--steps', '1000000', '--learning-rate', '0.01', '--eval-every', '20', *SMALL], cwd=ROOT, stderr=subprocess.PIPE, text=True,
        encoding='utf-8', env=os.environ | {'MINIGPT_LANG': 'en', 'PYTHONUTF8': '1'})
    for line in process.stderr:
        if line.startswith('step 20'):
            process.send_signal(signal.SIGINT)
            break
    rest = process.stderr.read()
    assert process.wait(60) == 130
    assert 'nothing is lost' in rest
    assert Checkpoint.load(tmp_path / 'm.resume.safetensors').train_state.step >= 20
    assert out.exists()


def test_evaluate_tells_nats_and_bits():
    result = minigpt_command('evaluate', 'data/corpus_pt_br.txt')
    assert result.returncode == 0, result.stderr
    assert re.search(r'\d,\d{3} nats por token, \d,\d{3} bits por byte',
                     ' '.join(result.stdout.split()))
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.parametrize(('args', 'words'), [
    (['generate', '--top-p', '0'], 'top_p precisa ser maior que 0'),
    (['generate', ''], 'está vazio'),
    (['generate', 'não ' * 400], 'o contexto deste modelo comporta 128'),
    (['generate', '--checkpoint', 'nada.safetensors'], 'não consegui ler nada.safetensors'),
    (['train', 'nada.txt'], 'não consegui ler nada.txt'),
    (['train', '--n-head', '3'], 'múltiplo de n_head'),
    (['train', '--n-embd', '4000000'], 'a memória não bastou'),
    (['train', '--resume', '--out', 'nada.safetensors'], 'nada.resume.safetensors'),
])
def test_bad_input_is_one_clear_sentence(args, words):
    result = minigpt_command(*args)
    assert result.returncode == 1
    assert words in result.stderr
    assert 'Traceback' not in result.stderr


@pytest.mark.parametrize('content', [b'', b'ol\xe1 mundo'])
def test_unusable_corpus_leaves_everything_as_it_was(tmp_path, content):
    (tmp_path / 'c.txt').write_bytes(content)
    result = minigpt_command('train', tmp_path / 'c.txt', '--out', tmp_path / 'm.safetensors')
    assert result.returncode == 1
    assert 'c.txt' in result.stderr
    assert os.listdir(tmp_path) == ['c.txt']


def test_truncated_checkpoint_is_named_and_kept(tmp_path):
    cut = tmp_path / 'cut.safetensors'
    cut.write_bytes((shipped.folder() / shipped.MODEL).read_bytes()[:100_000])
    result = minigpt_command('generate', '--checkpoint', cut)
    assert result.returncode == 1
    assert 'cut.safetensors não é um arquivo safetensors inteiro' in result.stderr
    assert cut.stat().st_size == 100_000


def test_misuse_is_exit_code_2():
    assert minigpt_command('generate', '--nonsense').returncode == 2
    assert minigpt_command().returncode == 2


def test_closed_pipe_is_quiet():
    command = f'"{sys.executable}" -m minigpt demo | head -1 >/dev/null; exit ${{PIPESTATUS[0]}}'
    result = subprocess.run(['bash', '-c', command], cwd=ROOT, capture_output=True, text=True,
                            timeout=60)
    assert 'Traceback' not in result.stderr
    assert 'BrokenPipe' not in result.stderr
