"""All that decides a run besides its text: bounds, presets, and how a link carries them."""

import math
from dataclasses import asdict, dataclass, replace

from minigpt.nn import GPTConfig
from minigpt.training import TrainConfig
from pages.settings import taken, whole

# Operations between two looks at the reader: some 50 ms in a browser. Larger updates are cut.
PIECE_FLOPS = 2_400_000_000
WATCH_EVERY = 5      # updates between two looks at each part's gradient
PROMPT_LENGTH = 2000  # characters; a model reads no more of them than half its context


@dataclass(frozen=True)
class Settings:
    """The defaults are those of the stored run, see data/README.md.

    `origin`: 'new' weights, or those of the 'lab', whose sizes and vocabulary are kept then.
    `floor`: the last learning rate, as a share of the largest. `n_kv_head` 0: as many as heads.
    """
    origin: str = 'new'
    vocab_size: int = 512
    block_size: int = 64
    n_embd: int = 64
    n_head: int = 4
    n_layer: int = 2
    n_kv_head: int = 0
    position: str = 'learned'
    norm: str = 'layernorm'
    activation: str = 'gelu'
    tied_head: bool = True
    dropout: float = 0.0
    steps: int = 800
    batch_size: int = 12
    accumulate: int = 1
    optimizer: str = 'adamw'
    learning_rate: float = 0.004
    schedule: str = 'cosine'
    warmup: int = 20
    floor: float = 0.1
    weight_decay: float = 0.1
    max_grad_norm: float = 1.0
    beta1: float = 0.9
    beta2: float = 0.99
    eval_every: int = 25
    eval_batches: int = 8
    patience: int = 0
    seed: int = 1
    prompt: str = 'Era uma vez'

    def model_config(self, base: GPTConfig | None = None) -> GPTConfig:
        """What the model will be; `base` is the lab's, for a run that goes on from it.

        Raises ConfigError where the sizes do not fit together.
        """
        if self.origin == 'lab' and base is not None:
            return replace(base, dropout=self.dropout)
        sizes = {name: getattr(self, name) for name in MODEL}
        return GPTConfig(**sizes | {'n_kv_head': self.n_kv_head or None})

    def train_config(self) -> TrainConfig:
        """How it will be trained. Raises ConfigError for what cannot work."""
        same = {name: getattr(self, name) for name in (*TRAINING, *MEASURING) if name != 'floor'}
        return TrainConfig(**same, min_learning_rate=self.floor * self.learning_rate,
                           watch_every=WATCH_EVERY, piece_flops=PIECE_FLOPS)


@dataclass(frozen=True)
class Whole:
    """A whole number with its bounds. `key` is its name in a link."""
    key: str
    start: int
    end: int
    step: int = 1

    def read(self, query: dict[str, str], default: int) -> int:
        return whole(query, self.key, range(self.start, self.end + 1), default)

    def write(self, value: int) -> str:
        return str(value)


@dataclass(frozen=True)
class Choice:
    """One of a few values, as words or numbers."""
    key: str
    options: tuple

    def read(self, query: dict[str, str], default):
        found = {self.write(it): it for it in self.options}.get(query.get(self.key))
        return taken(query, self.key, found, default, self.write(default))

    def write(self, value) -> str:
        if value is True or value is False:
            return 'yes' if value else 'no'
        return f'{value:g}' if isinstance(value, float) else str(value)


