"""What the attention page shows first: the text, its ribbons, the changes and the next word."""

import numpy as np

from minigpt.inference.sampling import likeliest
from pages.attention.deciders import Deciders
from pages.attention.examples import examples
from pages.attention.heads_view import HeadsView
from pages.attention.numbers import percent, weight_formula
from pages.attention.passes import CANDIDATES, moved
from pages.attention.walk_view import WalkView
from pages.attention.what_if import TEMPERATURE
from pages.components.actions import Actions
from pages.components.checks import Checks
from pages.components.fold import Fold
from pages.components.number_control import NumberControl
from pages.components.prompt_box import PromptBox
from pages.components.ribbons import Ribbons
from pages.components.said import Said
from pages.components.shift import Shift
from pages.lab import lab, visible
from pages.layout import beside, show, stack
from pages.locale import text
from pages.own_text import OwnText

WIDE = 'button { flex: 1 1 100%; max-width: none; min-height: 36px; padding: 4px 12px; }'
NOTABLE = 0.01  # a share's difference that is worth a sentence


class AttentionView:
    """The components of one `pages.attention.page.Attention`, painted from its params."""

    def __init__(self, page):
        self.page = page
        self.prompt = PromptBox()
        self.temperature = NumberControl(start=TEMPERATURE.start, end=TEMPERATURE.end,
                                         step=TEMPERATURE.step, value=TEMPERATURE.default)
        self.mask = Checks(value=['mask'])
        self.actions, self.changes = Actions(page.press, stylesheets=[WIDE]), Said()
        self.fold = Fold(objects=[self.actions, self.changes, self.temperature, self.mask])
        self.ribbons = Ribbons(self._tell, page.choose)
        self.note, self.shift = Said(), Shift()
        self.heads, self.walk = HeadsView(page), WalkView(page)
        self.deciders = Deciders(page)
        self._follow()

    def _follow(self) -> None:
        """What the reader sets in a component, the page takes over."""
        page = self.page
        self.prompt.link(page, value='typed')
        self.temperature.param.watch(lambda event: page.set_temperature(event.new), 'value')
        self.mask.param.watch(lambda event: page.set_mask('mask' in event.new), 'value')

    def _tell(self, query: int, key: int) -> str:
        page = self.page
        return weight_formula(page, page.layer, page.head, query, key) if page.passes else ''

    def layout(self):
        controls = stack(self.prompt, self.fold, OwnText(self.page))
        picture = stack(self.ribbons, self.note, beside(
            'minmax(0, 5fr) minmax(0, 6fr)', self.heads.maps,
            stack(self.shift, self.deciders.list, self.heads.habits)))
        cell = beside('minmax(0, 7fr) minmax(0, 5fr)', self.heads.layout(), self.walk.product())
        return stack(beside('320px minmax(0, 1fr)', controls, picture), self.heads.head, cell,
                     self.walk.layout())

    def relabel(self) -> None:
        words, tag = self.page.words, text(self.page.lang)['tag']
        control = text(self.page.lang)['inference']['control']
        self.prompt.param.update(words=words['prompt'], examples=examples())
        self.fold.label = words['actions']['group']
        self.actions.words = words['actions']
        self.temperature.param.update(words=control, locale=tag, **words['temperature'])
        self.mask.param.update(label=words['mask']['label'], boxes=[
            {'id': 'mask', 'label': words['mask']['box'], 'reason': ''}])
        self.ribbons.param.update(words=words['ribbons'], locale=tag)
        self.shift.param.update(words=words['shift'], locale=tag, title=words['shift']['title'])
        self.heads.relabel()
        self.deciders.relabel()
        self.walk.relabel()

    def paint(self) -> None:
        """Everything."""
        page = self.page
        self._paint_controls()
        for part in (self.ribbons, self.note, self.shift, *self.heads.parts, *self.walk.parts):
            show(part, page.passes is not None)
        if page.passes:
            self._paint_ribbons()
            page.send_painted()
            self._paint_shift()
            self.heads.paint()
        self.deciders.paint()
        self.paint_query()

    def paint_heads(self) -> None:
        if self.page.passes:
            self.heads.paint()
            self.heads.paint_query()

    def paint_query(self) -> None:
        """What follows the token that looks and the one it looks at."""
        page = self.page
        self._paint_actions()
        if not page.passes:
            return
        self.ribbons.param.update(**self._looking())
        self.heads.paint_query()
        self.walk.paint()

    def _paint_controls(self) -> None:
        page, words = self.page, self.page.words['prompt']
        block = lab().model.config.block_size
        count = len(page.passes.ids) if page.passes else 0
        self.prompt.param.update(
            value=page.typed, info=words['info'].format(count=count, block=block),
            error=page.sentence(page.error) if page.error else '')
        self.temperature.value = page.what_if.temperature
        self.mask.value = ['mask'] if page.what_if.mask else []
        self.changes.paragraphs = self._changes()

    def _paint_actions(self) -> None:
        """Buttons speak of the head, the token and the key that are shown."""
        page, words = self.page, self.page.words['actions']
        names = {'off': words['off'], 'force': words['force'], 'cut': words['cut'],
                 'undo': words['undo']}
        reasons = dict.fromkeys(names, words['nothing'])
        if page.passes:
            passes, head = page.passes, (page.layer, page.head)
            weight = (*head, page.shown_query, page.shown_key)
            pair = {'query': passes.tokens[weight[2]], 'key': passes.tokens[weight[3]]}
            if head in passes.what_if.off:
                names['off'] = words['on']
            if weight in passes.what_if.forced:
                names['force'] = words['unforce']
            if weight in passes.what_if.cut:
                names['cut'] = words['uncut']
            names = {name: label.format(layer=page.layer + 1, head=page.head + 1, **pair)
                     for name, label in names.items()}
            hidden = words['hidden'] if passes.hidden[weight[2:]] else ''
            alone = words['alone'] if weight[2] == 0 and passes.what_if.mask else ''
            undone = {'force': weight in passes.what_if.forced, 'cut': weight in passes.what_if.cut}
            reasons = {name: '' if may else hidden or alone for name, may in undone.items()} | {
                'off': '', 'undo': '' if page.what_if.active else words['unchanged']}
        self.actions.buttons = [{'id': name, 'label': label, 'reason': reasons[name]}
                                for name, label in names.items()]

    def _changes(self) -> list[str]:
        """What is changed now, each change in a sentence, and what comes of them."""
        page, words = self.page, self.page.words['changes']
        if not page.passes or not page.passes.what_if.active:
            return []
        changed, tokens = page.passes.what_if, page.passes.tokens
        said = [words['off'].format(layer=it[0] + 1, head=it[1] + 1) for it in changed.off]
        for name in ('forced', 'cut'):
            said += [words[name].format(layer=layer + 1, head=head + 1, query=tokens[query],
                                        key=tokens[key])
                     for layer, head, query, key in getattr(changed, name)]
        if changed.temperature != 1:
            said.append(words['temperature'].format(
                value=TEMPERATURE.write(changed.temperature).replace(
                    '.', ',' if page.lang == 'pt' else '.')))
        if not changed.mask:
            said.append(words['mask'])
        return [*said, self._what_happened(*page.passes.next_shares())]

    def _looking(self) -> dict:
        """The token whose ribbons are shown, and the one it looks at if the reader chose one."""
        page = self.page
        return {'query': page.shown_query,
                'key': page.key_at if page.key_at < len(page.passes.ids) else -1}

    def _paint_ribbons(self) -> None:
        page, words = self.page, self.page.words
        passes, config = page.passes, page.passes.model.config
        weights = np.where(passes.hidden, np.nan, passes.at(page.layer, 'weights')[page.head])
        self.ribbons.param.update(
            **self._looking(), tokens=passes.tokens, weights=weights,
            title=words['ribbons']['title'].format(layer=page.layer + 1, head=page.head + 1))
        notes = [words['notes']['left_out'].format(block=config.block_size)] * passes.left_out
        if config.kv_heads < config.n_head:
            group = config.n_head // config.kv_heads
            key_head = passes.key_head(page.head)
            notes.append(words['notes']['gqa'].format(
                count=group, key_head=key_head + 1, first=key_head * group + 1,
                last=(key_head + 1) * group))
        if config.position == 'rope':
            notes.append(words['notes']['rope'])
        self.note.paragraphs = notes
        show(self.note, bool(notes))

    def _paint_shift(self) -> None:
        page, words = self.page, self.page.words['shift']
        before, after = page.passes.next_shares()
        best = likeliest(np.maximum(before, after), CANDIDATES).tolist()
        best = sorted(best, key=lambda i: -before[i])
        changed = page.passes.what_if.active
        self.shift.param.update(changed=changed, said=self._what_happened(before, after), rows=[
            {'label': visible(i), 'before': float(before[i]), 'after': float(after[i])}
            for i in best])

    def _what_happened(self, before, after) -> str:
        """The change of the next word's probabilities in a sentence."""
        page, words = self.page, self.page.words['shift']
        first, now = int(before.argmax()), int(after.argmax())
        share = moved(before, after)
        blanks = {'first': visible(first), 'now': visible(now), 'moved': percent(share, page.lang),
                  'before': percent(before[first], page.lang),
                  'after': percent(after[first], page.lang)}
        if not page.passes.what_if.active:
            return words['untouched']
        kind = 'other' if first != now else 'same' if share >= NOTABLE else 'hardly'
        return words[kind].format(**blanks)
