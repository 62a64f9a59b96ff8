"""A part of a page: its own state, components and words."""

import param

from minigpt.errors import MinigptError
from pages.locale import text


class Worded:
    """What belongs to a page and speaks its language. `page` is set by whoever makes it."""

    section = ''  # key of its words within the page's

    @property
    def words(self) -> dict:
        return self.page.words[self.section]

    @property
    def tag(self) -> str:
        """How numbers are written, for the components."""
        return text(self.page.lang)['tag']


class Part(Worded, param.Parameterized):
    """Base of the parts. The page calls them in the order of the screen."""

    def __init__(self, page, **params):
        self.page = page
        super().__init__(**params)

    def restore(self, query: dict[str, str]) -> None:
        """Take this part's state from a link."""

    def state(self) -> dict[str, str]:
        """What `restore` reads, without what is as at first."""
        return {}

    def relabel(self) -> None:
        """Give the components their words."""

    def paint(self) -> None:
        """Everything that follows the state."""

    def sources(self) -> list:
        """The functions of minigpt that computed what is on the screen."""
        return []

    def script(self) -> list[str]:
        """Lines of Python that compute and print this part's numbers again."""
        return []

    def sentence(self, error: MinigptError | None) -> str:
        """An error as a sentence in the reader's language; empty for None."""
        return self.page.sentence(error) if error else ''
