"""A small story grammar for Brazilian Portuguese.

Data flow: ``words.txt`` -> lexicon; ``common.txt`` and ``plots/*.txt`` -> template;
both -> teller (with agreement) -> polish -> one story.
"""

from .teller import Teller

__all__ = ["Teller"]
