"""The few numbers that decide a GPT's shape."""

from dataclasses import asdict, dataclass

from minigpt.errors import ConfigError


@dataclass(frozen=True)
class GPTConfig:
    """Sizes of a GPT-2 style model. One alphabet is used everywhere:

    V vocab_size, T up to block_size (the context), C n_embd, H n_head, D = C / H, L n_layer.
    """
    vocab_size: int = 1000
    block_size: int = 128
    n_embd: int = 128
    n_head: int = 4
    n_layer: int = 4

    def __post_init__(self):
        for name, value in asdict(self).items():
            if type(value) is not int or value < 1:
                raise ConfigError('not_positive', name=name, got=value)
        if self.n_embd % self.n_head:
            raise ConfigError('heads_do_not_divide', n_embd=self.n_embd, n_head=self.n_head)

    def to_dict(self) -> dict[str, int]:
        return asdict(self)
