"""What pages open on: our sentence, or the beginning of what the reader's own model learnt."""

import numpy as np
import pytest

from minigpt import BPETokenizer, Checkpoint, GPT, GPTConfig
from minigpt.lab import Lab
from pages import lab
from pages.first_text import examples, first_text
from pages.inference.page import FIRST_PROMPT, Inference
from pages.transformer.page import Transformer
from pages.transformer.tasks import reads_the_answer_early

OURS = FIRST_PROMPT


@pytest.fixture
def use():
    """Put a model without training, that learnt this text, in the lab's place."""
    def put(text: str, block_size: int) -> None:
        tokenizer = BPETokenizer.train(text, 300)
        model = GPT(GPTConfig(tokenizer.vocab_size, block_size, n_embd=8, n_head=2, n_layer=2),
                    np.random.default_rng(0))
        lab.replace(Lab(Checkpoint(model, tokenizer, {}), text, 'meu'))
    yield put
    lab.back_to_shipped()


def test_ours_for_the_shipped_model():
    assert first_text(OURS) == OURS


@pytest.mark.parametrize('text', [
    'O rato roeu a roupa do rei de Roma, e a rainha remendou. ' * 9, '🐈🦜' * 40,
    'palavra 🐈 palavra 🦜 ' * 30, 'שלום עולם ' * 30, 'ã\n' * 90])
@pytest.mark.parametrize('block_size', [4, 5, 7, 16])
def test_the_beginning_of_the_own_text_as_much_as_fits(use, text, block_size):
    use(text, block_size)
    said = first_text(OURS)
    assert said and ' '.join(text.split()).startswith(said)
    assert len(lab.lab().tokenizer.encode(said)) <= block_size


def test_a_line_that_the_search_cut_is_no_example(use):
    lines = ['O rato roeu a roupa.', 'A rainha remendou.', 'O rei riu.']
    use('\n'.join(lines * 100), 64)
    assert examples([OURS]) == lines


def test_pages_open_on_a_result_of_a_model_with_a_short_context(use):
    use('O rato roeu a roupa do rei de Roma, e a rainha remendou. ' * 9, 8)
    page, other = Inference(), Transformer()
    assert page.error is None and page.text.written and page.prompt == other.prompt != OURS
    assert other.error is None and other.reading is not None
    assert 'prompt' not in page.query and 'text' not in other.query
    assert not reads_the_answer_early(other)  # nobody typed this text
    lab.back_to_shipped()
    assert page.prompt == FIRST_PROMPT and not page.error
