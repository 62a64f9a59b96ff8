"""The model page's view as Python: the same numbers, from one traced pass."""

from pages.model.account import code
from pages.model.names import Names

SCRIPT = '''
import numpy as np

from minigpt import Trace
from minigpt.arithmetic import Reading
from minigpt.nn.config import GPTConfig
from minigpt.nn.counts import memory, parts
from minigpt.nn.ops import softmax_forward

lab = load_lab()
model = lab.model
ids = lab.tokenizer.encode({text!r})
trace = Trace()
model.forward(np.array([ids]), trace=trace)
for name, value in trace.items():
    print(name, value.shape)
shares = softmax_forward(trace['logits'])[0][0, -1]
for i in np.argsort(-shares, kind='stable')[:4]:
    print('next', int(i), repr(lab.tokenizer.decode([int(i)])), shares[i])
'''
CELL = '''
# The number looked at, and the numbers that it was computed from
cell = Reading(model, ids).cell({name!r}, {index})
print('cell', {code}, 'computed from its operands', cell.computed)
for key, it in cell.numbers.items():
    print(key, it.name, it.index, it.value)
for line in cell.lines:
    print(line.name, line.index, line.values)
'''
PLAN = '''
# The plan
config = {config}
for part in parts(config):
    print('part', part.name, part.parameters, part.flops)
for what, size in memory(config).items():
    print('bytes', what, size)
'''


def model_script(page) -> str:
    """The script for what the page shows now; without a text that can be read, the plan alone."""
    plan = PLAN.format(config=repr(page.plan.config))
    if not page.reading:
        head, _, _ = SCRIPT.partition('ids =')
        return head + plan
    said = SCRIPT.format(text=page.prompt) + plan
    if page.machine.cell:
        ladder = page.machine.ladder
        said += CELL.format(name=ladder.part, index=ladder.cell,
                            code=code(ladder.part, ladder.cell, Names(page, page.reading)))
    return said
