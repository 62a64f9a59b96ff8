"""What every page has around its picture: training time, a tour, words, exercises, source, script.
"""

import panel as pn

from minigpt.errors import MinigptError
from pages import exercises, lab, own_text
from pages.components.download import Download
from pages.components.exercises import Exercises
from pages.components.glossary import Glossary
from pages.components.said import Said
from pages.components.source import Source
from pages.components.tour import Tour
from pages.components.training_time import TrainingTime
from pages.locale import text
from pages.script import script_name, script_text
from pages.settings import LONGEST, Link
from pages.source import source

# The page's own layout and the parts below join the grid of the section that holds them.
OUTER = ':host { display: contents !important; }'
TOP = ':host { grid-column: 1 / -1; order: -1; }'  # above all of the page that holds it
NOTE = ':host { margin-bottom: 8px; padding-left: 12px; border-left: 3px solid var(--control); }'
PARTS = """
:host { display: grid !important; grid-column: 1 / -1; margin-top: 32px; gap: 8px 48px;
  grid-template: auto 1fr / minmax(0, 7fr) minmax(0, 5fr); align-items: start; }
:host > .wide { grid-column: 1 / -1; }
:host > .beside { grid-row: span 2; }
@media (max-width: 899px) {
  :host { grid-template: auto / minmax(0, 1fr); margin-top: 24px; gap: 0; }
  :host > .beside { grid-row: auto; }
}
"""

MOST = 5      # unknown names of a link, or odd entries of a list, that are told


class Frame(pn.viewable.Viewer):
    """The parts around a page's picture. The page calls `check` after each paint of its own."""

    def __init__(self, page):
        super().__init__()
        self.page = page
        self.time = TrainingTime(lambda place: lab.view_at(lab.moments()[place]),
                                 stylesheets=[TOP])
        self._link = Link({})  # that the page was opened by
        self.refused = Said(stylesheets=[TOP, NOTE])
        self.tour = Tour(lambda place: page.tour[place].arrive(page))
        self.glossary = Glossary()
        self.exercises = Exercises(self.answered, self.begin_again, own_text.to_shipped_corpus,
                                   css_classes=['beside'])
        self.download = Download(lambda: (script_name(page), script_text(page)))
        self.source = Source(css_classes=['wide'])
        self.source.param.watch(lambda *_: self._paint_source(), 'open')

    def relabel(self) -> None:
        """All words, in the page's language."""
        page = self.page
        words, tag = text(page.lang)['frame'], text(page.lang)['tag']
        notes = text(page.lang)['glossary']
        self.glossary.param.update(words=words['terms'], locale=tag, entries=[
            {'key': key, **notes[key]} for key in page.terms])
        self.exercises.param.update(locale=tag, words=words['exercises'] | {
            'shipped': text(page.lang)['own_text']['shipped']})
        self.source.param.update(words=words['source'], locale=tag)
        self.time.param.update(words=words['time'], locale=tag)
        self.tour.param.update(words=words['tour'], stops=[
            {'key': it.key, 'said': page.words['tour'][it.key]} for it in page.tour])
        self.download.param.update(words=words['script'], locale=tag)
        self.paint_exercises()
        self.paint_moment()
        self.paint_refused(self._link)

    def paint_refused(self, link: Link) -> None:
        """What of the link the page could not use, and what it uses instead."""
        self._link = link
        words, names = text(self.page.lang)['frame']['refused'], self.page.names_in_links
        said = [words['instead' if used else 'usual'].format(
            name=names.get(key, key), given=link[key][:LONGEST], used=used)
            for key, used in link.refused.items()]
        said += [words['without'].format(name=names.get(key, key), given=self._few(entries))
                 for key, entries in link.odd.items()]
        ways = self.page.long_names | {label: key for key, label in names.items()}
        for name in link.unknown[:MOST]:
            meant = link.meant_by(name, ways)
            said.append(words['meant' if meant else 'unknown'].format(name=name[:LONGEST],
                                                                      meant=meant))
        if len(link.unknown) > MOST:
            said.append(words['more'].format(count=len(link.unknown) - MOST))
        self.refused.param.update(
            paragraphs=[f"{words['title']} {'; '.join(said)}."] if said else [],
            styles={'display': 'block' if said else 'none'})

    def _few(self, entries: list[str]) -> str:
        """The first of them, and how many more there are."""
        words, left = text(self.page.lang)['frame']['refused'], len(entries) - MOST
        told = [it[:LONGEST] for it in entries[:MOST]]
        return ', '.join(told + ([words['more'].format(count=left)] if left > 0 else []))

    def paint_moment(self) -> None:
        """The moments of the lab's training, and which of them the pages show."""
        moments = lab.moments()
        place = moments.index(lab.moment()) if moments else 0
        shown = moments and self.page.follows_moments
        self.time.param.update(moments=moments, place=place,
                               styles={'display': 'block' if shown else 'none'})

    def check(self) -> None:
        """Look at what the page shows now: exercises done by it, the code that computed it."""
        page = self.page
        if not page.complete:
            return
        before = exercises.done(page.section)
        now = before | {it.key for it in page.exercises if it.check and it.key not in before
                        and self._shows_done(it)}
        if now != before:
            exercises.remember(page.section, now)
        self._paint_source()

    def _shows_done(self, exercise) -> bool:
        """Not where the model, or the text, has not what the exercise asks about."""
        try:
            return exercise.check(self.page)
        except MinigptError:
            return False

    def answered(self, key: str, typed: str) -> None:
        """The reader typed an answer."""
        page = self.page
        exercise = next(it for it in page.exercises if it.key == key)
        if exercise.answer(page, typed):
            exercises.remember(page.section, exercises.done(page.section) | {key})
        else:
            self.exercises.refused = {'key': key, 'times': self.exercises.refused['times'] + 1}

    def begin_again(self) -> None:
        """None of the page's exercises counts as done any more."""
        exercises.remember(self.page.section, set())

    def paint_exercises(self) -> None:
        """Also called when another page, or the browser's memory, changed what is done."""
        page, done = self.page, exercises.done(self.page.section)
        self.exercises.exercises = [
            {'key': it.key, 'said': it.said(page.words), 'typed': it.answer is not None,
             'is_done': it.key in done} for it in page.exercises]

    def _paint_source(self) -> None:
        """Read the lines only once the reader opens them."""
        if self.source.open:
            self.source.pieces = [source(thing) for thing in self.page.sources()]

    def __panel__(self):
        own = vars(type(self.page))  # a part with nothing to show is left out
        parts = [(self.exercises, self.page.exercises), (self.glossary, self.page.terms),
                 (self.download, 'script' in own), (self.source, 'sources' in own)]
        shown = pn.Column(*[part for part, wanted in parts if wanted], stylesheets=[PARTS],
                          sizing_mode='stretch_width')
        body = self.page.body()
        tour = [self.tour] if [stop.part(self.page) for stop in self.page.tour] else []
        return pn.Column(self.refused, self.time, *tour, body, shown, stylesheets=[OUTER],
                         sizing_mode='stretch_width')
