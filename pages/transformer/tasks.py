"""The exercises of the transformer page: what its state must show."""

import numpy as np

from minigpt.nn.logit_lens import logit_lens
from pages.first_text import examples, first_text
from pages.lab import lab
from pages.transformer.state import FIRST_PROMPT

BEFORE_THE_MLP = ('heads', 'attn', 'add_attn')  # cards of a block's attention


def one_part_changes_the_word(page) -> bool:
    """With exactly one part off, another word is the likeliest."""
    if page.reading is None or len(page.off) != 1:
        return False
    before, after = (it['logits'][0, page.look.place].argmax()
                     for it in (page.reading.whole, page.reading.now))
    return bool(before != after)


def blocks() -> str:
    """Which words fit the model in use: 'one_block' where no block comes before the last."""
    return 'one_block' if lab().model.config.n_layer == 1 else ''


def reads_the_answer_early(page) -> bool:
    """The block looked at, which is not the last, already says the final word most of all, with a
    text of the reader's own. Where there is one block: so does the stream after its attention, on
    whose card the reader has clicked.
    """
    given = {*examples(page.words['examples']), first_text(FIRST_PROMPT)}
    if page.reading is None or page.off or page.prompt in given:
        return False
    look = page.look
    if blocks():
        early = 'mid' if page.part in BEFORE_THE_MLP else ''
    else:
        early = 'out' if look.layer < look.config.n_layer - 1 else ''
    if not early:
        return False
    said = logit_lens(page.reading.model, look.vector(early))
    return bool(said.argmax() == page.reading.whole['logits'][0, look.place].argmax())


def gates() -> str:
    """Which words fit the model in use: 'gated' where each neuron has two numbers from the stream."""
    return 'gated' if lab().model.config.activation == 'swiglu' else ''


def knows_the_size(page, typed: str) -> bool:
    """How many weights the two matrices of the pinned block's MLP hold, without biases."""
    if page.reading is None:
        return False
    weights = [page.look.params(f'mlp.{name}.weight') for name in ('c_fc', 'c_proj')]
    digits = ''.join(filter(str.isdecimal, typed))  # however thousands are set apart
    return digits == str(sum(np.size(it) for it in weights))
