"""How much of everything a client may have."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Requests are counted per address; `burst` may come at once, then `per_second`."""
    body_bytes: int = 1_000_000        # of one request
    per_second: float = 500
    burst: int = 1000
    waiting: int = 64                  # computations that may wait for one another
    clients: int = 200                 # connections of /ws
    queue_bytes: int = 1_000_000       # that a slow one may owe
    presets: int = 200
    checkpoints: int = 100
    job_seconds: float = 6 * 3600      # of one training
    job_bytes: int = 2 * 2**30         # memory of one training
    save_seconds: float = 10           # between two snapshots of a training
    page_trainings: int = 2            # of pages computed here, at once
    demos: int = 4                     # that run at once
