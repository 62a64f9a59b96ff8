"""What one training run does, and the values that its settings may have."""

import math
from dataclasses import asdict, dataclass, replace

from minigpt.errors import ConfigError, check_kinds
from minigpt.training.optimizer import OPTIMIZERS
from minigpt.training.schedule import learning_rate

# Whole numbers by the least that they may be.
WHOLE = {1: ('steps', 'batch_size', 'accumulate', 'eval_every', 'eval_batches'),
         0: ('warmup', 'patience', 'watch_every', 'piece_flops', 'seed')}
RANGES = {'min_learning_rate': (lambda x: 0 <= x < math.inf, '[0, ∞)'),
          'weight_decay': (lambda x: 0 <= x < math.inf, '[0, ∞)'),
          'beta1': (lambda x: 0 <= x < 1, '[0, 1)'), 'beta2': (lambda x: 0 <= x < 1, '[0, 1)'),
          'max_grad_norm': (lambda x: x > 0, '(0, ∞]')}


@dataclass(frozen=True)
class TrainConfig:
    """What one run does.

    steps, warmup, eval_every count updates. Left out, the warm-up is a tenth of the run, at most
    100, and the smallest rate a tenth of the largest, at most 1e-4. An update learns from
    `accumulate` batches of `batch_size` stretches of text. `patience` evaluations without a better
    one end the run early; 0 never does. Every `watch_every` updates one tells its Vitals; 0 never
    does. Batches of more than `piece_flops` operations are computed piece by piece, each told as a
    Piece; 0: whole.
    """
    steps: int = 1000
    batch_size: int = 16
    accumulate: int = 1
    optimizer: str = 'adamw'
    learning_rate: float = 1e-3
    min_learning_rate: float | None = None
    schedule: str = 'cosine'
    warmup: int | None = None
    weight_decay: float = 0.1
    beta1: float = 0.9
    beta2: float = 0.99
    max_grad_norm: float = 1.0
    eval_every: int = 250
    eval_batches: int = 20
    patience: int = 0
    watch_every: int = 0
    piece_flops: int = 0
    seed: int = 1

    def __post_init__(self):
        check_kinds(self)
        self._check_whole(1)
        self._left_out('warmup', min(100, self.steps // 10))
        self._check_whole(0)
        if not 0 < self.learning_rate < math.inf:
            raise ConfigError('bad_learning_rate', got=self.learning_rate)
        self._left_out('min_learning_rate', min(1e-4, self.learning_rate / 10))
        for name, (fits, range) in RANGES.items():
            if not fits(getattr(self, name)):
                raise ConfigError('out_of_range', name=name, range=range, got=getattr(self, name))
        if self.optimizer not in OPTIMIZERS:
            raise ConfigError('unknown_choice', name='optimizer', got=self.optimizer,
                              choices=', '.join(OPTIMIZERS))
        self.rate_at(0)  # an unknown schedule is refused before the work starts

    def _check_whole(self, least: int) -> None:
        for name in WHOLE[least]:
            value = getattr(self, name)
            if value < least:
                raise ConfigError('not_whole', name=name, least=least, got=value)

    def _left_out(self, name: str, value: float) -> None:
        if getattr(self, name) is None:
            object.__setattr__(self, name, value)  # frozen for all others

    def rate_at(self, step: int) -> float:
        """The learning rate of update `step`, 0 the first."""
        return learning_rate(step, schedule=self.schedule, peak=self.learning_rate,
                             floor=self.min_learning_rate, warmup=self.warmup, total=self.steps)

    def at_rate(self, learning_rate: float) -> 'TrainConfig':
        """The same run with another largest rate, of which as much is left at the end."""
        other = replace(self, learning_rate=learning_rate)
        return replace(other, min_learning_rate=learning_rate * self.min_learning_rate
                       / self.learning_rate)

    def to_dict(self) -> dict:
        return asdict(self)
