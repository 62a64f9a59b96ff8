"""The portal: what this is, shown by doing it."""

from collections.abc import Iterator
from urllib.parse import urlencode

import numpy as np
import panel as pn
import param

from minigpt.locale import decimal
from minigpt.nn.trace import Trace
from pages.components.actions import Actions
from pages.components.facts import Facts
from pages.components.machine import Machine
from pages.components.story import Story
from pages.continuation import Continuation, Sampling
from pages.inference import FIRST_PROMPT
from pages.lab import lab, visible
from pages.locale import text
from pages.page import Page
from pages.settings import KNOBS
from pages.work import Work

SAMPLING = Sampling(KNOBS['temperature'].default, KNOBS['top_k'].default)
LENGTH = KNOBS['length'].default
# The parts join the grid of the page's section, so that the story stands beside the heading.
PARTS = ':host { display: contents !important; } :host > .wide { grid-column: 1 / -1; }'
STORY = '''
:host { display: grid !important; gap: 12px; grid-template-columns: minmax(0, 1fr);
  align-content: start; padding: 16px 20px; border-radius: 6px; background: var(--raised); }
'''


class Portal(Page):
    """The shipped model finishing a sentence, the stages it took, and its sizes."""

    seed = param.Integer(default=KNOBS['seed'].default)

    section = 'portal'

    def __init__(self, lang: str = 'pt', query: dict[str, str] | None = None):
        self.work = Work(self._paint, self.broke)
        self._story = Story(given=FIRST_PROMPT)
        self._machine, self._facts = Machine(css_classes=['wide']), Facts(css_classes=['wide'])
        self._actions = Actions(lambda name: getattr(self, name)())
        super().__init__(lang, query)

    def restore(self, query: dict[str, str]) -> None:
        """The link's seed, and the text it gives."""
        self.work.stop()
        self.seed = KNOBS['seed'].read(query.get('seed'))
        self._begin()
        self.work.now(self._writing())

    def another(self) -> None:
        """The next seed's text."""
        self.seed = (self.seed + 1) % (KNOBS['seed'].end + 1)
        self._begin()
        self.work.start(self._writing())

    def stop(self) -> None:
        """Stop writing; what is written stays."""
        self.work.stop()
        self._paint()

    def _begin(self) -> None:
        self.text = Continuation(lab().model, lab().tokenizer.encode(FIRST_PROMPT), self.seed)

    def _writing(self) -> Iterator:
        end = lab().tokenizer.end_of_text
        while len(self.text.written) < LENGTH and self.text.ids[-1] != end:
            yield self.text.step(SAMPLING)

    # Words and painting

    def relabel(self) -> None:
        self._story.words, self._actions.words = self.words['story'], self.words['story']
        self._machine.words, self._facts.words = self.words['machine'], self.words['facts']
        self._facts.facts = self._sizes()
        self._paint()

    def _paint(self) -> None:
        words, busy = self.words['story'], self.work.running
        tokenizer = lab().tokenizer
        written = [it.token_id for it in self.text.written
                   if it.token_id != tokenizer.end_of_text]
        self._story.param.update(
            written=tokenizer.decode(written), running=busy, facts=self._said(),
            link=self._link_to_inference(words['continue']))
        self._actions.buttons = [
            {'id': 'another', 'label': words['another'], 'primary': False,
             'reason': words['busy'] if busy else ''},
            {'id': 'stop', 'label': words['stop'], 'primary': False,
             'reason': '' if busy else words['idle']}]
        if not busy:
            self._machine.stages = self._stages()
            self.query = ({} if self.seed == KNOBS['seed'].default
                          else {'seed': str(self.seed)})

    def _said(self) -> list[str]:
        words = self.words['story']
        said = [words['seed'].format(seed=self.seed),
                words['count'].format(count=len(self.text.written))]
        if self.work.per_second:
            said.append(words['speed'].format(speed=decimal(self.work.per_second, 1, self.lang)))
        return said

    def _link_to_inference(self, label: str) -> dict:
        query = urlencode({'seed': self.seed})
        return {'page': 'inference', 'href': f'inference.html?{query}', 'label': label}

    def _sizes(self) -> list[dict]:
        model, words = lab().model, self.words['facts']
        config = model.config
        counts = {'parameters': model.n_params, 'vocabulary': config.vocab_size,
                  'layers': config.n_layer, 'heads': config.n_head, 'width': config.n_embd,
                  'context': config.block_size}
        return [{'name': words[key], 'value': decimal(value, 0, self.lang)}
                for key, value in counts.items()]

    def _stages(self) -> list[dict]:
        """The map's cards, from a traced forward pass over the prompt."""
        model, words, first = lab().model, self.words['machine'], self.text.written[0]
        trace = Trace()
        model.forward(np.array([self.text.prompt_ids]), trace=trace)
        rows = {'text': [_row(FIRST_PROMPT)],
                'tokens': [_row(visible(i), i) for i in self.text.prompt_ids[-3:]],
                'vectors': [_row(f'{place}', self._number(value)) for place, value
                            in enumerate(trace['embed'][0, -1, :3], 1)],
                'blocks': self._norms(trace), 'logits': self._logits(first),
                'draw': self._draw(first)}
        config = model.config
        sizes = {'vocab': decimal(config.vocab_size, 0, self.lang), 'width': config.n_embd,
                 'layers': config.n_layer, 'heads': config.n_head}
        page = text(self.lang)['pages']['inference']['nav']
        opens = self._link_to_inference(words['open'].format(page=page))
        return [{'title': words['steps'][name]['title'].format(**sizes),
                 'about': words['steps'][name]['about'].format(**sizes), 'rows': rows[name],
                 'hue': 'output' if name == 'draw' else 'soft',
                 'link': opens if name == 'draw' else None} for name in words['steps']]

    def _norms(self, trace: Trace) -> list[dict]:
        norms = [float(np.linalg.norm(trace[f'h.{layer}.resid_post'][0, -1]))
                 for layer in range(lab().model.config.n_layer)]
        return [_row(f'{layer}', self._number(norm), norm / max(norms))
                for layer, norm in enumerate(norms, 1)]

    def _logits(self, first) -> list[dict]:
        best = np.argsort(-first.logits, kind='stable')[:3]
        return [_row(visible(int(i)), self._number(first.logits[i])) for i in best]

    def _draw(self, first) -> list[dict]:
        probs = first.sampling.distribution(first.logits).probs
        best = [int(i) for i in np.argsort(-probs, kind='stable')[:3]]
        if first.token_id not in best:
            best[-1] = first.token_id
        return [_row(('▸ ' if i == first.token_id else '') + visible(i),
                     decimal(100 * float(probs[i]), 1, self.lang) + '%', float(probs[i]))
                for i in best]

    def _number(self, value: float) -> str:
        return decimal(float(value), 2, self.lang).replace('-', '−')

    def __panel__(self):
        story = pn.Column(self._story, self._actions, stylesheets=[STORY],
                          sizing_mode='stretch_width')
        return pn.Column(story, self._machine, self._facts, stylesheets=[PARTS],
                         sizing_mode='stretch_width')


def _row(label: str, value: object = '', share: float | None = None) -> dict:
    return {'label': label, 'value': str(value), 'share': share}
