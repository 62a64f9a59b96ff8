"""Expand plots into stories, remembering who is who while one story lasts."""

import re
from pathlib import Path
from random import Random

from . import lexicon
from .agreement import BEFORE_NAME, inflect
from .lexicon import Word
from .polish import polish
from .template import load_plots, load_rules

# Roles in the plots and the lexicon class each is drawn from.
ROLES = {"H": "CRIANCA", "A": "CRIANCA", "B": "CRIANCA"}
# Pairs: a plural that agrees with its members (feminine only when all are).
PAIRS = {"DUPLA": ("H", "A"), "TRIO": ("H", "A", "B"), "HADULTO": ("H", "ADULTO"),
         "HAVOS": ("H", "AVOS"), "HVIZINHO": ("H", "VIZINHO"), "BICHOS": ("HEROI", "HEROI2")}
# {COR@f} agrees with a word of the template itself, as in "uma toalha {COR@f}".
GENDERS = ("m", "f")
# Who "ele" or "ela" might be taken for.
PEOPLE = ("A", "B", "H", "ADULTO", "AVOS", "VIZINHO", "PROF", "PET", "NOMEPET", "PASSARO", "BICHO")
PRONOUN_SHARE = 0.7
SENTENCE_END = re.compile(r"(?<=[.!?]) +")
# A name that must have the gender of what it names.
NAMED_AFTER = {"NOMEPET": "PET", "NOMEBICHO": "HEROI", "NOMEBICHO2": "HEROI2"}


class Teller:
    """Reads the rule files of ``folder`` once; ``tell(rng)`` then writes one story at a time."""

    def __init__(self, folder: Path):
        self.words = lexicon.load(folder / "words.txt")
        self.rules = load_rules(folder / "common.txt")
        self.plots: dict = {}
        for path in sorted((folder / "plots").glob("*.txt")):
            self.plots.update(load_plots(path))
        self.plot_names = list(self.plots)

    def tell(self, rng: Random, plot: str | None = None) -> str:
        """One story of ``plot``, or of a plot drawn with ``rng``."""
        name = plot or self.plot_names[int(rng.random() * len(self.plot_names))]
        return _Story(self, rng).write(self.plots[name])


class _Story:
    """What one story has decided so far: its cast, its things, the phrasings already used."""

    def __init__(self, teller: Teller, rng: Random):
        self.teller = teller
        self.rng = rng
        self.bound: dict[str, Word] = {}
        self.taken: set[str] = set()
        self.used: set[int] = set()
        self.marks: set[str] = set()
        self.friend_known = False

    def write(self, beats: list) -> str:
        parts = []
        for glue, alternatives in beats:
            beat = self.expand(self.pick(alternatives))
            spoken = beat.startswith("—") or (parts and parts[-1].split("//")[-1].startswith("—"))
            # Speech begins a line of its own and ends it, as in Brazilian books.
            parts += ["//" if spoken and parts else glue, beat]
        lines = "".join(parts).split("//")
        return polish("//".join(self.with_pronouns(line) for line in lines))

    def with_pronouns(self, line: str) -> str:
        """Say "ele" or "ela" now and then when two sentences in a row begin with the hero."""
        if "H" not in self.bound or line.startswith("—"):
            return line
        hero = self.bound["H"]
        rivals = [word.text for role, word in self.bound.items()
                  if role in PEOPLE and role != "H" and word.gender == hero.gender]
        sentences = SENTENCE_END.split(line)
        clear = False
        for index, sentence in enumerate(sentences):
            named = sentence.startswith(hero.text + " ")
            alone = named and not sentence.startswith(hero.text + " e ")
            if clear and alone and self.rng.random() < PRONOUN_SHARE:
                sentences[index] = inflect("ele", hero.gender, "s") + sentence[len(hero.text):]
            clear = alone and not any(rival in sentence for rival in rivals)
        return " ".join(sentences)

    def pick(self, options: list):
        """A random option that may be told now, one not used in this story while there is any."""
        allowed = [option for option in options if self.may_tell(option)]
        fresh = [option for option in allowed if id(option) not in self.used] or allowed
        option = fresh[int(self.rng.random() * len(fresh))]
        self.used.add(id(option))
        return option

    def may_tell(self, option: list) -> bool:
        """Whether the story so far has (or lacks) what the option's mark asks for."""
        if not option or option[0][0] != "mark":
            return True
        _, sign, name = option[0]
        return sign == "+" or (name in self.marks) == (sign == "")

    def expand(self, sequence: list) -> str:
        return "".join(self.node(node) for node in sequence)

    def node(self, node: tuple) -> str:
        kind, value = node[0], node[1]
        if kind == "text":
            return value
        if kind == "mark":
            if value == "+":
                self.marks.add(node[2])
            return ""
        if kind == "rule":
            return self.expand(self.pick(self.teller.rules[value]))
        if kind == "choice":
            return self.expand(value[int(self.rng.random() * len(value))])
        return self.slot(value, node[2])

    def slot(self, words: list[str], target: str | None) -> str:
        if words == ["A"] and not self.friend_known:
            self.friend_known = True
            return self.expand(self.pick(self.teller.rules["intro_A"]))
        if words == ["=A"]:
            self.friend_known = True
        drawn = [self.find(w) if w.strip("?=+0123456789").isupper() else w for w in words]
        nouns = [w for w in drawn if isinstance(w, Word) and not w.is_adjective]
        agree = self.find(target) if target else (nouns[0] if nouns else None)
        number = "s"
        if agree:
            many = (target or words[drawn.index(agree)]).endswith("+")
            number = "p" if many else agree.number
        out = []
        for word in drawn:
            if isinstance(word, Word) and not word.is_adjective:
                out.append(word.many if number == "p" and not target else word.text)
            else:
                text = word.text if isinstance(word, Word) else word
                if agree is None:
                    out.append(text)
                elif agree.is_name and not target and text in BEFORE_NAME:
                    out.append(BEFORE_NAME[text])
                else:
                    out.append(inflect(text, agree.gender, number))
        return " ".join(word for word in out if word)

    def find(self, name: str) -> Word:
        """The word bound to ``name`` in this story, drawn now when it is its first use."""
        name = name.rstrip("+").lstrip("=")
        if name in GENDERS:
            return Word("", "", name, "s", name)
        if name in PAIRS:
            members = [self.find(member) for member in PAIRS[name]]
            gender = "f" if all(m.gender == "f" for m in members) else "m"
            return Word("", "", gender, "p", "mp")
        if name.startswith("?"):
            return self.draw(name[1:])
        if name not in self.bound:
            self.bound[name] = self.draw(name)
        return self.bound[name]

    def draw(self, name: str) -> Word:
        cls = ROLES.get(name, name).rstrip("0123456789")
        pool = self.teller.words[cls]
        if name in NAMED_AFTER:
            gender = self.find(NAMED_AFTER[name]).gender
            pool = [word for word in pool if word.gender == gender]
        fresh = [word for word in pool if word.text not in self.taken] or pool
        word = fresh[int(self.rng.random() * len(fresh))]
        self.taken.add(word.text)
        return word
