"""The report as one HTML file that needs nothing else: tables, and every single run as a dot."""

from html import escape

from minigpt.bench.report_tables import measured_on, said_advice, size, tables, work_of
from minigpt.locale import named, sentence

STYLE = """
:root { color-scheme: light dark; --ink: #1c1b1a; --paper: #fff; --soft: #6b6560; --dot: #b3430b }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eae6e1; --paper: #191817; --soft: #a49d96; --dot: #f08a4b } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; display: block; overflow-x: auto; margin-bottom: 2rem }
th, td { padding: .2rem .8rem .2rem 0; text-align: right; white-space: nowrap }
th:nth-child(-n+2), td:nth-child(-n+2) { text-align: left }
th { border-bottom: 1px solid var(--soft) }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif }
svg circle { fill: var(--dot); fill-opacity: .45 } svg line { stroke: var(--ink) }
svg .rule { stroke: var(--soft); stroke-opacity: .3 }
figure { margin: 0 0 1.5rem } figcaption, .soft { color: var(--soft) }
"""
LABEL, ROOM, LINE = 170, 520, 26  # pixels: names, the scale, one contender


def as_html(report: dict, lang: str) -> str:
    """The whole page; every text from outside is escaped."""
    title = escape(sentence(lang, 'benchmark.title'))
    plots = ''.join(plot(row, lang) for row in report['rows'])
    told = ''.join(f'<li>{escape(text)}</li>' for text in said_advice(report, lang))
    advice = f'<h2>{escape(sentence(lang, "benchmark.recommendations"))}</h2><ul>{told}</ul>'
    return (f'<!doctype html>\n<html lang="{escape(lang)}"><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
            f'<style>{STYLE}</style>\n<h1>{title}</h1>'
            f'<p class="soft">{escape(measured_on(report, lang))}</p>\n'
            f'{advice if told else ""}\n<h2>{escape(sentence(lang, "benchmark.plots"))}</h2>\n'
            f'{plots}\n{"".join(map(html_table, tables(report, lang)))}</html>\n')


def html_table(table) -> str:
    title, head, rows = table
    heads = ''.join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = ''.join('<tr>' + ''.join(f'<td>{escape(cell)}</td>' for cell in row) + '</tr>\n'
                   for row in rows)
    return f'<h2>{escape(title)}</h2>\n<table><tr>{heads}</tr>\n{body}</table>\n'


def plot(row: dict, lang: str) -> str:
    """One line for each contender: its runs as dots from 0 on, its median as a stroke."""
    largest = max(max(runs) for runs in row['runs'].values())
    height = LINE * len(row['runs']) + 22
    lines = ''.join(plot_line(named(name, lang), runs, row['milliseconds'][name]['median'], largest,
                              LINE * number + 14, lang)
                    for number, (name, runs) in enumerate(row['runs'].items()))
    label = escape(f'{row["row"]}: {work_of(row, lang)}')
    return (f'<figure><figcaption>{label}</figcaption>'
            f'<svg role="img" aria-label="{label}" width="100%" '
            f'viewBox="0 0 {LABEL + ROOM + 90} {height}">{lines}'
            f'<text x="{LABEL}" y="{height - 4}">0</text>'
            f'<text x="{LABEL + ROOM}" y="{height - 4}" text-anchor="end">'
            f'{escape(size(largest, lang))} ms</text></svg></figure>\n')


def plot_line(name: str, runs: list[float], median: float, largest: float, y: int,
              lang: str) -> str:
    def x(milliseconds: float) -> float:
        return round(LABEL + ROOM * milliseconds / largest, 1)

    dots = ''.join(f'<circle cx="{x(run)}" cy="{y}" r="4"/>' for run in runs)
    return (f'<text x="0" y="{y + 4}">{escape(name)}</text>'
            f'<line class="rule" x1="{LABEL}" x2="{LABEL + ROOM}" y1="{y}" y2="{y}"/>{dots}'
            f'<line x1="{x(median)}" x2="{x(median)}" y1="{y - 9}" y2="{y + 9}" stroke-width="2"/>'
            f'<text x="{LABEL + ROOM + 10}" y="{y + 4}">{escape(size(median, lang))} ms</text>')
