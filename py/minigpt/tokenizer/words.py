"""For comparison: every word is a token. Short sequences, but a vocabulary is never large enough:
each word that training did not see is lost as `<unk>`."""

from minigpt.tokenizer.lookup import LookupTokenizer
from minigpt.tokenizer.split import checked_text, split


class WordTokenizer(LookupTokenizer):
    """The most frequent words (as GPT-2 cuts them, a space at their front) after `<unk>`."""

    @staticmethod
    def pieces(text: str) -> list[str]:
        return split(checked_text(text))
