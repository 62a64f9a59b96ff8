"""The exercises of the model page: what its state must show."""

import numpy as np

from minigpt.nn.parameters import count, parameter_shapes
from pages.lab import lab


def found_the_hidden(page) -> bool:
    """The reader followed an attention weight of 0 to the score that it came from."""
    ladder = page.machine.ladder
    if not (page.reading and ladder.trail and ladder.part.endswith('.attn.scores')):
        return False
    name, index = ladder.trail[-1]
    return name.endswith('.attn.weights') and page.reading.array(name)[index] == 0


def planned_deeper(page) -> bool:
    """Twice the blocks of the lab's model, and fewer parameters."""
    model, config = lab().model, page.plan.config
    return (not page.plan.error and config.n_layer >= 2 * model.config.n_layer
            and count(parameter_shapes(config)) < model.n_params)


def saw_the_future(page) -> bool:
    """With the reader's own source a token looked at a later one."""
    trace = page.edit.after
    return trace is not None and bool((np.triu(trace['h.0.attn.weights'][0], 1) > 0).any())
