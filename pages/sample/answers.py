"""The question put to the chunks: which of them the model finds, and which shared words find."""

import re
from dataclasses import dataclass

from minigpt.chunking import Chunk
from minigpt.embeddings import Match, retrieve, token_table
from minigpt.errors import MinigptError
from minigpt.lab import Lab

Span = tuple[int, int]
TELLING = 1.0  # bits from which a shared word is marked: at most half of the chunks have it


@dataclass(frozen=True)
class Answers:
    """All chunks compared with one question, and where the words that answer it ended up."""
    matches: list[Match]       # in the order of the chunks; empty where `error` says why
    error: MinigptError | None
    span: Span | None          # of the answer in the text
    holders: tuple[int, ...]   # chunks that have it whole
    parts: tuple[int, ...]     # chunks that have some of it

    def ranked(self, measure: str) -> list[Match]:
        """Best first, by 'cosine' or by 'bits'; equal ones in the order of the text."""
        return sorted(self.matches, key=lambda it: -getattr(it, measure))

    def rank(self, measure: str) -> int | None:
        """The place of the best chunk that has the whole answer; None where none has.

        One that shares no word with the question is not found by words: it has no place.
        """
        for place, match in enumerate(self.ranked(measure), 1):
            if match.index in self.holders:
                return None if measure == 'bits' and not match.bits else place
        return None

    @property
    def is_split(self) -> bool:
        """The answer stands in the text, but in no chunk whole."""
        return self.span is not None and not self.holders


def ask(question: str, answer: str, text: str, chunks: list[Chunk], lab: Lab) -> Answers:
    """Compare a question with every chunk by the lab's model and by words."""
    matches, error = [], None
    try:
        matches = retrieve(question, [it.text for it in chunks], token_table(lab.model),
                           lab.tokenizer)
    except MinigptError as wrong:
        error = wrong
    span = place_of(answer, text)
    holders = parts = ()
    if span:
        first, last = span
        parts = tuple(i for i, it in enumerate(chunks) if it.start < last and first < it.end)
        holders = tuple(i for i in parts if chunks[i].start <= first and last <= chunks[i].end)
    return Answers(matches, error, span, holders, parts)


def place_of(answer: str, text: str) -> Span | None:
    """Where the answer stands in the text, without regard to case."""
    wanted = answer.strip()
    found = re.search(re.escape(wanted), text, re.IGNORECASE) if wanted else None
    return found.span() if found else None


def marked(chunk: Chunk, match: Match, answer: Span | None) -> list[list[str]]:
    """The chunk's text in pieces `[text, kind]`: 'word' is rare and in the question too,
    'answer' is part of the answer, 'both' is both, '' neither."""
    text = chunk.text
    first, last = (max(0, min(len(text), at - chunk.start)) for at in answer or (0, 0))
    words = [span[:2] for span in match.spans if span[2] >= TELLING]
    cuts = sorted({0, first, last, len(text), *(at for span in words for at in span)})
    pieces = []
    for a, b in zip(cuts, cuts[1:]):
        is_word = any(start <= a < end for start, end in words)
        kind = ('both' if is_word else 'answer') if first <= a < last else 'word' if is_word else ''
        pieces.append([text[a:b], kind])
    return pieces
