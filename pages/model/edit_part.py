"""The reader's own version of a function of minigpt, run on the page's text."""

from collections.abc import Callable

import numpy as np
import param

from minigpt.arithmetic.steps import layer_of, part_of
from minigpt.locale import decimal
from minigpt.nn import activations, norms
from minigpt.nn.attention import causal_mask, weights_step_by_step
from minigpt.nn.embedding import embed_forward
from minigpt.nn.ops import softmax_forward
from minigpt.nn.positions import turned
from minigpt.nn.trace import Trace
from minigpt.nn.transformer import block_forward
from pages import own_code
from pages.components.actions import Actions
from pages.components.code_editor import CodeEditor
from pages.components.figure_table import FigureTable
from pages.components.picker import Picker
from pages.components.said import Said
from pages.lab import lab, visible
from pages.layout import beside, show, stack
from pages.model import network_copy
from pages.model.names import Names, number
from pages.model.network_copy import original
from pages.model.trial import Difference, Fault, differences, run
from pages.part import Part
from pages.settings import one_of

LISTED = 5  # likeliest next tokens, before and after


def editable(config) -> dict[str, Callable]:
    """Name → function of those that a model of this kind uses and a reader may change."""
    functions = [getattr(activations, f'{config.activation}_forward'), softmax_forward,
                 getattr(norms, f'{config.norm}_forward'), weights_step_by_step, causal_mask,
                 block_forward, embed_forward]
    if config.position == 'rope':
        functions.append(turned)
    return {it.__name__: it for it in functions}


