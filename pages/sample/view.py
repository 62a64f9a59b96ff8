"""What the sample page shows: the scanner, its controls, the question and the chunks found."""

import panel as pn
import param

from minigpt.chunking import STRATEGIES, Chunk
from minigpt.embeddings import Match
from minigpt.locale import decimal
from pages.components.answers import AnswerLists
from pages.components.fold import Fold
from pages.components.number_control import NumberControl
from pages.components.said import Said
from pages.components.scanner import Scanner
from pages.components.segments import Segments
from pages.components.word_fields import WordFields
from pages.lab import lab
from pages.locale import text
from pages.own_text import OwnText
from pages.sample.answers import marked
from pages.sample.scan import excerpts, scanned
from pages.sample.settings import EXAMPLES, OVERLAP, SIZE
from pages.sample.verdict import verdict

SHOWN = 3  # chunks of each ranking
CONTROLS = """
:host { display: grid !important; gap: 12px 24px; align-items: start;
  grid-template-columns: repeat(3, minmax(0, 1fr)); }
@media (max-width: 999px) { :host { grid-template-columns: minmax(0, 1fr); } }
"""
QUESTION = '.row .field { flex-basis: 280px; }'  # two side by side, or one on a phone
STACK = ':host { display: grid !important; gap: 16px; grid-template-columns: minmax(0, 1fr); }'


