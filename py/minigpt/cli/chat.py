"""`minigpt chat`: take turns with the model, which continues what stands there.

It is no assistant: it writes on, in the way of its corpus. Each turn sees the whole conversation,
as far as it fits the context.
"""

import sys
from functools import partial

import numpy as np

from minigpt.cli import terminal
from minigpt.cli.generate import SAMPLING, add_sampling, chosen_seed
from minigpt.cli.options import add_checkpoint, add_json, loaded, print_json
from minigpt.inference import generate_text
from minigpt.locale import sentence


def add_arguments(parser, say):
    add_checkpoint(parser, say)
    add_sampling(parser, say)
    add_json(parser, say)
    parser.set_defaults(max_new_tokens=40)


def run(args) -> int:
    """Read lines until the input ends or /quit; /new forgets what was said."""
    say, checkpoint, seed = partial(sentence, args.lang), loaded(args), chosen_seed(args)
    rng, said = np.random.default_rng(seed), ''
    sys.stdin.reconfigure(encoding='utf-8', errors='replace')
    live = sys.stdin.isatty()
    terminal.note(say('cli.chat.welcome', seed=seed))
    while line := next_line(live):
        words = line.strip()
        if words == '/quit':
            break
        if words == '/new':
            said = ''
            terminal.note(say('cli.chat.forgotten'))
        elif words:
            said = turn(f'{said} {words}'.strip(), words, checkpoint, rng, args)
    return 0


def next_line(live: bool) -> str:
    """What was typed, '' at the end of the input."""
    if live:
        print(terminal.bold('> '), end='', flush=True)
    return sys.stdin.readline()


def turn(said: str, words: str, checkpoint, rng, args) -> str:
    """Let the model write on; what has been said then."""
    model, tokenizer = checkpoint.model, checkpoint.tokenizer
    room = max(1, model.config.block_size - args.max_new_tokens)
    prompt = tokenizer.decode(tokenizer.encode(said)[-room:])
    settings = {name: getattr(args, name) for name in SAMPLING}
    pieces = []
    for piece in generate_text(model, tokenizer, prompt, stops=['\n'], rng=rng, **settings):
        pieces.append(piece)
        if not args.json:
            print(piece, end='', flush=True)
    answer = ''.join(pieces)
    if args.json:
        print_json({'prompt': words, 'text': answer})
    else:
        print()
    return said + answer
