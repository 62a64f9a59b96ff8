"""Write `unicode_tables.py`: the letters and numbers of Unicode 16, frozen.

The split patterns of GPT-2 speak of `\\p{L}` (letters) and `\\p{N}` (numbers). Every Python release
carries another edition of Unicode, so asking the running `unicodedata` would cut the same text
differently on the command line and in the browser. Run this with a Python whose `unicodedata` is
edition 16.0.0 (CPython 3.14), or with the PyPI package `unicodedata2==16.0.0` installed:

    python -m minigpt.tokenizer.make_unicode_tables
"""

import sys
from pathlib import Path

EDITION = '16.0.0'
HEADER = '''"""Letters and numbers of Unicode {edition}, as `re` character ranges. Made by make_unicode_tables.py."""

'''


def edition_16():
    """The `unicodedata` module of edition 16.0.0."""
    import unicodedata
    if unicodedata.unidata_version != EDITION:
        import unicodedata2 as unicodedata
    if unicodedata.unidata_version != EDITION:
        sys.exit(f'needs Unicode {EDITION}, found {unicodedata.unidata_version}')
    return unicodedata


def ranges(data, major_category: str) -> list[tuple[int, int]]:
    """Inclusive code point ranges whose general category starts with the letter."""
    found = []
    for code in range(sys.maxunicode + 1):
        if data.category(chr(code))[0] == major_category:
            if found and found[-1][1] == code - 1:
                found[-1] = (found[-1][0], code)
            else:
                found.append((code, code))
    return found


def as_literal(name: str, pairs: list[tuple[int, int]]) -> str:
    """A Python assignment whose string can stand between [ and ] in a regular expression."""
    parts = [f'\\U{a:08x}' if a == b else f'\\U{a:08x}-\\U{b:08x}' for a, b in pairs]
    lines = [''.join(parts[i:i + 4]) for i in range(0, len(parts), 4)]
    return f'{name} = (\n' + '\n'.join(f"    '{line}'" for line in lines) + '\n)\n'


def main():
    data = edition_16()
    target = Path(__file__).with_name('unicode_tables.py')
    target.write_text(HEADER.format(edition=EDITION) + as_literal('LETTERS', ranges(data, 'L'))
                      + '\n' + as_literal('NUMBERS', ranges(data, 'N')), encoding='ascii')


if __name__ == '__main__':
    main()
