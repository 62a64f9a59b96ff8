"""What every page is: a Viewer with a language, a state that fits in a link, and a start."""

import traceback

import panel as pn
import param

from pages.locale import LANGUAGES, text


class Page(pn.viewable.Viewer):
    """Base of all pages. A subclass builds its view in `__panel__` and paints it in `relabel`.

    Nothing here knows whether it runs in a browser, in a worker or in a test.
    """

    lang = param.Selector(default='pt', objects=list(LANGUAGES), doc='Language of all words.')
    query = param.Dict(default={}, doc='State that a copied link carries: names and texts.')
    failure = param.String(default='', doc='The traceback of a mistake of ours, else empty.')

    section = ''  # key of the page's words in the locale files

    def __init__(self, lang: str = 'pt', query: dict[str, str] | None = None):
        super().__init__(lang=lang)
        self.restore(query or {})
        self.relabel()
        self.param.watch(lambda *_: self.relabel(), 'lang')

    @property
    def words(self) -> dict:
        """The page's own words in the present language."""
        return text(self.lang)[self.section]

    def restore(self, query: dict[str, str]) -> None:
        """Take the state from a link. What the link does not say keeps its default."""

    def reopen(self, query: dict[str, str]) -> None:
        """A link to this page was followed while it was open."""
        self.restore(query)
        self.relabel()
        self.start()

    def relabel(self) -> None:
        """Give every part its words; called at the start and when the language changes."""

    def broke(self, error: Exception) -> None:
        """Long work ended by an error that nobody foresaw."""
        self.failure = ''.join(traceback.format_exception(error))

    def start(self) -> None:
        """Called once, when the page is on the screen."""
