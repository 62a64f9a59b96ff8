"""The state on disk: one folder, each file whole or not at all, so that a crash loses little.

    state.json            parameters, presets, the training's status, which lab is in use
    journal-SEQ.jsonl     what happened since it was written, see journal.py
    lab-SEQ.safetensors   that lab, unless it is the shipped one
    training/             the folder of the training, see training_worker.py
    checkpoints/          labs that may be loaded by name

Numbers of events are never used twice, though a machine without power may lose the journal's end:
state.json reserves more than will be used until it is written again, and a state that goes on
begins behind all that were reserved.
"""

import asyncio
import json
import logging
from pathlib import Path

from minigpt.errors import Flaw, Refused, ServerError, flaw
from minigpt.formats.atomic import write_atomically
from minigpt.lab import Lab, shipped_lab
from minigpt.server.journal import Journal
from minigpt.server.state import State

STATE, LABS, LOCK = 'state.json', 'lab-*.safetensors', '.lock'
FORMAT = 1
NOTHING = {'seq': 0, 'reserved': 0, 'lab': None, 'presets': {}, 'training': None, 'parameters': {}}
LOG = logging.getLogger(__name__)
RESERVED = 100_000
AGAIN = 5.0  # seconds until what could not be written is tried again
PAUSE = 0.3  # seconds between a change and its being written, for others to come along


class Store:
    """`presets`: name → what is kept of it; whoever changes it tells the state."""

    def __init__(self, folder: Path):
        self.folder = Path(folder)
        self.journal = Journal(self.folder)
        self.presets: dict[str, dict] = {}
        self.training: dict | None = None  # as it was when the state was written
        self._lab_file: str | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._writing = asyncio.Lock()
        self._lock = None
        self.state: State | None = None

    @property
    def training_folder(self) -> Path:
        return self.folder / 'training'

    @property
    def checkpoints(self) -> Path:
        return self.folder / 'checkpoints'

    def open(self) -> State:
        """The state that was left here, or a new one; ServerError names a file that is damaged, or
        says that another server uses the folder."""
        for it in (self.folder, self.training_folder, self.checkpoints):
            it.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(self.folder / LOCK)
        for half in (*self.folder.glob('.*-*'), *self.training_folder.glob('.*-*')):
            half.unlink(missing_ok=True)  # what a crash left half written
        self.state = self._read(self.folder / STATE)
        self.state.watch(self._heard)
        return self.state

    def _read(self, path: Path) -> State:
        try:
            kept = json.loads(path.read_text(encoding='utf-8')) if path.exists() else (
                {'format': FORMAT} | NOTHING)
            if kept['format'] != FORMAT:
                raise Flaw('flaw.other_format', got=kept['format'])
            self._lab_file = kept['lab']
            parameters = dict(kept['parameters'])
            self.presets, self.training = dict(kept['presets']), kept['training']
            seq = self._replay(kept.get('seq', 0), parameters)
            lab = Lab.load(self.folder / self._lab_file) if self._lab_file else shipped_lab()
            state = State(lab, seq=max(seq, int(kept['reserved'])))
            state.restore(parameters)
        except (OSError, ValueError, KeyError, TypeError) as error:
            reason = Refused(error) if isinstance(error, OSError) else flaw(error)
            raise ServerError('state_unreadable', path=path, reason=reason) from error
        return state

    def _replay(self, seq: int, parameters: dict[str, dict]) -> int:
        """Take up what happened after `seq`; returns the last number. A lab that was not written is
        lost, and with it what its training said: that goes on and comes to its end again."""
        lab_is_lost = False
        for event in self.journal.events(seq):
            seq = event['seq']
            if event['type'] == 'change':
                parameters[event['module']] = (parameters.get(event['module'], {})
                                               | event['values'])
            elif event['type'] == 'presets':
                self.presets = event['kept']
            elif event['type'] == 'lab':
                lab_is_lost = not event['lab']['shipped']
                self._lab_file = self._lab_file if lab_is_lost else None
            elif event['type'] == 'training' and not lab_is_lost:
                self.training = event['training']
        return seq

    # Writing

    def _heard(self, event: dict) -> None:
        """Note it at once; write all of it soon, and a lab without delay."""
        self.journal.note(event | {'kept': self.presets} if event['type'] == 'presets' else event)
        if event['type'] == 'lab':
            self._lab_file = None  # written with the state
            self._write_in(0)
        else:
            self._write_in(PAUSE)

    def _write_in(self, seconds: float) -> None:
        """Write what there is then, unless that is due already."""
        if self._timer and not seconds:
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._begin)

    def _begin(self) -> None:
        self._timer = None
        self._task = asyncio.ensure_future(self._try())

    async def _try(self) -> None:
        """Write; where the disk does not take it, say so."""
        try:
            await self.save()
        except OSError as error:
            LOG.warning('cannot write %s: %s', self.folder, error.strerror or error)

    async def save(self, reserved: int = RESERVED) -> None:
        """Write all of it now; after an OSError it is tried again later."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        async with self._writing:
            state, lab = self.state, self.state.lab
            if lab is shipped_lab():
                self._lab_file, new = None, None
            elif self._lab_file is None:
                self._lab_file = new = f'lab-{state.seq}.safetensors'
            else:
                new = None
            self.journal.turn_over()
            seq = state.seq
            kept = {'format': FORMAT, 'seq': seq, 'reserved': seq + reserved, 'lab': self._lab_file,
                    'presets': self.presets, 'training': state.training,
                    'parameters': state.snapshot()['parameters']}
            text = json.dumps(kept, ensure_ascii=False, indent=1)
            try:
                await asyncio.to_thread(self._write, text, lab if new else None, new)
            except OSError:
                self._lab_file = None
                self._write_in(AGAIN)
                raise
            self.journal.forget(seq)

    def _write(self, text: str, lab: Lab | None, name: str | None) -> None:
        """The lab first: a state never speaks of one that is not there."""
        if lab:
            lab.save(self.folder / name)
        write_atomically(self.folder / STATE, text.encode('utf-8'))
        named = json.loads(text)['lab']
        for path in self.folder.glob(LABS):
            if path.name != named:
                path.unlink(missing_ok=True)

    async def close(self, _reason: str = '') -> None:
        """Write what there is; the next life goes on at the next number."""
        try:
            await self.save(reserved=0)
        finally:
            self.journal.turn_over()
            self._lock.close()


def _locked(path: Path):
    """The open file while this process has the folder; ServerError where another has it."""
    file = path.open('w')
    try:
        import fcntl
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:  # Windows has no flock; two servers on one port are refused anyway
        pass
    except OSError as error:
        file.close()
        raise ServerError('folder_in_use', path=path.parent) from error
    return file
