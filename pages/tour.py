"""A guided tour of a page: its parts, one after the other, with a sentence or two on each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import attrgetter

from panel.viewable import Viewable


@dataclass(frozen=True)
class Stop:
    """A part of the page. `at` is the way from the page to its component: '_view.ribbons'.

    `shows`: params that the page takes on, so that the part shows what is said of it. Words:
    `<section>.tour.<key>`.
    """
    key: str
    at: str
    shows: Mapping[str, object] = field(default_factory=dict)

    def part(self, page) -> Viewable:
        """Its component; the tour finds it on the screen by its class."""
        component = attrgetter(self.at)(page)
        mark = f'stop-{self.key}'
        if mark not in component.css_classes:
            component.css_classes = [*component.css_classes, mark]
        return component

    def arrive(self, page) -> None:
        """The reader has come here."""
        page.param.update(**self.shows)
