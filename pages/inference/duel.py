"""The decoders side by side: greedy, two kinds of sampling, and beam search, from one beginning."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from minigpt.inference import beam_search, generate
from pages.components.said import Said
from pages.components.text_cards import TextCards
from pages.inference.continuation import Sampling, surprise
from pages.inference.surprise import LN2
from pages.inference.trial import Trial
from pages.lab import lab

BEAMS = 4
DECODERS = ('greedy', 'sampling', 'pure', 'beam')
PURE = Sampling(temperature=1.0)


@dataclass
class Entry:
    """What one decoder wrote so far."""
    ids: list[int]
    bits: float = 0.0     # −log2 of the probability that the model itself gives the text
    seconds: float = 0.0

    @property
    def text(self) -> str:
        return lab().tokenizer.decode(self.ids)

    @property
    def repeated(self) -> float | None:
        """The share of its words that it said before; None without words."""
        words = re.findall(r'\w+', self.text.lower())
        return 1 - len(set(words)) / len(words) if words else None


class Duel(Trial):
    """Four texts after the same beginning, and what can be measured of them."""

    section = 'duel'
    imports = ('from minigpt.inference import beam_search, generate',)

    def __init__(self, page):
        super().__init__(page)
        self.entries: dict[str, Entry] = {}
        self.asked: tuple | None = None  # beginning, knobs, seed and length of the entries

    def forget(self) -> None:
        super().forget()
        self.entries, self.asked = {}, None

    def layout(self) -> list:
        self.said, self.cards = Said(), TextCards()
        return [self.controls(), self.cards, self.said]

    def relabel(self) -> None:
        self.cards.param.update(words=self.words['cards'], locale=self.tag)

    def settings(self) -> tuple:
        page = self.page
        return tuple(page.text.prompt_ids), page.sampling, page.seed, page.length

    def steps(self) -> Iterator[None]:
        self.asked = prompt, knobs, seed, length = self.settings()
        writers = {'greedy': lambda: self._sampled(prompt, Sampling(0), seed, length),
                   'sampling': lambda: self._sampled(prompt, knobs, seed, length),
                   'pure': lambda: self._sampled(prompt, PURE, seed, length),
                   'beam': lambda: self._searched(prompt, length)}
        for place, (name, write) in enumerate(writers.items()):
            for entry in write():
                self.entries[name] = entry
                self.share = (place + len(entry.ids) / length) / len(writers)
                yield

    def _sampled(self, prompt, sampling: Sampling, seed: int, length: int) -> Iterator[Entry]:
        entry = Entry([])
        for event in generate(lab().model, prompt, max_new_tokens=length, **vars(sampling),
                              rng=np.random.default_rng(seed), stop_ids=ends()):
            entry.ids.append(event.token_id)
            entry.bits += surprise(event.distribution.model_probs[event.token_id])
            entry.seconds += event.seconds
            yield entry

    def _searched(self, prompt, length: int) -> Iterator[Entry]:
        seconds = 0.0
        for step in beam_search(lab().model, prompt, n_beams=BEAMS, max_new_tokens=length,
                                stop_ids=ends()):
            best, seconds = step.ranked[0], seconds + step.seconds
            yield Entry(list(best.ids), -best.log_prob / LN2, seconds)

    def paint_found(self) -> None:
        prompt = lab().tokenizer.decode(self.asked[0]) if self.asked else ''
        self.cards.cards = [self._card(name, prompt) for name in DECODERS]
        self.said.paragraphs = self._told()

    def _card(self, name: str, prompt: str) -> dict:
        words, number, entry = self.words, self.page.number, self.entries.get(name)
        sampling, seed = (self.asked[1:3] if self.asked else
                          (self.page.sampling, self.page.seed))
        card = {'title': words['names'][name], 'before': prompt, 'text': '', 'figures': [],
                'note': words['notes'][name].format(knobs=self._knobs(sampling), seed=seed,
                                                    beams=BEAMS)}
        if not entry:
            return card
        names, repeated = words['figures'], entry.repeated
        each = entry.bits / len(entry.ids)
        figures = [
            (names['bits'], number(entry.bits, 1), self._is_best(name, lambda it: it.bits)),
            (names['each'], number(each, 2), False),
            (names['repeated'], '–' if repeated is None else number(100 * repeated, 0) + '%',
             self._is_best(name, lambda it: it.repeated)),
            (names['tokens'], number(len(entry.ids), 0), False),
            (names['time'], number(1e3 * entry.seconds, 0) + ' ms', False)]
        return card | {'text': entry.text, 'figures': figures}

    def _is_best(self, name: str, measure) -> bool:
        """Whether this entry alone has the least, once all are written to equal length."""
        values = {it: measure(entry) for it, entry in self.entries.items()}
        if self.work.running or len(values) < len(DECODERS) or None in values.values():
            return False
        if len({len(entry.ids) for entry in self.entries.values()}) > 1:
            return False
        least = min(values.values())
        return values[name] == least and list(values.values()).count(least) == 1

    def _knobs(self, sampling: Sampling) -> str:
        """The knobs in words: "T 0,80 · top-k 10"."""
        digits = {'top_k': 0}
        said = [f'T {self.page.number(sampling.temperature, 2)}']
        said += [f'{name.replace("_", "-")} {self.page.number(value, digits.get(name, 2))}'
                 for name, value in vars(sampling).items()
                 if name != 'temperature' and value is not None]
        return ' · '.join(said)

    def lines(self) -> list[str]:
        page, words = self.page, self.words
        if not self.asked or self.work.running:
            return []
        return [words['stale']] if self.asked != self.settings() else []

    def _told(self) -> list[str]:
        words = self.words
        if self.work.running or len(self.entries) < len(DECODERS):
            return [words['invitation']] if not self.entries else []
        return [words['bits'], words['repeated']]

    def sources(self) -> list:
        return [generate, beam_search]

    def script(self) -> list[str]:
        if len(self.entries) < len(DECODERS):
            return []
        prompt, knobs, seed, length = self.asked
        decoders = {'greedy': vars(Sampling(0)), 'sampling': vars(knobs), 'pure': vars(PURE)}
        return ['', '# The decoders side by side: bits of the whole text, and the text',
                f'prompt_ids, stop_ids = {list(prompt)}, {ends()}',
                f'for name, settings in {decoders!r}.items():',
                f'    events = list(generate(lab.model, prompt_ids, max_new_tokens={length},',
                f'                           rng=np.random.default_rng({seed}),',
                '                           stop_ids=stop_ids, **settings))',
                '    bits = -sum(np.log2(it.distribution.model_probs[it.token_id]) for it in events)',
                "    print(f'{name} {bits:.4f}',",
                '          repr(lab.tokenizer.decode([it.token_id for it in events])))',
                f'*_, last = beam_search(lab.model, prompt_ids, n_beams={BEAMS},',
                f'                       max_new_tokens={length}, stop_ids=stop_ids)',
                'best = last.ranked[0]',
                "print(f'beam {-best.log_prob / np.log(2):.4f}', "
                'repr(lab.tokenizer.decode(best.ids)))']


def ends() -> list[int]:
    """The token after which a text is over, where there is one."""
    end = lab().tokenizer.end_of_text
    return [] if end is None else [end]
