"""What a row of a benchmark is: the same work done in several ways, and how much work it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Work = Callable[[], object]
REFERENCES = ('torch', 'tiktoken', 'tokenizers', 'chonkie', 'langchain')  # others' libraries


@dataclass(frozen=True)
class Contest:
    """`contenders` by name, the first is what the others are compared with; None: not installed.

    `amounts`: what one run gets done, by unit ('tokens', 'characters', 'documents').
    `quality`: figures about the result that are not time or memory, by name.
    """
    contenders: Mapping[str, Work | None]
    amounts: Mapping[str, float] = field(default_factory=dict)
    quality: Mapping[str, float] = field(default_factory=dict)

    @property
    def present(self) -> dict[str, Work]:
        return {name: work for name, work in self.contenders.items() if work is not None}

    @property
    def absent(self) -> list[str]:
        return [name for name, work in self.contenders.items() if work is None]

    def without_references(self) -> 'Contest':
        """Only our own ways."""
        ours = {name: work for name, work in self.contenders.items() if name not in REFERENCES}
        return Contest(ours, self.amounts, self.quality)
