"""How surprised the model was by each token of the text, and how surprised it expected to be."""

import math

from minigpt.inference import log_probs_and_entropies
from pages.charts import LineChart
from pages.components.said import Said
from pages.components.token_bars import TokenBars
from pages.inference.part import Experiment
from pages.lab import lab, visible
from pages.layout import beside

LN2 = math.log(2)  # nats in a bit


class Surprise(Experiment):
    """Bits of surprise and entropy over the whole text, the reader's beginning included."""

    section = 'surprise'
    imports = ('from minigpt.inference import log_probs_and_entropies',)

    def __init__(self, page):
        super().__init__(page)
        self.bits, self.entropies = [], []  # of each token but the first
        self._measured = None               # the model and ids they are of

    def layout(self) -> list:
        self.strip, self.said = TokenBars(self.choose), Said()
        self.chart = LineChart(self.page, roles=('output', 'weights'), height=240)
        return [self.strip, beside('minmax(0, 4fr) minmax(0, 8fr)', self.said, self.chart)]

    def relabel(self) -> None:
        words = self.words
        self.strip.param.update(words=words['strip'], locale=self.tag)
        self.chart.label(words['chart'], x=words['x'], y=words['y'])

    def choose(self, index: int) -> None:
        """A token the model wrote is also the one the page speaks of."""
        place = index - len(self.page.text.prompt_ids)
        if place >= 0:
            self.page.pinned = place

    def measure(self) -> None:
        """Read the text once, unless it is the one that was read."""
        ids = list(self.page.text.ids)
        if self._measured == (lab().model, ids):
            return
        self._measured = lab().model, ids
        self.bits, self.entropies = [], []
        if len(ids) > 1:
            found, entropies = log_probs_and_entropies(lab().model, ids)
            self.bits = (-found / LN2).tolist()
            self.entropies = (entropies / LN2).tolist()

    def paint(self) -> None:
        page = self.page
        if page.work.running:
            return
        self.measure()
        prompt_len = len(page.text.prompt_ids)
        measured = [{}, *({'bits': bits, 'entropy': entropy} for bits, entropy
                          in zip(self.bits, self.entropies, strict=True))]
        self.strip.param.update(shown=prompt_len + page.shown, tokens=[
            {'token': visible(token_id), 'given': index < prompt_len} | it
            for index, (token_id, it) in enumerate(zip(page.text.ids, measured, strict=True))])
        self.said.paragraphs = self._told()
        if self.bits:
            self.chart.draw(range(2, len(self.bits) + 2), {
                self.words['surprise']: self.bits, self.words['entropy']: self.entropies})

    def _told(self) -> list[str]:
        words, number = self.words, self.page.number
        if not self.bits:
            return [words['too_short']]
        ids = self.page.text.ids
        most = max(range(len(self.bits)), key=self.bits.__getitem__)
        mean = sum(self.bits) / len(self.bits)
        said = words['told'].format(
            mean=number(mean, 2), perplexity=number(2 ** mean, 1), token=visible(ids[most + 1]),
            number=most + 2, most=number(self.bits[most], 2), count=len(self.bits),
            entropy=number(sum(self.entropies) / len(self.entropies), 2))
        guessing = words['guessing'].format(vocab=number(lab().model.config.vocab_size, 0), bits=number(
            math.log2(lab().model.config.vocab_size), 2))
        return [said, guessing]

    def sources(self) -> list:
        return [log_probs_and_entropies]

    def script(self) -> list[str]:
        if not self.bits:
            return []
        return ['', '# Surprise and entropy of each token but the first, in bits',
                'found, entropies = log_probs_and_entropies(lab.model, ids)',
                'for i, ln_p, entropy in zip(ids[1:], found, entropies):',
                "    print(f'{lab.tokenizer.decode([i])!r:16} surprise {-ln_p / np.log(2):.6f} '",
                "          f'entropy {entropy / np.log(2):.6f}')"]
