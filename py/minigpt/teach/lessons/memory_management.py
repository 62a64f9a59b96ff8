"""Where the numbers lie: one flat vector, views, copies, layouts, what a training step holds."""

import numpy as np

from minigpt.bench.memory import peak_bytes
from minigpt.bench.memory_rows import (aos_soa, buffer_reuse, copies_views, memory_order,
                                       vectorised)
from minigpt.bench.timing import side_by_side
from minigpt.nn.counts import memory
from minigpt.teach.bug_hunt import BugHunt
from minigpt.teach.exercises import Choice, Code, Number
from minigpt.teach.figures import Bars, Name, Rows
from minigpt.teach.lesson import Step
from minigpt.teach.material import checkpoint, small_model, small_text
from minigpt.training import TrainConfig, TrainState
from minigpt.training.trainer import one_step

LEVEL = 'advanced'


def story():
    model = checkpoint().model
    names = ['wte.weight', 'wpe.weight', 'h.0.ln_1.weight', 'h.0.attn.c_attn.weight']
    start = model.flat.__array_interface__['data'][0]
    yield Step('flat', {'parameters': model.n_params, 'megabytes': model.flat.nbytes / 1e6}, (Rows(
        [(name, (model.params[name].__array_interface__['data'][0] - start) // 4,
          model.params[name].size) for name in names]),))
    for key, contest in (('views', copies_views()), ('simd', vectorised()),
                         ('order', memory_order()), ('layout', aos_soa()),
                         ('reuse', buffer_reuse())):
        yield Step(key, {}, (Rows(measured(contest.present)),))
    yield Step('training', {'batch': 16}, (Bars(*held(), unit=' MB'),))
    yield Step('peak', {'counted': counted_step() / 1e6, 'measured': measured_step() / 1e6})


def measured(contenders) -> list[tuple]:
    """Name, median milliseconds, megabytes at the peak."""
    return [(Name(timing.name), (1000 * timing.median, 3),
             (peak_bytes(contenders[timing.name]) / 1e6, 2))
            for timing in side_by_side(contenders, turns=2)]


def held() -> tuple[list[str], list[float]]:
    """What training the shipped model holds, by kind, in MB."""
    found = memory(checkpoint().model.config, batch_size=16)
    del found['kv cache']
    return list(map(Name, found)), [size / 1e6 for size in found.values()]


def counted_step() -> float:
    """Bytes of the gradients and activations of one step of the small model."""
    found = memory(small_model().config, batch_size=16)
    return found['gradients'] + found['activations']


def measured_step() -> int:
    """Bytes that one step of the small model allocates at its worst moment."""
    _, data = small_text()
    model, config = small_model(), TrainConfig(batch_size=16)
    state = TrainState(model, config)
    one_step(model, data, config, state)
    return peak_bytes(lambda: one_step(model, data, config, state))


def views(flat: np.ndarray, shapes: list[tuple]) -> list[np.ndarray]:
    """Stretches of one vector, each in its own shape."""
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    return [flat[end - int(np.prod(shape)):end].reshape(shape) for end, shape in zip(ends, shapes)]


def analysis():
    return Number(expected=np.zeros((512, 128), np.float32).nbytes / 1024, tolerance=0.1)


def visualisation():
    names, sizes = held()
    return Choice(figures=(Bars(names, sizes, unit=' MB'),), choices=names,
                  expected=names[int(np.argmax(sizes))])


def comparison():
    x = np.arange(8)
    shares = {'A': np.shares_memory(x, x[::2]), 'B': np.shares_memory(x, x[[0, 2, 4, 6]])}
    return Choice(choices=('A', 'B'),
                  expected=next(name for name, shared in shares.items() if shared))


def implementation():
    return Code(code='def views(flat, shapes):\n    # return a list of arrays\n    ...\n',
                reference=views,
                cases=[(np.arange(10.0), [(2, 3), (4,)]), (np.arange(6.0), [(6,)])])


def debugging():
    return BugHunt(file='nn/parameters.py', right='self[name] = flat[start:end].reshape(shape)',
                   wrong='self[name] = flat[start:end].reshape(shape).copy()',
                   judge=writes_that_got_lost, limit=0)


def writes_that_got_lost(module) -> float:
    """How many of 10 numbers written to the flat vector its named views do not show."""
    flat = np.zeros(10)
    named = module.NamedViews(flat, {'a': (2, 3), 'b': (4,)})
    flat[:] = 1
    return 10 - sum(float(view.sum()) for view in named.values())
