"""The neurons of an MLP: which fire at this token, and on what else each of them fires."""

from collections.abc import Iterator

import numpy as np

from minigpt.inference.sampling import likeliest
from minigpt.nn.logit_lens import head_vectors, logit_direction
from minigpt.nn.neurons import Firing, neuron_writes, strongest_firing
from pages.components.contexts import Contexts
from pages.components.ranking import Ranking
from pages.components.segments import Segments
from pages.lab import lab, visible, visible_bytes

SHOWN = 8           # neurons in the list
READ = 40_000       # characters of the corpus that are searched
TOKENS = 12_000     # of them at most
BEFORE, AFTER = 8, 4  # tokens around a place
ORDERS = ('stands_out', 'active', 'helps')
PUSHED = 5          # words whose note the neuron raises most


class NeuronView:
    """The list of neurons, and one neuron's places in the reader's text and in the corpus."""

    def __init__(self, part):
        self.part, self.page = part, part.page
        self.firing: Firing | None = None
        self.list = Ranking(lambda neuron: self.page.param.update(neuron=neuron), hue='weights')
        self.places = Contexts()
        self.order = Segments(css_classes=['full'])
        self.order.link(self.page, value='order')
        self.components = [self.order, self.list, self.places]

    def search(self) -> Iterator[None]:
        """Look through the corpus, a context at a time."""
        self.firing = None
        ids = np.array(lab().tokenizer.encode(lab().corpus[:READ])[:TOKENS], np.int64)
        for self.firing in strongest_firing(lab().model, ids):
            yield

    @property
    def chosen(self) -> int:
        """The neuron looked into: the reader's, or the first of the list."""
        scores = self.scores()
        return self.page.neuron if 0 <= self.page.neuron < len(scores) else int(scores.argmax())

    def scores(self) -> np.ndarray:
        """What the list is ordered by, (F,): 'active' by activation, 'stands_out' by how far that
        is above the neuron's mean over the text, 'helps' by what it gives to the word's logit."""
        look = self.page.look
        active = look.vector('mlp.active')
        if self.page.order == 'active':
            return active
        if self.page.order == 'helps':
            return active * (neuron_writes(look.reading.model, look.layer) @ self._direction())
        return active - look.reading.now[look.step('mlp.active')][0].mean(axis=0)

    def _direction(self) -> np.ndarray:
        """How the logit of the word explained reads the stream, (C,)."""
        reading, place = self.page.reading, self.page.look.place
        last = reading.now[f'h.{reading.model.config.n_layer - 1}.resid_post'][0, place]
        return logit_direction(reading.model, last, self.page.target)[0]

    def paint(self) -> None:
        page, words = self.page, self.part.words['of_neurons']
        scores, chosen = self.scores(), self.chosen
        best = np.argsort(-scores, kind='stable')[:SHOWN]
        best = best if chosen in best else [*best, chosen]
        most = float(abs(scores).max()) or 1.0
        self.order.value = page.order
        self.list.param.update(
            title=words['list'][page.order].format(word=visible(page.target)), lit=chosen, rows=[
                {'id': int(neuron), 'rank': rank, 'value': page.number(scores[neuron], 2),
                 'label': words['row'].format(neuron=neuron), 'part': float(scores[neuron] / most),
                 'mark': words['mark'] if neuron == chosen else '',
                 'about': self._account(int(neuron), scores[neuron])}
                for rank, neuron in enumerate(best, 1)])
        self.paint_places()

    def _account(self, neuron: int, score: float) -> str:
        """From the neuron's sum to its activation here, and from that to its place in the list."""
        page, order = self.page, self.page.order
        active = page.look.vector('mlp.active')[neuron]
        # Where the activation is the order itself, its sum says all.
        said = self.part.words['of_neurons']['account'].get(order, '').format(
            score=page.number(score, 2), mean=page.number(active - score, 2),
            word=visible(page.target))
        return f'{page.sums.neuron(neuron)}. {said}'.rstrip()

    def paint_places(self) -> None:
        page, words, neuron = self.page, self.part.words['of_neurons'], self.chosen
        here = page.reading.now[page.look.step('mlp.active')][0, :, neuron]
        most = float(here.max()) or 1.0
        self.places.param.update(
            title=words['title'].format(neuron=neuron, block=page.layer + 1),
            lead=self._writes(neuron), rows=self._rows(neuron), note=self._note(),
            tokens=[{'token': visible(int(i)), 'value': page.number(value, 2),
                     'part': float(max(0.0, value / most))}
                    for i, value in zip(page.reading.ids, here)])

    def _writes(self, neuron: int) -> str:
        """Which words it makes likelier by itself, and what it does here for the word explained."""
        page, words = self.page, self.part.words['of_neurons']
        model, look = page.reading.model, page.look
        writes = neuron_writes(model, look.layer)[neuron]
        seen = writes if model.config.norm == 'rmsnorm' else writes - writes.mean()  # by the last norm
        pushed = head_vectors(model) @ (model.params['ln_f.weight'] * seen)
        added = float(look.vector('mlp.active')[neuron] * (writes @ self._direction()))
        best = likeliest(pushed, PUSHED)
        return words['writes'].format(
            words=', '.join(map(page.quoted, best)), target=visible(page.target),
            added=page.number(added, 2) if added < 0 else f'+{page.number(added, 2)}')

    def _rows(self, neuron: int) -> list[dict]:
        if self.firing is None:
            return []
        ids, decode = self.firing.ids, self._decoded
        return [{'value': self.page.number(value, 2), 'token': visible(int(ids[place])),
                 'before': decode(ids[max(0, place - BEFORE):place]),
                 'after': decode(ids[place + 1:place + 1 + AFTER])}
                for place, value in self.firing.of(self.page.layer, neuron)]

    @staticmethod
    def _decoded(ids: np.ndarray) -> str:
        """As one line; bytes that are part of a letter cut off are shown as such."""
        token_bytes = lab().tokenizer.token_bytes
        return visible_bytes(b''.join(map(token_bytes, ids.tolist()))).replace('·', ' ')

    def _note(self) -> str:
        words, number = self.part.words['of_neurons'], self.page.number
        if self.firing is None:
            return words['waiting']
        done = self.firing.read >= len(self.firing.ids)
        return words['read' if done else 'reading'].format(
            read=number(self.firing.read, 0), all=number(len(self.firing.ids), 0))

    def relabel(self) -> None:
        words = self.part.words['of_neurons']
        self.list.param.update(locale=self.part.tag, lead=words['choose'])
        self.places.words = words['places']
        self.order.param.update(label=words['order'], options=[
            {'id': name, 'label': words['orders'][name]} for name in ORDERS])