class SampleView:
    """Components of the page; `paint` follows its state, `relabel` its language."""

    def __init__(self, page):
        self.page = page
        self.strategy = Segments()
        self.knobs = {'size': NumberControl(start=SIZE.start, end=SIZE.end, step=SIZE.step),
                      'overlap': NumberControl(start=OVERLAP.start, end=OVERLAP.end,
                                               step=OVERLAP.step),
                      'number': NumberControl(start=1)}
        self.fold, self.scanner = Fold(opens=False), Scanner()
        self.head, self.said, self.lists = Said(), Said(), AnswerLists()
        self.fields = WordFields(lambda typed: page.param.update(**typed),
                                 stylesheets=[QUESTION])
        for name, knob in self.knobs.items():
            knob.param.watch(lambda event, name=name: page.param.update({name: int(event.new)}),
                             'value')
        self.strategy.param.watch(lambda event: setattr(page, 'strategy', event.new), 'value')
        self.scanner.param.watch(lambda event: setattr(page, 'position', event.new), 'position')

    @property
    def strategies(self) -> dict[str, dict[str, str]]:
        """`name` and `about` of each, in the words of the chunking page."""
        return text(self.page.lang)['chunking']['strategies']

    def relabel(self) -> None:
        """All words, in the page's language."""
        words, tag = self.page.words, text(self.page.lang)['tag']
        self.strategy.param.update(label=text(self.page.lang)['chunking']['strategy'], options=[
            {'id': name, 'label': self.strategies[name]['name']} for name in STRATEGIES])
        for name, knob in self.knobs.items():
            knob.param.update(words=words['control'], locale=tag, **words['knobs'][name])
        self.scanner.param.update(words=words['scanner'], locale=tag)
        self.head.param.update(title=words['ask']['title'], paragraphs=[words['ask']['lead']])
        self.lists.param.update(words=words['lists'], locale=tag)
        self.fields.words = {'examples': words['ask']['try']}

    def paint(self) -> None:
        """Everything, from the page's state."""
        page, strategy = self.page, self.strategies[self.page.strategy]
        self.fold.label = page.words['settings'].format(
            strategy=strategy['name'].lower(), size=page.size, overlap=page.overlap)
        self.strategy.param.update(value=page.strategy, note=strategy['about'])
        for name in ('size', 'overlap'):
            self.knobs[name].value = getattr(page, name)
        count = max(1, len(excerpts(page.corpus)))
        self.knobs['number'].param.update(
            end=max(2, count), value=page.number,
            reason='' if count > 1 else page.words['one_excerpt'])
        with param.parameterized.batch_call_watchers(self.scanner):
            self.scanner.scan = scanned(page.text, page.chunks)
            self.scanner.about_chunks = [self.about(i) for i in range(len(page.chunks))]
            self.scanner.position = page.position
        self._paint_question()
        self.said.param.update(title=page.words['verdict']['title'], paragraphs=verdict(page))
        self._paint_lists()

    def about(self, index: int) -> dict:
        """What a chunk's card says: `reason`, and the numbers behind it in `about`."""
        page, it = self.page, self.page.chunks[index]
        words = page.words
        values = {'number': index + 1, 'start': it.start, 'end': it.end, 'length': len(it),
                  'size': page.size, 'overlap': it.overlap,
                  'density': decimal(it.density, 2, page.lang)}
        kind = it.reason
        ends = [end for end in it.source.sentence_list if end > it.end]
        if kind in ('sentence', 'paragraph') and ends and ends[0] - it.start > page.size:
            kind = 'full'
            values |= {'next': ends[0] - it.end, 'both': ends[0] - it.start}
        parts = [words['about']['place'], words['about']['why'][kind]]
        if it.overlap:
            parts.append(words['about']['overlap'])
        parts.append(words['about']['density'])
        return {'reason': words['reasons'][it.reason],
                'about': ' '.join(part.format(**values) for part in parts)}

    def _paint_question(self) -> None:
        page, answers = self.page, self.page.answers
        words = page.words['ask']
        self.fields.examples = [
            {'label': page.words['examples'][key],
             'values': {'question': question, 'answer': answer}}
            for key, (question, answer) in EXAMPLES.items()] if page.ours else []
        ids = 0 if answers.error else len(page_tokens(page))
        missing = bool(page.answer.strip()) and answers.span is None
        self.fields.fields = [
            {'id': 'question', 'label': words['question'], 'value': page.question,
             'note': self._note(ids),
             'error': page.sentence(answers.error) if answers.error else ''},
            {'id': 'answer', 'label': words['answer'], 'value': page.answer,
             'note': words['answer_note'], 'error': words['missing'] if missing else ''}]

    def _note(self, tokens: int) -> str:
        """How long the question is, and that it was taken from the reader's own text."""
        page, words = self.page, self.page.words['ask']
        if not tokens:
            return ''
        taken = not page.ours and page.question == page.answer == page.opening[0]
        return words['taken' if taken else 'tokens'].format(count=tokens)

    def _paint_lists(self) -> None:
        words = self.page.words['lists']
        self.lists.lists = [
            {'id': measure, 'hue': hue, 'title': words['titles'][measure],
             'lead': words['leads'][measure], 'rows': self.rows(measure)}
            for measure, hue in (('cosine', 'query'), ('bits', 'key'))]

    def rows(self, measure: str) -> list[dict]:
        """The best chunks by a measure."""
        page, ranked = self.page, self.page.answers.ranked(measure)
        best = max((getattr(it, measure) for it in ranked), default=0)
        return [{'index': it.index, 'rank': rank, 'exact': getattr(it, measure),
                 'value': self.written(it, measure),
                 'part': max(0.0, getattr(it, measure)) / best if best > 0 else 0.0,
                 'label': page.words['lists']['chunk'].format(number=it.index + 1),
                 'mark': self.mark(it.index), 'about': self.about_match(it, measure),
                 'pieces': marked(page.chunks[it.index], it, page.answers.span)}
                for rank, it in enumerate(ranked[:SHOWN], 1)]

    def written(self, match: Match, measure: str) -> str:
        """The score, with its unit."""
        value = getattr(match, measure)
        number = decimal(value, 2 if measure == 'cosine' else 1, self.page.lang).replace('-', '−')
        return self.page.words['lists']['values'][measure].format(value=number)

    def mark(self, index: int) -> str:
        """Whether the chunk has the answer whole, in part, or not at all (empty)."""
        words, answers = self.page.words['lists'], self.page.answers
        return (words['whole'] if index in answers.holders
                else words['part'] if index in answers.parts else '')

    def about_match(self, match: Match, measure: str) -> str:
        """How a score came to be, with its numbers."""
        page, words = self.page, self.page.words['lists']['about']
        value = self.written(match, measure)
        if measure == 'cosine':
            tokens = len(page_tokens(page, page.chunks[match.index]))
            return words['cosine'].format(number=match.index + 1, value=value, tokens=tokens,
                                          asked=len(page_tokens(page)))
        if not match.words:
            return words['nothing'].format(number=match.index + 1)
        terms = sorted(match.words.items(), key=lambda it: -it[1])
        return words['bits'].format(number=match.index + 1, value=value, sum=' + '.join(
            words['term'].format(word=word, bits=decimal(bits, 1, page.lang))
            for word, bits in terms))

    def layout(self):
        """In the order of the screen."""
        self.fold.objects = [self.strategy, pn.Column(*self.knobs.values(), stylesheets=[CONTROLS],
                                                      sizing_mode='stretch_width')]
        return pn.Column(self.fold, self.scanner, OwnText(self.page), self.head, self.fields,
                         self.said, self.lists, stylesheets=[STACK], sizing_mode='stretch_width')


def page_tokens(page, chunk: Chunk | None = None) -> list[int]:
    """The tokens of a chunk, or of the question."""
    return lab().tokenizer.encode(chunk.text if chunk else page.question)
