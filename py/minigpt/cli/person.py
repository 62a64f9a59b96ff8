"""Who sits at this terminal: a name, and a key that all terminals of the person share."""

import getpass
import os
import re
import secrets
import sys
from pathlib import Path

KEY = re.compile(r'[A-Za-z0-9_-]{16,64}')


def name() -> str:
    """The login name, as far as a server takes it for a name."""
    try:
        found = getpass.getuser()
    except (OSError, KeyError):  # no such user in a container
        found = ''
    return ''.join(re.findall(r'[\w .:-]', found))[:40].strip() or 'terminal'


def key() -> str:
    """The person's key from their folder of state, made at the first time; where nothing can be
    kept, one that serves this once."""
    path = folder() / 'key'
    try:
        kept = path.read_text(encoding='ascii').strip()
        if KEY.fullmatch(kept):
            return kept
    except (OSError, UnicodeDecodeError):
        pass
    made = secrets.token_urlsafe(24)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(0o600)  # nobody else may read it
        path.write_text(made, encoding='ascii')
    except OSError:
        pass
    return made


def folder() -> Path:
    """Where programs keep the state of this person."""
    if sys.platform == 'win32' and 'LOCALAPPDATA' in os.environ:
        return Path(os.environ['LOCALAPPDATA']) / 'minigpt'
    home = os.environ.get('XDG_STATE_HOME')
    return (Path(home) if home else Path.home() / '.local' / 'state') / 'minigpt'
