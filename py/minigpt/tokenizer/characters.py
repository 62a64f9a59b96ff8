"""For comparison: every character is a token. A small vocabulary, but emoji and rare letters are
lost as `<unk>` unless training saw them."""

from minigpt.tokenizer.lookup import LookupTokenizer
from minigpt.tokenizer.split import checked_text


class CharacterTokenizer(LookupTokenizer):
    """The characters of the training text, most frequent first, after `<unk>`."""

    @staticmethod
    def pieces(text: str) -> list[str]:
        return list(checked_text(text))
