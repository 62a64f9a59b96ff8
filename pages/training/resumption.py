"""A run of an earlier visit, taken up where the lab holds it."""

from dataclasses import replace

import numpy as np

from minigpt.nn import GPT
from minigpt.training import Checkpoint, Snapshots, TrainState
from pages.training.moments import Moment
from pages.training.session import Session, carried_over
from pages.training.settings import MEASURING, TRAINING, Settings


def resumed(checkpoint: Checkpoint, text: str, settings: Settings, snapshots: tuple,
            last: int | None = None) -> Session:
    """A run that a lab holds, ready to be taken up where it was saved, or at one of its snapshots.

    A lab keeps the optimizer's memory of its own model only: from a snapshot it begins anew.
    `last`: the newest moment wanted; else it is where the run was saved. Raises TextError where
    the lab's text is no longer long enough.
    """
    session = Session(text, settings, checkpoint)
    state = checkpoint.train_state
    model = GPT(checkpoint.model.config, flat=checkpoint.model.flat.copy())
    own = Checkpoint(model, checkpoint.tokenizer, {}, session.config, state)
    own.train_state = carried_over(own, session.config)
    session.material = session.material_for(own)
    session.checkpoint = own
    session.snapshots = Snapshots(snapshots)
    for step, flat in snapshots:
        if last is None or step <= last:
            session.moments.add(Moment(step, flat.astype(np.float32), forgetful(own, step)))
    if last is None or last >= session.step:
        session.moments.add(Moment.of(own))
    session.history.step = session.step
    return session


def forgetful(run: Checkpoint, step: int) -> TrainState:
    """A state after so many updates that remembers none of them."""
    state = TrainState(run.model, run.train_config)
    state.optimizer.steps = step
    state.rng = np.random.default_rng([run.train_config.seed, step])
    return state


def with_training_of(settings: Settings, wanted: Settings) -> Settings:
    """The settings of a run with the wanted ones that may change on the way."""
    names = [name for name in (*TRAINING, *MEASURING) if name != 'seed']
    return replace(settings, prompt=wanted.prompt,
                   **{name: getattr(wanted, name) for name in names})
