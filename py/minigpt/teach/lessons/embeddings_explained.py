"""Words as vectors: what nearness means, what arithmetic on words can do, what context changes."""

import numpy as np

from minigpt.embeddings import (analogy, cosine_similarity, mean_vector, nearest_neighbours,
                                states_by_depth, token_table)
from minigpt.teach.bug_hunt import BugHunt
from minigpt.teach.draw import visible
from minigpt.teach.exercises import Choice, Code, Number
from minigpt.teach.figures import Bars, Curves, Heat, Rows
from minigpt.teach.lesson import Step
from minigpt.teach.material import checkpoint

LEVEL = 'beginner'
WORDS = ('menina', 'menino', 'mãe', 'rio', 'mar', 'casa')


def vector(word: str) -> np.ndarray:
    """The mean of the vectors of a word's tokens, with the space that stands before a word."""
    return mean_vector(token_table(checkpoint().model), checkpoint().tokenizer.encode(f' {word}'))


def story():
    model, tokenizer = checkpoint().model, checkpoint().tokenizer
    table = token_table(model)
    numbers = '  '.join(f'{value:.2f}' for value in vector('menina')[:8])
    yield Step('table', {'rows': table.shape[0], 'width': table.shape[1], 'numbers': numbers})
    near = nearest_neighbours(table, vector('menina'), 8, exclude=tokenizer.encode(' menina'))
    yield Step('neighbours', {'word': 'menina'}, (Bars(
        [visible(tokenizer.token_bytes(found.index)) for found in near],
        [found.similarity for found in near], digits=2),))
    yield Step('map', {}, (similarities(WORDS),))
    given = (tokenizer.encode(f' {word}') for word in ('menino', 'homem', 'mulher'))
    found = analogy(table, *given, expected=tokenizer.encode(' menina'), count=5)
    yield Step('analogy', {'rank': found.expected_rank, 'rows': table.shape[0]}, (Rows(
        [(visible(tokenizer.token_bytes(answer.index)), (answer.similarity, 2))
         for answer in found.answers]),))
    yield Step('context', {}, (Curves(
        {'cos': in_two_sentences()}, x='depth', y='cosine', first=0,
        last=model.config.n_layer),))


def similarities(words) -> Heat:
    """The cosine of every word with every other."""
    vectors = np.stack([vector(word) for word in words])
    return Heat(cosine_similarity(vectors, vectors), words, words)


def in_two_sentences() -> list[float]:
    """How alike the last word of two sentences is, from the table through all blocks."""
    model, tokenizer = checkpoint().model, checkpoint().tokenizer
    one, two = (states_by_depth(model, tokenizer.encode(text))[:, -1]
                for text in ('O barco desceu o rio', 'De tanta alegria eu rio'))
    return [float(cosine_similarity(a, b)) for a, b in zip(one, two)]


def analysis():
    v = vector('casa')
    return Number(expected=float(cosine_similarity(v, -3 * v)), tolerance=1e-3)


def visualisation():
    words = ('mar', 'menina', 'rio', 'menino')
    alike = similarities(words).values[0].copy()
    alike[0] = -1
    return Choice(values={'word': words[0]}, figures=(similarities(words),), choices=words[1:],
                  expected=words[int(alike.argmax())])


def comparison():
    a, b = np.random.default_rng(0).normal(size=(2, 8))
    return Choice(choices=('cosine', 'dot'),
                  expected='dot' if not np.isclose(2 * a @ b, a @ b) else 'cosine')


def implementation():
    a, b = np.random.default_rng(0).normal(size=(2, 8))
    return Code(code='def cosine(a, b):\n    ...\n',
                reference=lambda a, b: float(cosine_similarity(a, b)),
                cases=[(a, b), (a, 5 * a), (np.array([1.0, 0.0]), np.array([0.0, 2.0]))])


def debugging():
    a = np.random.default_rng(0).normal(size=8)
    return BugHunt(file='embeddings/similarity.py', right='    return vectors / lengths\n',
                   wrong='    return vectors\n', limit=1e-6,
                   judge=lambda it: abs(float(it.cosine_similarity(3 * a, a)) - 1))
