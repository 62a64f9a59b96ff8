"""No part of a stop sequence is ever streamed, wherever the borders of the pieces fall."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minigpt import BPETokenizer, GPT, GPTConfig, generate
from minigpt.errors import SamplingError, TextError
from minigpt.inference import generate_text, until_stop


def streamed(pieces, stops):
    """(the pieces that came out, the stop that was found)"""
    events, out = until_stop(pieces, stops), []
    while True:
        try:
            out.append(next(events))
        except StopIteration as end:
            return out, end.value


def test_text_that_may_begin_a_stop_is_held_back():
    assert streamed(['o ', 'F', 'ogo', ' FI', 'M!'], ['FIM']) == (
        ['o ', '', 'Fogo', ' ', ''], 'FIM')


def test_text_still_held_at_the_end_comes_out():
    assert streamed(['a', ' FI'], ['FIM']) == (['a', ' ', 'FI'], None)


def test_the_stop_that_is_complete_first_counts():
    assert streamed(['abcd'], ['bcd', 'c']) == (['ab'], 'c')
    assert streamed(['xabc'], ['bc', 'abc', 'c']) == (['x'], 'abc')


def test_without_stops_all_passes():
    assert streamed(['a', 'b'], []) == (['a', 'b'], None)


def test_nothing_is_read_after_the_stop():
    pieces = iter(['a', 'X', 'b'])
    assert ''.join(until_stop(pieces, ['X'])) == 'a'
    assert list(pieces) == ['b']


@given(st.lists(st.text('ab', max_size=4)), st.lists(st.text('ab', min_size=1, max_size=4)))
def test_any_pieces_give_the_text_before_the_first_complete_stop(pieces, stops):
    text = ''.join(pieces)
    ends = [n for n in range(len(text) + 1) if any(text[:n].endswith(stop) for stop in stops)]
    if ends:
        found = max((stop for stop in stops if text[:ends[0]].endswith(stop)), key=len)
        expected = text[:ends[0] - len(found)], found
    else:
        expected = text, None
    out, found = streamed(pieces, stops)
    assert (''.join(out), found) == expected


@pytest.fixture(scope='module')
def lab():
    tokenizer = BPETokenizer.train('o gato viu o rato e o pato viu o gato ' * 20, 280,
                                   ['<|endoftext|>'])
    rng = np.random.default_rng(0)
    model = GPT(GPTConfig(tokenizer.vocab_size, 32, n_embd=16, n_head=4, n_layer=1), rng)
    model.flat += rng.normal(0, 0.2, model.flat.size).astype(np.float32)
    return model, tokenizer


def plain_text(lab, **settings):
    model, tokenizer = lab
    events = generate(model, tokenizer.encode('o gato'), rng=np.random.default_rng(1),
                      stop_ids=[tokenizer.end_of_text], **settings)
    return tokenizer.decode(e.token_id for e in events if e.token_id != tokenizer.end_of_text)


def text_of(lab, **settings):
    return ''.join(generate_text(*lab, 'o gato', rng=np.random.default_rng(1), **settings))


def test_generated_text_is_that_of_the_tokens(lab):
    assert text_of(lab, max_new_tokens=60) == plain_text(lab, max_new_tokens=60)


def test_generated_text_ends_before_a_stop_that_crosses_token_borders(lab):
    text = plain_text(lab, max_new_tokens=30)
    for start in range(len(text) - 4):
        stop = text[start:start + 4]
        assert text_of(lab, max_new_tokens=30, stops=[stop]) == text[:text.index(stop)]


def test_no_token_is_drawn_after_the_stop(lab):
    model, tokenizer = lab
    text = plain_text(lab, max_new_tokens=30)
    stop = next(text[i:i + 3] for i in range(5, len(text)) if text[i:i + 3].isascii())
    ids, rng = [], np.random.default_rng(1)
    for event in generate(model, tokenizer.encode('o gato'), rng=rng, max_new_tokens=30):
        ids.append(event.token_id)
        if stop in tokenizer.decode(ids):
            break
    assert len(ids) < 30
    used = np.random.default_rng(1)
    ''.join(generate_text(*lab, 'o gato', rng=used, max_new_tokens=30, stops=[stop]))
    assert used.random() == rng.random()


@pytest.mark.parametrize('stops', ['FIM', [''], [b'x'], [1]])
def test_bad_stops_are_refused_at_the_call(lab, stops):
    with pytest.raises(SamplingError, match='list of strings'):
        until_stop([], stops)
    with pytest.raises(SamplingError, match='list of strings'):
        generate_text(*lab, 'o', stops=stops, rng=np.random.default_rng(0))


def test_a_prompt_that_is_no_text_is_refused_at_the_call(lab):
    with pytest.raises(TextError, match='must be a string'):
        generate_text(*lab, 5, rng=np.random.default_rng(0))
