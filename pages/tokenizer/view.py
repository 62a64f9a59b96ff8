"""What the tokenizer page shows: its state, put into components and words."""

import panel as pn

from pages.components.actions import Actions
from pages.components.choice import Choice
from pages.components.download import Download
from pages.components.experiments import Experiments
from pages.components.merge_tree import MergeTree
from pages.components.number_control import NumberControl
from pages.components.pieces import Pieces
from pages.components.progress import Progress
from pages.components.prompt_box import PromptBox
from pages.components.strategy_table import StrategyTable
from pages.components.vocabulary_table import VocabularyTable
from pages.tokenizer.learning import SIZES
from pages.locale import text
from pages.tokenizer.strategies import ORDER
from pages.own_text import OwnText
from pages.tokenizer.pieces_drawing import drawn_text, learnt_rows
from pages.tokenizer.growth import GrowthChart
from pages.tokenizer.words import Said
from pages.tokenizer.vocabulary_rows import n_pages, on_screen
from pages.tokenizer.word_tree import tree_boxes

# Text, picture, training: one below the other on a phone; beside each other on a wide screen, so
# that the picture is in sight of everything that changes it.
LAYOUT = """
:host { display: grid !important; grid-template-columns: 320px minmax(0, 1fr); gap: 28px 32px;
  grid-template-rows: auto 1fr; align-items: start; }
:host > .picture { grid-area: 1 / 2 / 3 / 3; }
:host > .wide { grid-column: 1 / -1; }
@media (max-width: 899px) { :host { grid-template: none / minmax(0, 1fr); gap: 28px; }
  :host > .picture { grid-area: auto; } }
"""
HALVES = """
:host { display: grid !important; gap: 28px 48px; align-items: start;
  grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
@media (max-width: 899px) { :host { grid-template-columns: minmax(0, 1fr); } }
"""
STACK = ':host { display: grid !important; gap: 20px; grid-template-columns: minmax(0, 1fr); }'
ACTIONS = ('train', 'pause', 'resume', 'step', 'back')


