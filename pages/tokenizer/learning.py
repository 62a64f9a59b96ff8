"""A vocabulary of the reader's own while it is learnt: merge by merge, paused and gone on with."""

from collections.abc import Iterator

from minigpt.tokenizer import END_OF_TEXT, BPETokenizer, Merge

SIZES = range(258, 8001)  # tokens: 256 bytes, the end of text, and at least one merge


class Learning:
    """`merges` learnt so far from a corpus; `open` while there may be more to learn."""

    def __init__(self, corpus: str, size: int):
        """Aim at `size` tokens, bytes and the end-of-text token included. TextError when empty."""
        self.merges: list[Merge] = []
        self.open = True
        self._steps = BPETokenizer.train_steps(corpus, size - 1)

    def steps(self) -> Iterator[Merge]:
        """Learn on to the end; closing the iterator pauses."""
        while merge := self.step():
            yield merge

    def step(self) -> Merge | None:
        """Learn one merge more, or None where there is none."""
        merge = next(self._steps, None)
        if merge:
            self.merges.append(merge)
        self.open = merge is not None
        return merge

    def tokenizer(self) -> BPETokenizer:
        """The vocabulary as it is now."""
        return BPETokenizer((merge.pair for merge in self.merges), [END_OF_TEXT])
