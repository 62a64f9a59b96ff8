"""One block at one token as the dictionaries that `pages.components.block` draws."""

import numpy as np

from pages.transformer.reading import Look, norm
from pages.transformer.sums import FIRES, Sums

SCALE_MARKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)

EMPTY = {'stops': [], 'parts': [], 'whole': [], 'most': 1, 'mark': 1}  # there is no text


def block_drawing(look: Look, words: dict, number) -> dict:
    """`words` are the page's, `number(value, digits)` writes in its language."""
    return _Drawing(look, words, number).whole()


class _Drawing:
    def __init__(self, look: Look, words: dict, number):
        self.look, self.words, self.number = look, words['block'], number
        self.sums = Sums(look, words['about'], number)

    def whole(self) -> dict:
        look = self.look
        stops = [{'norm': norm(look.vector(name)), 'before': norm(look.vector(name, whole=True))}
                 for name in ('in', 'mid', 'out')]
        most = max(max(it.values()) for it in stops) or 1.0
        off = look.reading.off
        return {'stops': stops, 'most': most, 'parts': self._parts(),
                'mark': max([it for it in SCALE_MARKS if it <= most / 3] or [SCALE_MARKS[0]]),
                'whole': [{'name': self.words['whole'][name], 'switch': name,
                           'on': name not in off} for name in ('position', 'ln_f')]}

    def _parts(self) -> list[dict]:
        """In the order of the data; the band runs from stop to stop below them."""
        sums, kind = self.sums, self.look.config.norm
        return [
            self._part('in', 'stream', 0, 0, [self._length('in')], sums.stream('in')),
            self._part('ln_1', 'norm', 0, 0, self._norm_lines('ln_1'), sums.norm('ln_1'),
                       title=kind, switch='ln_1'),
            self._part('heads', 'heads', 0, 0, [], sums.heads(), switch='attn',
                       heads=self._heads()),
            self._projection('attn', 0),
            self._add('attn', 0, 'attention'),
            self._part('ln_2', 'norm', 1, 1, self._norm_lines('ln_2'), sums.norm('ln_2'),
                       title=kind, switch='ln_2'),
            self._mlp(),
            self._projection('mlp', 1),
            self._add('mlp', 1, 'weights'),
            self._part('out', 'stream', 2, 2, [self._length('out')], sums.stream('out'))]

    def _part(self, key, kind, start, end, lines, about, *, title=None, switch=None,
              **more) -> dict:
        part = {'key': key, 'kind': kind, 'from': start, 'to': end, 'lines': lines, 'about': about,
                'title': self.words['titles'][title or key], **more}
        if switch:
            part['switch'] = f'h.{self.look.layer}.{switch}'
            part['on'] = part['switch'] not in self.look.reading.off
        return part

    def _length(self, name: str) -> str:
        return self.words['length'].format(norm=self.number(norm(self.look.vector(name)), 2))

    def _norm_lines(self, name: str) -> list[str]:
        """Mean and deviation before and after; RMSNorm minds the root mean square alone."""
        x, y = self.look.vector('in' if name == 'ln_1' else 'mid'), self.look.vector(name)
        if self.look.config.norm == 'rmsnorm':
            pairs = {'rms': [np.sqrt((it * it).mean()) for it in (x, y)]}
        else:
            pairs = {'mean': [x.mean(), y.mean()], 'deviation': [x.std(), y.std()]}
        return [self.words[name].format(before=self.number(before, 2), after=self.number(after, 2))
                for name, (before, after) in pairs.items()]

    def _heads(self) -> list[dict]:
        look = self.look
        lengths = [norm(it) for it in look.head_parts()]
        most = max(lengths) or 1.0
        return [{'name': self.words['head'].format(head=head + 1), 'value': self.number(length, 2),
                 'part': length / most, 'switch': (switch := f'h.{look.layer}.head.{head}'),
                 'on': switch not in look.reading.off, 'about': self.sums.head(head)}
                for head, length in enumerate(lengths)]

    def _projection(self, name: str, stop: int) -> dict:
        inner = self.look.params(f'{name}.c_proj.weight').shape
        lines = [f'{inner[0]} → {inner[1]}', self._length(f'{name}.out')]
        return self._part(name, 'projection', stop, stop, lines, self.sums.projection(name))

    def _add(self, name: str, stop: int, hue: str) -> dict:
        return self._part(f'add_{name}', 'add', stop, stop + 1, [], self.sums.add(name),
                          title='add', ribbon=norm(self.look.vector(f'{name}.out')), hue=hue)

    def _mlp(self) -> dict:
        active = self.look.vector('mlp.active')
        most = float(active.max())
        cells = np.clip(active / most, 0, 1).round(2).tolist() if most > 0 else [0.0] * len(active)
        line = self.words['firing'].format(count=int((active > FIRES).sum()), F=len(active))
        return self._part('neurons', 'mlp', 1, 1, [line], self.sums.mlp(), switch='mlp',
                          cells=cells)
