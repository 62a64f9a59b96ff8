"""The few numbers that decide a GPT's shape, and the switches that decide its kind."""

from dataclasses import asdict, dataclass, fields

from minigpt.errors import ConfigError, check_kinds

CHOICES = {'position': ('learned', 'sinusoidal', 'rope'), 'norm': ('layernorm', 'rmsnorm'),
           'activation': ('gelu', 'relu', 'swiglu')}


@dataclass(frozen=True)
class GPTConfig:
    """Sizes and kind of a model; the defaults of the switches make it a GPT-2.

    One alphabet is used everywhere: V vocab_size, T up to block_size (the context), C n_embd,
    H n_head, D = C / H, L n_layer.
    """
    vocab_size: int = 1000
    block_size: int = 128
    n_embd: int = 128
    n_head: int = 4
    n_layer: int = 4
    position: str = 'learned'
    norm: str = 'layernorm'
    activation: str = 'gelu'
    n_kv_head: int | None = None  # fewer than n_head: heads share keys and values (GQA)
    tied_head: bool = True        # the token table is also the head
    dropout: float = 0.0

    def __post_init__(self):
        check_kinds(self)
        for name in ('vocab_size', 'block_size', 'n_embd', 'n_head', 'n_layer', 'kv_heads'):
            value = getattr(self, name)
            if value < 1:
                raise ConfigError('not_positive', name=name, got=value)
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise ConfigError('unknown_choice', name=name, got=getattr(self, name),
                                  choices=', '.join(choices))
        if self.n_embd % self.n_head:
            raise ConfigError('heads_do_not_divide', n_embd=self.n_embd, n_head=self.n_head)
        if self.n_head % self.kv_heads:
            raise ConfigError('kv_heads_do_not_divide', n_head=self.n_head, got=self.kv_heads)
        if self.position == 'rope' and self.head_width % 2:
            raise ConfigError('rope_needs_pairs', got=self.head_width)
        if not 0 <= self.dropout < 1:
            raise ConfigError('bad_dropout', got=self.dropout)

    @property
    def kv_heads(self) -> int:
        return self.n_head if self.n_kv_head is None else self.n_kv_head

    @property
    def head_width(self) -> int:
        """D: the width of one head."""
        return self.n_embd // self.n_head

    @property
    def mlp_width(self) -> int:
        """F: the width inside the MLP; SwiGLU's third matrix is paid for by a smaller F."""
        return 8 * self.n_embd // 3 if self.activation == 'swiglu' else 4 * self.n_embd

    def to_dict(self) -> dict:
        """The sizes, and the switches that are not GPT-2's: small, and readable by older code."""
        defaults = {field.name: field.default for field in fields(self)}
        sizes = list(defaults)[:5]
        return {name: value for name, value in asdict(self).items()
                if name in sizes or value != defaults[name]}
