"""`minigpt train`: text files in, a checkpoint out."""

import json
import signal
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from minigpt import shipped
from minigpt.cli import terminal, typed
from minigpt.cli.options import refuse_place
from minigpt.errors import CheckpointError, ConfigError, SamplingError, TrainingError
from minigpt.lab import Lab
from minigpt.locale import decimal, sentence
from minigpt.nn import GPTConfig
from minigpt.teach import watch
from minigpt.teach.draw import tame
from minigpt.training import (Checkpoint, Evaluation, Moved, Sample, Snapshots, TrainConfig,
                              TrainStep, train)
from minigpt.training.checkpoint import progress
from minigpt.training.dataset import read_text
from minigpt.training.event_log import entry, header
from minigpt.training.preparation import (Material, material, new_run, sample_prompt, split_text,
                                          vocabulary, vocabulary_steps)

SIZES = ('vocab_size', 'block_size', 'n_embd', 'n_head', 'n_layer', 'position', 'norm',
         'activation', 'dropout')
SETTINGS = ('steps', 'batch_size', 'accumulate', 'optimizer', 'learning_rate',
            'min_learning_rate', 'schedule', 'warmup', 'weight_decay', 'max_grad_norm',
            'eval_every', 'eval_batches', 'patience', 'watch_every', 'seed')
PROMPT = 'E'  # how samples begin
LARGEST_CORPUS = 5_000_000  # characters; a longer text stays out of the model's file


def add_arguments(parser, say):
    parser.add_argument('text', nargs='*', metavar='FILE', help=say('cli.train.text'))
    parser.add_argument('--out', default='model.safetensors', metavar='FILE',
                        help=say('cli.train.out'))
    parser.add_argument('--resume', action='store_true', help=say('cli.train.resume'))
    parser.add_argument('--log', metavar='FILE', help=say('cli.train.log'))
    parser.add_argument('--prompt', default=PROMPT, metavar='TEXT',
                        help=say('cli.train.prompt', default=PROMPT))
    for name in SIZES:
        add_setting(parser, name, getattr(GPTConfig, name), say)
    for name in SETTINGS:
        add_setting(parser, name, getattr(TrainConfig, name), say)


def add_setting(parser, name: str, default, say) -> None:
    """An option --name of the default's type; not written, it keeps its default: see `given`."""
    kind = typed.whole if name == 'warmup' else {
        int: typed.whole, str: lambda say: str}.get(type(default), typed.number)
    parser.add_argument(f'--{name.replace("_", "-")}', type=kind(say),
                        metavar='NAME' if isinstance(default, str) else 'N',
                        help=say(f'cli.train.{name}', default=default))


def run(args) -> int:
    out = Path(args.out)
    for path in (out, resume_path(out), *([args.log] if args.log else ())):
        refuse_place(path)
    text = '\n\n'.join(read_text(path) for path in
                       args.text or [shipped.folder() / shipped.CORPUS])
    training, held_out = split_text(text)
    checkpoint = resumed(args, resume_path(out)) if args.resume else started(args, training)
    use = material(training, held_out, checkpoint.tokenizer, checkpoint.model.config.block_size)
    say = Narrator(args.lang, checkpoint)
    say.start(len(use.data), 0 if use.validation is None else len(use.validation))
    events = train(checkpoint.model, use.data, checkpoint.train_config,
                   state=checkpoint.train_state, validation=use.validation,
                   sample_prompt=sample_prompt(args.prompt, checkpoint.tokenizer,
                                               checkpoint.model.config.block_size))
    stop = StopOnCtrlC()
    told = watch.training(until_stopped(events, stop))
    if args.log:
        told = logged(told, checkpoint, use, Path(args.log), args.resume)
    keeper = Keeper(checkpoint, text, out, earlier_states(checkpoint, out) if args.resume else ())
    if args.resume:
        keeper.saved = checkpoint.train_state.step
    # A loss that is no number is told in our words, not also in NumPy's.
    warnings.filterwarnings('ignore', category=RuntimeWarning)
    try:
        follow(told, keeper, say)
    except (SamplingError, TrainingError):
        say.broke(keeper)
        raise
    say.end(out, interrupted=stop.asked)
    return 130 if stop.asked else 0


def started(args, training: list[str]) -> Checkpoint:
    """A tokenizer learnt from the training documents and a model with random weights."""
    train_config = chosen(args, TrainConfig(**given(args, ('steps', 'warmup'))))
    config = GPTConfig(**given(args, SIZES))  # refuse bad sizes before the work starts
    terminal.note(sentence(args.lang, 'cli.train.tokenizer'))
    tokenizer = vocabulary(list(vocabulary_steps(training, config.vocab_size)))
    return new_run(tokenizer, config, train_config)


def resumed(args, path: Path) -> Checkpoint:
    """The run that `path` holds, with the settings given now in place of its own; ConfigError where
    they ask for another model."""
    checkpoint = Checkpoint.load(path)
    if checkpoint.train_state is None:
        raise CheckpointError('no_resume_state', path=path)
    for name, value in given(args, SIZES).items():
        own = getattr(checkpoint.model.config, name)
        # A text may give fewer tokens than were asked for; to ask again is no mistake.
        if value != own and not (name == 'vocab_size' and value > own):
            raise ConfigError('model_is_made', name=name, got=value, own=own)
    checkpoint.train_config = chosen(args, replace(checkpoint.train_config, piece_flops=0))
    return checkpoint


def chosen(args, before: TrainConfig) -> TrainConfig:
    """A run's settings with those that were written; a rate alone also sets the one at the end."""
    if args.learning_rate is not None:
        before = before.at_rate(args.learning_rate)
    return replace(before, **given(args, SETTINGS))


