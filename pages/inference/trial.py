"""An experiment that runs for a while: begun, stopped and seen while it goes on."""

from collections.abc import Iterator

from pages.components.actions import Actions
from pages.components.progress import Progress
from pages.inference.part import Experiment
from pages.layout import stack
from pages.work import Work


class Trial(Experiment):
    """Its words have `run`, `stop`, `busy` and `idle`; `lines` say how far it has come."""

    eager = True  # it is short, and begins by itself when the reader opens it

    def __init__(self, page):
        super().__init__(page)
        self.work = Work(self._repaint, page.broke)
        self.actions = Actions(lambda name: getattr(self, name)())
        self.progress = Progress()
        self.share = 0.0  # of the work that is done

    def controls(self):
        """The buttons, and how far the work has come."""
        return stack(self.actions, self.progress, gap=8)

    def run(self) -> None:
        """Begin anew."""
        self.forget()
        self.work.start(self.steps())

    def stop(self) -> None:
        """End it; what was found stays."""
        self.work.stop()
        self._repaint()

    def begin(self) -> None:
        if self.eager and self.share == 0 and self.page.text and not self.buttons()['run']:
            self.run()

    def forget(self) -> None:
        self.work.stop()
        self.share = 0.0

    def buttons(self) -> dict[str, str]:
        """The method behind each button, and why it is off."""
        busy = self.work.running
        reason = self.page.sentence(self.page.error) if self.page.error else ''
        return {'run': self.words['busy'] if busy else reason,
                'stop': '' if busy else self.words['idle']}

    def paint(self) -> None:
        words = self.words
        self.actions.param.update(words={'group': words['title']}, buttons=[
            {'id': name, 'label': words[name], 'reason': reason}
            for name, reason in self.buttons().items()])
        self.progress.param.update(words={'label': words['run']}, lines=self.lines(),
                                   share=self.share, running=self.work.running)
        self.paint_found()

    def _repaint(self) -> None:
        if self.open:
            self.follow()

    # What a trial has of its own

    def steps(self) -> Iterator:
        """The work, in small slices; sets `share`."""
        raise NotImplementedError

    def lines(self) -> list[str]:
        """How far it has come, in words."""
        return []

    def paint_found(self) -> None:
        """What was found so far."""
