"""Merge trees hold every stage of a vocabulary: cut at n, they are the encoding by n merges."""

import functools
from collections import Counter

import pytest
from hypothesis import given, strategies as st

from minigpt.tokenizer import BPETokenizer, token_counts
from minigpt.tokenizer.derivation import derive
from minigpt.tokenizer.merge import LONG
from minigpt.tokenizer.split import split

SAMPLE = 'O coração da canção não é só emoção: ação, reação e 🙂🙂 corações! ' * 9


@functools.cache
def full():
    return BPETokenizer.train(SAMPLE, 400)


@functools.cache
def with_first(n_merges):
    return BPETokenizer(full().merges[:n_merges])


def cut(tokenizer, text, n_merges):
    return [piece.token_id for word in split(text) for tree in tokenizer.derive(word)
            for piece in tree.after(n_merges)]


@given(st.text(alphabet='çãoer an🙂\n') | st.text(alphabet=st.characters(exclude_categories=['Cs'])),
       st.sampled_from([0, 1, 7, 30, 60, 144]))
def test_cut_at_n_they_are_the_encoding_with_the_first_n_merges(text, n_merges):
    assert cut(full(), text, n_merges) == with_first(n_merges).encode(text)


@pytest.mark.parametrize('n_merges', [0, 3, 50, 144])
def test_a_word_longer_than_a_list_can_bear(n_merges):
    text = 'coração' * LONG
    assert cut(full(), text, n_merges) == with_first(n_merges).encode(text)


def test_a_merge_that_spells_an_earlier_token_counts_from_its_own_number_on():
    # 2+3 → 9; 1+9 → 10; 4+5 spells 9 once more, so that 1+9 has its turn only after it.
    ranks, made = {(2, 3): 0, (1, 9): 1, (4, 5): 2}, [9, 10, 9]
    tree, = derive([1, 4, 5], ranks, made)
    assert (tree.token_id, tree.since) == (10, 3)
    assert [piece.token_id for piece in tree.after(2)] == [1, 4, 5]


def test_the_parts_of_a_piece_spell_it():
    tokenizer = full()
    for tree in tokenizer.derive(' coração'):
        for piece in tree.all():
            if piece.parts:
                assert tokenizer.token_bytes(piece.token_id) == b''.join(
                    tokenizer.token_bytes(part.token_id) for part in piece.parts)


def test_the_counts_are_those_of_every_smaller_vocabulary():
    words = Counter(split(SAMPLE))
    trees = [(tree, times) for word, times in words.items() for tree in full().derive(word)]
    counts = token_counts(trees, 144)
    assert counts == [len(with_first(n).encode(SAMPLE)) for n in range(145)]
    assert counts[0] == len(SAMPLE.encode('utf-8'))


def test_a_monster_is_taken_apart_in_stretches():
    monster = 'coração' * 10_000  # a single word
    steps, stretches = full().deriving(monster), 0
    while True:
        try:
            next(steps)
            stretches += 1
        except StopIteration as end:
            trees = end.value
            break
    assert stretches >= 10
    assert [tree.token_id for tree in trees] == full().encode(monster)
