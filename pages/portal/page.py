"""The portal: what this is, shown by doing it."""

from collections.abc import Iterator
from urllib.parse import urlencode

import numpy as np
import panel as pn
import param

from minigpt.errors import MinigptError
from minigpt.inference import next_token_distribution
from minigpt.inference.generate import next_logits
from minigpt.inference.sampling import draw
from minigpt.locale import decimal
from minigpt.nn.model import GPT
from minigpt.nn.trace import Trace
from pages.components.actions import Actions
from pages.components.lab_card import LabCard
from pages.components.machine import Machine
from pages.components.path import Path
from pages.components.story import Story
from pages.exercises import Exercise
from pages.inference.continuation import Continuation, Sampling
from pages.inference.page import FIRST_PROMPT
from pages.inference.settings import KNOBS
from pages.lab import (back_to_shipped, is_own_model, is_shipped, kept, lab, open_file,
                       visible)
from pages.layout import stack
from pages.locale import text
from pages.own_text import OwnText
from pages.page import Page
from pages.path import EXERCISES, LEVELS, progress
from pages.portal.script import portal_script
from pages.portal.tasks import drew_an_unlikely_one, knows_the_table_s_share, wrote_another
from pages.work import Work

SAMPLING = Sampling(KNOBS['temperature'].default, KNOBS['top_k'].default)
LENGTH = KNOBS['length'].default
OPENING_WORDS = 5  # of the reader's own text, for a model that may not know ours
ROOMS = {'tokens': 'tokenizer', 'vectors': 'embeddings', 'blocks': 'transformer',
         'logits': 'model', 'draw': 'inference'}  # stage → its page
# The parts join the grid of the page's section, so that the story stands beside the heading.
PARTS = ':host { display: contents !important; } :host > .wide { grid-column: 1 / -1; }'
STORY = '''
:host { display: grid !important; gap: 12px; grid-template-columns: minmax(0, 1fr);
  align-content: start; padding: 16px 20px; border-radius: 6px; background: var(--raised); }
'''


