"""From scores to a choice: softmax, temperature, top-k and top-p."""

import numpy as np

from minigpt.inference import generate, next_token_distribution
from minigpt.nn.ops import softmax_forward
from minigpt.teach.bug_hunt import BugHunt
from minigpt.teach.draw import visible
from minigpt.teach.exercises import Choice, Code, Number
from minigpt.teach.figures import Bars, Rows, Verbatim
from minigpt.teach.lesson import Step
from minigpt.teach.material import SENTENCE, checkpoint, tokens, traced

LEVEL = 'beginner'


def story():
    logits = traced()['logits'][0, -1]
    best = np.argsort(-logits)[:6]
    probs = next_token_distribution(logits).model_probs
    names = [visible(checkpoint().tokenizer.token_bytes(int(i))) for i in best]
    yield Step('scores', {'sentence': SENTENCE}, (Rows(
        [(name, (float(logits[i]), 2), (float(np.exp(logits[i] - logits.max())), 3),
          (100 * float(probs[i]), 1)) for name, i in zip(names, best)]),))
    yield Step('temperature', {}, (Rows(
        [((t, 1), (100 * float(p.max()), 1), (entropy(p), 2), (2 ** entropy(p), 1))
         for t in (0.2, 0.5, 1.0, 1.5, 3.0) for p in [tempered(logits, t)]]),))
    sure = traced('Era uma')['logits'][0, -1]
    yield Step('cutting', {'sentence': SENTENCE}, (Rows(
        [(text, kept(scores, top_k=10), kept(scores, top_p=0.5), kept(scores, top_p=0.9))
         for text, scores in (('Era uma', sure), (SENTENCE, logits))]),))
    for key, temperature in (('cold', 0.2), ('hot', 1.8)):
        yield Step(key, {}, (Verbatim(written(temperature)),))


def tempered(logits, temperature: float):
    return next_token_distribution(logits, temperature).tempered_probs


def entropy(probs) -> float:
    """In bits: how many yes-or-no questions the draw answers on average."""
    positive = probs[probs > 0]
    return float(-(positive * np.log2(positive)).sum())


def kept(logits, **cut) -> int:
    """How many tokens survive the cut."""
    return int(next_token_distribution(logits, 1.0, **cut).kept.sum())


def written(temperature: float) -> str:
    """The sentence and 24 tokens after it."""
    model, tokenizer = checkpoint().model, checkpoint().tokenizer
    ids = tokens(SENTENCE)[0]
    events = generate(model, ids, max_new_tokens=24, temperature=temperature,
                      rng=np.random.default_rng(1), stop_ids=[tokenizer.end_of_text])
    text = tokenizer.decode([*ids, *(event.token_id for event in events
                                     if event.token_id != tokenizer.end_of_text)])
    return ' '.join(text.split())


def analysis():
    shares = softmax_forward(np.array([0.0, np.log(3)]))[0]
    return Number(expected=float(shares[1]), tolerance=0.006)


def visualisation():
    shown = tempered(np.array([2.0, 1.0, 0.5, 0.0, -1.0]), 2.0)
    return Choice(values={'scores': '2  1  0.5  0  -1'},
                  figures=(Bars([*'ABCDE'], (100 * shown).tolist(), unit=' %'),),
                  choices=('0.5', '1', '2'), expected='2')


def comparison():
    logits = traced('O gato')['logits'][0, -1]
    by_k, by_p = kept(logits, top_k=5), kept(logits, top_p=0.5)
    return Choice(choices=('top_k', 'top_p'), expected='top_k' if by_k > by_p else 'top_p')


def implementation():
    rng = np.random.default_rng(0)
    return Code(code='def softmax(x):\n    ...\n', reference=lambda x: softmax_forward(x)[0],
                cases=[(np.array([1.0, 2.0, 3.0]),), (np.array([1000.0, 1001.0]),),
                       (rng.normal(size=(3, 7)),)])


def debugging():
    return BugHunt(file='inference/sampling.py', right='softmax_forward(below / temperature)',
                   wrong='softmax_forward(below * temperature)', judge=entropy_lost_by_heat,
                   limit=-0.1)


def entropy_lost_by_heat(module) -> float:
    """Entropy when cold minus entropy when hot: below 0 where heat makes the draw bolder."""
    logits = np.array([2.0, 1.0, 0.5, 0.0, -1.0], np.float32)
    cold, hot = (entropy(module.next_token_distribution(logits, t).probs) for t in (0.5, 2.0))
    return cold - hot
