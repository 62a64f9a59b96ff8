"""One visitor whose pages are computed here: what worker.mjs does in a browser."""

import contextvars
import logging
import weakref
from collections.abc import Callable, Mapping

from bokeh.core.serialization import Serialized

from minigpt.errors import ServerError
from minigpt.locale import LANGUAGES
from minigpt.training import train
from pages import computing, lab, own_code, work
from pages.opened import OpenPages, patch_of
from pages.training.session import trainer

logger = logging.getLogger('minigpt.pages')


class Visitor:
    """Pages of one browser tab; `viewers` names the class of each page. `send(message)` takes what
    the tab is to hear: the messages TO_PAGE of site/assets/protocol.mjs.

    `may_change()` raises a ServerError while somebody else has the controls. `train` does what
    minigpt.training.train does. Everything runs in `context`, which says whose pages these are.
    """

    def __init__(self, viewers: Mapping[str, str], send: Callable[[dict], None],
                 may_change: Callable[[], None] = lambda: None, train: Callable = train):
        self.viewers, self.send = viewers, send
        self.pages = OpenPages()
        self.work: weakref.WeakSet = weakref.WeakSet()
        self.context = contextvars.copy_context()
        for variable, value in ((lab.reader, lab.Reader(may_change)), (own_code.allowed, False),
                                (work.begun, self.work), (trainer, train)):
            self.context.run(variable.set, value)

    def hear(self, message: dict) -> None:
        """Do what a checked message asks; what goes wrong is told, and the tab gives up then."""
        try:
            getattr(self, f'_{message["type"]}')(**{key: value for key, value in message.items()
                                                    if key != 'type'})
        except ServerError as error:
            self._refuse(error)
        except Exception:
            logger.exception('message %s', message['type'])
            self._fail()

    def close(self) -> None:
        """The tab is gone: its work ends and its pages are forgotten."""
        for task in list(self.work):
            task.cancel()
        for page in self.pages.values():
            page.close()
        self.pages.clear()

    def _fail(self) -> None:
        """What exactly went wrong is in the server's log, and for those who run it."""
        self.send({'type': 'error', 'kind': 'python', 'file': '', 'status': 0, 'details': ''})

    def _refuse(self, error: ServerError) -> None:
        self.send({'type': 'refused', **{lang: error.in_language(lang) for lang in LANGUAGES}})

    # What a tab asks

    def _open(self, page: str, viewer: str, lang: str, theme: str, query: dict,
              drawn: bool) -> None:
        if page not in self.viewers or viewer != self.viewers[page]:  # the console is none of them
            raise LookupError(f'no page {page}')
        self.send({'type': 'progress', 'step': 'open', 'loaded': 0, 'total': 0})
        # What the site was built with has another document's ids: it is drawn anew.
        document = self.pages.open(page, viewer, lang, theme, query, False)
        self.send({'type': 'render', 'page': page, 'document': document})

    def _rendered(self, page: str) -> None:
        self.pages.link(
            page, lambda document, events: self.send({
                'type': 'patch', 'page': page, 'buffers': {},
                'patch': patch_of(document, events, deferred=False)[0]}),
            lambda query, own: self.send({'type': 'query', 'page': page, 'query': query,
                                          'own': own}),
            self._broke)
        self.pages[page].page.param.watch(lambda event: self._refuse(event.new), 'refusal')
        self.send({'type': 'live', 'page': page})

    def _broke(self, failure: str) -> None:
        logger.error('%s', failure)
        self._fail()

    def _patch(self, page: str, patch: dict) -> None:
        try:
            self.pages.apply_patch(page, Serialized(content=patch, buffers=[]))
        finally:
            self.send({'type': 'idle', 'page': page})

    def _restore(self, page: str, query: dict) -> None:
        self.pages.restore(page, query)

    def _follow(self, page: str, changes: dict) -> None:
        try:
            self.pages.follow(page, changes)
        finally:
            self.send({'type': 'followed', 'page': page})

    def _show(self, page: str) -> None:
        self.pages.show(page)
        self.send({'type': 'shown', 'page': page})

    def _language(self, lang: str) -> None:
        self.pages.set_for_all('lang', lang)

    def _theme(self, theme: str) -> None:
        self.pages.set_for_all('theme', theme)

    def _backend(self, name: str) -> None:
        """The server computes with what it was started with: one choice for all."""
        self.send({'type': 'computes', **computing.now(), 'choices': []})