class TokenizerView:
    """The components of one `pages.tokenizer.page.Tokenizer`, painted from its state."""

    def __init__(self, page):
        self.page = page
        self.said = Said(page)
        self.text = PromptBox()
        self.experiments = Experiments(page.choose)
        self.special = Choice()
        self.pieces = Pieces(page.turn_text)
        self.strategies = StrategyTable()
        self.tree = MergeTree()
        self.size = NumberControl(start=SIZES.start, end=SIZES.stop - 1, step=1)
        self.actions = Actions(lambda name: getattr(page, name)())
        self.progress = Progress()
        self.download = Download(page.tokenizer_file)
        self.chart = GrowthChart(page)
        self.own_text = OwnText(page)
        self.vocabulary = VocabularyTable(page.turn_table, page.show_token)
        self._follow()

    def _follow(self) -> None:
        """What the reader sets in a component, the page takes over."""
        self.text.link(self.page, value='text')
        self.special.link(self.page, value='special')
        self.pieces.link(self.page, merges='merges', pinned='pinned')
        self.tree.link(self.page, word='word')
        self.size.link(self.page, value='size')
        self.vocabulary.link(self.page, search='search', sort='sort', descending='descending')

    def layout(self):
        def column(*parts, style=STACK, **settings):
            return pn.Column(*parts, stylesheets=[style], sizing_mode='stretch_width', **settings)
        return column(
            column(self.text, self.experiments, self.special),
            column(self.pieces, self.strategies, css_classes=['picture']),
            column(self.size, self.actions, self.progress, self.download, self.own_text),
            column(self.tree, css_classes=['wide']),
            column(self.vocabulary, self.chart, style=HALVES, css_classes=['wide']),
            style=LAYOUT)

    def relabel(self) -> None:
        """All fixed words, in the page's language."""
        words, tag = self.page.words, text(self.page.lang)['tag']
        named = {'text': self.text, 'pieces': self.pieces, 'strategies': self.strategies,
                 'tree': self.tree, 'vocabulary': self.vocabulary, 'actions': self.actions,
                 'progress': self.progress, 'download': self.download}
        for name, component in named.items():
            component.param.update(words=words[name], locale=tag)
        experiments = words['experiments']
        self.experiments.param.update(sentence=experiments['sentence'],
                                      labels=experiments['labels'])
        special = words['special']
        self.special.param.update(label=special['label'], note=special['note'], options=[
            {'id': name, 'label': special[name]} for name in ('text', 'allow')])
        self.chart.words(words['growth'])
        self.size.param.update(words=text(self.page.lang)['inference']['control'], locale=tag,
                               **words['size'])

    # Painting

    def paint(self) -> None:
        """Everything that follows the page's state."""
        self.paint_text()
        self.paint_tree()
        self.paint_training()
        self.paint_vocabulary()
        self.paint_chart()

    def paint_text(self) -> None:
        """What follows the text."""
        page = self.page
        self.text.param.update(value=page.text, info=self.said.text_info(),
                               error=self.said.error(page.reading.error))
        self.experiments.param.update(chosen=page.experiment, result=self.said.experiment())
        self.special.value = page.special
        self.paint_pieces()
        self.paint_strategies()
        self.paint_chart()

    def paint_pieces(self) -> None:
        page = self.page
        pages = page.pieces.pages()
        first, end = pages[min(page.text_page, len(pages) - 1)]
        trees, tokens = drawn_text(page.pieces, first, end)
        self.pieces.param.update(merges=page.merges, pinned=page.pinned, running=page.is_learning,
                                 notes=self.said.round_trip(), drawing={
            'trees': trees, 'tokens': tokens, 'learnt': learnt_rows(page.tokenizer, page.learning),
            'counts': page.pieces.counts, 'limit': page.limit,
            'vocab_size': page.tokenizer.vocab_size, 'n_bytes': page.pieces.n_bytes,
            'first': first, 'page': page.text_page, 'pages': len(pages)})
        self.tree.merges = page.merges

    def paint_merges(self) -> None:
        """What follows the slider, beside the text that moves by itself."""
        page = self.page
        self.pieces.merges = self.tree.merges = page.merges
        self.tree.about = self.said.word(self.page.word_trees(), self.tree.tree['cut'])
        self.paint_strategies()
        self.chart.mark(page.merges)

    def paint_strategies(self) -> None:
        page, words = self.page, self.page.words['strategies']
        rows = []
        for name in ORDER if page.pieces.text else ():
            about = {'name': name, 'label': words['names'][name], 'about': words['abouts'][name]}
            rows.append(page.reading.strategy_rows.get(name, {}) | about)
        self.strategies.param.update(rows=rows, lead=self.said.strategies(),
                                     measures=self.said.measures())

    def paint_tree(self) -> None:
        page = self.page
        trees = page.word_trees()
        tree = tree_boxes(trees, page.tokenizer)
        self.tree.param.update(
            tree=tree, merges=page.merges, n_merges=page.limit, word=page.word,
            about=self.said.word(trees, tree['cut']), reasons=self.said.reasons(trees))
        self.pieces.pinned = page.pinned

    def paint_training(self) -> None:
        page = self.page
        self.size.value = page.size
        self.actions.buttons = self.said.buttons(ACTIONS)
        learning = page.learning
        goal = page.size - 257
        self.progress.param.update(
            lines=self.said.training(), running=page.is_learning,
            share=min(1, len(learning.merges) / goal) if learning and learning.open else 1,
            error=self.said.error(page.training_error))

    def paint_vocabulary(self) -> None:
        page = self.page
        rows = page.table_rows()
        self.vocabulary.param.update(
            rows=on_screen(rows, page.table_page, page.tokenizer), search=page.search,
            sort=page.sort, descending=page.descending, page=page.table_page, pages=n_pages(rows),
            summary=self.said.found(len(rows)))

    def paint_chart(self) -> None:
        page = self.page
        self.chart.paint(page.pieces, page.reading.vocabulary.corpus, page.merges)

    def paint_counted(self) -> None:
        """What follows the counts of the corpus."""
        self.paint_vocabulary()
        self.paint_tree()
        self.paint_chart()
