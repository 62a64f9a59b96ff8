"""Demos: a module shown at work, its parameters moved step by step for all who look.

A demo is a generator of steps; what a step tells is computed from the lab as it is then.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from minigpt.chunking import STRATEGIES, chunk
from minigpt.inference import generate
from minigpt.lab import Lab
from minigpt.nn.counts import GPT2_SIZES, parts
from minigpt.server import readings
from minigpt.training import TrainConfig

TEXT = 'Era uma vez uma menina'
WORDS = ('disse', 'menina', 'não', 'casa')
TEMPERATURES = (0.0, 0.5, 1.0, 1.5)
EXCERPT = 2000  # characters


@dataclass(frozen=True)
class Step:
    """Parameters to set, and figures that fill the demo's sentence."""
    values: dict[str, object]
    figures: dict[str, object]


def tokenizer(lab: Lab) -> Iterator[Step]:
    """The same text with more and more merges."""
    for share in (0, 0.05, 0.2, 0.5, 1):
        count = int(share * len(lab.tokenizer.merges))
        ids = readings.tokenized(lab, TEXT, merges=count)['ids']
        yield Step({'text': TEXT, 'merges': count if share < 1 else None},
                   {'merges': count, 'tokens': len(ids)})


def embeddings(lab: Lab) -> Iterator[Step]:
    """The nearest neighbour of a few words."""
    for word in WORDS:
        ids = readings.word_ids(lab, word)
        near = readings.neighbours(lab, ids, 1, 'cosine')['neighbours'][0]
        yield Step({'word': '-'.join(map(str, ids))},
                   {'word': word, 'near': near['text'].strip('·'),
                    'cosine': round(near['similarity'], 2)})


def attention(lab: Lab) -> Iterator[Step]:
    """Each head, and where the last token looks most."""
    config = lab.model.config
    for layer in range(1, config.n_layer + 1):
        for head in range(1, config.n_head + 1):
            found = readings.attention(lab, TEXT, layer, head)
            row = found['weights'][-1]
            most = int(np.argmax(row))
            yield Step({'text': TEXT, 'layer': layer, 'head': head, 'query': None,
                        'looked_at': None},
                       {'layer': layer, 'head': head, 'token': found['tokens'][most]['text'],
                        'percent': round(100 * row[most])})


def transformer(lab: Lab) -> Iterator[Step]:
    """What the model would say after each block."""
    for it in readings.lens(lab, TEXT)['depths'][1:]:
        yield Step({'text': TEXT, 'block': it['depth']},
                   {'block': it['depth'], 'word': it['text'],
                    'percent': round(100 * it['probability'])})


def model(lab: Lab) -> Iterator[Step]:
    """How large the GPT-2s are beside this model."""
    for plan in (None, *GPT2_SIZES):
        count = sum(it.parameters for it in parts(GPT2_SIZES[plan])) if plan else lab.model.n_params
        yield Step({'plan': plan}, {'plan': plan or lab.name or 'minigpt',
                                    'millions': round(count / 1e6, 1)})


def training(lab: Lab) -> Iterator[Step]:
    """The learning rate half way, under each schedule."""
    for schedule in ('constant', 'linear', 'cosine', 'one-cycle'):
        plan = TrainConfig(steps=800, learning_rate=4e-3, min_learning_rate=4e-4, warmup=20,
                           schedule=schedule)
        yield Step({'schedule': schedule}, {'schedule': schedule,
                                            'rate': float(f'{plan.rate_at(400):.2g}')})


def inference(lab: Lab) -> Iterator[Step]:
    """A few words at each temperature, from one seed."""
    ids = readings.prompt_ids(lab, TEXT)
    for temperature in TEMPERATURES:
        written = [it.token_id for it in generate(lab.model, ids, max_new_tokens=12,
                                                  temperature=temperature,
                                                  rng=np.random.default_rng(7))]
        yield Step({'prompt': TEXT, 'temperature': temperature, 'seed': 7, 'length': 12},
                   {'temperature': temperature,
                    'text': lab.tokenizer.decode(written).rstrip('\ufffd')})


def chunking(lab: Lab) -> Iterator[Step]:
    """The beginning of the text, cut by each strategy."""
    for strategy in STRATEGIES:
        found = readings.chunked(lab, lab.corpus[:3000], strategy, 300, 30, False)
        yield Step({'strategy': strategy, 'amount': 3000, 'unit': 'characters', 'size': 300,
                    'overlap': 10},
                   {'strategy': strategy, 'chunks': found['count'],
                    'whole': round(100 * found['quality']['whole_sentences'])})


def sample(lab: Lab) -> Iterator[Step]:
    """An excerpt in smaller and larger chunks."""
    text = chunk(lab.corpus, 'sentence', EXCERPT, 0, preserve_paragraphs=True)[0].text
    for size in (120, 240, 480):
        yield Step({'strategy': 'sentence', 'size': size, 'overlap': 0, 'part': 1},
                   {'size': size, 'chunks': len(chunk(text, 'sentence', size, 0))})


DEMOS: dict[str, Callable[[Lab], Iterator[Step]]] = {
    it.__name__: it for it in (tokenizer, embeddings, attention, transformer, model, training,
                               inference, chunking, sample)}
