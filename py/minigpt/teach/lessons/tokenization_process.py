"""Text becomes numbers: bytes, words, merges learnt from a corpus, and back without loss."""

from collections import Counter
from itertools import islice

from minigpt.lab import shipped_corpus
from minigpt.teach.bug_hunt import BugHunt
from minigpt.teach.draw import visible
from minigpt.teach.exercises import Choice, Code, Number
from minigpt.teach.figures import Bars, Rows
from minigpt.teach.lesson import Step
from minigpt.teach.material import checkpoint
from minigpt.tokenizer import BPETokenizer
from minigpt.tokenizer.split import split

LEVEL = 'beginner'
WORD = 'coração'
SIZES = (256, 300, 400, 600, 1000)


def story():
    yield Step('bytes', {'word': WORD, 'letters': len(WORD), 'bytes': len(WORD.encode())},
               (Rows([(letter, letter.encode().hex(' '), len(letter.encode()))
                      for letter in WORD]),))
    sentence = 'O gato dorme. O gato sonha!'
    yield Step('split', {'sentence': sentence, 'words': ' '.join(
        f'[{visible(word.encode())}]' for word in split(sentence))})
    text = shipped_corpus()[:60_000]
    merges = list(BPETokenizer.train_steps(text, max(SIZES)))
    learner = BPETokenizer(merge.pair for merge in merges)
    yield Step('learning', {'characters': len(text)}, (Rows(
        [(number, visible(learner.token_bytes(merge.pair[0])),
          visible(learner.token_bytes(merge.pair[1])), visible(merge.token), merge.count)
         for number, merge in enumerate(islice(merges, 10), 1)]),))
    tokenizer = checkpoint().tokenizer
    yield Step('encoding', {'word': WORD, 'tokens': len(tokenizer.encode(WORD))}, (Rows(
        [(step.rank + 1, visible(step.token),
          ' '.join(visible(tokenizer.token_bytes(i)) for i in step.words[0]))
         for step in tokenizer.encode_steps(WORD)]),))
    yield Step('compression', {'largest': max(SIZES)},
               (Bars(*bytes_per_token(text, merges), digits=2),))
    strange = 'ação 🦜 你好'
    ids = tokenizer.encode(strange)
    yield Step('lossless', {'strange': strange, 'tokens': len(ids),
                            'back': tokenizer.decode(ids)})


def bytes_per_token(text: str, merges) -> tuple[list[str], list[float]]:
    """How many bytes a token carries with the first merges only, for each size of SIZES."""
    sample = text[:10_000]
    found = []
    for size in SIZES:
        learner = BPETokenizer(merge.pair for merge in merges[:size - 256])
        found.append(len(sample.encode()) / len(learner.encode(sample)))
    return list(map(str, SIZES)), found


def analysis():
    return Number(expected=len('maçã'.encode()), tolerance=0.1)


def visualisation():
    text = shipped_corpus()[:60_000]
    sizes, ratios = bytes_per_token(text, list(BPETokenizer.train_steps(text, max(SIZES))))
    first = next(size for size, ratio in zip(sizes, ratios) if ratio >= 1.5)
    return Choice(figures=(Bars(sizes, ratios, digits=2),), choices=sizes, expected=first)


def comparison():
    sentences = {'a': 'A menina foi para a casa da avó.',
                 'b': 'The girl went to the old lady’s house.'}
    tokenizer = checkpoint().tokenizer
    count = {name.upper(): len(tokenizer.encode(text)) / len(text)
             for name, text in sentences.items()}
    return Choice(values=sentences, choices=('A', 'B'), expected=max(count, key=count.get))


def implementation():
    return Code(code='def most_frequent_pair(ids):\n    ...\n', reference=most_frequent_pair,
                cases=[([1, 2, 1, 2, 3],), ([7, 7, 7],), ([3, 1, 2, 1, 3, 1, 2, 1],)])


def debugging():
    return BugHunt(file='tokenizer/merge.py',
                   right='            order[at] = get((ids[at], ids[at + 1]), never)\n',
                   wrong='            order[at] = never\n', judge=words_cut_otherwise, limit=0)


def most_frequent_pair(ids: list[int]) -> tuple[int, int]:
    """The neighbours seen most often; of equally frequent ones the smaller."""
    counts = Counter(zip(ids, ids[1:]))
    return min(counts, key=lambda pair: (-counts[pair], pair))


def words_cut_otherwise(module) -> float:
    """In how many words of a text the list and the queue of merge.py disagree."""
    merges = [merge.pair for merge in BPETokenizer.train_steps(shipped_corpus()[:20_000], 400)]
    ranks = {pair: rank for rank, pair in enumerate(merges)}
    made = list(range(256, 256 + len(merges)))
    words = set(split(shipped_corpus()[:20_000]))
    return sum(module.apply_merges(list(word.encode()), ranks, made)
               != module.apply_merges_queued(list(word.encode()), ranks, made) for word in words)
