"""The runs of the reader so far: kept in the lab's settings, and told apart in words."""

import hashlib
import math
from dataclasses import asdict, dataclass, field, fields, replace

from pages.training.history import History
from pages.training.kept_curves import NO_CURVES, curves_of, history_of, sound
from pages.training.samples import MOST as MOST_SAMPLES
from pages.training.samples import Written
from pages.training.session import HELD_OUT, Session
from pages.training.settings import CONTROLS, Settings, read_settings, write_settings

KEY = 'runs'     # in the lab's settings
MOST = 6         # runs kept
NAME = 40        # characters
SAMPLE = 200     # characters of a sample kept


@dataclass(frozen=True)
class Run:
    """A run's settings, as a link carries them, and how it went.

    `text`: a short hash of its text, whose length is `characters`. `curves`: 'loss' (smoothed),
    'validation' and others, see kept_curves. `branches`: updates where it was put back or changed.
    `samples`: what it wrote on its way, [step, prompt, text, loss or None] each. `held_out`: as the
    session's; empty in older files.
    """
    id: int
    name: str
    settings: dict
    text: str
    characters: int
    vocab_size: int
    step: int = 0
    parameters: int = 0
    curves: dict = field(default_factory=dict)
    samples: list = field(default_factory=list)
    branches: list = field(default_factory=list)
    held_out: str = ''

    @property
    def own_settings(self) -> Settings:
        return read_settings(self.settings)

    def history(self) -> History:
        """Its curves, as far as they are kept."""
        return history_of(self.curves, self.step)

    def written(self) -> list[Written]:
        """What it wrote on its way."""
        return [Written(*it) for it in self.samples]

    def last(self, curve: str) -> float | None:
        values = self.curves.get(curve, [[], []])[1]
        return values[-1] if values else None


FIELDS = {it.name for it in fields(Run)}  # another version's file may have others


def run_of(session: Session, number: int, name: str) -> Run:
    """What is worth keeping of a session."""
    checkpoint, history = session.checkpoint, session.history
    return Run(number, name, write_settings(session.settings), text_id(session.text),
               len(session.text), checkpoint.model.config.vocab_size if checkpoint else 0,
               session.step, checkpoint.model.n_params if checkpoint else 0,
               curves_of(history), [_kept(it) for it in session.samples], session.branches[-5:],
               session.held_out)


def _kept(sample: Written) -> list:
    loss = sample.loss
    return [sample.step, sample.given[-SAMPLE:], sample.text[:SAMPLE],
            None if loss is None or not math.isfinite(loss) else float(f'{loss:.5g}')]


def text_id(text: str) -> str:
    """A short name for a text, the same everywhere."""
    return hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:8]


def read_runs(settings: dict) -> list[Run]:
    """The runs that a lab's settings keep, whoever wrote its file: what is none is passed over."""
    kept = settings.get(KEY)
    found = []
    for entry in kept if isinstance(kept, list) else []:
        try:
            run = Run(**{name: value for name, value in entry.items() if name in FIELDS})
            curves = sound(run.curves)
            if curves and _is_sound(run):
                held_out = run.held_out if run.held_out in HELD_OUT else ''
                found.append(replace(run, curves=curves, held_out=held_out))
        except (TypeError, ValueError, AttributeError):
            continue
    return found[-MOST:]


def _is_sound(run: Run) -> bool:
    numbers = (run.id, run.characters, run.vocab_size, run.step, run.parameters)
    strings = (run.name, run.text, *run.settings.values(), *run.settings)
    return (all(isinstance(it, int) and it >= 0 for it in (*numbers, *run.branches))
            and all(isinstance(it, str) for it in strings)
            and len(run.samples) <= MOST_SAMPLES and all(map(_is_sample, run.samples)))


def _is_sample(entry) -> bool:
    step, given, text, loss = entry
    return (isinstance(step, int) and step >= 0 and isinstance(given, str) and isinstance(text, str)
            and (loss is None or isinstance(loss, (int, float)) and 0 <= loss < math.inf))


def write_runs(runs: list[Run]) -> list[dict]:
    """As JSON can hold them."""
    return [asdict(run) for run in runs]


def renamed(run: Run, name: str) -> Run:
    return replace(run, name=' '.join(name.split())[:NAME] or run.name)


def differences(run: Run, other: Run) -> list[tuple[str, str, str]]:
    """What sets a run apart from another: (setting, the other's value, its own); the text, too."""
    ours, theirs = run.own_settings, other.own_settings
    found = [('text', str(other.characters), str(run.characters))] if run.text != other.text else []
    return found + [(name, control.write(getattr(theirs, name)), control.write(getattr(ours, name)))
                    for name, control in CONTROLS.items()
                    if getattr(ours, name) != getattr(theirs, name)]


def at_same_update(run: Run, other: Run) -> tuple[int, float, float] | None:
    """The last update that both reached, and the held-out loss of each there (or of the text
    learnt, where nothing was held out); None where there is none."""
    for name in ('validation', 'loss'):
        mine = dict(zip(*run.curves.get(name, [[], []])))
        theirs = dict(zip(*other.curves.get(name, [[], []])))
        common = mine.keys() & theirs.keys()
        if common:
            step = max(common)
            return step, mine[step], theirs[step]
    return None
