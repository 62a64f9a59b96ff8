"""The words of a lesson: one Markdown file per language in locale/lessons/.

    # Title
    > What one takes away, in a sentence.

    ## key of a step
    Paragraphs with {blanks:.2f}, and perhaps as the last line the head of a table: | a | b |

    ## analysis
    The question of an exercise; its hint is the section `analysis.hint`.
"""

import functools
import re
from dataclasses import dataclass
from pathlib import Path

import minigpt.locale
from minigpt.locale import template
from minigpt.locale.numbers_in_text import filled
from minigpt.teach.figures import told

FOLDER = Path(minigpt.locale.__file__).parent / 'lessons'
HEAD = re.compile(r'\n\|(.+)\|\s*$')


@dataclass(frozen=True)
class Said:
    """What a section says: its text, and the titles of the columns of its table."""
    text: str
    head: tuple[str, ...] = ()


@functools.cache
def sections(name: str, lang: str) -> dict[str, str]:
    """Section key → text, blanks open; 'title' and 'goal' are the file's beginning."""
    source = (FOLDER / f'{name}.{lang}.md').read_text(encoding='utf-8')
    beginning, *rest = re.split(r'^## ', source, flags=re.MULTILINE)
    title, goal = re.match(r'# (.+)\n> ([\s\S]+)', beginning).groups()
    found = {'title': title.strip(), 'goal': ' '.join(goal.replace('\n>', ' ').split())}
    for section in rest:
        key, _, text = section.partition('\n')
        found[key.strip()] = text.strip('\n')
    return found


@functools.cache
def title(name: str, lang: str) -> str:
    """A lesson's title alone, for lists: the rest of its words is not kept."""
    with open(FOLDER / f'{name}.{lang}.md', encoding='utf-8') as file:
        return file.readline().removeprefix('# ').strip()


def said(name: str, key: str, values, lang: str) -> Said:
    """The text of one section, its blanks filled."""
    text = '\n' + sections(name, lang)[key]
    head = HEAD.search(text)
    titles = tuple(title.strip() for title in head[1].split('|')) if head else ()
    body = text[:head.start()] if head else text
    return Said(filled(body, values, lang).strip('\n'), titles)


def verdict_said(verdict, lang: str) -> str:
    """A Verdict of exercises.py in words."""
    values = {name: ', '.join(told(it, lang) for it in value) if isinstance(value, tuple) else value
              for name, value in verdict.values.items()}
    return filled(template(lang, f'teach.verdict.{verdict.key}'), values, lang)
