"""`minigpt tokenize` and `chunk`: a text as tokens, a text in pieces."""

import re
from functools import partial

from minigpt.chunking import STRATEGIES, quality
from minigpt.cli import terminal, typed
from minigpt.cli.options import add_checkpoint, add_json, given_text, loaded, print_json
from minigpt.errors import TokenizerError
from minigpt.locale import decimal, sentence
from minigpt.teach import watch
from minigpt.teach.draw import clipped, visible
from minigpt.tokenizer import text_statistics
from minigpt.tokenizer.loose_bytes import with_loose_bytes

LOOSE = re.compile('⟨[0-9a-f]{2}⟩')  # a byte that is no character
MOST_ROWS = 200  # of a table; --json has no limit


def add_tokenize_arguments(parser, say) -> None:
    parser.add_argument('text', nargs='*', metavar='TEXT', help=say('cli.tokenize.text'))
    parser.add_argument('--file', metavar='FILE', help=say('cli.tokenize.file'))
    parser.add_argument('--decode', action='store_true', help=say('cli.tokenize.decode'))
    parser.add_argument('--steps', action='store_true', help=say('cli.tokenize.steps'))
    add_checkpoint(parser, say)
    add_json(parser, say)


def run_tokenize(args) -> None:
    tokenizer, text = loaded(args).tokenizer, given_text(args.text, args.file)
    if args.decode:
        return decoded(tokenizer, text, args)
    if args.steps and args.json:
        return print_steps(tokenizer, text)
    ids = watch.encode(tokenizer, text)
    found = text_statistics(tokenizer, text)
    if args.json:
        return print_json({
            'ids': ids, 'tokens': [with_loose_bytes(tokenizer.token_bytes(i)) for i in ids],
            'characters': found.n_characters, 'bytes': found.n_bytes,
            'bytes_per_token': found.bytes_per_token, 'tokens_per_word': found.tokens_per_word})
    if args.steps:
        show_steps(tokenizer, text, args.lang)
    else:
        show_tokens(tokenizer, ids)
    say, number = partial(sentence, args.lang), partial(decimal, lang=args.lang)
    terminal.prose(say('cli.tokenize.counts', tokens=number(len(ids), 0),
                       bytes=number(found.n_bytes, 0), words=number(found.n_words, 0),
                       ratio=number(found.bytes_per_token, 2)))
    if LOOSE.search(''.join(visible(tokenizer.token_bytes(i)) for i in ids)):
        terminal.prose(say('cli.tokenize.loose'))


def decoded(tokenizer, text: str, args) -> None:
    """Ids back to text: '65 602' or '65, 602'."""
    words = text.replace(',', ' ').split()
    for word in words:
        if not word.isdecimal():
            raise TokenizerError('unknown_id', got=word, last=tokenizer.vocab_size - 1)
    back = tokenizer.decode(map(int, words))
    if args.json:
        print_json({'text': back})
    else:
        print(back)


def show_tokens(tokenizer, ids: list[int]) -> None:
    """Tokens and ids beside each other, as many to a line as fit."""
    tokens = [visible(tokenizer.token_bytes(i)) for i in ids]
    line, below = '', ''
    for token, token_id in zip(tokens, map(str, ids)):
        width = max(len(token), len(token_id))
        if len(line) + width + 2 > 78:
            print(f'{line}\n{terminal.dim(below)}\n')
            line, below = '', ''
        line, below = f'{line}{token:<{width}}  ', f'{below}{token_id:<{width}}  '
    print(f'{line}\n{terminal.dim(below)}')


def show_steps(tokenizer, text: str, lang: str) -> None:
    """Every merge on the way from bytes to tokens."""
    rows = [(step.rank + 1, visible(step.token), step.count, sum(map(len, step.words)))
            for step in tokenizer.encode_steps(text)]
    show_rows([sentence(lang, f'cli.tokenize.head.{name}') for name in (
        'merge', 'token', 'times', 'left')], rows, 'rlrr', lang)


def print_steps(tokenizer, text: str) -> None:
    """The same, a line each."""
    for step in tokenizer.encode_steps(text):
        print_json({'merge': step.rank + 1, 'token': with_loose_bytes(step.token),
                    'times': step.count, 'tokens_left': sum(map(len, step.words))})


def show_rows(head: list[str], rows: list[tuple], sides: str, lang: str) -> None:
    """A table of the first rows, and how many are left out."""
    terminal.table(head, rows[:MOST_ROWS], sides)
    if len(rows) > MOST_ROWS:
        count = decimal(len(rows) - MOST_ROWS, 0, lang)
        terminal.prose(sentence(lang, 'cli.more_rows', count=count))


def add_chunk_arguments(parser, say) -> None:
    parser.add_argument('text', nargs='*', metavar='TEXT', help=say('cli.tokenize.text'))
    parser.add_argument('--file', metavar='FILE', help=say('cli.tokenize.file'))
    parser.add_argument('--strategy', choices=tuple(STRATEGIES), default='semantic',
                        metavar='NAME', help=say('cli.chunk.strategy', names=', '.join(STRATEGIES)))
    parser.add_argument('--size', type=typed.whole(say), default=512, metavar='N',
                        help=say('cli.chunk.size'))
    parser.add_argument('--overlap', type=typed.share_or_count(say), default=0.1, metavar='O',
                        help=say('cli.chunk.overlap'))
    parser.add_argument('--tokens', action='store_true', help=say('cli.chunk.tokens'))
    add_checkpoint(parser, say)
    add_json(parser, say)


def run_chunk(args) -> None:
    text = given_text(args.text, args.file)
    tokenizer = loaded(args).tokenizer if args.tokens else None
    chunks = watch.chunks(text, args.strategy, args.size, args.overlap, tokenizer)
    if args.json:
        for number, piece in enumerate(chunks, 1):
            print_json({'number': number, 'start': piece.start, 'end': piece.end,
                        'overlap': piece.overlap, 'reason': piece.reason,
                        'tokens': piece.n_tokens, 'density': piece.density, 'text': piece.text})
        return
    say, number = partial(sentence, args.lang), partial(decimal, lang=args.lang)
    show_rows([say(f'cli.chunk.head.{name}') for name in (
        'number', 'start', 'size', 'reason', 'text')], [
        (str(i), number(piece.start, 0), number(piece.n_tokens or len(piece), 0), piece.reason,
         clipped(' '.join(piece.text.split()), 40))
        for i, piece in enumerate(chunks, 1)], 'rrrll', args.lang)
    found = quality(chunks)
    terminal.prose(say('cli.chunk.quality', chunks=number(found.count, 0),
                       mean=number(found.mean, 0), deviation=number(found.deviation, 0),
                       whole=number(100 * found.whole_sentences, 0),
                       borders=number(found.boundary_preservation, 2),
                       context=number(100 * found.context_preservation, 0)))
