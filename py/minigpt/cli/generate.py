"""`minigpt generate`: continue a prompt."""

import time

import numpy as np

from minigpt.backend.clock import per
from minigpt.cli import terminal, typed
from minigpt.cli.options import add_checkpoint, add_json, loaded, print_json
from minigpt.cli.streaming import write_stream
from minigpt.inference import generate
from minigpt.locale import decimal, sentence
from minigpt.teach import watch

SAMPLING = ('max_new_tokens', 'temperature', 'top_k', 'top_p', 'min_p', 'repetition_penalty')


def add_arguments(parser, say):
    parser.add_argument('prompt', nargs='?', default='Era uma vez', help=say('cli.generate.prompt'))
    add_checkpoint(parser, say)
    add_sampling(parser, say)
    add_json(parser, say)


def add_sampling(parser, say) -> None:
    """How to draw; `chat` draws the same way."""
    parser.add_argument('--max-new-tokens', type=typed.whole(say), default=120, metavar='N',
                        help=say('cli.generate.max_new_tokens'))
    parser.add_argument('--temperature', type=typed.number(say), default=0.8, metavar='T',
                        help=say('cli.generate.temperature'))
    parser.add_argument('--top-k', type=typed.whole(say), metavar='K', help=say('cli.generate.top_k'))
    parser.add_argument('--top-p', type=typed.number(say), metavar='P', help=say('cli.generate.top_p'))
    parser.add_argument('--min-p', type=typed.number(say), metavar='P', help=say('cli.generate.min_p'))
    parser.add_argument('--repetition-penalty', type=typed.number(say), metavar='R',
                        help=say('cli.generate.repetition_penalty'))
    parser.add_argument('--seed', type=typed.seed(say), metavar='N', help=say('cli.generate.seed'))


def chosen_seed(args) -> int:
    """The seed given, or a new one to be told."""
    return int(np.random.SeedSequence().entropy % 2 ** 32) if args.seed is None else args.seed


def run(args) -> None:
    checkpoint, seed = loaded(args), chosen_seed(args)
    tokenizer = checkpoint.tokenizer
    stop_ids = [] if tokenizer.end_of_text is None else [tokenizer.end_of_text]
    ids = watch.encode(tokenizer, args.prompt)
    started = time.perf_counter()
    events = watch.generation(generate(
        checkpoint.model, ids, rng=np.random.default_rng(seed), stop_ids=stop_ids,
        **{name: getattr(args, name) for name in SAMPLING}), tokenizer)
    pieces = []
    live = not args.json and not args.educational_logs  # else the log's lines cut through the text
    if live:
        print(args.prompt, end='', flush=True)
    count = write_stream(events, tokenizer, (lambda piece: print(piece, end='', flush=True))
                         if live else pieces.append)
    speed = per(count, time.perf_counter() - started)
    if args.json:
        print_json({'prompt': args.prompt, 'text': ''.join(pieces), 'tokens': count, 'seed': seed,
                    'tokens_per_second': speed})
        return
    print('' if live else args.prompt + ''.join(pieces))
    terminal.note(sentence(args.lang, 'cli.generate.done', tokens=count, seed=seed,
                           speed=decimal(speed, 0, args.lang)))
