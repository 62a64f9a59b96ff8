"""The sentences of the tokenizer page that hold numbers of its state."""

from minigpt.locale import decimal
from minigpt.tokenizer import Piece
from minigpt.tokenizer.statistics import WORD
from pages.lab import is_shipped, lab, visible, visible_bytes
from pages.locale import text
from pages.tokenizer.strategies import LEARN_FROM, shortened
from pages.tokenizer.state import LINKED
from pages.tokenizer.word_tree import borders

MOST_REASONS = 4


class Said:
    """Sentences about one `pages.tokenizer.page.Tokenizer`, in its language."""

    def __init__(self, page):
        self.page = page

    @property
    def words(self) -> dict:
        return self.page.words

    def number(self, value: float, digits: int = 0) -> str:
        return decimal(value, digits, self.page.lang)

    def error(self, error) -> str:
        """An error of minigpt as a sentence; empty for none."""
        if not error:
            return ''
        said = error.in_language(self.page.lang)
        return f'{said[0].upper()}{said[1:]}.'

    # The text

    def measures(self) -> dict:
        """What the averages divide by or are divided by."""
        pieces = self.page.pieces
        return {'n_bytes': pieces.n_bytes, 'n_words': len(WORD.findall(pieces.text))}

    def text_info(self) -> str:
        return self.words['text']['info'].format(
            characters=self.number(len(self.page.text)),
            bytes=self.number(len(self.page.text.encode('utf-8', 'replace'))))

    def experiment(self) -> list[str]:
        """What the chosen experiment shows: a sentence, and each part with its counts."""
        page = self.page
        if not page.experiment:
            return []
        experiments = self.words['experiments']
        said = [experiments['lessons'][page.experiment]]
        for part in text('pt')['tokenizer']['experiments']['texts'][page.experiment]['parts']:
            count = len(page.tokenizer.encode(part, page.special))
            said.append(experiments['part'].format(
                part=visible_bytes(part.encode('utf-8')), characters=self.number(len(part)),
                bytes=self.number(len(part.encode('utf-8'))), tokens=self.number(count)))
        return said

    def round_trip(self) -> list[str]:
        """Notes below the tokens: the way back, and what a link leaves out."""
        page, words = self.page, self.words['pieces']
        notes = []
        if page.pieces.text and page.pieces.counts:
            key = 'round_trip' if page.pieces.comes_back() else 'no_round_trip'
            notes.append(words[key].format(bytes=self.number(page.pieces.n_bytes)))
        if len(page.pieces.pages()) > 1:
            notes.append(words['long'])
        if len(page.text) > LINKED:
            notes.append(words['unlinked'].format(count=self.number(LINKED)))
        return notes

    def strategies(self) -> str:
        """What the other strategies learnt from."""
        words = self.words['strategies']
        return words['lead'] + (' ' + words['limit'].format(count=self.number(LEARN_FROM))
                                if len(lab().corpus) > LEARN_FROM else '')

    # The word

    def word(self, trees: list[Piece], cut: bool) -> str:
        """How many tokens the word is, and out of how many bytes."""
        page, words = self.page, self.words['tree']
        if not trees:
            return words['nothing']
        now = sum(1 for tree in trees for _ in tree.after(page.merges))
        n_bytes = sum(len(page.tokenizer.token_bytes(tree.token_id)) for tree in trees)
        key = 'one' if len(trees) == 1 else 'many'
        seen = visible_bytes(page.word.encode('utf-8', 'replace'))
        said = words[key].format(word=shortened(seen, 48), count=self.number(len(trees)),
                                 bytes=self.number(n_bytes))
        if now != len(trees):
            said += ' ' + words['now'].format(count=self.number(now),
                                              merges=self.number(page.merges))
        if page.reading.vocabulary.corpus.counts:
            count = page.reading.vocabulary.corpus.words.count(page.word)
            said += ' ' + words['seen'].format(count=self.number(count))
        return said + (' ' + words['cut'] if cut else '')

    def reasons(self, trees: list[Piece]) -> list[str]:
        """Why the word stays in pieces: for each border, how often its two sides meet."""
        page, words = self.page, self.words['tree']
        corpus = page.reading.vocabulary.corpus
        if not corpus.counts or len(trees) < 2:
            return []
        said = []
        for border in borders(trees, corpus.pairs)[:MOST_REASONS]:
            names = {side: shortened(visible(border[side], page.tokenizer))
                     for side in ('left', 'right')}
            key = 'border' if border['count'] else 'never'
            said.append(words[key].format(**names, count=self.number(border['count']),
                                          place=self.number(border['place'])))
        return said

    # The training

    def buttons(self, names: tuple[str, ...]) -> list[dict]:
        """The training's buttons; one that is off says why."""
        page, words = self.page, self.words['actions']
        learning = page.learning
        busy = page.is_learning
        paused = bool(learning and learning.open and not busy)
        over = words['over'] if learning and not learning.open else ''
        reasons = {'train': words['busy'] if busy else '',
                   'pause': '' if busy else words['idle'],
                   'resume': '' if paused else words['busy'] if busy else words['not_paused'],
                   'step': words['busy'] if busy else over,
                   'back': '' if page.own else words['is_model']}
        return [{'id': name, 'label': words[name], 'primary': name == 'train',
                 'reason': reasons[name]} for name in names]

    def training(self) -> list[str]:
        """Which vocabulary this is, and how far its training has come."""
        page, words = self.page, self.words['progress']
        size = self.number(page.tokenizer.vocab_size)
        corpus = words['shipped' if is_shipped() else 'yours'].format(
            characters=self.number(len(lab().corpus)))
        if not page.own:
            return [words['model'].format(size=size), corpus]
        learning = page.learning
        said = [words['own'].format(size=size, merges=self.number(page.limit)), corpus]
        if learning and learning.merges:
            last = learning.merges[-1]
            left, right = (shortened(visible(i, page.tokenizer)) for i in last.pair)
            said.append(words['last'].format(left=left, right=right, count=self.number(last.count)))
        if learning and not learning.open and page.tokenizer.vocab_size < page.size:
            said.append(words['exhausted'])
        return said

    # The vocabulary

    def found(self, count: int) -> str:
        page, words = self.page, self.words['vocabulary']
        key = 'found' if page.search else 'all'
        return words[key].format(count=self.number(count),
                                 size=self.number(page.tokenizer.vocab_size)) + ' ' + (
            words['counted'].format(tokens=self.number(page.reading.vocabulary.corpus.counts[-1]))
            if page.reading.vocabulary.corpus.counts else words['counting'])
