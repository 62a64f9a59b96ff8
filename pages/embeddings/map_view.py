"""What the map part shows: its state, put into components and words."""

import numpy as np
import panel as pn

from minigpt.embeddings import dot_similarity
from minigpt.locale import decimal
from pages.components.actions import Actions
from pages.components.fold import Fold
from pages.components.number_control import NumberControl
from pages.components.ranking import Ranking
from pages.components.said import Said
from pages.components.segments import Segments
from pages.components.token_map import TokenMap
from pages.embeddings.drawing import CHOICES, ITERATIONS, KNOBS
from pages.embeddings.training import EVERY, HOW, SIZES
from pages.embeddings.words import COUNTED, Word, counts
from pages.lab import lab, moments, visible
from pages.layout import show, stack
from pages.settings import Knob

LITTLE = 0.3  # share of the variance below which a map says little
# Picture, list and controls; on a phone the picture comes first. Keys go where the eye goes.
LAYOUT = """
:host { display: grid !important; grid-template-columns: 248px minmax(0, 1fr) 280px; gap: 24px;
  align-items: start; reading-flow: grid-rows; }
:host > .controls { grid-area: 1 / 1; } :host > .map { grid-area: 1 / 2; }
:host > .list { grid-area: 1 / 3; }
@media (max-width: 1199px) {
  :host { grid-template-columns: minmax(0, 1fr) 280px; }
  :host > .map { grid-area: 1 / 1; } :host > .list { grid-area: 1 / 2; }
  :host > .controls { grid-area: 2 / 1 / 3 / 3; } }
@media (max-width: 799px) {
  :host { grid-template-columns: minmax(0, 1fr); }
  :host > .list { grid-area: 2 / 1; } :host > .controls { grid-area: 3 / 1; } }
"""


