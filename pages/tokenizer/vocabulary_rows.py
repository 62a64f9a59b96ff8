"""A vocabulary as a table: search, order, and the part that is on the screen."""

from collections.abc import Mapping

from pages.lab import visible
from pages.tokenizer.strategies import shortened

PER_PAGE = 12
COLUMNS = ('id', 'token', 'length', 'made', 'frequency')


def vocabulary_rows(tokenizer, frequency: Mapping[int, int] | None) -> list[dict]:
    """A row per token: `id`, `token` as seen, `bytes`, `length` in bytes, `parts` (ids or None),
    `made` (the number of the merge that makes it, 0 for a byte, None for a special token), and
    `frequency` in the corpus, None while it is not counted yet."""
    made = {}
    for number, (left, right) in enumerate(tokenizer.merges, 1):
        spelt = tokenizer.token_bytes(left) + tokenizer.token_bytes(right)
        made.setdefault(spelt, (number, (left, right)))
    special = set(tokenizer.special_tokens.values())
    rows = []
    for token_id in range(tokenizer.vocab_size):
        raw = tokenizer.token_bytes(token_id)
        number, parts = made.get(raw, (0, None)) if token_id not in special else (None, None)
        rows.append({'id': token_id, 'token': visible(token_id, tokenizer), 'bytes': raw.hex(' '),
                     'text': raw.decode('utf-8', 'replace'), 'length': len(raw), 'parts': parts,
                     'made': number,
                     'frequency': None if frequency is None else frequency.get(token_id, 0)})
    return rows


def found(rows: list[dict], search: str) -> list[dict]:
    """The rows whose token contains the text, as it is or as it is shown; or has that id."""
    if not search:
        return rows
    wanted = search.casefold()
    return [row for row in rows if wanted in row['text'].casefold()
            or wanted in row['token'].casefold() or search == str(row['id'])]


def in_order(rows: list[dict], column: str, descending: bool) -> list[dict]:
    """Sorted by a column; equals stay in the order of their ids, the unknown come last."""
    known = [row for row in rows if row[column] is not None]
    return sorted(known, key=lambda row: row[column], reverse=descending) + [
        row for row in rows if row[column] is None]


def on_screen(rows: list[dict], page: int, tokenizer) -> list[dict]:
    """The rows of one page of the table, with the parts of each token as they are seen."""
    shown = rows[page * PER_PAGE:(page + 1) * PER_PAGE]
    return [{key: row[key] for key in ('id', 'length', 'made', 'frequency')} | {
        'token': shortened(row['token']), 'bytes': shortened(row['bytes'], 48),
        'parts': [shortened(visible(i, tokenizer)) for i in row['parts'] or ()]} for row in shown]


def n_pages(rows: list[dict]) -> int:
    return max(1, -(-len(rows) // PER_PAGE))