class EditPart(Part):
    """`function` is the one in the box; `edits` all texts that differ from the original."""

    function = param.String(default='')
    edits = param.Dict(default={})

    section = 'edit'

    def __init__(self, page):
        super().__init__(page)
        self.before: Trace | None = None   # with the original source
        self.after: Trace | None = None    # with the reader's
        self.fault: Fault | None = None
        self.ran: dict[str, str] = {}      # the edits that were run
        self.head, self.said = Said(), Said()
        self.picker, self.editor = Picker(), CodeEditor()
        self.actions = Actions(lambda name: getattr(self, name)(), styles={'max-width': '320px'})
        self.words_table, self.table = FigureTable(), FigureTable()
        self.picker.param.watch(lambda event: self.choose(event.new), 'value')
        self.editor.param.watch(lambda event: self.write(event.new), 'value')
        self.param.watch(lambda *_: page.paint(self), ['function', 'edits'])

    # State

    def restore(self, query: dict[str, str]) -> None:
        names = list(editable(lab().model.config))
        with param.discard_events(self):
            self.function = one_of(query, 'edit', names, names[0])
        self._forget()

    def state(self) -> dict[str, str]:
        """The code itself is not put into a link: whoever follows it would run it."""
        first = next(iter(editable(lab().model.config)))
        return {} if self.function == first else {'edit': self.function}

    def text_changed(self) -> None:
        """What was compared belongs to another text."""
        self._forget()

    @property
    def of_the_text(self) -> tuple:
        """What on the screen follows from the page's text."""
        return self.before, self.after, self.fault, self._cannot_run()

    def _forget(self) -> None:
        self.before = self.after = self.fault = None
        self.ran = {}

    @property
    def functions(self) -> dict[str, Callable]:
        return editable(lab().model.config)

    @property
    def text(self) -> str:
        """What stands in the box."""
        return self.edits.get(self.function, original(self.functions[self.function]))

    # What the reader does

    def choose(self, name: str) -> None:
        """Put this function in the box, if the model in use has it."""
        if name in self.functions:
            self.function = name

    def write(self, text: str) -> None:
        """The text in the box; equal to the original it is no edit."""
        if text == self.text:
            return
        edits = {key: it for key, it in self.edits.items() if key != self.function}
        if text != original(self.functions[self.function]):
            edits[self.function] = text
        self.edits = edits

    def run(self) -> None:
        """Read the page's text with all edits of functions that this model uses."""
        if not self.page.reading or not own_code.allowed.get():
            return
        ids, model = self.page.reading.ids, lab().model
        self._forget()
        self.ran = {name: it for name, it in self.edits.items() if name in self.functions}
        found = run({self.functions[name]: it for name, it in self.ran.items()}, model, ids)
        if isinstance(found, Fault):
            self.fault = found
            if found.function in self.functions:
                with param.discard_events(self):
                    self.function = found.function
        else:
            self.before, self.after = run({}, model, ids), found
        self.page.paint(self)

    def restore_original(self) -> None:
        """The true text again, in the box."""
        self.write(original(self.functions[self.function]))

    # Painting

    def relabel(self) -> None:
        words = self.words
        self.head.param.update(title=words['title'], paragraphs=[words['lead']])
        self.picker.label = words['function']
        self.actions.words = words['actions']
        self.words_table.words = words['words']
        self.table.words = words['table']

    def paint(self) -> None:
        words = self.words
        self.picker.param.update(value=self.function, options=[
            {'id': it, 'label': self._label(it)} for it in self.functions])
        self.editor.param.update(
            words={'code': words['code'].format(name=self.function), 'keys': words['keys']},
            value=self.text, fault=self._fault_words(),
            line=self.fault.line if self.fault and self.fault.function == self.function else 0)
        same = '' if self.function in self.edits else words['actions']['same']
        self.actions.buttons = [
            {'id': 'run', 'label': words['actions']['run'], 'primary': True,
             'reason': self._cannot_run()},
            {'id': 'restore_original', 'label': words['actions']['restore'], 'primary': False,
             'reason': same}]
        changes = differences(self.before, self.after) if self.after is not None else []
        self.said.paragraphs = self._said(changes)
        self._paint_tables(changes)

    def _cannot_run(self) -> str:
        """Why the edits cannot be run now; empty where they can."""
        words = self.words['actions']
        if not own_code.allowed.get():
            return words['not_here']
        return '' if self.page.reading else words['no_text']

    def _label(self, name: str) -> str:
        words = self.words
        label = f'{words["names"][name]}: {name}'
        return words['changed'].format(name=label) if name in self.edits else label

    def _fault_words(self) -> str:
        it, words = self.fault, self.words['fault']
        if not it:
            return ''
        key = 'raised_elsewhere' if it.key == 'raised' and not it.line else it.key
        said = words[key].format(line=it.line, function=it.function, message=it.message,
                                 seconds=decimal(network_copy.SECONDS, 0, self.page.lang))
        return f'{said} {words["kept"]}'

    def _said(self, changes: list[Difference]) -> list[str]:
        words = self.words['state']
        if self.fault:
            return []
        if self.after is None:
            return [words['untouched']] if not self.edits else []
        names = Names(self.page, self.page.reading)
        said = [words['ran'].format(names=', '.join(self.ran))] if self.ran else []
        if self.ran != {name: it for name, it in self.edits.items() if name in self.functions}:
            said.append(words['stale'])
        felt = [it for it in changes if it.largest != 0]
        if not felt:
            return [*said, words['nothing']]
        if any(np.isnan(it.largest) for it in felt):
            said.append(words['lost'])
        largest = max(felt, key=lambda it: it.largest if np.isfinite(it.largest) else -1)
        said.append(words['changed'].format(first=names.title(felt[0].name),
                                            largest=names.title(largest.name)))
        return [*said, self._next_word()]

    def _shares(self, trace: Trace) -> np.ndarray:
        return np.nan_to_num(trace['shares'][0, -1].astype(np.float64))

    def _next_word(self) -> str:
        old, new = self._shares(self.before), self._shares(self.after)
        before, after = int(old.argmax()), int(new.argmax())
        return self.words['state']['same_word' if before == after else 'new_word'].format(
            before=visible(before), after=visible(after), share=self._percent(new[after]),
            share_before=self._percent(old[before]))

    def _percent(self, share: float) -> str:
        return decimal(100 * share, 1, self.page.lang) + '%'

    def _paint_tables(self, changes: list[Difference]) -> None:
        show(self.words_table, bool(changes))
        show(self.table, bool(changes))
        if not changes:
            return
        words = self.words
        self.words_table.param.update(head=words['word_columns'], rows=self._word_rows())
        layers = range(lab().model.config.n_layer)
        names = Names(self.page, self.page.reading)
        self.table.param.update(
            head=[words['part'], *(names.group(f'h.{i}') for i in layers), words['only']],
            rows=self._rows(changes, names, len(layers)))

    def _word_rows(self) -> list[dict]:
        old, new = self._shares(self.before), self._shares(self.after)
        wanted = dict.fromkeys([*np.argsort(-new, kind='stable')[:LISTED].tolist(),
                                *np.argsort(-old, kind='stable')[:LISTED].tolist()])
        def cell(trace: Trace, share: float, i: int) -> dict:
            return {'text': self._percent(share), 'about': self.words['word_about'].format(
                logit=number(float(trace['logits'][0, -1, i]), self.page.lang))}
        return [{'name': visible(i), 'share': float(new[i]), 'cells': [
            cell(self.before, old[i], i), cell(self.after, new[i], i)]} for i in wanted]

    def _rows(self, changes: list[Difference], names: Names, layers: int) -> list[dict]:
        """Parts of a block in the columns of the blocks, the others in the last one."""
        by_part: dict[str, list[Difference | None]] = {}
        for it in changes:
            layer = layer_of(it.name)
            row = by_part.setdefault(part_of(it.name), [None] * (layers + 1))
            row[layers if layer is None else layer] = it
        return [{'name': names.words['parts'][part]['name'],
                 'cells': [self._cell(it, names) for it in row]} for part, row in by_part.items()]

    def _cell(self, it: Difference | None, names: Names) -> dict:
        words, lang = self.words, self.page.lang
        if it is None:
            return {'text': words['absent'], 'about': ''}
        title = names.title(it.name)
        if it.largest == 0:
            return {'text': '0', 'about': words['equal'].format(title=title)}
        text = words['bad'] if np.isnan(it.largest) else number(it.largest, lang)
        return {'text': text, 'about': words['cell'].format(
            title=title, index=list(it.index), before=number(it.before, lang),
            after=number(it.after, lang))}

    def layout(self):
        return stack(self.head, beside(
            'minmax(0, 7fr) minmax(0, 5fr)', stack(self.picker, self.editor, self.actions),
            stack(self.said, self.words_table)), self.table)

    def sources(self) -> list:
        return [self.functions[self.function]]
