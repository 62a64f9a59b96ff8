"""The process that trains for a page computed on the server: see page_training.py.

It and the server take turns, over pipes, in pickles of their own making: what is to be trained
comes first, then each event is answered by 'go' or 'rest'. So it never is an update ahead of the
page; and once the server is gone, so is this process.
"""

import os
import pickle
import signal
import struct
import sys

from minigpt.errors import MinigptError
from minigpt.nn.model import GPT
from minigpt.server.training_worker import limit_memory
from minigpt.training import Sample, TrainStep, train
from minigpt.training.run import COPY_EVERY

LENGTH = struct.Struct('!Q')  # of what follows, in bytes


def read():
    """What the server says next; EOFError once it is gone."""
    head = sys.stdin.buffer.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    return pickle.loads(sys.stdin.buffer.read(*LENGTH.unpack(head)))


def tell(out, event, copy=None) -> None:
    """An event, an error or None at the end; `copy`: weights and state as they are now."""
    said = pickle.dumps((event, copy), protocol=5)
    out.write(LENGTH.pack(len(said)))
    out.write(said)
    out.flush()


def is_due(event) -> bool:
    """Whether the page's model is brought up to date, as it is from a device (see run.py)."""
    return isinstance(event, Sample) or (
        isinstance(event, TrainStep) and not event.step % COPY_EVERY)


def main(out) -> None:
    asked = read()
    limit_memory(asked['memory_bytes'])
    model, state = GPT(asked['model_config'], flat=asked['flat']), asked['state']
    end = None
    try:
        events = train(model, asked['data'], asked['config'], validation=asked['validation'],
                       sample_prompt=asked['sample_prompt'], state=state)
        for event in events:
            tell(out, event, (model.flat, state) if is_due(event) else None)
            if read() == 'rest':
                events.close()
                break
    except (MinigptError, MemoryError) as error:
        end = error
    tell(out, end, (model.flat, state))


if __name__ == '__main__':
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's
    if hasattr(os, 'nice'):
        os.nice(5)  # who looks at a page goes first
    pipe, sys.stdout = sys.stdout.buffer, sys.stderr
    try:
        main(pipe)
    except (EOFError, BrokenPipeError):
        os._exit(3)
