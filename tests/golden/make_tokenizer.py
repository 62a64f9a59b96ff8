"""Golden ids of Hugging Face `tokenizers` and tiktoken: `python -m tests.golden.make_tokenizer`.

Writes tests/golden/tokenizer.json: tokenizers that Hugging Face trained, a rank file, and hashes of
the ids both libraries give for tests/tokenizer/strings.py. With `--live` it writes nothing and
compares minigpt with both libraries instead, on those strings and on every character of Unicode;
with `--ranks FILE` also on a real rank file, such as `cl100k_base.tiktoken`.
"""

import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path

import tiktoken
from tiktoken_ext import openai_public
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from minigpt.tokenizer import BPETokenizer
from minigpt.tokenizer.tokenizer_json import GPT4, GPT4_2022
from tests.tokenizer.strings import SAMPLE, strings

TARGET = Path(__file__).with_name('tokenizer.json')
GROUP = 500  # strings per hash, so that a mismatch says where
SPECIAL = ['<|endoftext|>', '<|end|>', '<|endoftext|>2']


def tiktoken_pattern(pattern: str) -> str:
    """tiktoken's own regular expression; `cl100k_base` holds its inside, so as not to need a
    download of its ranks it is read from the function's constants."""
    if pattern != 'gpt4':
        return {'gpt2': openai_public.r50k_pat_str, 'gpt4-2022': GPT4_2022}[pattern]
    constants = openai_public.cl100k_base.__code__.co_consts
    texts = [c for c in constants if isinstance(c, str)] + [
        c for group in constants if isinstance(group, tuple) for c in group if isinstance(c, str)]
    return next(text for text in texts if r'\p{N}{1,3}' in text)


def pre_tokenizer(pattern: str):
    """Hugging Face's pre-tokenizer for one of our pattern names."""
    if pattern == 'gpt2':
        return pre_tokenizers.ByteLevel(add_prefix_space=False)
    regex = {'gpt4': GPT4, 'gpt4-2022': GPT4_2022}[pattern]
    return pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(regex), 'isolated'),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def trained(pattern: str, vocab_size: int, special=()) -> Tokenizer:
    """A byte-level BPE as Hugging Face trains it on the sample."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer(pattern)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator([SAMPLE], trainers.BpeTrainer(
        vocab_size=vocab_size, special_tokens=list(special), show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    return tokenizer


def tiktoken_of(tokenizer: BPETokenizer) -> tiktoken.Encoding:
    """The same vocabulary in tiktoken."""
    special = tokenizer.special_tokens
    ranks = {token: i for i, token in enumerate(tokenizer._bytes)
             if token is not None and i not in special.values()}
    return tiktoken.Encoding('x', pat_str=tiktoken_pattern(tokenizer.pattern),
                             mergeable_ranks=ranks, special_tokens=special)


def hashes(lists_of_ids) -> list[str]:
    """One short hash for each group of lists."""
    rows = [json.dumps(ids) for ids in lists_of_ids]
    return [hashlib.sha256('\n'.join(rows[i:i + GROUP]).encode()).hexdigest()[:16]
            for i in range(0, len(rows), GROUP)]


def rank_lines(tokenizer: BPETokenizer) -> str:
    """The vocabulary as a tiktoken rank file."""
    return ''.join(f'{base64.b64encode(token).decode()} {i}\n'
                   for i, token in enumerate(tokenizer._bytes[:-len(tokenizer.special_tokens)
                                                               or None]))


def make(pattern: str) -> dict:
    """The golden row of a pattern; stops if the two libraries do not agree."""
    reference = trained(pattern, 700)
    reference.add_special_tokens(SPECIAL)
    text = reference.to_str()
    other = tiktoken_of(BPETokenizer.from_json(text))
    found = []
    for string in strings():
        ids = reference.encode(string).ids
        if other.encode(string) != ids:
            sys.exit(f'{pattern}: tokenizers and tiktoken differ on {string!r}')
        found.append(ids)
    return {'tokenizer': text, 'hashes': hashes(found)}


def main() -> None:
    rows = {pattern: make(pattern) for pattern in ('gpt2', 'gpt4', 'gpt4-2022')}
    ranks = rank_lines(BPETokenizer.from_json(trained('gpt4', 700).to_str()))
    training = json.loads(trained('gpt2', 900).to_str())['model']['merges']
    TARGET.write_text(json.dumps({'patterns': rows, 'ranks': ranks, 'training': training}),
                      encoding='ascii')
    print(f'{TARGET.name}: {TARGET.stat().st_size} bytes, {len(strings())} strings')


def every_character() -> list[str]:
    """Each character of Unicode next to letters, numbers, an apostrophe and white space."""
    return [f"a{chr(code)}b 1{chr(code)}'{chr(code)} {chr(code)}\n"
            for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]


def compare(name: str, ours: BPETokenizer, texts: list[str]) -> int:
    """How many strings get other ids than in tiktoken and in tokenizers reading our file."""
    other, reference = tiktoken_of(ours), Tokenizer.from_str(ours.to_json())
    found = [ours.encode(text, 'allow') for text in texts]
    theirs = [encoding.ids for encoding in reference.encode_batch(texts)]
    mismatches = sum(a != b or a != c for a, b, c in zip(
        found, theirs, other.encode_batch(texts, allowed_special='all')))
    lost = sum(ours.decode(ids) != text for ids, text in zip(found, texts))
    print(f'{name}: {len(texts)} strings, {mismatches} mismatches, {lost} lost')
    return mismatches + lost


def live(ranks: str | None) -> int:
    """Compare everything, print the counts, return how many strings went wrong."""
    wrong = 0
    texts = strings() + [f'a{name} {name}\n{name[:-1]}' for name in SPECIAL]
    for pattern in ('gpt2', 'gpt4', 'gpt4-2022'):
        reference = trained(pattern, 700)
        reference.add_special_tokens(SPECIAL)
        wrong += compare(f'{pattern}, trained by tokenizers',
                         BPETokenizer.from_json(reference.to_str()), texts)
        wrong += compare(f'{pattern}, trained by minigpt', BPETokenizer.train(
            SAMPLE, 700, SPECIAL, pattern=pattern), texts + every_character())
    if ranks:
        wrong += compare(ranks, BPETokenizer.from_tiktoken(
            ranks, special_tokens={'<|endoftext|>': 100257, '<|endofprompt|>': 100276}), texts)
    return wrong


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--live', action='store_true', help='compare instead of writing')
    parser.add_argument('--ranks', help='a real tiktoken rank file to compare on as well')
    args = parser.parse_args()
    if args.live:
        sys.exit(live(args.ranks) > 0)
    main()
