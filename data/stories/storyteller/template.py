"""The template language of the rule files, compiled once into small trees.

    [a|b|c]        one of the alternatives (may nest, may be empty)
    <rule>         an alternative of a named rule
    {do BICHO}     a word of the lexicon with its agreeing words: "do gato", "da vaca"
    {cansado@H}    only the agreeing words: "cansada" when H is Ana
    {o FRUTA+}     the plural: "as mangas"
    {=A}           the friend's bare name; the first plain {A} comes out as "sua amiga Bia"
    {?FRUTA}       a fresh word, not remembered for the rest of the story
    //             a new line

An alternative may begin with a mark: ``(+rain)`` remembers "rain" for the rest of the story,
``(rain)`` is only told after it, ``(-rain)`` only without it.

A node is ``("text", str)``, ``("rule", name)``, ``("slot", words, target)``,
``("mark", sign, name)`` or
``("choice", [sequence, ...])``; a sequence is a list of nodes.
"""

import re
from pathlib import Path

MARK = re.compile(r"\(([+-]?)(\w+)\) ")
TOKEN = re.compile(r"[\[\]|]|<\w+>|\{[^{}]*\}|[^\[\]|<>{}]+")


def compile_template(source: str) -> list:
    """Compile one template line; ValueError when brackets do not match."""
    mark = MARK.match(source)
    stack: list[list[list]] = [[[("mark", mark[1], mark[2])] if mark else []]]
    source = source[mark.end():] if mark else source
    if "".join(TOKEN.findall(source)) != source:
        raise ValueError(f"stray bracket in template: {source}")
    for token in TOKEN.findall(source):
        if token == "[":
            stack.append([[]])
        elif token == "]" and len(stack) > 1:
            options = stack.pop()
            stack[-1][-1].append(("choice", options))
        elif token == "|" and len(stack) > 1:
            stack[-1].append([])
        elif token in "[]|":
            raise ValueError(f"unbalanced brackets in template: {source}")
        elif token[0] == "<":
            stack[-1][-1].append(("rule", token[1:-1]))
        elif token[0] == "{":
            stack[-1][-1].append(compile_slot(token[1:-1]))
        else:
            stack[-1][-1].append(("text", token))
    if len(stack) != 1:
        raise ValueError(f"unbalanced brackets in template: {source}")
    return stack[0][0]


def compile_slot(body: str) -> tuple:
    """``"cansado@H"`` -> ``("slot", ["cansado"], "H")``; without ``@`` the target is None."""
    words, at, target = body.partition("@")
    return ("slot", words.split(), target if at else None)


def load_rules(path: Path) -> dict[str, list[list]]:
    """Read ``== name`` blocks whose lines are the rule's alternatives."""
    rules: dict[str, list[list]] = {}
    current = ""
    for line in _lines(path):
        if line.startswith("== "):
            current = line[3:].strip()
            rules[current] = []
        else:
            rules[current].append(compile_template(line))
    return rules


def load_plots(path: Path) -> dict[str, list[tuple[str, list[list]]]]:
    """Read plots: ``== name: what it is about``, then beats; a beat is a list of alternatives.

    A line ``+`` starts a beat in the same paragraph, a line ``¶`` one in a new paragraph.
    Returns ``{name: [(glue, alternatives), ...]}`` with glue ``" "`` or a line break.
    """
    plots: dict[str, list[tuple[str, list[list]]]] = {}
    beats: list[tuple[str, list[list]]] = []
    for line in _lines(path):
        if line.startswith("== "):
            beats = plots[line[3:].partition(":")[0].strip()] = [("", [])]
        elif line in ("+", "¶"):
            beats.append((" " if line == "+" else "//", []))
        else:
            beats[-1][1].append(compile_template(line))
    return plots


def _lines(path: Path) -> list[str]:
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]
