"""A text is the same whichever system wrote it, and where nothing can be measured that is said."""

import numpy as np
import pytest

from minigpt import GPT, BPETokenizer, Checkpoint, GPTConfig
from minigpt.errors import TextError
from minigpt.training.dataset import documents, read_text
from minigpt.training.evaluate import held_out_loss

LINES = ['O gato dorme.', 'Ele sonha.', '', 'O rio corre.', '', ' \t', 'Choveu.', '']


@pytest.mark.parametrize('end', ['\n', '\r\n'])
def test_documents_are_parted_by_blank_lines_however_lines_end(end):
    assert documents(end.join(LINES)) == ['O gato dorme.\nEle sonha.', 'O rio corre.', 'Choveu.']


def test_the_mark_that_some_editors_put_before_a_text_is_no_part_of_it(tmp_path):
    path = tmp_path / 'texto.txt'
    path.write_bytes(b'\xef\xbb\xbfol\xc3\xa1\r\n')
    assert read_text(path) == 'olá\r\n'
    path.write_bytes(b'\xef\xbb\xbf')
    with pytest.raises(TextError, match='texto.txt holds no text'):
        read_text(path)
    path.write_bytes(b'\xef\xbb\xbfol\xe1')
    with pytest.raises(TextError, match='byte 5'):
        read_text(path)


def test_documents_shorter_than_a_context_cannot_be_measured():
    config = GPTConfig(vocab_size=256, block_size=16, n_embd=8, n_head=2, n_layer=1)
    checkpoint = Checkpoint(GPT(config, np.random.default_rng(0)), BPETokenizer([]))
    with pytest.raises(TextError, match='it has 16.*at least 17'):
        held_out_loss(checkpoint, ['x' * 16])
    assert held_out_loss(checkpoint, ['x' * 17]).tokens == 16
