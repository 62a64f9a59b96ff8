"""From an expanded template to clean lines: spaces, punctuation, capitals."""

import re

SPACES = re.compile(r"[ \t]+")
BEFORE_MARK = re.compile(r" +([,.;:!?…”])")
DOUBLE_MARK = re.compile(r"([.!?…])\.")
# A sentence starts a line (perhaps after a travessão), follows a full stop, or opens a quotation.
SENTENCE_START = re.compile(r"(^(?:— )?|[.!?]”? (?:“)?|\. — |“)([a-zà-ý])", re.MULTILINE)


def polish(raw: str) -> str:
    """Tidy one story; ``//`` becomes a line break and empty lines vanish."""
    lines = (SPACES.sub(" ", line).strip() for line in raw.split("//"))
    text = "\n".join(line for line in lines if line)
    text = BEFORE_MARK.sub(r"\1", text)
    text = DOUBLE_MARK.sub(r"\1", text)
    return SENTENCE_START.sub(lambda match: match[1] + match[2].upper(), text)
