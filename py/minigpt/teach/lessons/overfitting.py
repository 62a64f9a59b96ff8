"""Learning by heart: when the loss falls and the model gets worse, and what helps."""

import math

import numpy as np

from minigpt.inference import generate
from minigpt.teach.bug_hunt import BugHunt
from minigpt.teach.exercises import Choice, Code, Number
from minigpt.teach.figures import Curves, Name, Rows, Verbatim
from minigpt.teach.lesson import Step, Working
from minigpt.teach.material import drained, small_model, small_text
from minigpt.training import Evaluation, TrainConfig, train

LEVEL = 'intermediate'
LITTLE = 400  # tokens to learn from
EVERY = 12


_runs = {}  # settings → what `running` found


def running(steps: int = 120, tokens: int = LITTLE, dropout: float = 0.0, decay: float = 0.0):
    """Train on few tokens, as a generator that says how far it is; it returns the loss on them and
    on others, every EVERY steps, and the model. The same again costs nothing."""
    key = steps, tokens, dropout, decay
    if key in _runs:
        return _runs[key]
    _, data = small_text()
    model = small_model(n_embd=48, dropout=dropout)
    config = TrainConfig(steps=steps, batch_size=6, warmup=5, learning_rate=5e-3,
                         weight_decay=decay, eval_every=EVERY)
    seen, unseen = [], []
    for event in train(model, data[:tokens], config, validation=data[-2000:]):
        if isinstance(event, Evaluation):
            unseen.append(event.validation_loss)
            seen.append(model.loss(data[None, :32], data[None, 1:33]))
            yield Working(event.step / steps)
    _runs[key] = seen, unseen, model
    return _runs[key]


def run(**settings):
    """The same at once."""
    return drained(running(**settings))


def story():
    seen, unseen, _ = yield from running()
    yield Step('gap', {'tokens': LITTLE, 'seen': seen[-1], 'unseen': unseen[-1]}, (Curves(
        {Name('train'): seen, Name('held out'): unseen}, x='step', y='loss',
        last=EVERY * len(seen)),))
    best = int(np.argmin(unseen))
    yield Step('stop', {'step': EVERY * (best + 1), 'best': unseen[best], 'last': unseen[-1]})
    little = 100
    *_, model = yield from running(96, little)
    yield Step('recital', {'tokens': little}, (Verbatim(recited(model)), Verbatim(original())))
    trials = {'–': {}, 'dropout 0.3': {'dropout': 0.3}, 'weight decay 1': {'decay': 1.0},
              f'{10 * LITTLE} tokens': {'tokens': 10 * LITTLE}}
    rows = []
    for name, settings in trials.items():
        seen, unseen, _ = yield from running(**settings)
        rows.append((name, (seen[-1], 2), (unseen[-1], 2)))
    yield Step('remedies', {}, (Rows(rows),))


def original() -> str:
    tokenizer, data = small_text()
    return ' '.join(tokenizer.decode(data[:44]).split())


def recited(model) -> str:
    """The first 12 tokens of the training text, and what the model says next, always its best."""
    tokenizer, data = small_text()
    prompt = data[:12].tolist()
    events = generate(model, prompt, max_new_tokens=32, temperature=0,
                      rng=np.random.default_rng(0))
    return ' '.join(tokenizer.decode([*prompt, *(event.token_id for event in events)]).split())


def analysis():
    return Number(expected=math.exp(2.3), tolerance=0.1)


def visualisation():
    _, unseen, _ = run()
    return Number(figures=(Curves({Name('held out'): unseen}, x='measure', y='loss'),),
                  tolerance=1.1, values={'points': len(unseen)},
                  expected=1 + int(np.argmin(unseen)))


def comparison():
    ends = {'A': run()[1][-1], 'B': run(dropout=0.3)[1][-1]}
    return Choice(choices=('A', 'B'), expected=min(ends, key=ends.get))


def implementation():
    return Code(code='def stop_at(losses, patience):\n    ...\n', reference=stop_at,
                cases=[([5.0, 4.0, 4.5, 4.6, 3.0], 2), ([3.0, 2.0, 1.0], 1),
                       ([1.0, 2.0, 0.5, 3.0], 2)])


def debugging():
    return BugHunt(file='training/dataset.py', judge=documents_on_both_sides, limit=0,
                   right="hashlib.sha256(piece.encode('utf-8', 'replace'))",
                   wrong="hashlib.sha256(f'{len(sides[0])}{piece}'.encode('utf-8', 'replace'))")


def stop_at(losses: list[float], patience: int) -> int:
    """The index at which `patience` losses in a row were no better than the best; else the last."""
    best, worse = math.inf, 0
    for index, loss in enumerate(losses):
        best, worse = (loss, 0) if loss < best else (best, worse + 1)
        if worse == patience:
            return index
    return len(losses) - 1


def documents_on_both_sides(module) -> float:
    """How many of 50 documents, each there three times, are both trained on and tested on."""
    training, held_out = module.split_documents([f'texto {i}' for i in range(50)] * 3, 0.3)
    return len(set(training) & set(held_out))
