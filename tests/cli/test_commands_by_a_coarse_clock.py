"""Commands that tell how fast something was, with a clock as coarse as a guarded browser's."""

import json

import pytest

SMALL = ['--vocab-size', 270, '--block-size', 16, '--n-embd', 16, '--n-head', 2, '--n-layer', 1,
         '--batch-size', 2, '--warmup', 2, '--steps', 12, '--eval-every', 6, '--eval-batches', 2]
# One that stands still for good is that of a site's build, which runs no commands.
pytestmark = pytest.mark.parametrize('bad_clock', ['coarse', 'stuck'], indirect=True)


@pytest.mark.parametrize('arguments', [
    ['generate', 'Era uma vez', '--max-new-tokens', 3], ['demo'],
    ['generate', '--max-new-tokens', 3, '--educational-logs', 'numbers'],
    ['generate', '--max-new-tokens', 3, '--profile', 'PATH/profile.html']],
    ids=lambda it: ' '.join(map(str, it[:1] + it[-2:])))
def test_commands_tell_a_speed_or_a_dash(bad_clock, minigpt, tmp_path, arguments):
    done = minigpt(*(str(it).replace('PATH', str(tmp_path)) for it in arguments))
    assert done.code == 0, done.err


def test_generated_json_has_a_number_or_null(bad_clock, minigpt):
    done = minigpt('generate', '--max-new-tokens', 3, '--json')
    speed = json.loads(done.out)['tokens_per_second']
    assert speed is None or speed > 0


def test_a_training_is_told_from_step_to_step(bad_clock, minigpt, tmp_path):
    text, out = tmp_path / 'texto.txt', tmp_path / 'm.safetensors'
    text.write_text('O rato roeu a roupa do rei de Roma. ' * 60, encoding='utf-8')
    done = minigpt('train', text, '--out', out, *SMALL, '--educational-logs', 'detail')
    assert done.code == 0 and out.exists(), done.err


def test_benchmarks_and_races_have_figures(bad_clock, minigpt):
    done = minigpt('chunk-bench', '--strategies', 'fixed', '--length', 5000, '--turns', 1, '--json')
    [row] = json.loads(done.out)['rows']
    assert row['rates']['minigpt']['characters'] > 0
