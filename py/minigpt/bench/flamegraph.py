"""A profile as pictures: the flame graph (Gregg 2016), memory over time, and one page with both.

In a flame graph a box is a function, as wide as the share of time in which it or what it called
was running; what it called hangs below it. Left and right mean nothing.
"""

from dataclasses import dataclass, field
from html import escape

from minigpt.bench.profiler import Profile, part_of
from minigpt.locale import decimal, sentence

WIDTH, BOX, HEAD = 1000, 18, 24
NARROWEST = 1    # pixels; smaller boxes are left out
LETTER = 6.6     # pixels


@dataclass
class Node:
    """A function in one place of the stacks; `count` looks found it there."""
    count: int = 0
    calls: dict[str, 'Node'] = field(default_factory=dict)


def tree(profile: Profile) -> Node:
    """All stacks laid over each other from their outermost function on."""
    root = Node()
    for stack, count in profile.stacks.items():
        root.count += count
        node = root
        for name in stack:
            node = node.calls.setdefault(name, Node())
            node.count += count
    return root


def flamegraph(profile: Profile, lang: str) -> str:
    """A stand-alone SVG; hovering tells name and share."""
    root = tree(profile)
    boxes = list(layout(root, profile, 0.0, 0, WIDTH / max(1, root.count)))
    height = HEAD + BOX * (1 + max((depth for depth, *_ in boxes), default=0))
    title = sentence(lang, 'profile.flame', seconds=decimal(profile.seconds, 2, lang),
                     looks=decimal(root.count, 0, lang))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="100%" font-family="monospace" font-size="11">'
            f'<text x="4" y="15" fill="currentColor">{escape(title)}</text>'
            + ''.join(map(box, boxes)) + '</svg>\n')


def layout(node: Node, profile: Profile, x: float, depth: int, scale: float):
    """(depth, x, width, name, share) of every box that can be seen."""
    for name, call in node.calls.items():
        width = call.count * scale
        if width >= NARROWEST:
            yield depth, x, width, name, width / WIDTH
            yield from layout(call, profile, x, depth + 1, scale)
        x += width


def box(item) -> str:
    depth, x, width, name, share = item
    ours = name.startswith('minigpt')
    # One hue for each of our modules, so that a part is seen again; all else is grey.
    hue = sum(map(ord, part_of((name,)))) * 47 % 360
    colour = f'hsl({hue},55%,72%)' if ours else '#d8d4cf'
    short = name.removeprefix('minigpt.').replace(':', '.')
    room = int(width / LETTER) - 1
    shown = short if len(short) <= room else short[:max(0, room - 1)] + '…'
    label = escape(shown) if room > 2 else ''
    y = HEAD + BOX * depth
    return (f'<g><title>{escape(name)} {100 * share:.1f} %</title>'
            f'<rect x="{x:.1f}" y="{y}" width="{max(0.4, width - 0.5):.1f}" height="{BOX - 1}" '
            f'fill="{colour}"/><text x="{x + 3:.1f}" y="{y + 13}" fill="#111">{label}</text></g>')


def memory_chart(profile: Profile, lang: str) -> str:
    """Resident memory over time as an SVG line."""
    if len(profile.memory) < 2:
        return ''
    last, most = profile.memory[-1][0] or 1, max(size for _, size in profile.memory) or 1
    points = ' '.join(f'{WIDTH * at / last:.1f},{120 - 110 * size / most:.1f}'
                      for at, size in profile.memory)
    label = escape(sentence(lang, 'profile.memory', megabytes=decimal(most / 1e6, 1, lang)))
    return (f'<h2>{label}</h2><svg role="img" aria-label="{label}" width="100%" '
            f'viewBox="0 0 {WIDTH} 124"><polyline fill="none" stroke="#b3430b" stroke-width="2" '
            f'points="{points}"/></svg>')


def page(profile: Profile, lang: str) -> str:
    """One HTML file with the flame graph, memory over time and the time of each part."""
    rows = ''.join(f'<tr><td>{escape(part)}</td><td>{decimal(1000 * seconds, 1, lang)} ms</td></tr>'
                   for part, seconds in profile.by_part())
    title = escape(sentence(lang, 'profile.title'))
    return (f'<!doctype html>\n<html lang="{escape(lang)}"><meta charset="utf-8"><title>{title}'
            '</title><style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui;'
            'max-width:70rem;margin:2rem auto;padding:0 1rem}td{padding-right:2rem}</style>'
            f'<h1>{title}</h1>\n{flamegraph(profile, lang)}{memory_chart(profile, lang)}'
            f'<h2>{escape(sentence(lang, "profile.parts"))}</h2><table>{rows}</table></html>\n')
