"""What a step or a question shows, ready for the components: blocks of words, maps, curves."""

import numpy as np

from minigpt.locale import decimal, sentence
from minigpt.teach.draw import cells, tame
from minigpt.teach.figures import Bars, Curves, Figure, Heat, Rows, Verbatim, told
from minigpt.teach.prose import paragraphs
from minigpt.teach.words import Said

ROLES = ('query', 'key', 'value', 'gradient', 'attention', 'weights')
DASHES = ('solid', 'dashed', 'dotted', 'dotdash', 'solid', 'dashed')


def blocks(words: Said, figures: tuple[Figure, ...], lang: str) -> list[dict]:
    """Words and whatever is made of words and bars, in order: see LessonStep."""
    said = [{'kind': 'verbatim', 'text': it.text, 'prose': False} if it.verbatim
            else {'kind': 'text', 'pieces': [list(piece) for piece in it.pieces]}
            for it in paragraphs(words.text)]
    for figure in figures:
        if isinstance(figure, Rows):
            body, sides = cells(figure, lang)
            said.append({'kind': 'table', 'head': list(words.head), 'sides': sides,
                         'rows': [[signed(cell) if side == 'r' else cell
                                   for cell, side in zip(row, sides)] for row in body]})
        elif isinstance(figure, Bars):
            said.append({'kind': 'bars', 'rows': bars(figure, lang)})
        elif isinstance(figure, Verbatim):
            said.append({'kind': 'verbatim', 'prose': True,
                         'text': '\n'.join(map(tame, figure.text.strip('\n').split('\n')))})
    return said


def bars(figure: Bars, lang: str) -> list[dict]:
    largest = max(max(figure.values), 0) or 1
    return [{'label': told(label, lang), 'share': max(0.0, float(value) / largest),
             'said': signed(decimal(value, figure.digits, lang) + figure.unit)}
            for label, value in zip(figure.labels, figure.values, strict=True)]


def signed(number: str) -> str:
    """With the sign that is as wide as a plus."""
    return number.replace('-', '−')


def heats(figures: tuple[Figure, ...]) -> list[Heat]:
    return [it for it in figures if isinstance(it, Heat)]


def heat(figure: Heat, title: str) -> dict:
    """The params of a Matrix; signed numbers have two colours."""
    values = np.asarray(figure.values, np.float32)
    small = values.size <= 64
    return {'values': values, 'title': title, 'rows': list(map(str, figure.rows)),
            'columns': list(map(str, figure.columns)), 'written': small, 'digits': 2,
            'scale': 'diverging' if np.nanmin(values) < 0 else 'sequential',
            'cell': 38 if small else 0}


def curves(figures: tuple[Figure, ...]) -> Curves | None:
    return next((it for it in figures if isinstance(it, Curves)), None)


def lines(figure: Curves, key: str, lang: str) -> list[dict]:
    """The lines of a chart; `key` tells one step's from another's."""
    return [{'id': f'{key}.{name}', 'label': told(name, lang), 'role': ROLES[i % len(ROLES)],
             'dash': DASHES[i % len(DASHES)], 'faded': False, 'version': 0,
             'x': figure.places(name).tolist(), 'y': [float(value) for value in line]}
            for i, (name, line) in enumerate(figure.lines.items())]


def axes(figure: Curves, lang: str) -> dict[str, str]:
    """Their names, with units."""
    return {axis: sentence(lang, f'teach.axes.{getattr(figure, axis)}') for axis in 'xy'}
