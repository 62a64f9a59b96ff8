"""From a prompt to a text: the loop, its choices, beams, batches, and how sure the model is."""

import math

import numpy as np

from minigpt.backend.clock import per, seconds_of
from minigpt.inference import (beam_search, generate, generate_batch, next_token_distribution,
                               perplexity)
from minigpt.teach.bug_hunt import BugHunt
from minigpt.teach.draw import visible
from minigpt.teach.exercises import Choice, Code, Number
from minigpt.teach.figures import Bars, Rows, Verbatim
from minigpt.teach.lesson import Step
from minigpt.teach.material import SENTENCE, checkpoint, tokens

LEVEL = 'advanced'


def story():
    model, tokenizer = checkpoint().model, checkpoint().tokenizer
    ids = tokens(SENTENCE)[0]
    events = list(generate(model, ids, max_new_tokens=7, rng=np.random.default_rng(4)))
    yield Step('loop', {'sentence': SENTENCE}, (Rows(
        [(event.context_len, visible(tokenizer.token_bytes(event.token_id)),
          (100 * float(event.distribution.probs[event.token_id]), 1),
          (1000 * event.seconds, 2)) for event in events]),))
    yield Step('greedy', {}, (Verbatim(written(temperature=0)), Verbatim(written(temperature=0.9))))
    yield Step('beams', {}, (Rows(best_beams(ids)),))
    single, together = speeds(ids)
    yield Step('batch', {'single': single, 'together': together, 'gain': per(together, single)})
    good, bad = 'A menina abriu a porta.', 'Porta a abriu menina a.'
    yield Step('surprise', {}, (Rows(
        [(text, (perplexity(model, tokens(text)[0]), 1)) for text in (good, bad)]),))


def written(**settings) -> str:
    """The sentence and 24 tokens after it."""
    model, tokenizer = checkpoint().model, checkpoint().tokenizer
    ids = tokens(SENTENCE)[0]
    events = generate(model, ids, max_new_tokens=24, rng=np.random.default_rng(6), **settings)
    return ' '.join(tokenizer.decode([*ids, *(event.token_id for event in events)]).split())


def best_beams(ids) -> list[tuple]:
    """What three beams have found after 8 tokens, and how likely each is."""
    tokenizer = checkpoint().tokenizer
    last = list(beam_search(checkpoint().model, ids, n_beams=3, max_new_tokens=8))[-1]
    return [(' '.join(tokenizer.decode(beam.ids).split()), (beam.log_prob, 2))
            for beam in last.ranked[:3]]


def speeds(ids, n: int = 24, texts: int = 8) -> tuple[float, float]:
    """Tokens per second, one text alone and several side by side."""
    model = checkpoint().model
    rngs = [np.random.default_rng(i) for i in range(texts)]
    alone = seconds_of(lambda: list(generate(model, ids, max_new_tokens=n, rng=rngs[0])))
    together = seconds_of(lambda: list(generate_batch(model, [ids] * texts, max_new_tokens=n,
                                                      rngs=rngs)))
    return per(n, alone), per(n * texts, together)


def analysis():
    return Number(expected=-math.log(0.5 * 0.25 * 0.5), tolerance=0.01)


def visualisation():
    probs = np.array([0.4, 0.25, 0.15, 0.12, 0.05, 0.03])
    needed = int(next_token_distribution(np.log(probs), 1.0, top_p=0.9).kept.sum())
    return Number(expected=needed, tolerance=0.1,
                  figures=(Bars([*'ABCDEF'], (100 * probs).tolist(), 0, ' %'),))


def comparison():
    sentences = {'A': 'O gato dormia perto do fogo.', 'B': 'Fogo do perto dormia gato o.'}
    unsure = {name: perplexity(checkpoint().model, tokens(text)[0])
              for name, text in sentences.items()}
    return Choice(values=sentences, choices=('A', 'B'), expected=min(unsure, key=unsure.get))


def implementation():
    rng = np.random.default_rng(1)
    return Code(
        code='def top_k(logits, k):\n    # return (V,) bool: which tokens stay\n    ...\n',
        reference=lambda logits, k: next_token_distribution(logits, 1.0, top_k=k).kept,
        cases=[(rng.normal(size=8), 3), (rng.normal(size=5), 1), (rng.normal(size=4), 9)])


def debugging():
    return BugHunt(file='inference/sampling.py', right='before = np.cumsum(share) - share',
                   wrong='before = np.cumsum(share)', judge=draws_with_nothing_left, limit=0)


def draws_with_nothing_left(module) -> float:
    """For how many values of top_p fewer tokens stay than reach it."""
    probs = np.array([0.5, 0.3, 0.15, 0.05])
    return sum(probs[module.survivors(probs, None, p)].sum() < p - 1e-9 for p in (0.1, 0.6, 0.9))
