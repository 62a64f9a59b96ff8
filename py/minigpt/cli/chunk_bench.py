"""`minigpt chunk-bench`: strategies and sizes of chunking, their speed beside their quality."""

from minigpt.bench.chunk_rows import grid
from minigpt.chunking import STRATEGIES
from minigpt.cli import typed
from minigpt.cli.benchmark import add_measuring, run_rows
from minigpt.errors import ChunkingError


def add_arguments(parser, say):
    parser.add_argument('--strategies', nargs='+', default=list(STRATEGIES), metavar='NAME',
                        help=say('cli.chunk-bench.strategies', names=', '.join(STRATEGIES)))
    parser.add_argument('--sizes', nargs='+', type=typed.whole(say), default=[512], metavar='N',
                        help=say('cli.chunk-bench.sizes'))
    parser.add_argument('--overlap', type=typed.share_or_count(say), default=0.1, metavar='O',
                        help=say('cli.chunk.overlap'))
    add_measuring(parser, say)


def run(args) -> None:
    for name in args.strategies:
        if name not in STRATEGIES:
            raise ChunkingError('unknown_strategy', got=name, known=', '.join(STRATEGIES))
    run_rows(list(grid(args.strategies, args.sizes, args.overlap)), args)
