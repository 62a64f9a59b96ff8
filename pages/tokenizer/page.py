"""Tokenizer: how a text becomes tokens, merge by merge, and how a vocabulary is learnt."""

import functools
from collections.abc import Iterator

import param

from pages.exercises import Exercise
from pages.lab import lab
from pages.locale import text
from pages.tokenizer.learner import Learner
from pages.tokenizer.reading import Reading
from pages.tokenizer.script import tokenizer_script, tokenizer_sources
from pages.tokenizer.state import FIRST_TEXT, FIRST_WORD, read_state, write_state
from pages.tokenizer.tasks import (knows_when_it_is_one, one_long_token, went_back_to_bytes,
                                   word_to_complete)
from pages.tokenizer.text_pieces import TextPieces
from pages.tokenizer.view import TokenizerView
from pages.tokenizer.vocabulary_rows import COLUMNS, found, in_order, n_pages
from pages.tour import Stop

EXPERIMENTS = text('pt')['tokenizer']['experiments']['texts']


class Tokenizer(Learner):
    """A text in the tokens of the first `merges` merges of a vocabulary; words taken apart; ways
    of cutting compared; and a vocabulary of the reader's own, learnt from the lab's corpus."""

    text = param.String(default=FIRST_TEXT)
    special = param.Selector(default='text', objects=['text', 'allow'])
    word = param.String(default=FIRST_WORD, doc='The word whose tree is drawn.')
    pinned = param.Integer(default=-1, doc='The number of that word in the text, or -1.')
    text_page = param.Integer(default=0)
    search = param.String(default='')
    sort = param.Selector(default='length', objects=list(COLUMNS))
    descending = param.Boolean(default=True)
    table_page = param.Integer(default=0)
    experiment = param.String(default='', doc='The last experiment chosen, or empty.')

    section = 'tokenizer'
    long_text = ('text', 'text')
    terms = ('token', 'id', 'byte', 'utf8', 'bpe', 'merge', 'pair', 'vocabulary', 'corpus',
             'frequency', 'compression', 'fertility', 'special_token', 'round_trip')
    exercises = (Exercise('bytes', check=went_back_to_bytes),
                 Exercise('long', check=one_long_token),
                 Exercise('one', answer=knows_when_it_is_one, word=word_to_complete))
    tour = (Stop('text', '_view.text'), Stop('tokens', '_view.pieces'),
            Stop('merges', '_view.pieces', {'merges': 10}), Stop('tree', '_view.tree'),
            Stop('ways', '_view.strategies'), Stop('vocabulary', '_view.vocabulary'))
    follows_moments = False  # weights are no matter of a tokenizer

    def __init__(self, lang: str = 'pt', query: dict[str, str] | None = None):
        self._silent = False  # params are being set together
        super().__init__(lang, query)
        self._react(self._text_changed, 'text', 'special')
        self._react(self._merges_changed, 'merges')
        self._react(self._word_changed, 'word')
        self._react(self._pinned_changed, 'pinned')
        self._react(self._view.paint_pieces, 'text_page')
        self._react(self._search_changed, 'search', 'sort', 'descending')
        self._react(self._view.paint_vocabulary, 'table_page')
        self._react(self._view.paint_training, 'size')

    @functools.cached_property
    def _view(self) -> TokenizerView:
        return TokenizerView(self)

    def _react(self, react, *names: str) -> None:
        """Call `react` when the reader changes one of these params, then look at the page."""
        def changed(*events):
            if not self._silent:
                react()
                self._changed()
        self.param.watch(changed, list(names))

    def _set(self, **values) -> None:
        """Set params without reacting to each."""
        silent, self._silent = self._silent, True
        self.param.update(**values)
        self._silent = silent

    # What a link carries

    def restore(self, query: dict[str, str]) -> None:
        """The state of the link. A vocabulary of one's own is learnt anew, in `start`."""
        self.work.stop()
        self.learning, self._learns = None, False
        values, self.wanted = read_state(query)
        self._set(**values, pinned=-1, text_page=0, table_page=0, experiment='',
                  training_error=None)
        self._take_vocabulary()
        if not self.own and self.wanted is not None:
            self._set(merges=min(self.wanted, self.limit))
            self._take_text()

    def start(self) -> None:
        """Learn what the link wants learnt, and count what the opening left out."""
        if self.own and not self.learning:
            self.train()
        else:
            self.work.start(self._catching_up())

    # What the page speaks of

    @property
    def tokenizer(self):
        return self.reading.tokenizer

    @property
    def pieces(self) -> TextPieces:
        return self.reading.pieces

    @property
    def limit(self) -> int:
        """How many merges the vocabulary has so far."""
        return self.reading.limit

    def word_trees(self) -> list:
        """The trees of the word looked at; a text of several words gives those of all."""
        known = self.word in self.pieces.words
        typed = self.pieces if known else TextPieces(self.tokenizer, self.word[:200])
        words = [self.word] if known else typed.words
        return [tree for word in words for tree in typed.trees(word)]

    def table_rows(self) -> list[dict]:
        """The vocabulary's rows that fit the search, in order."""
        return in_order(found(self.reading.vocabulary.rows, self.search), self.sort, self.descending)

    # What the reader does

    def choose(self, experiment: str) -> None:
        """Put an experiment's text in the box, and its word in the tree."""
        chosen = EXPERIMENTS[experiment]
        special = 'allow' if experiment == 'special' else self.special
        self._set(text=chosen['text'], word=chosen['word'], pinned=-1, experiment=experiment,
                  special=special)
        self._text_changed()
        self._view.paint_tree()
        self._changed()

    def show_token(self, token_id: int) -> None:
        """Draw the tree of a token of the vocabulary."""
        raw = self.tokenizer.token_bytes(token_id)
        self.word = raw.decode('utf-8', 'replace')

    def turn_table(self, page: int) -> None:
        """Another page of the vocabulary."""
        self.table_page = max(0, min(page, n_pages(self.table_rows()) - 1))

    def turn_text(self, page: int) -> None:
        """Another part of a long text."""
        self.text_page = max(0, min(page, len(self.pieces.pages()) - 1))

    def tokenizer_file(self) -> tuple[str, str]:
        """The vocabulary as a file that Hugging Face's `tokenizers` reads."""
        return 'tokenizer.json', self.tokenizer.to_json()

    # Work that takes time

    def _catching_up(self) -> Iterator:
        """Count and train, a little at a time, what the figures still lack."""
        reading = self.reading
        if not reading.pieces.counts:
            yield from reading.pieces.counting()
            self._view.paint_pieces()
        for ready in reading.vocabulary.training_rivals():
            if ready:
                self._measure()
            yield
        for _ in reading.measuring(self.merges):
            self._view.paint_strategies()
            yield
        yield from reading.vocabulary.counting()
        self._view.paint_counted()
        self._changed()

    # What follows

    def _take_vocabulary(self) -> None:
        """Everything that hangs on the vocabulary, made anew, with all its merges applied."""
        tokenizer = self.learning.tokenizer() if self.learning else lab().tokenizer
        self.reading = Reading(tokenizer, lab().corpus)
        self._set(merges=self.limit)
        self._take_text()

    def _take_text(self) -> None:
        """The text's words under the vocabulary."""
        self.reading.take(self.text, self.special)
        if self.pieces.counts:
            self._measure()

    def _measure(self, *names: str) -> None:
        """The figures of these strategies, or of all that lack them."""
        self.reading.measure(self.merges, *([names] if names else []))
        self._view.paint_strategies()

    def _text_changed(self) -> None:
        self._set(text_page=0)
        if self.experiment and self.text != EXPERIMENTS[self.experiment]['text']:
            self._set(experiment='')
        self._take_text()
        self._view.paint_text()
        if not self.pieces.counts and not self.work.running:
            self.work.start(self._catching_up())

    def _merges_changed(self) -> None:
        if self.pieces.counts:
            self._measure('bpe')
        self._view.paint_merges()

    def _word_changed(self) -> None:
        """A word was typed: it is none of the text's."""
        self._set(pinned=-1)
        self._view.paint_tree()

    def _pinned_changed(self) -> None:
        """A word of the text was chosen."""
        if 0 <= self.pinned < len(self.pieces.words):
            self._set(word=self.pieces.words[self.pinned])
            self._view.paint_tree()

    def _search_changed(self) -> None:
        self._set(table_page=0)
        self._view.paint_vocabulary()

    def relabel(self) -> None:
        self._view.relabel()
        self._view.paint()
        self._changed()

    def lab_changed(self) -> None:
        """Another corpus or model: text and settings stay, all that was learnt goes."""
        long_text = self.text
        self.restore(write_state(self) | {'text': long_text})
        self.relabel()
        self.start()

    def moment_changed(self) -> None:
        """Nothing here shows the lab's weights."""

    def _changed(self) -> None:
        """After each change: exercises, the code shown, the link."""
        self.frame.check()
        if self.complete and not self.is_learning:
            self.query = write_state(self)

    # What the frame shows around the picture

    def body(self):
        return self._view.layout()

    def sources(self) -> list:
        return tokenizer_sources(self)

    def script(self) -> str:
        return tokenizer_script(self)
