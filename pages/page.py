"""What every page is: a Viewer with a language, a state that fits in a link, and a start."""

import traceback
import weakref

import panel as pn
import param

from minigpt.errors import MinigptError, ServerError
from pages import lab
from pages.exercises import Exercise
from pages.frame import Frame
from pages.locale import LANGUAGES, text
from pages.path import see
from pages.settings import Link
from pages.tour import Stop
from pages.work import running_for

ABOUT_THE_MODEL = {'checkpoint', 'corpus', 'snapshots', 'moment'}  # of the lab, shown by pages


_on_screen = None  # a reference to the page that the reader sees


def on_screen() -> 'Page | None':
    """The page that the reader sees now."""
    return _on_screen and _on_screen()


class Page(pn.viewable.Viewer):
    """Base of all pages. A subclass lays its view out in `body`, paints it in `relabel` and calls
    `self.frame.check()` after each paint.

    Nothing here knows whether it runs in a browser, in a worker or in a test.
    """

    lang = param.Selector(default='pt', objects=list(LANGUAGES), doc='Language of all words.')
    theme = param.Selector(default='light', objects=['light', 'dark'])
    query = param.Dict(default={}, doc='State that a copied link carries: names and texts.')
    failure = param.String(default='', doc='The traceback of a mistake of ours, else empty.')

    refusal = param.Parameter(default=None, doc='The ServerError of what one may not do now.')

    section = ''  # key of the page's words in the locale files
    terms: tuple[str, ...] = ()           # keys of the glossary that the page speaks of
    exercises: tuple[Exercise, ...] = ()  # three, from easy to hard
    tour: tuple[Stop, ...] = ()           # its parts, in the order of a guided tour
    # A text that may be too long for a link: its name there, and its param.
    long_text: tuple[str, str] | None = None
    names_in_links: dict[str, str] = {}  # what the page calls that which a link shortens
    long_names: dict[str, str] = {}      # what a terminal calls it, and the name in the link
    follows_moments = True  # it can show the model earlier in its training

    def __init__(self, lang: str = 'pt', query: dict[str, str] | None = None):
        super().__init__(lang=lang)
        self.complete = False    # it may be looked at: restored and painted
        self.frame = Frame(self)
        self.hidden = False      # another page is on the screen
        self.send_painted = lambda: None  # to the screen, which draws it while the rest is painted
        self._started = False
        self._behind: set[str] = set()  # what of the lab changed while the page was hidden
        self.take(query or {})
        self.relabel()
        self.frame.relabel()
        self.complete = True
        self.param.watch(lambda *_: self._speak(), 'lang')
        lab.watch(self._hear)

    @property
    def words(self) -> dict:
        """The page's own words in the present language."""
        return text(self.lang)[self.section]

    def take(self, query: dict[str, str]) -> None:
        """The state that a link gives; what of it could not be used is told."""
        link = Link(query)
        self.restore(link)
        self.frame.paint_refused(link)

    def restore(self, query: dict[str, str]) -> None:
        """Take the state from a link. What the link does not say keeps its default."""

    def reopen(self, query: dict[str, str]) -> None:
        """A link to this page was followed while it was open."""
        self.take(query)
        self.relabel()
        self.start()

    def follow(self, changes: dict[str, str | None]) -> None:
        """Somebody else changed a part of the state: take it, None for what is as at first, and
        keep the rest, a text too long for a link too.
        """
        query = dict(self.query)
        if self.long_text:
            key, name = self.long_text
            query[key] = getattr(self, name)
        query |= changes
        self.reopen({key: value for key, value in query.items() if value is not None})

    def relabel(self) -> None:
        """Give every part its words; called at the start and when the language changes."""

    def _hear(self, _, names: set[str]) -> None:
        self.follow_lab(names)

    def follow_lab(self, names: set[str]) -> None:
        """Fields of the lab changed. A hidden page catches up when it is shown; what it was at
        with the old model or text ends, and begins anew then.
        """
        if names & {'settings', 'corpus', 'checkpoint'}:
            self.frame.paint_exercises()
        self.frame.paint_moment()
        names = names & ABOUT_THE_MODEL
        if self.hidden:
            self._behind |= names
            if names - {'moment'}:
                for work in running_for(self):
                    work.stop()
        elif names:
            self._catch_up(names)

    def _speak(self) -> None:
        """Another language. What a page shows that is behind belongs to the lab before, whose tokens
        the present one cannot write: it speaks once it has caught up.
        """
        if self._behind:
            self._behind.add('lang')
            return
        self.relabel()
        self.frame.relabel()

    def _catch_up(self, names: set[str]) -> None:
        if names == {'moment'}:
            self.moment_changed()
        else:
            self.lab_changed()

    def lab_changed(self) -> None:
        """The lab has another model, tokenizer or corpus: nothing of the old one may stay."""
        self.restore(self.query)
        self.relabel()
        if self._started:
            self.start()

    def moment_changed(self) -> None:
        """The model is looked at earlier or later in its training: other weights, nothing else.

        A page that can keep more of its state, or shows nothing of the model, says so here.
        """
        self.lab_changed()

    def catch_up(self) -> None:
        """Show the present lab if it changed while nobody saw the page."""
        behind, self._behind = self._behind, set()
        if behind:
            self._catch_up(behind - {'lang'})
        if 'lang' in behind:
            self._speak()

    def show(self) -> None:
        """The page comes on the screen, for the first time or again."""
        global _on_screen
        _on_screen = weakref.ref(self)
        first, self._started, self.hidden = not self._started, True, False
        if self._behind:
            self.catch_up()
        elif first:
            self.start()
        see(self.section)
        self.frame.check()

    def sentence(self, error: MinigptError) -> str:
        """What an error says, as a whole sentence in the page's language."""
        said = error.in_language(self.lang)
        begins_with_a_name = any(said.startswith(str(value)) for value in error.values.values())
        return f'{said if begins_with_a_name else said[0].upper() + said[1:]}.'

    def broke(self, error: Exception) -> None:
        """Long work ended by an error that nobody foresaw, or because somebody else came to have
        the controls.
        """
        if isinstance(error, ServerError):
            self.refusal = error
            return
        self.failure = ''.join(traceback.format_exception(error))

    def start(self) -> None:
        """Called when the page is on the screen for the first time, and after each `restore`."""

    # What the frame shows around the picture

    def body(self) -> pn.viewable.Viewable:
        """The page's own layout."""
        raise NotImplementedError

    def sources(self) -> list:
        """The functions and classes of minigpt that computed what is on the screen now."""
        return []

    def script(self) -> str:
        """Python that prints the numbers shown now, with texts and settings as literals.

        It begins with its imports (minigpt, NumPy) and takes the model from `load_lab()`, which
        the frame puts in front of it.
        """
        return ''

    def __panel__(self):
        return self.frame.__panel__()