def given(args, names) -> dict:
    """The options that were written on the command line."""
    return {name: getattr(args, name) for name in names if getattr(args, name) is not None}


def resume_path(out: Path) -> Path:
    return out.with_name(f'{out.stem}.resume{out.suffix}')


def earlier_states(checkpoint: Checkpoint, out: Path) -> tuple:
    """The snapshots that the run left in its lab, so that the whole run stays to be looked at."""
    if not out.exists():
        return ()
    kept = Lab.load(out).snapshots
    return kept if all(flat.shape == checkpoint.model.flat.shape for _, flat in kept) else ()


def until_stopped(events, stop: 'StopOnCtrlC') -> Iterator:
    """The events, until Ctrl-C ends the stream after the step in hand, so that all is whole."""
    for event in events:
        yield event
        if stop.asked:
            events.close()
            return


def logged(events: Iterator, checkpoint: Checkpoint, use: Material, path: Path,
           goes_on: bool) -> Iterator:
    """The events, each written to the file as it comes; behind what a run that goes on has there."""
    with path.open('a' if goes_on else 'w', encoding='utf-8') as file:
        print(json.dumps(header(checkpoint, use)), file=file)
        for event in events:
            print(json.dumps(entry(event, checkpoint.tokenizer), ensure_ascii=False), file=file)
            yield event


def follow(events: Iterator, keeper: 'Keeper', say: 'Narrator') -> None:
    """Run the training to its end, told and kept."""
    measured = False
    keeper.look()
    for event in events:
        keeper.look()
        if isinstance(event, TrainStep):
            say.step(event)
        elif isinstance(event, Moved):
            say.moved(event)
        elif isinstance(event, Sample):
            say.sample(event)
            if not measured:  # no held-out text to judge by: the newest weights are the best
                keeper.save(best=True)
        else:
            measured = True
            say.evaluation(event)
            keeper.save(best=event.is_best)
    keeper.save(best=not measured)


class Keeper:
    """What a run leaves behind: `out` gets the weights with the best held-out loss, the text and
    the states on the way there, as a lab that the pages open; the file beside it the last state.
    """

    def __init__(self, checkpoint: Checkpoint, corpus: str, out: Path, earlier: tuple):
        self.checkpoint, self.corpus, self.out = checkpoint, corpus, out
        self.snapshots = Snapshots(earlier)
        self.saved: int | None = None  # the update that `--resume` would go on from

    def look(self) -> None:
        """The run may have come to a state worth keeping."""
        self.snapshots.offer(self.checkpoint.train_state.step, self.checkpoint.model.flat)

    def save(self, best: bool) -> None:
        """Write the state to resume from, and a lab when the weights are the best so far."""
        checkpoint, out = self.checkpoint, self.out
        checkpoint.save(resume_path(out))
        self.saved = step = checkpoint.train_state.step
        if best:
            weights = Checkpoint(checkpoint.model, checkpoint.tokenizer,
                                 progress(checkpoint.train_state))
            earlier = tuple(it for it in self.snapshots.kept if it[0] < step)
            small = len(self.corpus) <= LARGEST_CORPUS
            (Lab(weights, self.corpus, out.stem, snapshots=earlier) if small else weights).save(out)


class StopOnCtrlC:
    """`asked` turns true at the first Ctrl-C; a second one interrupts at once, as usual."""

    def __init__(self):
        self.asked = False
        usual = signal.getsignal(signal.SIGINT)

        def handler(number, frame):
            self.asked = True
            signal.signal(signal.SIGINT, usual)

        signal.signal(signal.SIGINT, handler)


class Narrator:
    """Tells a run on stderr: a progress line, and a paragraph at each evaluation."""

    def __init__(self, lang: str, checkpoint: Checkpoint):
        self.lang, self.checkpoint = lang, checkpoint
        self.progress = terminal.progress()
        self.first_step = checkpoint.train_state.step
        self.loss = None  # smoothed over about 50 steps

    def say(self, key: str, **values) -> None:
        self.progress.clear()
        terminal.note(sentence(self.lang, f'cli.train.{key}', **values))

    def number(self, value: float, digits: int = 3) -> str:
        return decimal(value, digits, self.lang)

    def start(self, training: int, validation: int) -> None:
        self.say('start', training=self.number(training, 0), validation=self.number(validation, 0),
                 params=self.number(self.checkpoint.model.n_params, 0))

    def step(self, event: TrainStep) -> None:
        self.loss = event.loss if self.loss is None else 0.98 * self.loss + 0.02 * event.loss
        total = self.checkpoint.train_config.steps
        share = (event.step - self.first_step) / max(1, total - self.first_step)
        self.progress.show(share, sentence(
            self.lang, 'cli.train.step', step=event.step, total=total, loss=self.number(self.loss),
            speed=self.number(event.tokens_per_second, 0)))

    def evaluation(self, event: Evaluation) -> None:
        self.say('evaluation', step=event.step, loss=self.number(self.loss),
                 validation=self.number(event.validation_loss))

    def moved(self, event: Moved) -> None:
        self.say('moved', step=event.step, reason=event.reason.in_language(self.lang))

    def sample(self, event: Sample) -> None:
        text = self.checkpoint.tokenizer.decode(event.ids)
        terminal.note(f'  {tame(" ".join(text.split()))}')

    def broke(self, keeper: Keeper) -> None:
        """What is left of a run whose numbers grew beyond all bounds."""
        self.progress.clear()
        if keeper.saved is not None:
            self.say('broke', step=keeper.saved, resume=resume_path(keeper.out))
        else:
            self.say('broke_unsaved', default=TrainConfig.learning_rate)

    def end(self, out: Path, interrupted: bool) -> None:
        self.say('interrupted' if interrupted else 'end', out=out, resume=resume_path(out),
                 step=self.checkpoint.train_state.step)
