"""A cell's arithmetic in words and values, as the component `Arithmetic` shows it."""

import numpy as np

from minigpt.arithmetic import Cell, Line, Operand, source_line
from pages.model.names import Names, number

LISTED = 8    # terms in the table
WRITTEN = 3   # terms in the formula, where there are more than ALL
ALL = 4


def account(cell: Cell, names: Names, back: str) -> dict:
    """The dictionary that `Arithmetic.account` describes."""
    lang, words = names.page.lang, names.words['cell']
    order = np.argsort(-np.abs(cell.products), kind='stable')
    form = words['formulas'][formula_key(cell)]
    found = source_line(cell)
    return {
        'title': names.title(cell.name), 'place': names.place(cell.name, cell.index),
        'value': number(cell.value, lang), 'symbols': form['symbols'],
        'formula': form['values'].format(**_blanks(cell, order, names)),
        'code': code(cell.name, cell.index, names), 'back': back,
        'source': found and {'place': words['line'].format(**found), 'text': found['text']},
        'numbers': [_number(key, it, names) for key, it in cell.numbers.items()],
        'strips': [_strip(it, names) for it in cell.lines[:2]],
        'products': cell.products.tolist(),
        'names': [_entry(cell.lines[0], i, names) for i in range(len(cell.lines[0].values))]
        if cell.lines else [],
        **_terms(cell, order, names)}


def formula_key(cell: Cell) -> str:
    """Which sentence tells this cell."""
    if cell.operation == 'embed':
        return 'embed' if 'position' in cell.numbers else 'embed_alone'
    if cell.operation in ('project', 'linear', 'logits', 'mix', 'dots'):
        return 'dot_bias' if 'bias' in cell.numbers else 'dot'
    return cell.operation


def code(name: str, index: tuple[int, ...], names: Names) -> str:
    """How one gets the number in Python."""
    if names.reading and name not in names.reading.steps:
        return f"model.params['{name}']{list(index)}"
    if name == 'tokens':
        return f'ids{list(index)}'
    if name == 'shares':
        return f"softmax_forward(trace['logits'])[0]{[0, *index]}"
    batch = [] if name.endswith('.attn.mask') else [0]
    return f"trace['{name}']{[*batch, *index]}"


def _blanks(cell: Cell, order: np.ndarray, names: Names) -> dict[str, str]:
    """What a formula may say: the single numbers, the sum of products, the result."""
    lang = names.page.lang

    def said(value: float) -> str:
        written = number(value, lang)
        return f'({written})' if written.startswith('−') else written

    blanks = {key: said(it.value) for key, it in cell.numbers.items()} | {
        'value': number(cell.value, lang), 'token': _token(cell, names, said)}
    if cell.operation == 'turned':
        row, own, partner = (it.values for it in cell.lines)
        blanks['own'] = said(float(row @ own) + cell.numbers['bias'].value)
        blanks['partner'] = said(float(row @ partner) + cell.numbers['bias of partner'].value)
    if cell.products.size:
        shown = order if len(order) <= ALL else order[:WRITTEN]
        left, right = (it.values for it in cell.lines[:2])
        pairs = [f'{said(left[i])} × {said(right[i])}' for i in shown]
        if len(shown) < len(order):
            rest = cell.products.sum() - cell.products[shown].sum()
            pairs.append(names.words['cell']['short_others'].format(
                count=len(order) - len(shown), sum=number(rest, lang)))
        blanks['dot'] = ' + '.join(pairs)
    elif 'dot' in cell.numbers:
        blanks['dot'] = said(cell.numbers['dot'].value)
    return blanks


def _token(cell: Cell, names: Names, said) -> str:
    if cell.operation == 'tokens':
        return names.entry('T', cell.index[0])
    return said(cell.numbers['token'].value) if 'token' in cell.numbers else ''


def _number(key: str, it: Operand, names: Names) -> dict:
    leads = f'{names.title(it.name)}, {names.place(it.name, it.index)}' if it.name else ''
    return {'key': key, 'label': names.words['cell']['names'][key],
            'text': number(it.value, names.page.lang), 'leads': leads}


def _strip(line: Line, names: Names) -> dict:
    return {'label': names.short(line.name), 'name': names.title(line.name),
            'values': [float(f'{it:.6g}') if np.isfinite(it) else 0 for it in line.values]}


def _entry(line: Line, i: int, names: Names) -> str:
    """How the i-th number of a row or column is called: its place on the axis it runs along."""
    axis = names.axes(line.name)[line.index.index(None)]
    return names.entry(axis, line.start + i)


def _terms(cell: Cell, order: np.ndarray, names: Names) -> dict:
    """The largest products one by one, and the others together."""
    lang, products = names.page.lang, cell.products
    shown = order[:LISTED]
    largest = float(np.abs(products[order[0]])) if products.size else 1
    rest = products.sum() - products[shown].sum() if products.size else 0
    return {
        'terms': [{'index': int(i), 'label': _entry(cell.lines[0], int(i), names),
                   'first': number(cell.lines[0].values[i], lang),
                   'second': number(cell.lines[1].values[i], lang),
                   'product': number(products[i], lang),
                   'share': float(abs(products[i]) / largest) if largest else 0} for i in shown],
        'others': '' if len(order) <= LISTED else names.words['cell']['others'].format(
            count=len(order) - LISTED, sum=number(rest, lang))}
