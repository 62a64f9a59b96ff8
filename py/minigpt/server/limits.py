"""How much of everything a client may have."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Requests are counted per address; `burst` may come at once, then `per_second`."""
    body_bytes: int = 1_000_000        # of one request
    per_second: float = 200
    burst: int = 400
    text_characters: int = 200_000     # that are tokenized or cut in one request
    new_tokens: int = 1000             # of one generation
    waiting: int = 64                  # computations that may wait for one another
    clients: int = 200                 # connections of /ws
    queue_bytes: int = 1_000_000       # that a slow one may owe
    presets: int = 200
    jobs: int = 1                      # trainings that run at once
    job_seconds: float = 6 * 3600
    job_bytes: int = 2 * 2**30         # memory of one training
    demos: int = 4                     # that run at once
