"""The map: frequent tokens on a plane, a chosen one, and what is most like it."""

import numpy as np
import param

from minigpt.embeddings import (PCA, Neighbour, cosine_similarity, dot_similarity,
                                nearest_neighbours, pca, token_table, tsne)
from minigpt.errors import MinigptError
from minigpt.training import train
from pages.asked_word import asked_word
from pages.embeddings.drawing import CHOICES, KNOBS, Plane, TsneRun, principal_plane, turned_like
from pages.embeddings.map_view import MapView
from pages.part import Part
from pages.embeddings.script import map_script
from pages.embeddings.training import LiveRun
from pages.embeddings.words import Word, frequent, read_word
from pages.lab import lab, moment, moments
from pages.settings import each, one_of, piece

NEAR = 10  # neighbours in the list
SIMILARITIES = {'cosine': cosine_similarity, 'dot': dot_similarity}


def first_word() -> str:
    """The one the map opens on: ours, or one that the reader's own text has often."""
    return asked_word('disse') or 'disse'


class MapPart(Part):
    """Distances and similarities are always those of the vectors, never those of the drawing."""

    chosen = param.ClassSelector(class_=Word, allow_None=False, default=Word((0,)))
    drawing = param.Selector(default='pca', objects=CHOICES['drawing'])
    kind = param.Selector(default='words', objects=CHOICES['kind'])
    metric = param.Selector(default='cosine', objects=CHOICES['metric'])
    count = param.Integer(default=KNOBS['count'].default)
    perplexity = param.Integer(default=KNOBS['perplexity'].default)
    selected = param.List(default=[], item_type=int, doc='Keys of the points picked out.')
    moment = param.Integer(default=0, doc='Look at a training run after so many updates.')
    error = param.Parameter(default=None, doc='What was wrong with the last request, or None.')

    section = 'map'

    def __init__(self, page):
        self.run: TsneRun | None = None
        self.training: LiveRun | None = None  # in the drawing 'training', where none was kept
        self.plane = Plane(np.zeros((0, 2)), None)
        self.points: list[Word] = []
        self.scores = np.zeros(0)  # how similar the chosen word is to each point
        self.near: list[Neighbour] = []
        self.axes: tuple | None = None  # of which map, and its principal components
        self.unfit: MinigptError | None = None  # what is wrong with the vectors themselves
        super().__init__(page)
        self.view = MapView(self)
        self.param.watch(lambda *_: page.paint(self, page.compare),
                         ['chosen', 'metric', 'selected', 'moment'])
        self.param.watch(lambda *_: self.redraw(), ['drawing', 'kind', 'count', 'perplexity'])

    # What a link carries

    def restore(self, query: dict[str, str]) -> None:
        V = lab().model.config.vocab_size
        ids = each(query, 'w', query.get('w', '').split('-'), lambda it: piece(it, range(V)))
        values = {name: knob.read(query) for name, knob in KNOBS.items()}
        for name, names in CHOICES.items():
            values[name] = one_of(query, name, names, names[0])
        self.run = self.training = self.axes = None
        self.points, self.near = [], []  # of another model, perhaps
        with param.discard_events(self):
            self.param.update(chosen=Word(tuple(ids)) if ids else read_word(first_word()),
                              selected=[], moment=0, error=None, **values)
        self.prepare()

    def state(self) -> dict[str, str]:
        state = {'w': '-'.join(map(str, self.chosen.ids))}
        state |= {knob.key: knob.write(getattr(self, name)) for name, knob in KNOBS.items()}
        state |= {name: getattr(self, name) for name in CHOICES}
        first = {'w': '-'.join(map(str, read_word(first_word()).ids))}
        first |= {knob.key: knob.write(knob.default) for knob in KNOBS.values()}
        first |= {name: names[0] for name, names in CHOICES.items()}
        return {key: value for key, value in state.items() if value != first[key]}

    # What the part speaks of

    @property
    def table(self) -> np.ndarray:
        """The vectors on the map: (V, C)."""
        if self.drawing == 'training' and self.training:
            return dict(self.training.moments)[self.update]
        return token_table(lab().model)

    @property
    def update(self) -> int:
        """The last update up to `moment` whose vectors were kept: theirs is the map."""
        return max(step for step, _ in self.training.moments if step <= self.moment)

    @property
    def whole_words(self) -> bool:
        return frequent(self.kind, self.count)[1]

    # What the reader does

    def choose(self, key: int) -> None:
        """A point of the map, or a row of the list."""
        if key >= 0:
            self.chosen = Word((key,))

    def find(self, typed: str) -> None:
        """The word that someone typed, whether it is on the map or not."""
        try:
            self.param.update(chosen=read_word(typed), error=None)
        except MinigptError as error:
            self.error = error
            self.page.paint(self)

    def redraw(self) -> None:
        """Another kind of map, or of other tokens: begin it, and let it move."""
        self.page.work.stop()
        self.run = self.training = self.axes = None
        with param.discard_events(self):
            self.selected = []
        self.prepare()
        self.move()

    def revive(self) -> None:
        """The same map of other vectors."""
        self.run = None
        self.prepare()

    def prepare(self) -> None:
        """What the drawing needs before it can be painted: t-SNE's first picture, a run's start."""
        self.error = None
        try:
            if self.drawing == 'tsne' and not self.run:
                self.near = self._nearest()
                words = self._words()
                vectors = np.array([word.vector(self.table) for word in words])
                self.run = TsneRun(words, vectors, min(self.perplexity, (len(words) - 1) // 2))
            elif self.drawing == 'training' and not self.training and not moments():
                self.training = LiveRun(lab())
                self.moment = self.training.moments[-1][0]
        except MinigptError as error:
            self.error = error

    def move(self) -> None:
        """Start, or go on."""
        if self.drawing == 'tsne' and self.run and not self.run.ended:
            self.page.work.start(self.run.iterations())
        elif self.training and self.training.step == 0:
            self.page.work.start(self._training())
        else:
            self.page.paint(self)

    def resume(self) -> None:
        """Go on with what was paused."""
        if self.training:
            self.page.work.start(self._more_training())
        else:
            self.move()

    def pause(self) -> None:
        self.page.work.stop()
        self.page.paint(self)

    def restart(self) -> None:
        """From the first iteration, or the first update, again."""
        self.redraw()

    def _training(self):
        self._updates = self.training.updates()
        yield from self._more_training()

    def _more_training(self):
        """Updates; the map follows the newest state. To look back, the reader pauses."""
        try:
            for _ in self._updates:
                with param.discard_events(self):
                    self.moment = self.training.moments[-1][0]
                yield
        except MinigptError as error:  # a text too short to learn from
            self.error = error

    # What follows

    def _words(self) -> list[Word]:
        """The frequent tokens, the chosen word, and its neighbours, none twice."""
        ids, _ = frequent(self.kind, self.count)
        words = [Word((i,)) for i in ids.tolist()]
        seen = set(words)
        more = [self.chosen, *(Word((it.index,)) for it in self.near)]
        return words + [word for word in dict.fromkeys(more) if word not in seen]

    def compute(self) -> None:
        """Neighbours, points, places and similarities, from the vectors."""
        table = self.table
        self.points, self.near = [], []  # should a vector not be fit, nothing of before stays
        self.near = self._nearest()
        run = self.run if self.drawing == 'tsne' else None
        points = run.words if run else self._words()
        vectors = np.array([word.vector(table) for word in points])
        self.scores = SIMILARITIES[self.metric](vectors, self.chosen.vector(table))
        first = len(frequent(self.kind, self.count)[0])
        self.plane = (Plane(run.step.positions, None) if run else
                      principal_plane(self._principal(vectors[:first]), vectors[first:]))
        self.points = points

    def _nearest(self) -> list[Neighbour]:
        return nearest_neighbours(self.table, self.chosen.vector(self.table), NEAR,
                                  metric=self.metric, exclude=self.chosen.ids)

    def _principal(self, vectors: np.ndarray) -> PCA:
        """The map's principal components; another choice of word does not change them."""
        which = (self.drawing, self.kind, self.count, self.moment, moment())
        if not self.axes or self.axes[0] != which:
            found = pca(vectors, 2)
            self.axes = which, turned_like(found, self.axes[1]) if self.axes else found
        return self.axes[1]

    def togetherness(self) -> tuple[float, float] | None:
        """Mean cosine between two of those picked out, and between two of all on the map."""
        picked = np.isin([word.key for word in self.points], self.selected)
        if np.count_nonzero(picked) < 2:
            return None
        vectors = np.array([word.vector(self.table) for word in self.points])
        return mean_cosine(vectors[picked]), mean_cosine(vectors)

    def paint(self) -> None:
        self.unfit = None
        try:
            self.compute()
        except MinigptError as error:
            self.points, self.near, self.unfit = [], [], error
        self.view.paint()

    def relabel(self) -> None:
        self.view.relabel()

    def layout(self):
        return self.view.layout()

    def sources(self) -> list:
        return {'pca': [pca], 'tsne': [tsne], 'training': [train, pca]}[self.drawing] + [
            nearest_neighbours, SIMILARITIES[self.metric]]

    def script(self) -> list[str]:
        return map_script(self)


def mean_cosine(vectors: np.ndarray) -> float:
    """Of all pairs of two different rows."""
    cosines = cosine_similarity(vectors, vectors)
    n = len(vectors)
    return float((cosines.sum() - np.trace(cosines)) / (n * (n - 1)))
