"""`minigpt demo`: the parts of a GPT, shown at work; each module tells the story of its lesson."""

import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from minigpt.bench.measure import Plan, benchmark_text, measure, named_rows
from minigpt.cli import stories, terminal, tour, typed
from minigpt.cli.bench_tables import show_rows
from minigpt.cli.tensors import show_attention_maps, show_tensors
from minigpt.errors import TextError
from minigpt.locale import sentence
from minigpt.teach import watch
from minigpt.teach.lesson import LESSONS, Lesson
from minigpt.teach.log import wanted
from minigpt.teach.material import checkpoint

PARTS = ('embedding', 'norm', 'attention', 'mlp', 'head')


@dataclass(frozen=True)
class Demo:
    """What a module shows: a lesson's story or a tour of its own, the tensors of which parts of
    the model, and which rows of the benchmark."""
    story: str | Callable
    parts: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()


# In the way data flows; the tour of the whole model comes first.
DEMOS = {
    'model': Demo(tour.run, PARTS, ('forward-128',)),
    'tokenizer': Demo('tokenization_process', (), ('encode-warm', 'encode-cold')),
    'embeddings': Demo('embeddings_explained', ('embedding',), ('embedding-search',)),
    'attention': Demo('attention_by_hand', ('attention',), ('attention',)),
    'transformer': Demo('transformer_architecture', ('norm', 'attention', 'mlp'),
                        ('attention', 'feed-forward')),
    'training': Demo('training_system', (), ('training-step',)),
    'inference': Demo('inference_engine', ('head',), ('generation',)),
    'chunking': Demo('chunking_retrieval', (), ('chunk-fixed', 'chunk-sentence', 'chunk-semantic')),
    'kernels': Demo('memory_management', (),
                    ('vectorised', 'memory-order', 'aos-soa', 'copies-views', 'buffer-reuse',
                     'threads')),
    'benchmarks': Demo('profiling', (), ('encode-warm', 'generation', 'chunk-fixed')),
    'educational_logger': Demo(tour.log_tour, PARTS),
}
NAMES = (*DEMOS, *LESSONS)


def add_arguments(parser, say) -> None:
    parser.add_argument('--module', choices=('all', *NAMES), default='all', metavar='NAME',
                        help=say('cli.demo.module', names=', '.join(DEMOS)))
    parser.add_argument('--prompt', help=say('cli.demo.prompt'))
    parser.add_argument('--seed', type=typed.seed(say), default=7, help=say('cli.generate.seed'))
    parser.add_argument('--interactive', action='store_true', help=say('cli.demo.interactive'))
    parser.add_argument('--show-tensors', action='store_true', help=say('cli.demo.tensors_option'))
    parser.add_argument('--show-attention-maps', action='store_true',
                        help=say('cli.demo.maps_option'))
    parser.add_argument('--benchmarks', action='store_true', help=say('cli.demo.benchmarks_option'))


def run(args) -> None:
    names = list(DEMOS) if args.module == 'all' else [args.module]
    if args.prompt is None:
        args.prompt = sentence(args.lang, 'cli.demo.default_prompt')
    ids = checkpoint().tokenizer.encode(args.prompt)
    if not ids:
        raise TextError('empty_prompt')
    if len(names) > 1:
        text = sentence(args.lang, 'cli.demo.all', names=', '.join(names))
        terminal.note(textwrap.fill(text, 78))
    for number, name in enumerate(names):
        if args.interactive and number:
            stories.pause(args.lang)
        show(DEMOS.get(name) or Demo(name, PARTS), args, ids)


def show(demo: Demo, args, ids: list[int]) -> None:
    """One module, with all that was asked for beside its story."""
    say = partial(sentence, args.lang)
    if callable(demo.story):
        demo.story(args, ids)
    else:
        stories.tell(Lesson(demo.story), args.lang, args.interactive)
    if wanted() and demo.story != tour.log_tour:
        # The prompt read and continued by four tokens, so that the log has something to tell.
        watch.reading(checkpoint().model, checkpoint().tokenizer, args.prompt,
                      lambda ids: tour.written(ids, args.seed, 4))
    if args.show_tensors and demo.parts:
        terminal.heading(say('cli.demo.tensors_title'))
        show_tensors(ids, demo.parts, args.lang)
    if args.show_attention_maps and 'attention' in demo.parts:
        terminal.heading(say('cli.demo.maps_title'))
        show_attention_maps(ids, args.lang)
    if args.benchmarks and demo.rows:
        terminal.heading(say('cli.demo.benchmarks_title'))
        show_rows(measure(named_rows(demo.rows), benchmark_text(), Plan(turns=1)), args.lang)
    sys.stdout.flush()
