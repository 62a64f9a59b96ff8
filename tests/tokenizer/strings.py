"""More than ten thousand strings made to hurt a tokenizer, the same on every machine.

Every border of Unicode's letters, numbers and white space stands in a few surroundings; the rest is
drawn from hostile alphabets. Only `random.Random.random` is used: Python promises its sequence.
"""

import random
import re

from minigpt.tokenizer.split import WHITE_SPACE
from minigpt.tokenizer.unicode_tables import LETTERS, NUMBERS

SAMPLE = '''\
O menino não dormiu; a menina, porém, dormiu cedo. "Corações, maçãs e pães!", disse a avó — e riu…
Era uma vez um gato chamado Mingau, que vivia na Rua das Laranjeiras, nº 42, às 7h30 da manhã.
It's a dog's life, they'd said; we'll see, I'm sure you've been there. DON'T SHOUT, IT'S LATE!
The quick brown fox jumps over 13 lazy dogs; 1234567890 times, 3.14159 of them at 50%.

\tdef soma(a, b):\r\n\t    return a + b  # soma\r\n\r\n\r\n    if (x != y) { z[0] += 1; }   \n
Здравствуй, мир! Γειά σου Κόσμε. 你好，世界。こんにちは世界！ مرحبا بالعالم ١٢٣ नमस्ते दुनिया १२३ ½ ² Ⅷ
🙂🙃👩‍👩‍👧‍👦 🇧🇷 e\u0301 n\u0303 a\u0303o \u200b\u200d\ufeff 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝟘𝟙𝟚 𐐷𐐀 'ſ ’s ﬁm  fim\u00a0da\u2003linha.
'''
ALPHABETS = [
    'abc ABC', "a' sStTdDmMrReEvVlLſ", 'ãõçéê -—…!?', '0123456789 ١२½²Ⅷa', ' \t\n\r\x0b\x0c\x85\xa0x',
    ' \n\r', 'a \u2003\u2028\u3000\u200b\x1c\x1d\x1e\x1f.', '你好世界，。 a1', '🙂👩\u200d👧🇧🇷 e\u0301!', '𝔘𐐷𝟘😀a 1\n',
    '()[]{}<>/\\|@#$%^&*_+=~` a1\n', SAMPLE]
SURROUNDINGS = ['{0}', 'a{0}b', ' {0}{0} 1', "1{0}2's {0}", '\n{0} \n {0}  ']


def borders() -> list[str]:
    """The characters on both sides of each border of letters, numbers and white space."""
    codes = set()
    for table in (LETTERS, NUMBERS, WHITE_SPACE):
        for part in re.findall('.(?:-.)?', table, re.DOTALL):
            codes |= {ord(part[0]) - 1, ord(part[0]), ord(part[-1]), ord(part[-1]) + 1}
    return [chr(code) for code in sorted(codes) if not 0xD800 <= code < 0xE000]


def strings(n_random: int = 8000) -> list[str]:
    """The whole list: each border in turn in one surrounding, then random strings."""
    found = [SURROUNDINGS[i % len(SURROUNDINGS)].format(character)
             for i, character in enumerate(borders())]
    rng = random.Random(2024)
    for i in range(n_random):
        alphabet = ALPHABETS[i % len(ALPHABETS)]
        length = int(rng.random() * 40)
        found.append(''.join(alphabet[int(rng.random() * len(alphabet))] for _ in range(length)))
    return found
