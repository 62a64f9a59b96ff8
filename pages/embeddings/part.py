"""A part of the embeddings page: its own state, components and words."""

import panel as pn
import param

from minigpt.errors import MinigptError
from pages.locale import text

STACK = ':host { display: grid !important; gap: 16px; grid-template-columns: minmax(0, 1fr); }'


class Part(param.Parameterized):
    """Base of the parts. The page calls them in the order of the screen."""

    section = ''  # key of the part's words within the page's

    def __init__(self, page, **params):
        self.page = page
        super().__init__(**params)

    @property
    def words(self) -> dict:
        return self.page.words[self.section]

    @property
    def tag(self) -> str:
        """How numbers are written, for the components."""
        return text(self.page.lang)['tag']

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


def show(component, wanted: bool) -> None:
    """Show a component, or take it off the screen without leaving its place empty."""
    component.styles = {'display': 'block' if wanted else 'none'}


def stack(*parts):
    """One below the other."""
    return pn.Column(*parts, stylesheets=[STACK], sizing_mode='stretch_width')


def beside(columns: str, *parts):
    """Side by side in these CSS grid columns; one below the other on a phone."""
    css = (f':host {{ display: grid !important; grid-template-columns: {columns}; gap: 24px 32px; '
           'align-items: start; } @media (max-width: 999px) { :host { '
           'grid-template-columns: minmax(0, 1fr); gap: 16px; } }')
    return pn.Column(*parts, stylesheets=[css], sizing_mode='stretch_width')
