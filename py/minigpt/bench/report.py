"""A report: what was measured, on what, what follows from it; as text, Markdown, JSON or HTML."""

import json
from pathlib import Path

from minigpt.bench.advice import advice
from minigpt.bench.compare import Change
from minigpt.bench.measure import Plan, machine
from minigpt.bench.report_html import as_html
from minigpt.bench.report_tables import as_markdown, as_text
from minigpt.errors import ConfigError
from minigpt.formats.atomic import write_atomically

WRITERS = {'.txt': as_text, '.md': as_markdown, '.html': as_html,
           '.json': lambda report, lang: json.dumps(report, indent=2, ensure_ascii=False) + '\n'}


def assembled(rows: list[dict], plan: Plan, comparison: list[Change] = ()) -> dict:
    """The whole report, ready for JSON."""
    return {'format': 'minigpt-benchmark-1', 'machine': machine(), 'plan': vars(plan),
            'rows': rows, 'advice': [vars(item) for item in advice(rows)],
            'comparison': [vars(item) | {'ratio': item.ratio} for item in comparison]}


def check_suffix(path: str) -> None:
    """ConfigError for a file whose ending says none of the formats, before anything is measured."""
    if Path(path).suffix not in WRITERS:
        raise ConfigError('unknown_choice', name='report', got=path, choices=', '.join(WRITERS))


def write(report: dict, path: str, lang: str) -> None:
    """Write the report in the format that the file's ending names."""
    check_suffix(path)
    write_atomically(Path(path), WRITERS[Path(path).suffix](report, lang).encode('utf-8'))
