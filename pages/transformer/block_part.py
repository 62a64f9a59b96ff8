"""The picture: a text, one of its tokens, one block at work on it, and the word that comes next."""

from minigpt.inference.sampling import likeliest
from pages.components.block import Block
from pages.components.experiments import Experiments
from pages.components.next_words import NextWords
from pages.components.prompt_box import PromptBox
from pages.components.stream_map import StreamMap
from pages.components.token_row import TokenRow
from pages.first_text import examples
from pages.lab import lab, visible
from pages.layout import beside, stack
from pages.part import Part
from pages.transformer.block_drawing import EMPTY, block_drawing
from pages.transformer.reading import shares
from pages.transformer.state import LONGEST
from pages.transformer.stream_drawing import longest, stream_blocks

SHOWN = 3  # likeliest words of each reading


class BlockPart(Part):
    """The components at the top of the page, painted from its params."""

    section = 'picture'

    def __init__(self, page):
        super().__init__(page)
        self._painting = False
        self.prompt, self.tokens = PromptBox(), TokenRow()
        self.next, self.experiments = NextWords(page.all_on), Experiments(self.try_out)
        self.stream, self.block = StreamMap(), Block(page.switch)
        self.prompt.link(page, value='prompt')
        self.block.link(page, chosen='part')
        self._hear(self.tokens, 'chosen', page.choose_token)
        self._hear(self.next, 'chosen', page.choose_word)
        self._hear(self.stream, 'chosen', page.choose_block)

    def _hear(self, component, name: str, act) -> None:
        """What the reader chooses in a component; what is painted there is no choice."""
        component.param.watch(lambda event: self._painting or act(event.new), name)

    def try_out(self, name: str) -> None:
        """One of the experiments of the sentence: this part off and no other, or on again."""
        part = self._experiments()[name]
        self.page.off = [] if self.page.off == [part] else [part]

    def _experiments(self) -> dict[str, str]:
        last = lab().model.config.n_layer - 1
        return {'attn': 'h.0.attn', 'mlp': 'h.0.mlp', 'last': f'h.{last}.mlp',
                'position': 'position', 'ln_f': 'ln_f'}

    def relabel(self) -> None:
        words, tag = self.page.words, self.tag
        self.prompt.param.update(words=words['prompt'],
                                 examples=examples(words['examples']))
        self.next.param.update(words=words['next'], locale=tag)
        self.block.param.update(words=words['block']['words'], locale=tag)
        self.stream.words = words['stream']
        self._say_experiments()
        self.tokens.title = words['tokens']['title']

    def _say_experiments(self) -> None:
        words = self.page.words['experiments']
        alone = words['one_block'] if lab().model.config.n_layer == 1 else {}
        self.experiments.param.update(sentence=alone.get('sentence', words['sentence']),
                                      labels=words['labels'] | alone.get('labels', {}))

    def paint(self) -> None:
        self._painting = True
        self._paint()
        self._painting = False

    def _paint(self) -> None:
        page, words = self.page, self.page.words
        info = words['prompt']['info'].format(count=page.count,
                                              block=lab().model.config.block_size)
        if len(page.prompt) > LONGEST:
            info = f"{info} · {words['prompt']['not_in_link']}"
        self.prompt.param.update(value=page.prompt, info=info, error=self.sentence(page.error))
        if page.reading is None:
            self._paint_nothing()
            return
        look = page.look
        self.tokens.param.update(tokens=self._tokens(), chosen=look.place)
        self.stream.param.update(
            blocks=stream_blocks(page.reading, look.place, words['stream'], page.percent),
            most=longest(page.reading, look.place), chosen=page.layer)
        self.block.param.update(block=block_drawing(look, words, page.number), chosen=page.part)
        self.experiments.chosen = next((name for name, part in self._experiments().items()
                                        if page.off == [part]), '')
        self._paint_next()

    def pin(self) -> None:
        """Another card is pinned: nothing else changed."""
        self.block.chosen = self.page.part

    def _paint_nothing(self) -> None:
        """There is no text to read: no number of an old one may stay."""
        self.tokens.param.update(tokens=[], chosen=0)
        self.next.param.update(rows=[], headline='', lead='', changed=False)
        self.stream.blocks, self.block.outcome = [], ''
        self.block.block = EMPTY

    def _tokens(self) -> list[dict]:
        about = self.page.words['tokens']['about']
        return [{'token': visible(int(i)), 'about': about.format(
            number=place + 1, token=visible(int(i)), id=int(i))}
            for place, i in enumerate(self.page.reading.ids)]

    def _paint_next(self) -> None:
        page, reading, place = self.page, self.page.reading, self.page.look.place
        before = shares(reading.whole['logits'][0, place])
        after = shares(reading.now['logits'][0, place])
        count = SHOWN if page.off else 2 * SHOWN
        ids = {*likeliest(before, count).tolist(), *likeliest(after, count).tolist(), page.target}
        ids = sorted(ids, key=lambda i: -max(before[i], after[i]))
        rows = [self._row(i, before[i], after[i]) for i in ids]
        others, left = len(before) - len(ids), 1 - before[ids].sum()
        if others:
            rows.append(self._others(others, max(0.0, float(left)),
                                     max(0.0, float(1 - after[ids].sum()))))
        said = self._headline(before, after)
        self.next.param.update(rows=rows, changed=bool(page.off), chosen=page.target, **said)
        self.block.outcome = f"{said['headline']}. {said['lead']}" if page.off else ''

    def _row(self, token_id: int, before: float, after: float) -> dict:
        words, percent = self.page.words['next'], self.page.percent
        key = 'about_changed' if self.page.off else 'about'
        return {'id': int(token_id), 'word': visible(int(token_id)), 'before': float(before),
                'after': float(after), 'about': words[key].format(
                    word=visible(int(token_id)), before=percent(before), after=percent(after))}

    def _others(self, count: int, before: float, after: float) -> dict:
        words = self.page.words['next']
        name = words['others'].format(count=self.page.number(count, 0))
        return {'id': -1, 'word': name, 'before': before, 'after': after, 'about': name}

    def _headline(self, before, after) -> dict:
        page, words = self.page, self.page.words['next']
        first, now = int(before.argmax()), int(after.argmax())
        blanks = {'token': visible(int(page.reading.ids[page.look.place])),
                  'word': visible(first), 'share': page.percent(before[first])}
        if not page.off:
            return {'headline': words['headline'].format(**blanks), 'lead': words['lead']}
        blanks |= {'now': visible(now), 'now_share': page.percent(after[now]),
                   'left': page.percent(after[first]), 'parts': self._off_in_words()}
        kind = 'same' if first == now else 'other'
        return {'headline': words['headline_off'][kind].format(**blanks),
                'lead': words['lead_off'].format(**blanks)}

    def _off_in_words(self) -> str:
        """The parts that are off, as one would say them."""
        words, said = self.page.words['parts'], []
        for part in self.page.off:
            block, _, piece = part.rpartition('.')
            key = 'head' if '.head' in block else piece
            layer = int(part.split('.')[1]) + 1 if block else 0
            said.append(words[key].format(block=layer, head=int(piece) + 1 if key == 'head' else 0))
        first, last = ', '.join(said[:-1]), said[-1]
        return f'{first} {self.page.words["and"]} {last}' if first else last

    def layout(self):
        return stack(beside('minmax(0, 5fr) minmax(0, 7fr)',
                            stack(self.prompt, self.tokens, self.experiments), self.next),
                     self.stream, self.block)
