"""Long texts in pieces, and how a question finds the right one."""

import functools

from minigpt.chunking import STRATEGIES, chunk, quality
from minigpt.embeddings import retrieve, token_table
from minigpt.lab import shipped_corpus
from minigpt.teach.bug_hunt import BugHunt
from minigpt.teach.exercises import Choice, Code, Number
from minigpt.teach.figures import Bars, Rows, Verbatim
from minigpt.teach.lesson import Step
from minigpt.teach.material import checkpoint

LEVEL = 'intermediate'
SIZE = 300
QUESTION = 'Quem aprendeu a nadar na piscina?'


@functools.cache
def text() -> str:
    return shipped_corpus()[:12_000]


@functools.cache
def measured(strategy: str, size: int = SIZE, overlap: float = 0.1):
    return quality(chunk(text(), strategy, size, overlap))


def story():
    pieces = {name: chunk(text(), name, SIZE, 0) for name in ('fixed', 'sentence')}
    yield Step('cuts', {'size': SIZE}, tuple(Verbatim(edge(cut[1])) for cut in pieces.values()))
    yield Step('figures', {'characters': len(text()), 'size': SIZE}, (Rows(
        [(name, found.count, (found.mean, 0), (100 * found.whole_sentences, 0),
          (100 * found.context_preservation, 0)) for name in STRATEGIES
         for found in [measured(name)]]),))
    yield Step('overlap', {}, (Rows(
        [((100 * share, 0), found.count, (100 * found.repeated, 0),
          (100 * found.whole_sentences, 0)) for share in (0.0, 0.1, 0.3, 0.5)
         for found in [measured('fixed', SIZE, share)]]),))
    matches, texts = answers()
    best = max(matches, key=lambda match: match.bits)
    yield Step('question', {'question': QUESTION, 'chunks': len(texts)}, (Rows(
        [(match.index + 1, (match.bits, 1), ' '.join(match.words)) for match in sorted(
            matches, key=lambda match: -match.bits)[:4]]),))
    answer = ' '.join(texts[best.index].split())
    yield Step('answer', {'number': best.index + 1}, (Verbatim(answer),))
    sizes = (100, 200, 400, 800)
    yield Step('size', {}, (Bars(list(map(str, sizes)), [
        100 * measured('sentence', size).context_preservation for size in sizes], 0, ' %'),))


def edge(piece) -> str:
    """The beginning and the end of a chunk."""
    flat = ' '.join(piece.text.split())
    return f'{flat[:34]} … {flat[-34:]}'


def answers():
    """How well each chunk answers QUESTION, and the chunks' texts."""
    texts = [piece.text for piece in chunk(text(), 'sentence', SIZE, 0)]
    table = token_table(checkpoint().model)
    return retrieve(QUESTION, texts, table, checkpoint().tokenizer), texts


def spans(text: str, size: int, overlap: int) -> list[tuple[int, int]]:
    """Where fixed chunks start and end: each begins `overlap` before the last one's end."""
    found = [(0, min(size, len(text)))]
    while found[-1][1] < len(text):
        start = found[-1][1] - overlap
        found.append((start, min(start + size, len(text))))
    return found


def analysis():
    return Number(expected=len(spans('x' * 1000, 100, 20)), tolerance=0.1)


def visualisation():
    sizes = [len(piece) for piece in chunk(text(), 'sentence', SIZE, 0)[:8]]
    return Choice(choices=('fixed', 'sentence'), expected='sentence',
                  figures=(Bars([str(i + 1) for i in range(8)], sizes, 0),))


def comparison():
    kept = {name: measured(name).context_preservation for name in ('semantic', 'fixed')}
    return Choice(choices=tuple(kept), expected=max(kept, key=kept.get))


def implementation():
    plain = 'abcdefghij' * 10
    return Code(code='def spans(text, size, overlap):\n    # return [(start, end), …]\n    ...\n',
                reference=spans, cases=[(plain, 30, 0), (plain, 30, 10), ('abc', 10, 2)])


def debugging():
    return BugHunt(file='embeddings/retrieval.py', right='-log2(count / len(texts))',
                   wrong='-log2(count / sum(counts.values()))', limit=1e-9,
                   judge=lambda module: module.rarity(
                       [module.words_of(t) for t in ('o gato', 'o rio', 'o mar')])['o'])
