"""What parts, axes and places are called: words for the names that a Trace and a model use."""

from minigpt.arithmetic import Reading
from minigpt.arithmetic.steps import layer_of, part_of
from minigpt.locale import decimal, scientific
from pages.lab import lab, visible
from pages.model.boxes import AXES

VECTORS = {'ln_1.weight': 'C', 'ln_1.bias': 'C', 'attn.c_attn.bias': 'Q', 'attn.c_proj.bias': 'C',
           'ln_2.weight': 'C', 'ln_2.bias': 'C', 'mlp.c_fc.bias': 'F', 'mlp.c_proj.bias': 'C',
           'ln_f.weight': 'C', 'ln_f.bias': 'C'}


class Names:
    """The words of one page in its present language, for one reading."""

    def __init__(self, page, reading: Reading | None):
        self.page, self.reading = page, reading
        self.words = page.words

    def short(self, name: str) -> str:
        """'q'."""
        return self.words['parts'][part_of(name)]['short']

    def long(self, name: str) -> str:
        """'consultas'."""
        return self.words['parts'][part_of(name)]['name']

    def about(self, name: str) -> str:
        return self.words['parts'][part_of(name)]['about']

    def group(self, name: str) -> str:
        """'Bloco 1', 'Entrada' or 'Saída' for 'h.0', 'entry' or 'exit'."""
        words = self.words['groups']
        return words.get(name) or words['block'].format(number=layer_of(f'{name}.x') + 1)

    def title(self, name: str) -> str:
        """'bloco 1 · consultas'."""
        layer = layer_of(name)
        long = self.long(name)
        return long if layer is None else f'{self.group(f"h.{layer}")} · {long}'

    def axes(self, name: str) -> str:
        """The letters of an array's axes."""
        if self.reading and name in self.reading.steps:
            return self.reading.steps[name].axes
        part = part_of(name)
        return AXES.get(part) or VECTORS[part]

    def entry(self, axis: str, i: int) -> str:
        """One place on an axis: a token where it is one, else its number from 1."""
        if self.reading and axis in 'TS':
            return visible(int(self.reading.ids[i]))
        if axis == 'V':
            return visible(i) if i < self.page.tokens_known else str(i + 1)
        return self.column(i) if axis == 'Q' else str(i + 1)

    def column(self, i: int) -> str:
        """A column of the matrix that makes q, k and v: 'q 2·5' is its head and dimension."""
        config = lab().model.config
        head, d = divmod(i, config.head_width)
        for letter, heads in (('q', config.n_head), ('k', config.kv_heads), ('v', config.kv_heads)):
            if head < heads:
                return f'{letter} {head + 1}·{d + 1}'
            head -= heads
        raise IndexError(i)

    def place(self, name: str, index: tuple[int, ...]) -> str:
        """A cell's place in words: 'cabeça 3 · token 5 «·menino» · dimensão 8'."""
        said = []
        for axis, i in zip(self.axes(name), index, strict=True):
            entry = self.entry(axis, i)
            axis_name = self.words['axes'][axis]
            if axis in 'TSV' and entry != str(i + 1):
                entry = f'{i + 1} ' + self.words['quoted'].format(word=entry)
            said.append(f'{axis_name} {entry}')
        return ' · '.join(said)

    def shape(self, name: str, shape: tuple[int, ...]) -> str:
        """'token × dimensão: 7 × 128 = 896 números'."""
        count = 1
        for size in shape:
            count *= size
        return self.words['panel']['shape'].format(
            axes=' × '.join(self.words['axes'][it] for it in self.axes(name)),
            shape=' × '.join(map(str, shape)), count=decimal(count, 0, self.page.lang))


def number(value: float, lang: str) -> str:
    """Four decimals, more digits where that would be 0, and words that mathematics has for the rest.
    """
    if value != value:
        return '–'
    if abs(value) == float('inf'):
        return '∞' if value > 0 else '−∞'
    if value == 0 or abs(value) >= 0.001:
        whole = float(value).is_integer()
        return decimal(value, 0 if whole else 4, lang).replace('-', '−')
    return scientific(value, 2, lang).replace('-', '−')