class MapView:
    """The components of one `pages.embeddings.map.MapPart`, painted from its params."""

    def __init__(self, part):
        self.part = part
        self.map = TokenMap(part.choose, part.find, css_classes=['map'])
        self.list = Ranking(part.choose, css_classes=['list'])
        self.choices = {name: Segments() for name in CHOICES}
        self.knobs = {name: _number(knob) for name, knob in KNOBS.items()}
        self.moment = NumberControl(start=0, end=EVERY, step=EVERY)
        self.actions = Actions(lambda name: getattr(part, name)())
        self.said = Said()
        self.fold = Fold(objects=[*list(self.choices.values())[1:], self.knobs['count']])
        self._follow()

    def _follow(self) -> None:
        """What the reader sets in a component, the part takes over."""
        part = self.part
        self.map.link(part, selected='selected')
        self.map.link(self.list, pointed='lit')
        self.list.link(self.map, pointed='lit')
        self.moment.link(part, value='moment')
        for name, choice in self.choices.items():
            choice.link(part, value=name)
        for name, knob in self.knobs.items():
            knob.link(part, value=name)

    def layout(self):
        first = self.choices['drawing']
        controls = pn.Column(stack(first, self.knobs['perplexity'], self.actions, self.moment,
                                   self.said, self.fold), css_classes=['controls'])
        return pn.Column(self.map, self.list, controls, stylesheets=[LAYOUT],
                         sizing_mode='stretch_width')

    def relabel(self) -> None:
        part, words = self.part, self.part.words
        general = part.page.words['control']
        self.map.param.update(words=words['map'], locale=part.tag)
        self.list.locale = part.tag
        self.actions.words = words['actions']
        self.fold.label = words['more']
        for name, choice in self.choices.items():
            said = words[name]
            choice.param.update(label=said['label'], options=[
                {'id': key, 'label': label} for key, label in said['options'].items()])
        for name, knob in self.knobs.items():
            knob.param.update(words=general, locale=part.tag, **words['knobs'][name])
        self.moment.param.update(words=general, locale=part.tag, **words['knobs']['moment'])

    def paint(self) -> None:
        """Everything that follows the part's state."""
        part = self.part
        for name, choice in self.choices.items():
            choice.param.update(value=getattr(part, name),
                                note=part.words[name]['notes'][getattr(part, name)])
        for name, knob in self.knobs.items():
            knob.value = getattr(part, name)
        show(self.knobs['perplexity'], part.drawing == 'tsne')
        self._paint_moment()
        self._paint_actions()
        self.said.paragraphs = self._explained()
        self._paint_map()
        self._paint_list()

    def _paint_moment(self) -> None:
        part, training = self.part, self.part.training
        steps = [step for step, _ in training.moments] if training else [0]
        moves = (part.drawing == 'training' and len(steps) > 1
                 and not part.page.work.running)
        show(self.moment, moves)
        if moves:
            self.moment.param.update(start=steps[0], end=steps[-1], step=steps[1] - steps[0],
                                     value=part.moment)

    def _paint_actions(self) -> None:
        part, words = self.part, self.part.words['actions']
        busy = part.page.work.running
        moving = part.drawing == 'tsne' or part.training
        ended = part.run.ended if part.run else (
            part.training and part.training.step >= part.training.last)
        show(self.actions, moving)
        state = words['idle'] if not busy else ''
        self.actions.buttons = [
            {'id': 'resume', 'label': words['resume'], 'primary': not ended,
             'reason': words['busy'] if busy else words['ended'] if ended else ''},
            {'id': 'pause', 'label': words['pause'], 'primary': False, 'reason': state},
            {'id': 'restart', 'label': words['restart'], 'primary': False, 'reason': ''}]

    # Sentences

    def _explained(self) -> list[str]:
        """What the axes say, and how much."""
        part, words = self.part, self.part.words['said']
        said = []
        if part.drawing == 'tsne' and part.run:
            step = part.run.step
            said += [words['tsne_step'].format(
                iteration=step.iteration, all=ITERATIONS, kl=self._number(step.kl, 2),
                perplexity=self._number(part.run.perplexity, 0)), words['tsne']]
        if part.drawing == 'training':
            said.append(self._training())
        if part.plane.ratios:
            share = sum(part.plane.ratios)
            C = part.table.shape[1]
            said.append(words['variance'].format(share=self._percent(share), width=C,
                                                 first=self._percent(part.plane.ratios[0]),
                                                 second=self._percent(part.plane.ratios[1])))
            said.append(words['little' if share < LITTLE else 'enough'].format(width=C))
        return [*said, self._which()]

    def _training(self) -> str:
        part, words = self.part, self.part.words['said']
        if not part.training:
            return words['kept'].format(count=len(moments()))
        sizes = {'width': SIZES['n_embd'], 'layers': SIZES['n_layer'], 'steps': HOW['steps'],
                 'step': part.training.step}
        if part.training.loss is None:
            return words['fresh'].format(**sizes)
        return words['live'].format(**sizes, loss=self._number(part.training.loss, 2))

    def _which(self) -> str:
        """Which tokens are on the map, and how they were counted."""
        part, words = self.part, self.part.words['said']
        kind = ('words' if part.whole_words else
                'all' if part.kind == 'all' else 'no_words')
        said = words[kind].format(count=len(part.points))
        if len(lab().corpus) > COUNTED:
            said += ' ' + words['counted'].format(chars=self._number(COUNTED, 0))
        return said

    # The picture

    def _paint_map(self) -> None:
        part, words = self.part, self.part.words['map']
        wrong = part.sentence(part.error or part.unfit)
        if not part.points:
            self.map.param.update(points=[], positions=[], error=wrong)
            return
        counted = counts().anywhere
        points = [{'id': word.key, 'label': word.label, 'score': float(score),
                   'count': int(counted[word.key]) if word.key >= 0 else None}
                  for word, score in zip(part.points, part.scores, strict=True)]
        axes = [] if not part.plane.ratios else [
            words['axis'].format(number=number, share=self._percent(ratio))
            for number, ratio in enumerate(part.plane.ratios, 1)]
        measure = part.words['metric']['options'][part.metric]
        self.map.param.update(
            words=words | {'measure': measure, 'metric': part.metric}, points=points,
            positions=np.round(part.plane.positions, 5).tolist(),
            chosen=part.chosen.key, near=[it.index for it in part.near], axes=axes,
            selected=part.selected, typed=part.chosen.plain, error=wrong,
            note=self._selection(), view=f'{part.drawing} {part.kind} {part.count}')

    def _selection(self) -> str:
        part, words = self.part, self.part.words['map']
        together = part.togetherness()
        if together is None:
            return words['pick_more'] if part.selected else ''
        ours, all_ = together
        return words['together'].format(count=len(part.selected), ours=self._number(ours, 3),
                                        all=self._number(all_, 3))

    def _paint_list(self) -> None:
        part, words = self.part, self.part.words['list']
        query = part.chosen.vector(part.table)
        largest = max((abs(it.similarity) for it in part.near), default=1) or 1
        scale = 1 if part.metric == 'cosine' else largest
        drawn = {word.key for word in part.points}
        rows = [{'id': it.index, 'rank': rank, 'label': visible(it.index),
                 'exact': it.similarity, 'value': self._number(it.similarity, 3),
                 'part': it.similarity / scale, 'mark': '' if it.index in drawn else words['off'],
                 'about': self.formula(part.chosen, query, Word((it.index,)), it.similarity)}
                for rank, it in enumerate(part.near, 1)]
        whose = words['training'].format(step=part.update) if part.training else ''
        count = len(part.chosen.ids)
        several = words['several'].format(count=count) if count > 1 else ''
        self.list.param.update(
            title=words['title'].format(token=part.chosen.plain), rows=rows,
            lead=' '.join(filter(None, [whose, several, words['lead'].format(
                width=part.table.shape[1])])))

    def formula(self, one: Word, query, other: Word, value: float) -> str:
        """How the similarity of two words came to be, with its operands."""
        vector = other.vector(self.part.table)
        blanks = {'a': one.plain, 'b': other.plain, 'value': self._number(value, 3),
                  'dot': self._number(float(dot_similarity(query, vector)), 3),
                  'a_length': self._number(float(np.linalg.norm(query)), 3),
                  'b_length': self._number(float(np.linalg.norm(vector)), 3)}
        return self.part.page.words['formula'][self.part.metric].format(**blanks)

    def _number(self, value: float, digits: int) -> str:
        return decimal(float(value), digits, self.part.page.lang).replace('-', '−')

    def _percent(self, share: float) -> str:
        return self._number(100 * share, 1) + '%'


def _number(knob: Knob) -> NumberControl:
    return NumberControl(start=knob.start, end=knob.end, step=knob.step, value=knob.default)