MODEL = {
    'vocab_size': Whole('v', 257, 4000), 'block_size': Choice('t', (8, 16, 32, 64, 128, 256)),
    'n_embd': Choice('c', (16, 32, 48, 64, 96, 128, 192, 256)),
    'n_head': Choice('h', (1, 2, 4, 8)), 'n_layer': Whole('l', 1, 8),
    'n_kv_head': Choice('kv', (0, 1, 2, 4)),
    'position': Choice('pos', ('learned', 'sinusoidal', 'rope')),
    'norm': Choice('norm', ('layernorm', 'rmsnorm')),
    'activation': Choice('act', ('gelu', 'relu', 'swiglu')),
    'tied_head': Choice('tied', (True, False)),
    'dropout': Choice('drop', (0.0, 0.05, 0.1, 0.2, 0.4)),
}
TRAINING = {
    'steps': Whole('n', 1, 20_000), 'batch_size': Whole('b', 1, 64),
    'accumulate': Whole('acc', 1, 8),
    'optimizer': Choice('opt', ('adamw', 'adam', 'momentum', 'sgd')),
    'learning_rate': Choice('lr', (1e-5, 1e-4, 3e-4, 1e-3, 2e-3, 4e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0,
                                   10.0, 1e4)),
    'schedule': Choice('plan', ('cosine', 'linear', 'constant', 'one-cycle')),
    'warmup': Whole('w', 0, 1000), 'floor': Choice('floor', (0.0, 0.01, 0.1, 0.5, 1.0)),
    'weight_decay': Choice('wd', (0.0, 0.01, 0.1, 0.3, 1.0)),
    'max_grad_norm': Choice('clip', (0.1, 0.5, 1.0, 5.0, math.inf)),
    'beta1': Choice('b1', (0.0, 0.5, 0.8, 0.9, 0.95)),
    'beta2': Choice('b2', (0.9, 0.95, 0.99, 0.999)),
    'seed': Whole('seed', 0, 9999),
}
MEASURING = {
    'eval_every': Whole('every', 5, 500, 5), 'eval_batches': Whole('eb', 1, 50),
    'patience': Whole('wait', 0, 20),
}
GROUPS = {'model': MODEL, 'training': TRAINING, 'measuring': MEASURING}
ORIGIN = Choice('from', ('new', 'lab'))
CONTROLS = {'origin': ORIGIN} | MODEL | TRAINING | MEASURING
FIXED_BY_LAB = tuple(name for name in MODEL if name != 'dropout')
FIRST = Settings()
PRESETS = {
    'small': {},
    'medium': {'vocab_size': 800, 'n_embd': 96, 'n_layer': 3, 'learning_rate': 2e-3,
               'steps': 1000},
    'million': {'vocab_size': 1600, 'n_embd': 128, 'n_layer': 4, 'learning_rate': 2e-3,
                'batch_size': 8, 'steps': 1000},
    'llama': {'position': 'rope', 'norm': 'rmsnorm', 'activation': 'swiglu', 'n_kv_head': 2,
              'tied_head': False},
}
OF_PRESETS = tuple(dict.fromkeys(name for values in PRESETS.values() for name in values))


def preset_of(settings: Settings) -> str:
    """The preset whose values these are; empty where it is none."""
    return next((name for name in PRESETS if with_preset(settings, name) == settings), '')


def with_preset(settings: Settings, name: str) -> Settings:
    """The settings with a preset's values, and the first ones in the place of another's."""
    first = {it: getattr(FIRST, it) for it in OF_PRESETS}
    return replace(settings, origin='new', **first | PRESETS[name])


def read_settings(query: dict[str, str]) -> Settings:
    """The settings of a link; what it does not say, or says wrong, is as at first."""
    values = {name: control.read(query, getattr(FIRST, name))
              for name, control in CONTROLS.items()}
    prompt = query.get('prompt', FIRST.prompt)[:PROMPT_LENGTH]
    return Settings(**values, prompt=prompt)


def write_settings(settings: Settings) -> dict[str, str]:
    """What `read_settings` reads: only what is not as at first."""
    values = asdict(settings)
    state = {CONTROLS[name].key: CONTROLS[name].write(values[name]) for name in CONTROLS
             if values[name] != getattr(FIRST, name)}
    return state | ({'prompt': settings.prompt} if settings.prompt != FIRST.prompt else {})


def settings_of(config: GPTConfig, train_config: TrainConfig) -> Settings:
    """The settings nearest to those of a run that was made elsewhere."""
    values = {name: getattr(config, name) for name in MODEL} | {
        name: getattr(train_config, name) for name in (*TRAINING, *MEASURING) if name != 'floor'}
    values['n_kv_head'] = config.n_kv_head or 0
    values['floor'] = train_config.min_learning_rate / train_config.learning_rate
    return Settings(**values)
