"""The tree of continuations: what is kept, how it hangs together, and how one walks in it."""

import asyncio

import numpy as np
import pytest

from minigpt import GPT, GPTConfig
from pages.inference.continuation import Branch, Continuation, Sampling, surprise
from pages.inference.page import Inference
from pages.inference.settings import read_branches, write_branches
from pages.inference.tree import MOST, Tree, begins, places


def text(*ids):
    """A branch of which only the ids matter."""
    class Token:
        def __init__(self, token_id):
            self.token_id, self.surprise = token_id, 1.0
    return Branch(7, tuple(map(Token, ids)), len(ids))


@pytest.fixture
def page():
    return Inference()


def settle(page):
    async def run():
        while page.work.running:
            await asyncio.sleep(0)
    return run()


def do(page, message):
    """A message of the tree or of the table, and what it starts."""
    async def run():
        component = page._view.candidates if 'pick' in message else page.branches.component
        component._handle_msg(message)
        await settle(page)
    asyncio.run(run())


def pick_another(page, index):
    page.pinned = index
    other = next(row['id'] for row in page._view.candidates.table['rows'] if not row['drawn'])
    do(page, {'pick': other, 'index': index})
    return other


def ids(page):
    return [it.token_id for it in page.text.written]


def test_each_text_hangs_where_it_parts_and_no_line_crosses_another():
    texts = [(1, 2, 3, 4), (1, 2, 9), (5,), (1, 2, 3, 8), (1, 2, 9, 9), (1, 7)]
    found = places(texts)
    assert [(it.index, it.parent, it.fork, it.depth) for it in found] == [
        (0, -1, 0, 0), (3, 0, 3, 1), (1, 0, 2, 1), (4, 1, 3, 2), (5, 0, 1, 1), (2, 0, 0, 1)]
    assert places([]) == []


def test_a_kept_text_swallows_its_beginnings_and_none_is_kept_twice():
    tree = Tree()
    for it in (text(1, 2), text(1, 2, 3), text(1, 2, 3), text(1), text(4), text()):
        tree.keep(it)
    assert [it.ids for it in tree.kept] == [[1, 2, 3], [4]]
    assert tree.with_current(text(4, 5))[1] == 1
    branches, current = tree.with_current(text(1, 2))  # on its way to the first one again
    assert len(branches) == 2 and current == 0


def test_only_the_newest_branches_are_kept():
    tree = Tree()
    for n in range(MOST + 5):
        tree.keep(text(n, n))
    assert len(tree.kept) == MOST and tree.kept[0].ids == [5, 5]


def test_a_branch_can_be_taken_up_and_goes_on_as_it_would_have():
    model = GPT(GPTConfig(vocab_size=50, block_size=16, n_embd=16, n_head=2, n_layer=2),
                np.random.default_rng(0))
    whole, other = (Continuation(model, [3, 1, 4], seed=7) for _ in range(2))
    for _ in range(40):
        whole.step(Sampling())
    for _ in range(20):
        other.step(Sampling())
    branch = other.branch()
    other.pick(5, 2, Sampling())
    other.take(branch)
    while len(other.written) < 40:
        other.step(Sampling())
    assert other.ids == whole.ids
    assert other.branch().surprise == pytest.approx(sum(surprise(
        softmax(it.logits)[it.token_id]) for it in other.written))


def softmax(logits):
    powers = np.exp(logits.astype(float) - logits.max())
    return powers / powers.sum()


def test_picking_another_token_keeps_the_old_text_as_a_branch(page):
    before = ids(page)
    other = pick_another(page, 3)
    rows = page.branches.component.rows
    assert len(rows) == 2 and [it['current'] for it in rows] == [False, True]
    assert rows[1]['from'] == 3 and rows[1]['parent'] == 0 and rows[1]['tokens'][0]['picked']
    assert ids(page)[3] == other
    do(page, {'go': 0, 'at': -1})
    assert ids(page) == before and page.pinned == 0
    assert len(page.branches.component.rows) == 2


def test_another_seed_s_text_is_a_branch_and_another_prompt_another_tree(page):
    async def generate():
        page.generate()
        await settle(page)
    asyncio.run(generate())
    assert len(page.branches.component.rows) == 1  # the same text again
    page.seed = 8
    asyncio.run(generate())
    assert len(page.branches.component.rows) == 2
    page.prompt = 'O gato'
    assert len(page.branches.component.rows) == 1


def test_a_token_of_a_branch_leads_to_it(page):
    pick_another(page, 5)
    new = ids(page)
    do(page, {'go': 0, 'at': 9})
    assert page.shown == 9 and ids(page) != new
    do(page, {'go': 1, 'at': -1})
    assert page.shown == 5 and ids(page) == new
    do(page, {'go': 17, 'at': 3})  # gone since
    assert ids(page) == new


def test_a_branch_is_forgotten_and_the_last_one_stays(page):
    before = ids(page)
    pick_another(page, 5)
    do(page, {'remove': 1})  # the one shown above: its parent takes its place
    assert ids(page) == before and len(page.branches.component.rows) == 1
    do(page, {'remove': 0})
    assert ids(page) == before and len(page.branches.component.rows) == 1
    pick_another(page, 5)
    after = ids(page)
    do(page, {'remove': 0})
    assert ids(page) == after and len(page.branches.component.rows) == 1


def test_what_follows_a_branch_taken_up_is_what_followed_it_before(page):
    pick_another(page, 4)
    do(page, {'go': 0, 'at': 4})
    page.step()
    longer = ids(page)
    fresh = Inference()
    fresh.step()
    assert longer == ids(fresh) and begins(longer, ids(Inference()))


def test_a_link_grows_the_whole_tree_again(page):
    pick_another(page, 3)
    page.seed = 9

    async def generate():
        page.generate()
        await settle(page)
    asyncio.run(generate())
    want = {tuple(it.ids) for it in page.branches.branches[0]}
    assert len(want) == 3 and page.query.keys() == {'seed', 'tree', 'at'}

    async def follow():
        again = Inference(query=page.query)
        again.start()
        await settle(again)
        return again
    again = asyncio.run(follow())
    assert {tuple(it.ids) for it in again.branches.branches[0]} == want
    assert ids(again) == ids(page) and again.query == page.query


def test_a_branch_that_other_knobs_wrote_is_not_in_the_link(page):
    page.temperature = 1.5
    page.pinned = 3
    do(page, {'pick': 5, 'index': 3})
    assert len(page.branches.component.rows) == 2 and 'tree' not in page.query


def test_branches_survive_the_link_and_nonsense_does_not():
    branches = [(7, 40, {3: 412, 9: 77}), (8, 12, {})]
    assert read_branches({'tree': write_branches(branches)}, 1000) == branches
    assert read_branches({'tree': 'x*1*_7*0*_99999*4*_**_7'}, 1000) == [] == read_branches({}, 1000)
    assert read_branches({'tree': '7*999999*'}, 1000) == [(7, 200, {})]
