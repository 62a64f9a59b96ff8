"""The numbers behind a chart as rows: for its table twin and for its CSV file."""

import csv
import io
import math
import unicodedata
from collections.abc import Sequence

from minigpt.locale import decimal

ROWS = 200  # of the table; the CSV has all


def table(columns: dict[str, Sequence], digits: int, lang: str) -> dict:
    """`head`, the first ROWS `rows` as finished text, and the `count` of all; `number` says which
    columns hold numbers."""
    kept = [list(values[:ROWS]) for values in columns.values()]
    number = [bool(values) and not isinstance(values[0], str) for values in kept]
    rows = [[it if isinstance(it, str) else _number(it, digits, lang) for it in row]
            for row in zip(*kept)]
    count = len(next(iter(columns.values()))) if columns else 0
    return {'head': list(columns), 'rows': rows, 'number': number, 'count': count}


def csv_text(columns: dict[str, Sequence]) -> str:
    """RFC 4180 with a head; numbers with a decimal point and all their digits."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(zip(*([it if isinstance(it, str) else it.item() if hasattr(it, 'item') else it
                            for it in values] for values in columns.values())))
    return out.getvalue()


def file_name(title: str) -> str:
    """'Tamanhos dos chunks' → 'tamanhos-dos-chunks.csv'."""
    plain = unicodedata.normalize('NFD', title.lower()).encode('ascii', 'ignore').decode()
    words = ''.join(char if char.isalnum() else ' ' for char in plain).split()
    return '-'.join(words)[:60] + '.csv'


def _number(value: float, digits: int, lang: str) -> str:
    if not math.isfinite(value):
        return '–'
    whole = float(value).is_integer()
    return decimal(float(value), 0 if whole else digits, lang).replace('-', '−')
