"""The profiler finds where the time goes; its pictures are whole and stand alone."""

import mmap
import xml.etree.ElementTree as ElementTree
from collections import Counter

import numpy as np

from minigpt.bench.flamegraph import flamegraph, page, tree
from minigpt.bench.profiler import Profile, Profiler, part_of, resident_bytes
from minigpt.teach.material import checkpoint

MADE_UP = Profile(Counter({('run:main', 'minigpt.nn.model:GPT.forward',
                            'minigpt.nn.attention:attention_forward'): 6,
                           ('run:main', 'minigpt.nn.model:GPT.forward'): 3,
                           ('run:main', '<&>:"odd"'): 1}), 2.0, ((0.0, 10), (1.0, 30), (2.0, 20)))


def test_time_goes_to_the_innermost_of_our_modules():
    assert MADE_UP.by_part() == [('nn.attention', 1.2), ('nn.model', 0.6), ('other', 0.2)]
    assert part_of(('a:b', 'minigpt.nn.ops:linear_forward', 'numpy:matmul')) == 'nn.ops'


def test_folded_stacks_are_one_line_each():
    lines = MADE_UP.folded().splitlines()
    assert len(lines) == 3
    assert ('run:main;minigpt.nn.model:GPT.forward;minigpt.nn.attention:attention_forward 6'
            in lines)


def test_boxes_of_the_flame_graph_are_as_wide_as_their_share():
    root = tree(MADE_UP)
    assert root.count == 10 and root.calls['run:main'].count == 10
    svg = ElementTree.fromstring(flamegraph(MADE_UP, 'en'))
    widths = {group[0].text.rpartition(' ')[0].rpartition(' ')[0]: float(group[1].get('width'))
              for group in svg if group.tag.endswith('}g')}
    assert widths['minigpt.nn.model:GPT.forward'] == 899.5
    assert widths['minigpt.nn.attention:attention_forward'] == 599.5
    assert any('<&>' in name for name in widths)


def test_the_page_stands_alone():
    text = page(MADE_UP, 'pt')
    assert 'polyline' in text and 'nn.attention' in text and '1.200,0 ms' in text
    assert 'src=' not in text and '<script' not in text


def test_real_work_is_seen_in_its_parts():
    model = checkpoint().model
    ids = np.ones((8, 128), int)
    with Profiler(0.001) as profiler:
        while profiler.looks < 40:
            model.forward(ids)
    parts = dict(profiler.profile.by_part())
    assert any(part.startswith('nn.') or part.startswith('backend.') for part in parts)
    assert abs(sum(parts.values()) - profiler.profile.seconds) < 1e-6
    assert len(profiler.profile.memory) >= 2
    assert all(size > 1e6 for _, size in profiler.profile.memory)


def test_memory_that_is_taken_shows():
    before = resident_bytes()
    with mmap.mmap(-1, 32_000_000) as room:  # from the system itself: NumPy may have some at hand
        room.write(b'1' * len(room))
        assert resident_bytes() - before > 0.8 * len(room)
