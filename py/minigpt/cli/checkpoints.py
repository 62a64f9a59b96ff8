"""`minigpt list`, `load` and `inspect`: which models are there, which is best, what is in one."""

import fnmatch
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np

from minigpt import shipped
from minigpt.cli import terminal, typed
from minigpt.cli.options import add_json, print_json
from minigpt.errors import CheckpointError
from minigpt.formats import safetensors
from minigpt.inference import generate_text
from minigpt.locale import decimal, sentence
from minigpt.nn.counts import memory, parts
from minigpt.nn.parameters import count, parameter_shapes
from minigpt.teach.draw import drawn
from minigpt.teach.figures import Name, Verbatim
from minigpt.teach.tensor_view import picture, summary
from minigpt.training import Checkpoint, list_checkpoints
from minigpt.training.checkpoint_list import ORDERS, CheckpointEntry


def add_list_arguments(parser, say) -> None:
    parser.add_argument('folder', nargs='?', default='.', help=say('cli.list.folder'))
    parser.add_argument('--order', choices=tuple(ORDERS), default='date',
                        help=say('cli.list.order'))
    add_json(parser, say)


def run_list(args) -> None:
    entries = list_checkpoints(args.folder, args.order)
    if args.json:
        for entry in entries:
            print_json(described(entry))
    elif entries:
        show_entries(entries, args.lang)
    else:
        terminal.note(sentence(args.lang, 'cli.list.none', folder=args.folder))


def described(entry: CheckpointEntry) -> dict:
    """Ready for JSON; without a measured loss there is none."""
    loss = entry.validation_loss
    return {'path': str(entry.path), 'step': entry.step, 'saved': entry.saved.isoformat(),
            'validation_loss': loss if np.isfinite(loss) else None,
            'parameters': count(parameter_shapes(entry.config)), 'config': entry.config.to_dict()}


def show_entries(entries: list[CheckpointEntry], lang: str) -> None:
    say = partial(sentence, lang)
    terminal.table([say(f'cli.list.head.{name}') for name in (
        'file', 'step', 'loss', 'parameters', 'saved')], [
        (entry.path.name, decimal(entry.step, 0, lang),
         decimal(entry.validation_loss, 3, lang) if np.isfinite(entry.validation_loss) else '–',
         decimal(count(parameter_shapes(entry.config)), 0, lang), f'{entry.saved:%Y-%m-%d %H:%M}')
        for entry in entries], 'lrrrl')


def add_load_arguments(parser, say) -> None:
    parser.add_argument('folder', nargs='?', default='.', help=say('cli.list.folder'))
    which = parser.add_mutually_exclusive_group()
    which.add_argument('--best', action='store_true', help=say('cli.load.best'))
    which.add_argument('--latest', action='store_true', help=say('cli.load.latest'))
    parser.add_argument('--name-pattern', metavar='PATTERN', help=say('cli.load.name_pattern'))
    parser.add_argument('--max-loss', type=typed.number(say), metavar='L', help=say('cli.load.max_loss'))
    parser.add_argument('--min-step', type=typed.whole(say), metavar='N', help=say('cli.load.min_step'))
    parser.add_argument('--info', action='store_true', help=say('cli.load.info'))
    parser.add_argument('--prompt', default='O', help=say('cli.generate.prompt'))
    parser.add_argument('--seed', type=typed.seed(say), default=0, metavar='N',
                        help=say('cli.generate.seed'))
    add_json(parser, say)


def run_load(args) -> None:
    """Find the checkpoint, read all of it, and let it write a line."""
    entry = found(args)
    if args.info:
        return print_json(described(entry)) if args.json else show_entries([entry], args.lang)
    checkpoint = Checkpoint.load(entry.path)
    text = ''.join(generate_text(checkpoint.model, checkpoint.tokenizer, args.prompt,
                                 max_new_tokens=40, rng=np.random.default_rng(args.seed)))
    if args.json:
        return print_json(described(entry) | {'prompt': args.prompt, 'text': text})
    show_entries([entry], args.lang)
    print()
    terminal.lines(drawn(Verbatim(' '.join(f'{args.prompt}{text}'.split())), args.lang))
    terminal.note(sentence(args.lang, 'cli.load.use', path=entry.path))


