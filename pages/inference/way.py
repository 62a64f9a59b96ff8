"""One token's way through the machine, in time: each station's output, shape and milliseconds."""

import statistics
from collections.abc import Iterator

import numpy as np

from minigpt.backend.clock import tick
from minigpt.inference.journey import Stage, journey
from pages.components.said import Said
from pages.components.way import Way as WayPicture
from pages.inference.trial import Trial
from pages.lab import lab, visible

ROUNDS = 15
FIRST_ROUNDS = 3  # on opening, and while one types
PIECES = 12  # of a text or of its ids that are shown
BARS = 64    # numbers of a vector that are shown


class Way(Trial):
    """From the text before the token shown to that token, measured a few times."""

    section = 'way'
    imports = ('from minigpt.inference.journey import journey',)

    def __init__(self, page):
        super().__init__(page)
        self.stages: list[Stage] = []          # of the last round
        self.seconds: list[list[float]] = []   # of each station, round by round
        self.asked: tuple | None = None        # the ids read, the knobs and the seed
        self.least = 0.01                      # milliseconds that can be told from 0

    def forget(self) -> None:
        super().forget()
        self.stages, self.seconds, self.asked = [], [], None

    def layout(self) -> list:
        self.picture, self.said = WayPicture(), Said()
        return [self.picture, self.controls(), self.said]

    def relabel(self) -> None:
        self.picture.param.update(words=self.words['picture'], title=self.words['title_of_way'],
                                  locale=self.tag)

    def settings(self) -> tuple:
        page = self.page
        return page.text.window_at(page.shown), page.sampling, page.seed

    def steps(self) -> Iterator[None]:
        self.travel(counts=False)
        for turn in range(ROUNDS):
            self.travel()
            self.share = (turn + 1) / ROUNDS
            yield

    def travel(self, counts: bool = True) -> None:
        """One round; one that warms up does not count."""
        ids, sampling, seed = self.settings()
        if self.asked != (ids, sampling, seed):
            self.asked, self.seconds = (ids, sampling, seed), []
        self.stages = journey(lab().model, lab().tokenizer, lab().tokenizer.decode(ids),
                              rng=np.random.default_rng(seed), **vars(sampling))
        if counts:
            rounds = self.seconds or [[] for _ in self.stages]
            for measured, stage in zip(rounds, self.stages, strict=True):
                measured.append(stage.seconds)
            self.seconds = rounds

    def paint(self) -> None:
        if not self.page.work.running and not self.work.running:
            if self.asked != self.settings():
                for turn in range(1 + FIRST_ROUNDS):
                    self.travel(counts=turn > 0)
        super().paint()

    def paint_found(self) -> None:
        if not self.seconds:
            return
        words, number = self.words, self.page.number
        seconds = [middle_mean(it) for it in self.seconds]
        whole, largest = sum(seconds) or 1, max(seconds) or 1
        self.least = max(0.01, 1e3 * tick())
        self.picture.param.update(
            total=words['total'].format(time=self._time(sum(seconds)), rounds=len(self.seconds[0])),
            stations=[self._station(stage, it, it / largest, it / whole)
                      for stage, it in zip(self.stages, seconds, strict=True)])
        self.said.paragraphs = [words['told'].format(rounds=len(self.seconds[0]))]

    def _station(self, stage: Stage, seconds: float, share: float, of_all: float) -> dict:
        words, number = self.words, self.page.number
        kind, layer = stage.name, ''
        if stage.name.startswith('h.'):
            _, layer, kind = stage.name.split('.')
            layer = int(layer) + 1
        time = self._time(seconds)
        shape = ' × '.join(map(str, stage.shape)) or '1'
        blanks = {'layer': layer, 'shape': shape, 'time': time, 'part': number(100 * of_all, 1),
                  'count': len(self.asked[0]), 'vocab': number(lab().model.config.vocab_size, 0),
                  'width': lab().model.config.n_embd}
        return {'name': words['stations'][kind].format(**blanks), 'shape': shape, 'time': time,
                'share': share, 'out': self._out(stage), 'bars': self._bars(stage),
                'about': words['about'][kind].format(**blanks) + ' ' + words['took'].format(**blanks)}

    def _time(self, seconds: float) -> str:
        if seconds < 5e-6:
            return f'< {self.page.number(self.least, 2)} ms'
        return f'{self.page.number(1e3 * seconds, 2)} ms'

    def _out(self, stage: Stage) -> list[str]:
        """What comes out, where it can be read."""
        number = self.page.number
        if stage.name == 'encode':
            ids = stage.value
            cut = ['…'] if len(ids) > PIECES else []
            return cut + [f'{visible(i)} {i}' for i in ids[-PIECES:]]
        if stage.name == 'distribution':
            probs = stage.value.probs
            best = np.argsort(-probs, kind='stable')[:5]
            return [f'{visible(int(i))} {number(100 * probs[i], 1)}%' for i in best if probs[i]]
        if stage.name == 'draw':
            return [str(stage.value)]
        return [visible(self.stages[-2].value)] if stage.name == 'decode' else []

    def _bars(self, stage: Stage) -> list[float]:
        """Numbers of the last position's vector, as they are: evenly spread ones of a long one."""
        if stage.name in ('encode', 'distribution', 'draw', 'decode'):
            return []
        last = np.asarray(stage.value)[0, -1]
        places = np.linspace(0, len(last) - 1, min(BARS, len(last))).round().astype(int)
        return np.round(last[places].astype(float), 4).tolist()

    def sources(self) -> list:
        return [journey]

    def script(self) -> list[str]:
        if not self.stages:
            return []
        ids, sampling, seed = self.asked
        return ['', "# One token's way in time", 'for it in journey(lab.model, lab.tokenizer, '
                f'lab.tokenizer.decode({ids}),', f'                  rng=np.random.default_rng({seed}),'
                f' **{vars(sampling)!r}):',
                "    print(f'{it.name:14} {1e3 * it.seconds:9.3f} ms', it.shape)"]


def middle_mean(values: list[float]) -> float:
    """The mean of the middle half: as steady as the median, and finer than a browser's clock."""
    quarter = len(values) // 4
    return statistics.mean(sorted(values)[quarter:len(values) - quarter])
