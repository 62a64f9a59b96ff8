"""How each number of a block came to be: its formula with the values put in, as a sentence."""

import numpy as np

from pages.lab import visible
from pages.transformer.reading import Look, cosine, norm

EPSILON = 1e-5  # what the norms add below the root
FIRES = 0.1     # activation above which a neuron is said to fire
SEEN = 3        # tokens that a head looks at most, named
# What stands behind no sign: a result, a sum's first number, or what brackets hold already.
BARE = {'y', 'sum', 'out', 'active', 'norm', 'x_norm', 'a_norm', 'cosine', 'gate', 'first'}


class Sums:
    """The sentences for one `Look`, from the locale's `about`; `number(value, digits)` writes."""

    def __init__(self, look: Look, words: dict, number):
        self.look, self.words, self.number = look, words, number
        self.token = visible(int(look.reading.ids[look.place]))

    def term(self, value: float) -> str:
        """A number behind a sign: in brackets where it is negative."""
        written = self.number(value, 3)
        return f'({written})' if written.startswith('−') else written

    def say(self, key: str, **blanks) -> str:
        blanks = {name: it if not isinstance(it, (float, np.floating))
                  else self.number(it, 3) if name in BARE else self.term(it)
                  for name, it in blanks.items()}
        return self.words[key].format(token=self.token, block=self.look.layer + 1,
                                      C=self.look.config.n_embd, **blanks)

    def stream(self, name: str) -> str:
        """The stream where it enters ('in') or leaves ('out') the block."""
        x = self.look.vector(name)
        said = self.say(name, a=x[0], b=x[min(1, len(x) - 1)], norm=norm(x))
        return f'{self._entrance(x)} {said}' if name == 'in' and self.look.layer == 0 else said

    def _entrance(self, x) -> str:
        model, place = self.look.reading.model, self.look.place
        word = model.params['wte.weight'][self.look.reading.ids[place]]
        if model.config.position == 'rope':
            return self.say('entrance_rope')
        return self.say('entrance', place=place + 1, first=word[0], position=x[0] - word[0],
                        sum=x[0])

    def norm(self, name: str) -> str:
        """LayerNorm or RMSNorm, for the first number of its vector."""
        look = self.look
        x, y = look.vector('in' if name == 'ln_1' else 'mid'), look.vector(name)
        if f'h.{look.layer}.{name}' in look.reading.off:
            return self.say('norm_off', norm=norm(x))
        gain = look.params(f'{name}.weight')[0]
        if look.config.norm == 'rmsnorm':
            return self.say('rmsnorm', g=gain, x=x[0], y=y[0],
                            size=float(np.sqrt((x * x).mean() + EPSILON)))
        return self.say('layernorm', g=gain, first=x[0], y=y[0], mean=x.mean(),
                        size=float(np.sqrt(x.var() + EPSILON)), b=look.params(f'{name}.bias')[0])

    def heads(self) -> str:
        config = self.look.config
        return self.say('heads', heads=config.n_head, width=config.head_width,
                        norm=norm(self.look.vector('attn.heads')))

    def head(self, head: int) -> str:
        """Whom it looks at most, and how much it writes."""
        look = self.look
        if f'h.{look.layer}.head.{head}' in look.reading.off:
            return self.say('head_off', head=head + 1)
        weights = look.weights()[head]
        best = np.argsort(-weights, kind='stable')[:SEEN]
        seen = ', '.join(self.words['seen'].format(
            token=visible(int(look.reading.ids[i])), share=self.number(100 * weights[i], 0))
            for i in best)
        return self.say('head', head=head + 1, seen=seen, norm=norm(look.head_parts()[head]))

    def projection(self, name: str) -> str:
        """'attn' or 'mlp': the first number of what it writes into the stream."""
        look = self.look
        if f'h.{look.layer}.{name}' in look.reading.off:
            return self.say('part_off')
        inner = look.vector('attn.heads' if name == 'attn' else 'mlp.active')
        out, weight = look.vector(f'{name}.out'), look.params(f'{name}.c_proj.weight')
        return self.say('projection', first=inner[0], w=weight[0, 0], I=len(inner),
                        b=look.params(f'{name}.c_proj.bias')[0], out=out[0], norm=norm(out))

    def add(self, name: str) -> str:
        """What attention or the MLP brings joins the stream."""
        x, after = ('in', 'mid') if name == 'attn' else ('mid', 'out')
        x, added = self.look.vector(x), self.look.vector(f'{name}.out')
        after = self.look.vector(after)
        if not added.any():
            return self.say('add_nothing', norm=norm(x))
        return self.say('add', first=x[0], a=added[0], sum=after[0], x_norm=norm(x),
                        a_norm=norm(added), norm=norm(after), cosine=cosine(x, added))

    def mlp(self) -> str:
        """The most active neuron, and how many fire."""
        look = self.look
        if f'h.{look.layer}.mlp' in look.reading.off:
            return self.say('part_off')
        active = look.vector('mlp.active')
        best = int(active.argmax())
        return self.say('mlp', F=len(active), count=int((active > FIRES).sum()),
                        fires=self.number(FIRES, 1), sum=self.neuron(best), neuron=best)

    def neuron(self, neuron: int) -> str:
        """From the sum of one neuron to its activation."""
        look = self.look
        hidden, active = look.vector('mlp.hidden'), look.vector('mlp.active')
        kind, F = look.config.activation, len(active)
        blanks = {'gate': hidden[neuron], 'active': active[neuron]}
        if kind == 'swiglu':
            blanks['value'] = hidden[neuron + F]
        return self.say(kind, **blanks)
