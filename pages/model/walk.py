"""The forward pass as a walk: what is said of each step."""

from minigpt.arithmetic import Step
from minigpt.locale import decimal
from pages.model.boxes import shape_words
from pages.model.names import Names

SLOW, FAST = 1.6, 0.3  # seconds: the first block is explained, the others show that it repeats


def walk(steps: list[Step], names: Names) -> list[dict]:
    """As the component `ModelMap` takes them."""
    return [{'name': it.name, 'reads': [*it.reads, *it.weights],
             'seconds': FAST if it.layer else SLOW, 'said': said(it, place, len(steps), names)}
            for place, it in enumerate(steps, 1)]


def said(step: Step, place: int, count: int, names: Names) -> str:
    """'Passo 4 de 61 · bloco 1 · consultas, 4 × 7 × 32: …'"""
    words = names.words
    does = words['does'][step.operation].format(
        reads=' , '.join(names.short(it) for it in step.reads).replace(' ,', ','),
        weights=names.short(step.weights[0]) if step.weights else '')
    cost = words['map']['cost'].format(
        flops=decimal(step.flops, 0, names.page.lang)) if step.flops else ''
    return words['map']['step'].format(place=place, count=count, title=names.title(step.name),
                                       shape=shape_words(step.shape), does=does, cost=cost).strip()