def found(args) -> CheckpointEntry:
    """The lowest loss (--best, the default where one was measured) or the newest that fits."""
    entries = [entry for entry in list_checkpoints(args.folder, 'date') if fits(entry, args)]
    if not entries:
        raise CheckpointError('no_checkpoint_fits', folder=args.folder)
    if args.latest:
        return entries[0]
    best = min(entries, key=lambda entry: entry.validation_loss)
    if args.best and not np.isfinite(best.validation_loss):
        raise CheckpointError('no_loss_measured', folder=args.folder)
    return best


def fits(entry: CheckpointEntry, args) -> bool:
    pattern = args.name_pattern or '*'
    return ((fnmatch.fnmatch(entry.path.name, pattern) or fnmatch.fnmatch(entry.path.stem, pattern))
            and (args.max_loss is None or entry.validation_loss <= args.max_loss)
            and (args.min_step is None or entry.step >= args.min_step))


def add_inspect_arguments(parser, say) -> None:
    parser.add_argument('file', nargs='?', help=say('cli.inspect.file'))
    parser.add_argument('--tensor', metavar='NAME', help=say('cli.inspect.tensor'))
    add_json(parser, say)


def run_inspect(args) -> None:
    path = Path(args.file) if args.file else shipped.folder() / shipped.MODEL
    checkpoint = Checkpoint.load(path)
    if args.tensor:
        return show_tensor(checkpoint, args)
    tensors, metadata = safetensors.load(path)
    summaries = [summary(name, tensor) for name, tensor in tensors.items()]
    if args.json:
        return print_json({
            'path': str(path), 'bytes': path.stat().st_size,
            'config': checkpoint.model.config.to_dict(), 'parameters': checkpoint.model.n_params,
            'vocabulary': checkpoint.tokenizer.vocab_size, 'notes': checkpoint.metadata,
            'train_config': checkpoint.train_config and asdict(checkpoint.train_config),
            'step': checkpoint.train_state and checkpoint.train_state.step,
            'memory': memory(checkpoint.model.config),
            'tensors': [found.to_dict() for found in summaries]})
    show_checkpoint(path, checkpoint, args.lang)
    show_summaries(summaries, args.lang)


def show_checkpoint(path: Path, checkpoint: Checkpoint, lang: str) -> None:
    """What kind of model it is, and where its parameters are."""
    say, config, model = partial(sentence, lang), checkpoint.model.config, checkpoint.model
    terminal.heading(str(path.name))
    terminal.prose(say('cli.inspect.summary', parameters=decimal(model.n_params, 0, lang),
                       megabytes=decimal(path.stat().st_size / 1e6, 2, lang),
                       vocabulary=decimal(config.vocab_size, 0, lang), context=config.block_size,
                       layers=config.n_layer, heads=config.n_head, width=config.n_embd,
                       kind=f'{config.position}, {config.norm}, {config.activation}'))
    state = checkpoint.train_state
    if state:
        terminal.prose(say('cli.inspect.training', step=state.step,
                           optimizer=checkpoint.train_config.optimizer))
    terminal.table([say('cli.inspect.part'), say('cli.list.head.parameters'), 'MFLOP'], [
        (Name(part.name).in_language(lang), decimal(part.parameters, 0, lang),
         decimal(part.flops / 1e6, 1, lang))
        for part in parts(config)], 'lrr')


def show_summaries(summaries, lang: str) -> None:
    say = partial(sentence, lang)
    terminal.table([say(f'cli.inspect.head.{name}') for name in (
        'tensor', 'shape', 'dtype', 'mean', 'deviation', 'range')], [
        (found.name, '×'.join(map(str, found.shape)), found.dtype, decimal(found.mean, 3, lang),
         decimal(found.std, 3, lang),
         f'{decimal(found.smallest, 2, lang)} … {decimal(found.largest, 2, lang)}')
        for found in summaries], 'lllrrr')


def show_tensor(checkpoint: Checkpoint, args) -> None:
    """One parameter: its statistics and its picture."""
    params = checkpoint.model.params
    if args.tensor not in params:
        raise CheckpointError('unknown_choice', name='tensor', got=args.tensor,
                              choices=', '.join(params))
    found = summary(args.tensor, params[args.tensor])
    if args.json:
        return print_json(found.to_dict())
    show_summaries([found], args.lang)
    terminal.lines(drawn(picture(params[args.tensor]), args.lang))
