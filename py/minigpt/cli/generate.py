"""`minigpt generate`: continue a prompt."""

import sys
import time

import numpy as np

from minigpt import shipped
from minigpt.cli.streaming import write_stream
from minigpt.cli.terminal import dim
from minigpt.inference import generate
from minigpt.locale import decimal, sentence
from minigpt.training import Checkpoint


def add_arguments(parser, say):
    parser.add_argument('prompt', nargs='?', default='Era uma vez', help=say('cli.generate.prompt'))
    parser.add_argument('--checkpoint', metavar='FILE', help=say('cli.checkpoint'))
    parser.add_argument('--max-new-tokens', type=int, default=120, metavar='N',
                        help=say('cli.generate.max_new_tokens'))
    parser.add_argument('--temperature', type=float, default=0.8, help=say('cli.generate.temperature'))
    parser.add_argument('--top-k', type=int, metavar='K', help=say('cli.generate.top_k'))
    parser.add_argument('--top-p', type=float, metavar='P', help=say('cli.generate.top_p'))
    parser.add_argument('--seed', type=int, help=say('cli.generate.seed'))


def run(args) -> None:
    checkpoint = Checkpoint.load(args.checkpoint) if args.checkpoint else shipped.load()
    model, tokenizer = checkpoint.model, checkpoint.tokenizer
    seed = np.random.SeedSequence().entropy % 2 ** 32 if args.seed is None else args.seed
    stop_ids = [] if tokenizer.end_of_text is None else [tokenizer.end_of_text]
    started = time.perf_counter()
    events = generate(model, tokenizer.encode(args.prompt), max_new_tokens=args.max_new_tokens,
                      temperature=args.temperature, top_k=args.top_k, top_p=args.top_p,
                      rng=np.random.default_rng(seed), stop_ids=stop_ids)
    print(args.prompt, end='', flush=True)
    count = write_stream(events, tokenizer, lambda piece: print(piece, end='', flush=True))
    seconds = time.perf_counter() - started
    print()
    speed = decimal(count / seconds, 0, args.lang)
    print(dim(sentence(args.lang, 'cli.generate.done', tokens=count, speed=speed, seed=seed)),
          file=sys.stderr)
