"""Model: the whole machine, from the drawing down to the arithmetic of one number."""

import param

from minigpt.arithmetic import Reading
from minigpt.errors import MinigptError, TextError
from pages.asleep import forgettable
from pages.exercises import Exercise
from pages.first_text import first_text
from pages.lab import lab
from pages.layout import stack
from pages.model.edit_part import EditPart
from pages.model.machine_part import MachinePart
from pages.model.plan_part import PlanPart
from pages.model.plan_settings import LONG_NAMES
from pages.model.script import model_script
from pages.model.tasks import found_the_hidden, planned_deeper, saw_the_future
from pages.model.text_part import FIRST_TEXT, LONGEST, TextPart
from pages.own_text import OwnText
from pages.page import Page
from pages.part import Part
from pages.tour import Stop


class PageReading(Reading):
    """A reading whose numbers need not be kept while the page is asleep."""

    trace = forgettable(Reading.trace.func)


class Model(Page):
    """A text read once by the lab's model, every number of it open; plans; edited source."""

    prompt = param.String(default=FIRST_TEXT)

    section = 'model'
    long_text = ('text', 'prompt')
    long_names = {'inside': 'in'} | LONG_NAMES
    terms = ('model', 'parameter', 'matrix', 'vector', 'embedding', 'layer_norm', 'residual_stream',
             'attention', 'head', 'query', 'key', 'value', 'mask', 'softmax', 'mlp', 'activation',
             'bias', 'logit', 'flop', 'kv_cache')
    exercises = (Exercise('hidden', check=found_the_hidden), Exercise('deeper', check=planned_deeper),
                 Exercise('future', check=saw_the_future))
    tour = (Stop('text', 'text.prompt'), Stop('machine', 'machine.map'),
            Stop('numbers', 'machine.panel.layout'), Stop('plan', 'plan.map'),
            Stop('code', 'edit.editor'))

    def __init__(self, lang: str = 'pt', query: dict[str, str] | None = None):
        self.reading: Reading | None = None
        self.error: MinigptError | None = None
        self.count = 0  # tokens of the text, read or not
        self.text, self.machine = TextPart(self), MachinePart(self)
        self.plan, self.edit = PlanPart(self), EditPart(self)
        super().__init__(lang, query)
        self.param.watch(lambda *_: self._text_changed(), 'prompt')

    @property
    def parts(self) -> list[Part]:
        """In the order of the screen."""
        return [self.text, self.machine, self.plan, self.edit]

    @property
    def tokens_known(self) -> int:
        """How many rows of the token table the tokenizer has a piece for."""
        return lab().tokenizer.vocab_size

    def restore(self, query: dict[str, str]) -> None:
        with param.discard_events(self):
            self.prompt = query.get('text', first_text(FIRST_TEXT))
        self._read()
        for it in self.parts:
            it.restore(query)

    def state(self) -> dict[str, str]:
        said = {} if self.prompt == first_text(FIRST_TEXT) or len(self.prompt) > LONGEST else {
            'text': self.prompt}
        return said | {key: value for it in self.parts for key, value in it.state().items()}

    def _read(self) -> None:
        """The traced pass that everything on the page shows; without one `error` says why."""
        self.reading = self.error = None
        try:
            ids = lab().tokenizer.encode(self.prompt)
            block, self.count = lab().model.config.block_size, len(ids)
            if not ids:
                raise TextError('empty_prompt')
            if len(ids) > block:
                raise TextError('prompt_too_long', got=len(ids), block_size=block,
                                excess=len(ids) - block)
            self.reading = PageReading(lab().model, ids)
        except MinigptError as error:
            self.error = error

    def _text_changed(self) -> None:
        edit_before = self.edit.of_the_text
        self._read()
        self.machine.text_changed()
        self.edit.text_changed()
        self.paint(self.text, self.machine,
                   *([self.edit] if self.edit.of_the_text != edit_before else []))

    def relabel(self) -> None:
        for it in self.parts:
            it.relabel()
        self.paint()

    def paint(self, *parts: Part) -> None:
        """These parts, or all."""
        for it in parts or self.parts:
            it.paint()
            self.send_painted()
        self.query = self.state()
        self.frame.check()

    def sources(self) -> list:
        """What of minigpt computed the screen, none twice."""
        return list(dict.fromkeys(source for it in self.parts for source in it.sources()))

    def script(self) -> str:
        return model_script(self)

    def body(self):
        return stack(*(it.layout() for it in self.parts), OwnText(self))
