"""An experiment of the inference page: a fold that is made and computes once it is open."""

import param

from pages.components.drawer import Drawer
from pages.layout import stack
from pages.part import Worded


class Experiment(Worded, param.Parameterized):
    """Base of the experiments. The page calls them in the order of the screen."""

    open = param.Boolean(default=False)

    section = ''                   # key of its words within the page's, and its name in a link
    imports: tuple[str, ...] = ()  # what its lines of the script need

    def __init__(self, page, **params):
        self.page = page
        self._place = stack()
        self.drawer = Drawer(objects=[self._place])
        super().__init__(**params)
        self.drawer.link(self, open='open')
        self.param.watch(lambda *_: self._turned(), 'open')

    def show(self) -> None:
        """Make what an open fold holds, give it words and paint it; a closed one stays empty."""
        self.drawer.param.update(title=self.words['title'], lead=self.words['lead'],
                                 open=self.open)
        if self.open:
            if not self._place.objects:
                self._place.objects = self.layout()
            self.relabel()
            self.follow()

    def follow(self) -> None:
        """Paint an open fold; without a text there is nothing to see in it."""
        self.drawer.usable = self.page.text is not None
        if self.page.text:
            self.paint()

    def _turned(self) -> None:
        if self.page.complete:
            self.show()
            self.page.note()
            if self.open and self.page.live:
                self.begin()

    # What an experiment has of its own

    def layout(self) -> list:
        """The components, one below the other."""
        raise NotImplementedError

    def relabel(self) -> None:
        """Give the components their words; only called while the fold is open."""

    def begin(self) -> None:
        """The open fold is on the screen: what takes its time may start."""

    def paint(self) -> None:
        """Everything that follows the page's state; only called for an open fold and a text."""

    def forget(self) -> None:
        """The lab may be another one: nothing found before may stay."""

    def other_corpus(self) -> None:
        """The lab has another text, and the model it had."""

    def restore(self, query: dict[str, str]) -> None:
        """Take the experiment's own state from a link."""

    def state(self) -> dict[str, str]:
        """What `restore` reads, without what is as at first."""
        return {}

    def sources(self) -> list:
        """The functions of minigpt that computed what is on the screen."""
        return []

    def script(self) -> list[str]:
        """Lines of Python that compute and print this experiment's numbers again."""
        return []
