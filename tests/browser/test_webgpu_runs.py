"""Training and writing on the device `webgpu`, and every way in which there is none.

The card is emulated on the CPU; its speed says nothing about a card's.
"""

import contextlib

import pytest
from python_tabs import CARD, python_tab


@pytest.fixture
def python(dist, tmp_path):
    """python(flags, query)(code) runs code in a fresh tab."""
    with contextlib.ExitStack() as tabs:
        yield lambda flags=CARD, query='': tabs.enter_context(
            python_tab(dist, tmp_path, flags, query))


def test_training_and_writing_agree_with_the_cpu(python):
    run = python()
    run('import gpu_runs; await gpu_runs.curves_agree()')
    run('await gpu_runs.writing_agrees()')


def test_without_jspi_async_for_works_and_for_stays_on_the_cpu(python):
    run = python(query='?nojspi')
    assert run('from pyodide.ffi import can_run_sync; not can_run_sync()')
    run('import gpu_runs; await gpu_runs.curves_agree("async for", [gpu_runs.LEARNED])')
    run('await gpu_runs.writing_agrees("async for")')
    run('await gpu_runs.stays_on_the_cpu_where_nobody_can_wait()')
    run('await gpu_runs.goes_on_when_the_card_is_destroyed("async for")')


def test_a_card_destroyed_in_mid_training_loses_no_step(python):
    python()('import gpu_runs; await gpu_runs.goes_on_when_the_card_is_destroyed()')


def test_auto_never_takes_an_emulated_card(python):
    assert python()('''
import gpu_runs
from minigpt import backend
gpu_runs.count_waits()
await gpu_runs.trained(gpu_runs.LEARNED, 'auto')
(backend.current(), len(gpu_runs.WAITS), 'emulated' in backend.describe().absent['webgpu'])
'''.strip()) == ['simd', 0, True]


def test_without_a_card_auto_works_and_the_name_says_what_is_missing(python):
    run = python(flags=())
    run('import gpu_runs; await gpu_runs.trained(gpu_runs.LEARNED, "auto"); None')
    assert 'webgpu cannot run here' in run('''
from minigpt import backend
try:
    backend.use('webgpu')
except ValueError as error:
    said = str(error)
said
''')


def test_what_the_card_cannot_do_is_told(python):
    run = python()
    run('import gpu_runs; gpu_runs.the_card_is_measured()')
    run('await gpu_runs.a_model_that_does_not_fit_stays_on_the_cpu()')
    run('gpu_runs.an_error_of_the_card_is_told()')
