"""Which lines of the text in use would teach the model the token shown, judged by gradients."""

import time
from collections.abc import Iterator

import numpy as np

from minigpt.backend.clock import per
from minigpt.training.influence import (InfluenceStep, influences, likely_first, passage_gradient,
                                        passages, prediction_gradient)
from pages import lab as labs
from pages.components.line_ranking import LineRanking
from pages.components.said import Said
from pages.inference.trial import Trial
from pages.lab import lab, visible
from pages.layout import beside, stack
from pages.own_text import OwnText

BEST = 10   # lines shown
WORST = 4


class Teachers(Trial):
    """The lines of the lab's corpus, ranked while they are read; it can be paused and resumed."""

    section = 'influence'
    eager = False
    imports = ('from minigpt.training.influence import (direction, passage_gradient, passages,\n'
               '                                        prediction_gradient)',)

    def __init__(self, page):
        super().__init__(page)
        self.step: InfluenceStep | None = None
        self.asked: tuple[list[int], int] | None = None  # what the model saw, and what came
        self._steps: Iterator | None = None              # to be gone on with
        self._seconds = 0.0

    def forget(self) -> None:
        super().forget()
        self.step = self.asked = self._steps = None
        self._seconds = 0.0

    def layout(self) -> list:
        self.own_text, self.said, self.note = OwnText(self.page), Said(), Said()
        self.best, self.worst = LineRanking(), LineRanking()
        columns = 'minmax(0, 7fr) minmax(0, 5fr)'
        return [beside(columns, self.said, self.controls()),
                beside(columns, self.best, stack(self.worst, self.note)), self.own_text]

    def other_corpus(self) -> None:
        self.forget()
        self._repaint()

    # What the reader does

    def prediction(self) -> tuple[list[int], int]:
        """What the model saw at the place shown, and the token there or the likeliest one."""
        text, shown = self.page.text, self.page.shown
        next_id = (text.written[shown].token_id if shown < len(text.written)
                   else int(np.argmax(text.pending)))
        return text.window_at(shown), next_id

    def pause(self) -> None:
        """Leave off; `resume` goes on from here."""
        self.work.stop()
        self._repaint()

    def resume(self) -> None:
        self.work.start(self._steps)

    def cancel(self) -> None:
        """Leave off for good, and drop what was found."""
        self.forget()
        self._repaint()

    def run(self) -> None:
        self.forget()
        self.asked = self.prediction()
        self._steps = self.steps()
        self.work.start(self._steps)

    def steps(self) -> Iterator[None]:
        ids, next_id = self.asked
        model, tokenizer = lab().model, lab().tokenizer
        found = []
        for passage in passages(lab().corpus, tokenizer, model.config.block_size):
            found.append(passage)
            if not len(found) % 50:
                yield
        ranked = influences(model, ids, next_id, likely_first(found, ids, next_id))
        while True:
            started = time.perf_counter()
            self.step = next(ranked, None) or self.step
            self._seconds += time.perf_counter() - started
            if self.step is None or self.step.read == self.step.total:
                self.share = 1
                return
            self.share = self.step.read / self.step.total
            yield

    @property
    def finished(self) -> bool:
        return self.asked is not None and not self.work.running and self.share == 1

    def buttons(self) -> dict[str, str]:
        words, running = self.words, self.work.running
        error = self.page.sentence(self.page.error) if self.page.error else ''
        half = self._steps and not running and not self.finished
        return {'run': words['busy'] if running else error} | (
            {'resume': ''} if half else {'pause': '' if running else words['idle']}) | {
            'cancel': '' if self.asked else words['idle']}

    # What is shown

    def lines(self) -> list[str]:
        words, number = self.words, self.page.number
        if not self.asked:
            return []
        if self.step is None:
            return [words['nothing'] if self.finished else words['cutting']]
        read, total = self.step.read, self.step.total
        speed = per(read, self._seconds)
        blanks = {'read': number(read, 0), 'total': number(total, 0), 'speed': number(speed, 1),
                  'left': number(speed and (total - read) / speed, 0)}
        return [words['finished' if self.finished else 'progress'].format(**blanks)] + (
            [words['stale']] if self.asked != self.prediction() else [])

    def paint_found(self) -> None:
        words = self.words
        ids, next_id = self.asked or self.prediction()
        before = lab().tokenizer.decode(ids)
        blanks = {'token': visible(next_id), 'before': before if len(before) <= 60
                  else '…' + before[-60:]}
        self.said.paragraphs = [words['asked'].format(**blanks), words['how']]
        self.note.paragraphs = [words['shipped']] if labs.is_shipped() else []
        ranking = self.step.ranking if self.step else []
        top = max((abs(it.cosine) for it in ranking), default=1) or 1
        worst = [it for it in ranking[:-WORST - 1:-1] if it.cosine < 0]
        self.best.param.update(title=words['best'].format(**blanks) if ranking else '', rows=[
            self._row(it, place, top) for place, it in enumerate(ranking[:BEST], 1)])
        self.worst.param.update(title=words['worst'].format(**blanks) if worst else '', rows=[
            self._row(it, len(ranking) - place, top) for place, it in enumerate(worst)])

    def _row(self, influence, rank: int, top: float) -> dict:
        words, number = self.words, self.page.number
        passage, next_id = influence.passage, self.asked[1]
        cosine = number(influence.cosine, 3)
        return {'rank': rank, 'line': passage.line, 'value': cosine, 'exact': influence.cosine,
                'pieces': pieces(passage.ids, next_id), 'part': influence.cosine / top,
                'about': words['about'].format(
                    cosine=cosine, line=number(passage.line, 0), tokens=len(passage.ids),
                    weights=number(lab().model.n_params, 0), token=visible(next_id))}

    def sources(self) -> list:
        return [influences, prediction_gradient, passage_gradient]

    def script(self) -> list[str]:
        if not self.step:
            return []
        ids, next_id = self.asked
        return ['', '# Which lines would teach this? The best ones found, and their cosines',
                f'asked = direction(prediction_gradient(lab.model, {ids}, {next_id}))',
                f'best = {[it.passage.ids for it in self.step.ranking[:BEST]]}',
                'for it in passages(lab.corpus, lab.tokenizer, lab.model.config.block_size):',
                '    if it.ids in best:',
                '        cosine = asked @ direction(passage_gradient(lab.model, it.ids))',
                "        print(f'line {it.line} cosine {cosine:.5f}', repr(it.text))"]


def pieces(ids: tuple[int, ...], marked: int) -> list[tuple[str, bool]]:
    """The text of a passage, cut where the marked token stands; it may be a part of a character.

    The first token is never marked: nothing before it predicts it.
    """
    decode, found, start = lab().tokenizer.decode, [], 0
    for place, token_id in enumerate(ids):
        if place and token_id == marked:
            found += [(decode(ids[start:place]), False), (decode([token_id]), True)]
            start = place + 1
    return [(text, mark) for text, mark in [*found, (decode(ids[start:]), False)] if text]
