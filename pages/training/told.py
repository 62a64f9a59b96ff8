"""How the run goes, told: figures, samples, and what the curves mean in words."""

import math
from dataclasses import asdict

from minigpt.locale import decimal, scientific
from minigpt.tokenizer import END_OF_TEXT
from pages.components.readout import Readout
from pages.components.said import Said
from pages.components.samples import Samples
from pages.locale import text
from pages.training.controls import duration
from pages.training.session import BREAKDOWNS
from pages.training.verdict import verdict

LOST = ('device_lost', 'device_failed')  # reasons whose words are the browser's, for its makers
END = ' ∎ '  # the end of a text, where the model wrote one
FEW = 10  # tokens to choose from
LARGE, LARGEST = math.log(1e6), math.log(1e300)  # losses: e to them has many digits, is no number


class ToldView:
    """The read-out above the curves, the samples beside them, the verdict below."""

    def __init__(self, page):
        self.page = page
        self.readout, self.samples, self.verdict = Readout(), Samples(), Said()
        self.samples.link(page, pinned='pinned')
        self._shown: list | None = None  # samples, once painted

    def relabel(self) -> None:
        words, tag = self.page.words, text(self.page.lang)['tag']
        self.readout.param.update(words=words['readout'], locale=tag)
        self.samples.param.update(words=words['samples'], locale=tag)
        self._shown = None

    def number(self, value: float | None, digits: int) -> str:
        if value is None or not math.isfinite(value):
            return '–'
        return decimal(value, digits, self.page.lang).replace('-', '−')

    def paint(self) -> None:
        self._shown = None
        self.paint_running()

    def paint_running(self) -> None:
        page = self.page
        self.readout.param.update(figures=self._figures(), share=self._share(), state=self._state(),
                                  error=self._error())
        if self._shown != page.desk.samples:
            self._shown = list(page.desk.samples)
            self._paint_samples()
            self._paint_verdict()
            page.frame.check()

    def _share(self) -> float:
        """How far the run has come; while the vocabulary is learnt, how far that has."""
        desk, session = self.page.desk, self.page.desk.session
        if session and session.checkpoint is None:
            return len(session.merges) / max(1, session.settings.vocab_size - 257)
        return min(1.0, desk.step / max(1, desk.total))

    def _figures(self) -> list[dict]:
        page, words = self.page, self.page.words['readout']
        history = page.desk.history
        train, held_out = history.smooth.last(), history.validation.last()
        left = page.desk.seconds_left
        judged = train if held_out is None else held_out
        values = {
            'step': f'{self.number(page.desk.step, 0)} / {self.number(page.desk.total, 0)}',
            'train': self.number(train, 3), 'held_out': self.number(held_out, 3),
            'likely': '–' if judged is None else self._perplexity(judged),
            'speed': self.number(history.speed.last(), 0),
            'left': '–' if left is None else duration(left, page)}
        return [{'id': name, 'label': words[name], 'value': value, 'about': words['about'][name]}
                for name, value in values.items()]

    def _perplexity(self, loss: float) -> str:
        """e to the power of the loss; of a run that breaks it has more digits than a line."""
        if loss < LARGE:
            return self._choices(math.exp(loss))
        return '–' if loss > LARGEST else scientific(math.exp(loss), 0, self.page.lang)

    def _choices(self, likely: float) -> str:
        """Among so many tokens it hesitates: of a few, a whole number would hide the difference."""
        return self.number(likely, 0 if likely >= FEW else 1)

    def _state(self) -> str:
        page, words = self.page, self.page.words['state']
        session = page.desk.session
        if session is None:
            if page.desk.kept_run:
                kept = page.desk.kept_run
                return words['kept'].format(name=kept.name, step=self.number(kept.step, 0))
            return words['stored' if page.would_repeat_the_stored_run else 'stored_other']
        values = {'name': page.desk.run_name, 'step': self.number(session.step, 0)}
        if page.running and session.checkpoint is None:
            merges = session.merges
            newest = merges[-1].token.decode('utf-8', 'replace') if merges else ''
            return words['vocabulary'].format(count=len(merges) + 257,
                                              size=session.settings.vocab_size,
                                              newest=newest.replace('\n', '↵'))
        if session.error:
            return words['failed'].format(**values)
        if page.running:
            return words['running'].format(**values)
        return words['ended' if session.ended else 'paused'].format(**values)

    def _error(self) -> str:
        page, session = self.page, self.page.desk.session
        words = page.words['errors']
        if page.error:
            return page.sentence(page.error)
        if session and isinstance(session.error, MemoryError):
            return words['memory']
        if session and session.error:
            if session.error.key in BREAKDOWNS:
                return words['not_a_number'].format(step=session.broke_at, kept=session.step)
            return page.sentence(session.error)
        if session and session.moved:
            moved = session.moved
            kind = 'lost' if moved.reason.key in LOST else 'moved'
            return words[kind].format(step=moved.step, reason=moved.reason.in_language(page.lang))
        return ''

    def _paint_samples(self) -> None:
        words = self.page.words['samples']
        self.samples.samples = [
            asdict(it) | {'text': it.text.replace(END_OF_TEXT, END),
                          'head': words['head'].format(step=self.number(it.step, 0),
                                                       loss=self.number(it.loss, 2))}
            for it in self.page.desk.samples]

    def _paint_verdict(self) -> None:
        page, words = self.page, self.page.words['verdict']
        found = verdict(page.desk.history, page.desk.vocab_size)
        said = []
        if found:
            values = {name: self._choices(value) if name == 'likely' else
                      self.number(value, 0 if name in ('vocab', 'best_step') else 2)
                      for name, value in found.values.items()}
            said = [words[found.kind].format(**values)]
        if page.desk.held_out == 'none':
            said.append(words['no_validation'])
        elif found and page.desk.held_out == 'known':
            said.append(words['repeats'])
        self.verdict.param.update(title=words['title'] if said else '', paragraphs=said)
