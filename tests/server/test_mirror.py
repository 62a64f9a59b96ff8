"""The state as a terminal sees it follows every message."""

import io

import pytest

from minigpt.server.mirror import Mirror

STATUS = {'id': 't1', 'status': 'running', 'step': 2, 'steps': 10, 'error': None}


def test_a_training_s_steps_are_followed_and_a_new_status_begins_anew():
    mirror = Mirror()
    mirror.take({'type': 'training', 'seq': 5, 'training': STATUS})
    mirror.take({'type': 'training_step', 'id': 't1', 'step': 7, 'loss': 2.5})
    assert (mirror.seq, mirror.training, mirror.step['step']) == (5, STATUS, 7)
    mirror.take({'type': 'training', 'seq': 6, 'training': STATUS | {'status': 'paused', 'step': 7}})
    assert mirror.step is None and mirror.training['step'] == 7


def test_the_dashboard_shows_the_step_that_was_told_last():
    pytest.importorskip('rich')
    from rich.console import Console

    from minigpt.cli.dashboard import Dashboard
    from minigpt.cli.terminal import Wishes
    board = Dashboard('http://127.0.0.1:3001', 'en', Wishes(colour=False))
    board.mirror.take({'type': 'training', 'seq': 5, 'training': STATUS})
    board.mirror.take({'type': 'training_step', 'id': 't1', 'step': 7, 'loss': 2.5,
                       'tokens_per_second': 1200.0})
    screen = Console(file=io.StringIO(), width=100)
    screen.print(board.training())
    assert 'step 7/10  loss 2.500  1,200 tokens/s' in screen.file.getvalue()
