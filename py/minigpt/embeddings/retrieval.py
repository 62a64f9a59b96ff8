"""Which of many texts answer a question: by the angle of their vectors, and by shared words.

    cosine = q·t / (|q| |t|)          q, t: means of the token vectors of question and text
    rarity(word) = −log₂(n / N)       n of the N texts have the word; in bits (Spärck Jones 1972)
    bits = Σ rarity of the words that question and text share

A mean of token vectors knows what is spoken of in general, and may find what is said in other
words; shared words find what is said in the same words, and nothing else.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

import numpy as np

from minigpt.embeddings.similarity import cosine_similarity
from minigpt.embeddings.vectors import mean_vector

WORD = re.compile(r'[^\W_]+')
COUNTED = 5  # letters of a word that count: "folha" and "folhas" are the same


@dataclass(frozen=True)
class Match:
    """How well one text answers. `index`: its place among the texts asked."""
    index: int
    cosine: float
    bits: float
    words: dict[str, float]  # shared word, as in the question → its rarity in bits
    spans: tuple[tuple[int, int, float], ...]  # where the text has them: from, to, rarity


def retrieve(question: str, texts: Sequence[str], table: np.ndarray, tokenizer) -> list[Match]:
    """A Match for each text, in the order of the texts; sort by `cosine` or by `bits`.

    `table`: token vectors (V, C) of the tokenizer's model. Raises EmbeddingError where a text or
    the question has no tokens or its mean has no direction.
    """
    if not texts:
        return []
    vectors = np.stack([mean_vector(table, tokenizer.encode(text)) for text in texts])
    cosines = cosine_similarity(vectors, mean_vector(table, tokenizer.encode(question)))
    found = [words_of(text) for text in texts]
    asked = words_of(question)
    first = {stem: question[slice(*spans[0])] for stem, spans in asked.items()}
    bits = rarity(found)
    matches = []
    for index, words in enumerate(found):
        shared = [stem for stem in asked if stem in words]
        spans = sorted((*span, bits[stem]) for stem in shared for span in words[stem])
        matches.append(Match(index, float(cosines[index]), float(sum(bits[it] for it in shared)),
                             {first[it]: bits[it] for it in shared}, tuple(spans)))
    return matches


def words_of(text: str) -> dict[str, list[tuple[int, int]]]:
    """The words of a text by their first COUNTED letters in small, and where each one stands."""
    found: dict[str, list[tuple[int, int]]] = {}
    for word in WORD.finditer(text):
        found.setdefault(word[0].casefold()[:COUNTED], []).append(word.span())
    return found


def rarity(texts: Sequence[dict]) -> dict[str, float]:
    """Bits of each word: −log₂ of the share of the texts that have it. In all of them: 0."""
    counts = Counter(stem for words in texts for stem in words)
    return {stem: -log2(count / len(texts)) + 0.0 for stem, count in counts.items()}
