"""One operation of the REST interface: what it takes, what it gives, and what does it.

The same description checks requests, makes the OpenAPI document and is what tests hold answers to.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field


SHARED = ('modules', 'presets', 'training', 'checkpoints', 'demos')  # tags


@dataclass(frozen=True)
class Call:
    """What was asked, checked: values of the path and the query by name, the body, and who asks:
    what they call themselves, the person's key if they sent one (see clients.py), and whether they
    are on the server's own machine."""
    path: dict[str, str]
    query: dict[str, object]
    body: object
    by: str
    key: str | None = None
    local: bool = False


Run = Callable[['Server', Call], Awaitable[object] | AsyncIterator[dict]]


@dataclass(frozen=True)
class Operation:
    """`answer`: JSON Schema of what comes back; where it `streams`, of each line of NDJSON.

    `path` holds its values in braces. `query`: name → schema; none of them must be given. A query
    schema with "type" is what the text of the address is read as. `body` None: there is none.
    """
    method: str
    path: str
    name: str
    about: str
    tag: str
    run: Run
    answer: dict
    body: dict | None = None
    query: dict[str, dict] = field(default_factory=dict)
    status: int = 200
    streams: bool = False
    example: object = None  # of the body

    @property
    def needs_controls(self) -> bool:
        """Whether it changes what all look at, so that who has the controls alone may do it."""
        return self.method != 'GET' and self.tag in SHARED

    @property
    def path_names(self) -> list[str]:
        return [it[1:-1] for it in self.path.split('/') if it.startswith('{')]
