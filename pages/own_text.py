"""The reader's own text: typed, pasted or read from a file, it becomes the lab's corpus.

A text that cannot be used leaves everything as it was, and says why.
"""

import base64
import weakref

import panel as pn

from minigpt.locale import decimal
from pages import lab
from pages.components.own_text import OwnTextBox
from pages.locale import text

LIMIT = 5_000_000    # bytes
SHOWN = 100_000      # characters; a longer own text is not put into the box
BEGINNING = 40       # characters that remind of a text


class OwnText(pn.viewable.Viewer):
    """A box with label and count, "open a file", a drop zone, and the way back to the corpus."""

    def __init__(self, page):
        super().__init__()
        self.page = page
        self.box = OwnTextBox(self._heard, limit=LIMIT)
        self._said: tuple[str, dict] | None = None  # key and blanks of the last sentence
        self.relabel()
        page.param.watch(lambda *_: self.relabel(), 'lang')
        me = weakref.ref(self)  # a box that is gone needs no news
        lab.watch(lambda _, names: me() and me().follow_lab(names))

    def follow_lab(self, names: set[str]) -> None:
        """Another corpus is in use, perhaps chosen on another page."""
        if 'corpus' in names:
            self._paint()

    def relabel(self) -> None:
        """All words, in the page's language."""
        self.box.param.update(words=text(self.page.lang)['own_text'],
                              locale=text(self.page.lang)['tag'])
        self._paint()

    def use(self, content: str) -> None:
        """Take what stands in the box as the corpus."""
        size = len(content.encode('utf-8', 'replace'))
        if not content.strip():
            self._say('errors.empty')
        elif size > LIMIT:
            self._say('errors.too_long', size=size)
        else:
            self._take(content, 'said.typed')

    def open_file(self, name: str, data: bytes) -> None:
        """Take a file's text: UTF-8, UTF-16 with its mark, or else Latin-1, which is said."""
        if len(data) > LIMIT:
            self._say('errors.too_big', name=name, size=len(data))
            return
        content, encoding = decoded(data)
        if encoding == 'binary':
            self._say('errors.binary', name=name)
        elif not content.strip():
            self._say('errors.empty_file', name=name)
        else:
            self._take(content, f'said.{encoding}', name=name, count=len(content))

    def back_to_shipped(self) -> None:
        """The corpus that comes with minigpt; the model in use stays."""
        self._said = ('said.shipped', {})
        to_shipped_corpus()
        self._paint()

    def _take(self, content: str, key: str, **blanks) -> None:
        self._said = (key, blanks)
        lab.change(corpus=content)
        self._paint()

    def _say(self, key: str, **blanks) -> None:
        self._said = (key, blanks)
        self._paint()

    def _heard(self, data: dict) -> None:
        """What the reader did in the box."""
        if 'use' in data:
            self.use(data['use'])
        elif 'file' in data:
            self.open_file(data['file'], base64.b64decode(data['base64']))
        elif 'too_big' in data:  # too big even to be read
            self._say('errors.too_big', name=data['too_big'], size=data['size'])
        elif 'unreadable' in data:
            self._say('errors.unreadable', name=data['unreadable'])
        else:
            self.back_to_shipped()

    def _paint(self) -> None:
        corpus = lab.lab().corpus
        own = corpus != lab.shipped_lab().corpus
        kind = self.box.words['in_use']['own' if own else 'shipped']
        beginning = ' '.join(corpus[:4 * BEGINNING].split())
        self.box.param.update(
            own=own, text=corpus if own and len(corpus) <= SHOWN else '',
            in_use=kind.format(characters=characters(len(corpus), self.page.lang),
                               beginning=shortened(beginning)),
            said=self._sentence(), refused=bool(self._said and self._said[0].startswith('errors')))

    def _sentence(self) -> str:
        if not self._said:
            return ''
        key, blanks = self._said
        group, _, name = key.partition('.')
        values = blanks | {'limit': f'{LIMIT // 1_000_000}'}
        if 'count' in values:
            values['characters'] = characters(values['count'], self.page.lang)
        if 'size' in values:
            values['size'] = decimal(values['size'] / 1e6, 1, self.page.lang)
        return self.box.words[group][name].format(**values)

    def __panel__(self):
        return self.box


def to_shipped_corpus() -> None:
    """The pages use our text again; the model in use stays."""
    lab.change(corpus=lab.shipped_lab().corpus)


def characters(count: int, lang: str) -> str:
    """'1 caractere', '1.040.000 caracteres'."""
    words = text(lang)['own_text']['characters']
    return words['one'] if count == 1 else words['more'].format(count=decimal(count, 0, lang))


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a file and 'utf8', 'utf16' or 'latin1'; ('', 'binary') where it is no text."""
    if data.startswith((b'\xff\xfe', b'\xfe\xff')):
        try:
            return data.decode('utf-16'), 'utf16'
        except UnicodeDecodeError:
            return '', 'binary'
    if b'\0' in data:
        return '', 'binary'
    try:
        return data.decode('utf-8-sig'), 'utf8'
    except UnicodeDecodeError:
        return data.decode('latin-1'), 'latin1'


def shortened(beginning: str) -> str:
    return beginning if len(beginning) <= BEGINNING else beginning[:BEGINNING - 1] + '…'
