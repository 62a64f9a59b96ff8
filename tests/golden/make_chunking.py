"""Grapheme borders as the package `regex` (transformers needs it) finds them: chunking.json."""

import json
import random
from pathlib import Path

# Characters of every kind that the rules speak of, and pairs that often meet.
PIECES = [
    'a', 'é', 'e\u0301', ' ', '\n', '\r\n', '\r', '\t', '.', '\u0301', '\u0327', '\u200d', '\u200c',
    '\ufe0f', '\U0001f468', '\U0001f469\u200d\U0001f467', '\U0001f3fd', '❤', '☎\ufe0f',
    '\U0001f1e7', '\U0001f1f7', '\U0001f3f4\U000e0067\U000e007f', 'ᄀ', 'ᅡ', 'ᆨ', '가', '각',
    'क', '\u094d', 'ष', 'ि', '\u0bcd', 'ก', 'ำ', '\u0600', '١', 'א', 'ּ', '\u2028', '\x00', '中',
    '\uff9e', '\U00011f02', '\U000110bd', '1\ufe0f\u20e3']


def main():
    import regex
    rng, cases = random.Random(20), []
    for _ in range(400):
        text = ''.join(rng.choices(PIECES, k=rng.randint(2, 12)))
        cases.append([text, [match.end() for match in regex.finditer(r'\X', text)]])
    target = Path(__file__).with_name('chunking.json')
    target.write_text(json.dumps({'graphemes': cases}), encoding='ascii')


if __name__ == '__main__':
    main()