class Portal(Page):
    """The model finishing a sentence, the stages it took, the way through the pages, the lab."""

    seed = param.Integer(default=KNOBS['seed'].default)

    section = 'portal'
    terms = ('model', 'parameter', 'token', 'vector', 'layer', 'head', 'logit', 'probability', 'seed')
    exercises = (Exercise('another', check=wrote_another),
                 Exercise('unlikely', check=drew_an_unlikely_one),
                 Exercise('table', answer=knows_the_table_s_share))

    def __init__(self, lang: str = 'pt', query: dict[str, str] | None = None):
        self.work = Work(self._paint, self.broke)
        self._story, self._machine = Story(), Machine(css_classes=['wide'])
        self._path = Path(css_classes=['wide'])
        self._lab = LabCard(self._open, self._lab_pressed)
        self._actions = Actions(lambda name: getattr(self, name)())
        super().__init__(lang, query)

    def restore(self, query: dict[str, str]) -> None:
        """The link's seed, and the text it gives."""
        self.work.stop()
        self.seed = KNOBS['seed'].read(query)
        self.work.now(self._begin())

    def another(self) -> None:
        """The next seed's text."""
        self.seed = (self.seed + 1) % (KNOBS['seed'].end + 1)
        self.work.start(self._begin())

    def stop(self) -> None:
        """Stop writing; what is written stays."""
        self.work.stop()
        self._paint()

    def follow_lab(self, names: set[str]) -> None:
        """Progress is shown here too, which no other page does."""
        super().follow_lab(names)
        if 'settings' in names:
            self._path.levels = self._levels()

    # The lab's file

    def _open(self, data: bytes, name: str) -> None:
        try:
            open_file(data, name)
        except MinigptError as error:
            self._lab.param.update(error=self.sentence(error), said='')
        else:
            self._lab.param.update(error='', said=self.words['lab']['opened'].format(name=name))

    def _lab_pressed(self, button: str) -> None:
        if button == 'save':
            self._lab.save(kept().to_bytes(), f'{lab().name or "minigpt"}.safetensors')
        else:
            back_to_shipped()
            self._lab.param.update(error='', said=self.words['lab']['is_back'])

    def _begin(self) -> Iterator:
        model, tokenizer = lab().model, lab().tokenizer
        opening = '' if is_shipped() else ' '.join(lab().corpus.split()[:OPENING_WORDS])
        self.prompt = opening or FIRST_PROMPT
        self.prompt_ids = tokenizer.encode(self.prompt)[-model.config.block_size:]
        self.written = []  # ids
        return self._writing(Continuation(model, self.prompt_ids, self.seed))

    def _writing(self, continuation: Continuation) -> Iterator:
        """Of what was computed only what is shown is kept: no cache, and the first logits alone."""
        end = lab().tokenizer.end_of_text
        while len(self.written) < LENGTH and continuation.ids[-1] != end:
            token = continuation.step(SAMPLING)
            if not self.written:
                self.first = token
            self.written.append(token.token_id)
            yield token

    # Words and painting

    def relabel(self) -> None:
        self._story.words, self._actions.words = self.words['story'], self.words['story']
        self._machine.words = self.words['machine']
        self._path.param.update(words=self.words['path'], levels=self._levels())
        self._paint_lab()
        self._paint()

    def _paint_lab(self) -> None:
        words = self.words['lab']
        here = words['shipped' if is_shipped() else 'own' if is_own_model() else 'own_text']
        size = decimal(len(lab().corpus), 0, self.lang)
        self._lab.param.update(
            words=words, facts=self._sizes(),
            about=[here.format(name=lab().name), words['corpus'].format(size=size)],
            buttons={'back': words['is_shipped'] if is_shipped() else ''})

    def _paint(self) -> None:
        words, busy = self.words['story'], self.work.running
        tokenizer = lab().tokenizer
        written = [it for it in self.written if it != tokenizer.end_of_text]
        self._story.param.update(
            given=tokenizer.decode(self.prompt_ids), written=tokenizer.decode(written),
            running=busy, facts=self._said(), link=self._link_to_inference(words['continue']))
        self._actions.buttons = [
            {'id': 'another', 'label': words['another'], 'primary': False,
             'reason': words['busy'] if busy else ''},
            {'id': 'stop', 'label': words['stop'], 'primary': False,
             'reason': '' if busy else words['idle']}]
        self.frame.check()
        if not busy:
            self._machine.stages = self._stages()
            self.query = ({} if self.seed == KNOBS['seed'].default
                          else {'seed': str(self.seed)})

    def _said(self) -> list[str]:
        words = self.words['story']
        said = [words['seed'].format(seed=self.seed),
                words['count'].format(count=len(self.written))]
        if self.work.per_second:
            said.append(words['speed'].format(speed=decimal(self.work.per_second, 1, self.lang)))
        return said

    def _link_to_inference(self, label: str) -> dict:
        given = lab().tokenizer.decode(self.prompt_ids)
        query = urlencode({'seed': self.seed} if given == FIRST_PROMPT else
                          {'prompt': given, 'seed': self.seed})
        return {'page': 'inference', 'href': f'inference.html?{query}', 'label': label}

    def _sizes(self) -> list[dict]:
        model, words = lab().model, self.words['lab']['facts']
        config = model.config
        counts = {'parameters': model.n_params, 'vocabulary': config.vocab_size,
                  'layers': config.n_layer, 'heads': config.n_head, 'width': config.n_embd,
                  'context': config.block_size}
        return [{'name': words[key], 'value': decimal(value, 0, self.lang)}
                for key, value in counts.items()]

    def _levels(self) -> list[dict]:
        """The path's cards, with what the lab's settings say is done."""
        words, start, levels = self.words['path'], 1, []
        for name, pages in LEVELS.items():
            levels.append(words['levels'][name] | {
                'start': start, 'pages': [self._path_step(page) for page in pages]})
            start += len(pages)
        return levels

    def _path_step(self, page: str) -> dict:
        words, done = self.words['path'], progress(page)
        said = words['solved'].format(count=done.solved, total=EXERCISES)
        return {'page': page, 'href': f'{page}.html', 'state': done.state,
                'title': text(self.lang)['pages'][page]['nav'], 'about': words['pages'][page],
                'said': said if done.seen or done.solved else words['new'],
                'done': done.solved / EXERCISES}

    def _stages(self) -> list[dict]:
        """The map's cards, from a traced forward pass over the prompt."""
        model, words, first = lab().model, self.words['machine'], self.first
        trace = Trace()
        model.forward(np.array([self.prompt_ids]), trace=trace)
        rows = {'text': [_row(self._story.given)],
                'tokens': [_row(visible(i), i) for i in self.prompt_ids[-3:]],
                'vectors': [_row(f'{place}', self._number(value)) for place, value
                            in enumerate(trace['embed'][0, -1, :3], 1)],
                'blocks': self._norms(trace), 'logits': self._logits(first),
                'draw': self._draw(first)}
        config = model.config
        sizes = {'vocab': decimal(config.vocab_size, 0, self.lang), 'width': config.n_embd,
                 'layers': config.n_layer, 'heads': config.n_head}
        links = {step: self._link(page) for step, page in ROOMS.items()}
        return [{'title': words['steps'][name]['title'].format(**sizes),
                 'about': words['steps'][name]['about'].format(**sizes), 'rows': rows[name],
                 'hue': 'output' if name == 'draw' else 'soft', 'link': links.get(name)}
                for name in words['steps']]

    def _link(self, page: str) -> dict:
        label = self.words['machine']['open'].format(page=text(self.lang)['pages'][page]['nav'])
        if page == 'inference':
            return self._link_to_inference(label)
        return {'page': page, 'href': f'{page}.html', 'label': label}

    def _norms(self, trace: Trace) -> list[dict]:
        norms = [float(np.linalg.norm(trace[f'h.{layer}.resid_post'][0, -1]))
                 for layer in range(lab().model.config.n_layer)]
        return [_row(f'{layer}', self._number(norm), norm / (max(norms) or 1))
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

    def sources(self) -> list:
        """From the text to the token that was drawn, in the order of the cards."""
        return [GPT.forward, next_logits, next_token_distribution, draw]

    def script(self) -> str:
        return portal_script(self, LENGTH, vars(SAMPLING))

    def body(self):
        story = pn.Column(self._story, self._actions, stylesheets=[STORY],
                          sizing_mode='stretch_width')
        own = stack(self._lab, OwnText(self))
        own.css_classes = ['wide']
        return pn.Column(story, self._machine, self._path, own, stylesheets=[PARTS],
                         sizing_mode='stretch_width')


def _row(label: str, value: object = '', share: float | None = None) -> dict:
    return {'label': label, 'value': str(value), 'share': share}
