"""The runs in a table: each beside the one before it, in words."""

from minigpt.locale import decimal
from pages.components.runs_table import RunsTable
from pages.locale import text
from pages.own_text import characters
from pages.training.charts import DASHES
from pages.training.runs import Run, at_same_update, differences, renamed

MANY = 4  # differences named one by one


class RunsView:
    """The table, and what the reader does in it."""

    def __init__(self, page):
        self.page = page
        self.table = RunsTable(self._heard)

    def relabel(self) -> None:
        self.table.param.update(words=self.page.words['runs'],
                                locale=text(self.page.lang)['tag'])

    def paint(self) -> None:
        page = self.page
        dashes = {run.id: DASHES[i % len(DASHES)] for i, run in enumerate(page.desk.compared)}
        rows = []
        for i, run in enumerate(page.desk.runs):
            present = run.id == page.desk.shown_id
            before = page.desk.runs[i - 1] if i else None
            loss = run.last('validation')
            loss = run.last('loss') if loss is None else loss
            rows.append({'id': run.id, 'name': run.name, 'present': present,
                         'removable': not (present and page.desk.session),
                         'shown': present or run.id in dashes,
                         'dash': 'solid' if present else dashes.get(run.id, 'dashed'),
                         'steps': self._number(run.step, 0),
                         'loss': '–' if loss is None else self._number(loss, 3),
                         'differs': self._differs(run, before),
                         'verdict': self._verdict(run, before)})
        self.table.rows = rows

    def _number(self, value: float, digits: int) -> str:
        return decimal(value, digits, self.page.lang).replace('-', '−')

    def _differs(self, run: Run, before: Run | None) -> str:
        """How the run's settings differ from those of the run above it."""
        words = self.page.words['runs']
        if before is None:
            said = words['first']
        else:
            found = differences(run, before)
            named = [words['difference'].format(name=self._name(name), old=self._value(name, old),
                                                new=self._value(name, new))
                     for name, old, new in found[:MANY]]
            if len(found) > MANY:
                named.append(words['more'].format(count=len(found) - MANY))
            said = '; '.join(named) if named else words['same']
        if run.branches:
            said += ' ' + words['branched'].format(steps=', '.join(map(str, run.branches)))
        return said

    def _name(self, setting: str) -> str:
        words = self.page.words
        return words['runs']['text'] if setting == 'text' else words['settings'][setting]['label']

    def _value(self, setting: str, written: str) -> str:
        if setting == 'text':
            return characters(int(written), self.page.lang)
        named = self.page.words['settings'][setting].get('options', {})
        return named.get(written, written.replace('.', ',' if self.page.lang == 'pt' else '.'))

    def _verdict(self, run: Run, before: Run | None) -> str:
        """Which of the two is ahead, where both have been."""
        words = self.page.words['runs']
        common = before and at_same_update(run, before)
        if not common or run.text != before.text or run.vocab_size != before.vocab_size:
            return words['incomparable'] if common else ''
        step, mine, theirs = common
        kind = 'lower' if mine < theirs - 0.005 else 'higher' if mine > theirs + 0.005 else 'equal'
        return words[kind].format(step=step, by=self._number(abs(mine - theirs), 3),
                                  mine=self._number(mine, 3), theirs=self._number(theirs, 3))

    def _heard(self, data: dict) -> None:
        page = self.page
        run = next((it for it in page.desk.runs if it.id == data['id']), None)
        if run is None:
            return
        if 'use' in data:
            page.settings = run.own_settings
            return
        if 'shown' in data:
            page.desk.draw(run.id, data['shown'])
        elif 'name' in data:
            page.desk.rename(run, renamed(run, data['name']).name)
        elif 'remove' in data:
            page.desk.keep([it for it in page.desk.runs if it.id != run.id])
        page.view.paint()
