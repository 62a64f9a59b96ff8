"""The process that trains: python -m minigpt.server.training_worker FOLDER

    FOLDER/job.json           what to do: parameters, limits
    FOLDER/origin.safetensors the lab whose text, and perhaps model, it begins with
    FOLDER/run.safetensors    the run so far, a lab to resume from; written whole or not at all
    FOLDER/events.jsonl       all that happened, up to where the run is

Each event is a line of JSON on stdout. A line on stdin asks for rest: the run is saved after the
update in hand. The end of stdin means that the server is gone, and so is this process, at once.
"""

import contextlib
import json
import os
import signal
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from minigpt.errors import MinigptError, ServerError, TextError
from minigpt.lab import Lab
from minigpt.nn.model import GPT
from minigpt.server.training_plan import model_config, train_config
from minigpt.training import Checkpoint, Sample, Snapshots, TrainState, TrainStep, train
from minigpt.training.checkpoint import progress
from minigpt.training.event_log import entry
from minigpt.training.preparation import (material, new_run, sample_prompt, split_text, vocabulary,
                                          vocabulary_steps)

RUN, ORIGIN, JOB, EVENTS = 'run.safetensors', 'origin.safetensors', 'job.json', 'events.jsonl'
TOLD_EVERY = 50  # merges of a vocabulary


class Worker:
    """One run of one job, from where the folder says it is."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.job = json.loads((folder / JOB).read_text(encoding='utf-8'))
        self.values = self.job['settings']
        self.rest = threading.Event()
        self.began = self.saved = time.monotonic()

    def tell(self, event: str, **what) -> None:
        print(json.dumps({'event': event, **what}), flush=True)

    def run(self) -> None:
        """Begin or go on, until the end, a rest or a limit."""
        earlier = (Lab.load(self.folder / RUN) if (self.folder / RUN).exists() else None)
        lab = earlier or Lab.load(self.folder / ORIGIN)
        self.corpus = lab.corpus
        training, held_out = split_text(self.corpus)
        self.checkpoint = lab.checkpoint if earlier else self.begun(lab, training)
        if self.checkpoint is None:  # asked to rest while it learnt the vocabulary
            self.tell('rested', step=0)
            return
        self.snapshots = Snapshots(lab.snapshots if earlier else ())
        config = self.checkpoint.model.config
        use = material(training, held_out, self.checkpoint.tokenizer, config.block_size)
        if len(use.data) <= config.block_size:  # too short to hold anything out
            use = material([*training, *held_out], [], self.checkpoint.tokenizer,
                           config.block_size)
        if len(use.data) <= config.block_size:
            raise TextError('text_too_short', got=len(use.data), need=config.block_size + 1)
        self.train(use)

    def begun(self, lab: Lab, training: list[str]) -> Checkpoint | None:
        """A new run: the lab's model with a fresh optimizer, or a vocabulary and a new model."""
        plan = train_config(self.values)
        config = model_config(self.values, lab)
        if self.values['origin'] == 'lab':
            model = GPT(config, flat=lab.model.flat.copy())
            return Checkpoint(model, lab.tokenizer, {}, plan, TrainState(model, plan))
        merges = []
        for merge in vocabulary_steps(training, config.vocab_size):
            merges.append(merge)
            if not len(merges) % TOLD_EVERY:
                self.tell('vocabulary', tokens=257 + len(merges))
            if self.rest.is_set():
                return None
        return new_run(vocabulary(merges), config, plan)

    def train(self, use) -> None:
        """The updates, each told, and kept every so often."""
        checkpoint = self.checkpoint
        prompt = sample_prompt(self.values['prompt'], checkpoint.tokenizer,
                               checkpoint.model.config.block_size)
        events = train(checkpoint.model, use.data, checkpoint.train_config,
                       validation=use.validation, sample_prompt=prompt,
                       state=checkpoint.train_state)
        self.snapshots.offer(self.step, checkpoint.model.flat)
        with self.log() as log:
            for event in events:
                line = entry(event, checkpoint.tokenizer)
                print(json.dumps(line, ensure_ascii=False), file=log)
                self.tell(**line)
                if not self.is_whole(event):
                    continue
                self.snapshots.offer(self.step, checkpoint.model.flat)
                if self.rest.is_set() or self.is_late():
                    self.save(log)
                    self.tell('rested' if self.rest.is_set() else 'out_of_time', step=self.step)
                    events.close()
                    return
                if time.monotonic() - self.saved >= self.job['save_seconds']:
                    self.save(log)
            self.save(log)
        self.tell('ended', step=self.step)

    @property
    def step(self) -> int:
        return self.checkpoint.train_state.step

    def is_whole(self, event) -> bool:
        """Whether the run may be left here: an update is followed by its evaluation and sample."""
        plan = self.checkpoint.train_config
        if isinstance(event, TrainStep):
            return event.step % plan.eval_every != 0 and event.step != plan.steps
        return isinstance(event, Sample)

    def is_late(self) -> bool:
        return time.monotonic() - self.began >= self.job['seconds_left']

    def log(self):
        """The file of events, without those that happened after the state it goes on from."""
        path = self.folder / EVENTS
        # Not splitlines(): a sample may hold what that takes for a line's end.
        lines = path.read_text(encoding='utf-8').split('\n') if path.exists() else []
        kept = [it for it in lines if _step_of(it) <= self.step]
        path.write_text(''.join(f'{it}\n' for it in kept), encoding='utf-8')
        return path.open('a', encoding='utf-8')

    def save(self, log) -> None:
        """The run as it is, to resume from and to look at."""
        log.flush()
        checkpoint = self.checkpoint
        notes = checkpoint.metadata | progress(checkpoint.train_state)
        earlier = tuple(it for it in self.snapshots.kept if it[0] < self.step)
        Lab(replace(checkpoint, metadata=notes), self.corpus, self.job['name'],
            snapshots=earlier).save(self.folder / RUN)
        self.saved = time.monotonic()
        self.tell('saved', step=self.step)


def _step_of(line: str) -> float:
    """The update of a line; infinite where a crash cut the line."""
    try:
        return json.loads(line)['step']
    except (ValueError, KeyError, TypeError):
        return np.inf


def listen(worker: Worker) -> None:
    """Rest at the first line; without a server there is nobody to work for."""
    for _ in sys.stdin:
        worker.rest.set()
    os._exit(3)


def limit_memory(most: int) -> None:
    """Refuse memory beyond what the process has now and `most` bytes more, where that is known."""
    try:
        import resource

        import psutil
    except ImportError:  # Windows
        return
    limit = psutil.Process().memory_info().vms + most
    with contextlib.suppress(OSError, ValueError):  # macOS
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def main(folder: str) -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's, which asks for rest
    worker = Worker(Path(folder))
    if hasattr(os, 'nice'):
        os.nice(5)  # who looks at a page goes first
    threading.Thread(target=listen, args=(worker,), daemon=True).start()
    limit_memory(worker.job['memory_bytes'])
    try:
        worker.run()
    except MinigptError as error:
        worker.tell('failed', code=error.key, pt=error.in_language('pt'),
                    en=error.in_language('en'))
        return 1
    except MemoryError:
        error = ServerError('training_memory', most=worker.job['memory_bytes'] // 2**20)
        worker.tell('failed', code=error.key, pt=error.in_language('pt'),
                    en=error.in_language('en'))
        return 1
    return 0


if __name__ == '__main__':
    sys.stdout.reconfigure(encoding='utf-8')
    code = main(sys.argv[1])
    sys.stdout.flush()
    os._exit(code)  # the thread that listens would wait for stdin
