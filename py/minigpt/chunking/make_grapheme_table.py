"""Write `grapheme_table.py`: the combining marks of Unicode 16, frozen.

A mark (general category M: accents, vowel signs, variation selectors) belongs to the character
before it. As with the tokenizer's tables, asking the running `unicodedata` would cut the same text
differently on another Python. Run this with CPython 3.14, or with `unicodedata2==16.0.0`:

    python -m minigpt.chunking.make_grapheme_table
"""

from pathlib import Path

from minigpt.tokenizer.make_unicode_tables import EDITION, as_literal, edition_16, ranges


def main():
    head = (f'"""Combining marks of Unicode {EDITION}, as `re` ranges. '
            'Made by make_grapheme_table.py."""')
    target = Path(__file__).with_name('grapheme_table.py')
    target.write_text(f'{head}\n\n' + as_literal('MARKS', ranges(edition_16(), 'M')),
                      encoding='ascii')


if __name__ == '__main__':
    main()
