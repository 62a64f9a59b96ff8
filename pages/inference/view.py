"""What the inference page shows: its state, put into components and words."""

import weakref

import panel as pn

from minigpt.locale import decimal
from pages.components.actions import Actions
from pages.components.candidates import Candidates
from pages.components.fold import Fold
from pages.components.number_control import NumberControl
from pages.components.prompt_box import PromptBox
from pages.components.said import Said
from pages.components.tokens import Tokens
from pages.first_text import examples
from pages.inference.candidates import candidate_rows
from pages.inference.settings import KNOBS
from pages.lab import lab, visible
from pages.layout import show, stack
from pages.locale import text

BEFORE = 60  # characters of the text that are repeated in front of the table
LAYOUT = """
:host { display: grid !important; grid-template-columns: 320px minmax(0, 1fr); gap: 32px;
  align-items: start; }
@media (max-width: 899px) { :host { grid-template-columns: minmax(0, 1fr); gap: 20px; } }
"""


class InferenceView:
    """The components of one `pages.inference.page.Inference`, painted from its params."""

    def __init__(self, page):
        self.page = page
        self.prompt = PromptBox()
        self.actions = Actions(lambda name: getattr(page, name)())
        self.knobs = {name: NumberControl(start=knob.start, end=knob.end, step=knob.step,
                                          value=knob.default, switchable=knob.switchable)
                      for name, knob in KNOBS.items()}
        self.fold = Fold(objects=list(self.knobs.values()))
        self.tokens = Tokens()
        self.candidates = Candidates(page.pick, page.more)
        self.more = Said()
        self._follow()

    def _follow(self) -> None:
        """What the reader sets in a component, the page takes over."""
        self.prompt.link(self.page, value='prompt')
        self.tokens.link(self.page, pinned='pinned')
        for name, control in self.knobs.items():
            control.link(self.page, value=name)
            if control.switchable:
                control.link(self.page, active=f'{name}_on')

    def layout(self):
        return pn.Column(stack(self.prompt, self.actions, self.fold),
                         stack(self.tokens, self.candidates), stylesheets=[LAYOUT],
                         sizing_mode='stretch_width')

    def relabel(self) -> None:
        """All fixed words, in the page's language, and what the model fixes."""
        self.knobs['top_k'].end = lab().model.config.vocab_size
        words, tag = self.page.words, text(self.page.lang)['tag']
        self.prompt.param.update(words=words['prompt'], examples=examples(words['examples']))
        self.actions.words = words['actions']
        self.fold.label = words['settings']
        for name, control in self.knobs.items():
            control.param.update(words=words['control'], locale=tag, **words['knobs'][name])
        self.tokens.param.update(words=words['tokens'], locale=tag)
        self.candidates.param.update(words=words['candidates'], locale=tag)
        self.more.param.update(title=words['more']['title'], paragraphs=[words['more']['lead']])

    def paint(self) -> None:
        """Everything that follows the page's state."""
        self._paint_actions()
        self._paint_settings()
        for component in (self.tokens, self.candidates):
            show(component, self.page.text is not None)
        if self.page.text:
            self._paint_tokens()
            self._paint_candidates()
        else:  # of another model, perhaps
            self.tokens.tokens, self.candidates.table = [], {}

    def _paint_actions(self) -> None:
        page, words = self.page, self.page.words['actions']
        busy = words['running'] if page.work.running else words['error'] if page.error else ''
        written = bool(page.text and page.text.written)
        reasons = {'generate': busy, 'step': busy,
                   'stop': '' if page.work.running else words['idle'],
                   'clear': '' if written else words['empty']}
        self.actions.buttons = [{'id': name, 'label': words[name], 'primary': name == 'generate',
                                 'reason': reason} for name, reason in reasons.items()]

    def _paint_settings(self) -> None:
        page, words = self.page, self.page.words
        greedy = '' if page.temperature else words['knobs']['greedy']
        for name, control in self.knobs.items():
            control.value = getattr(page, name)
            control.reason = greedy if name in ('top_k', 'top_p', 'min_p', 'seed') else ''
            if control.switchable:
                control.active = getattr(page, f'{name}_on')
        count = len(lab().tokenizer.encode(page.prompt))
        info = words['prompt']['info'].format(count=count, block=lab().model.config.block_size)
        self.prompt.param.update(value=page.prompt, info=info,
                                 error=page.sentence(page.error) if page.error else '')

    def _paint_tokens(self) -> None:
        page = self.page
        prompt = [_token(i) for i in page.text.prompt_ids]
        written = [_token(it.token_id) | {'picked': it.picked, 'probability': it.probability}
                   for it in page.text.written]
        self.tokens.param.update(
            tokens=prompt + written, prompt_len=len(prompt), pinned=page.pinned, shown=page.shown,
            forgotten=self._forgotten(), running=page.work.running, status=self._status(),
            notes=self._notes(), announcement=self._announcement())

    def _forgotten(self) -> int:
        """How many tokens the model no longer saw at the position shown."""
        text, shown = self.page.text, self.page.shown
        return len(text.prompt_ids) + shown - len(text.window_at(shown))

    def _status(self) -> list[str]:
        page, words = self.page, self.page.words['tokens']
        status = [words['count'].format(count=len(page.text.written)),
                  words['context'].format(seen=page.text.context_len,
                                          block=lab().model.config.block_size)]
        if page.work.per_second and page.text.written:
            speed = decimal(page.work.per_second, 1, page.lang)
            status.append(words['speed'].format(speed=speed))
        return status

    def _notes(self) -> list[str]:
        page, words = self.page, self.page.words['tokens']
        sampling = page.sampling
        stale = page.text.written and (page.seed != page.text.seed or any(
            it.sampling != sampling for it in page.text.written))
        said = [(self._forgotten(), words['slid'].format(count=self._forgotten())),
                (page.ended, words['ended']), (stale, words['stale']),
                (page.prompt != page.text_prompt and not page.error, words['prompt_changed'])]
        return [sentence for true, sentence in said if true]

    def _announcement(self) -> str:
        page = self.page
        if page.work.running or not page.text.written:
            return ''
        return page.words['tokens']['done'].format(
            count=len(page.text.written), text=lab().tokenizer.decode(page.text.ids))

    def _paint_candidates(self) -> None:
        page, index = self.page, self.page.shown
        written = page.text.written
        drawn = written[index].token_id if index < len(written) else None
        rows = candidate_rows(page.text.logits_at(index), page.sampling, page.rows, drawn)
        before = lab().tokenizer.decode(page.text.ids[:len(page.text.prompt_ids) + index])
        self.candidates.table = {
            **rows, 'index': index,
            'before': before if len(before) <= BEFORE else '…' + before[-BEFORE:],
            'summary': self._summary(rows['sums'])}

    def _summary(self, sums: dict) -> str:
        lang, words = self.page.lang, self.page.words['candidates']['summary']
        vocab, kept = sums['vocabulary'], sums['kept']
        kind = ('greedy' if not self.page.temperature else 'uncut' if kept == vocab else
                'one' if kept == 1 else 'cut')
        said = words[kind].format(vocab=decimal(vocab, 0, lang), kept=decimal(kept, 0, lang),
                                  share=decimal(100 * sums['kept_share'], 1, lang) + '%')
        return f'{said} {words["pick"]}'


def _token(token_id: int) -> dict:
    known = _tokens.setdefault(lab().tokenizer, {})
    if token_id not in known:
        raw = lab().tokenizer.token_bytes(token_id)
        known[token_id] = {'id': token_id, 'token': visible(token_id), 'bytes': raw.hex(' ')}
    return known[token_id]


# By tokenizer and id; what a tokenizer that nobody uses any more had is forgotten with it.
_tokens: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()
