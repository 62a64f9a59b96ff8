"""The text that the machine reads, and the token that it expects next."""

import panel as pn

from minigpt.inference.sampling import likeliest
from minigpt.locale import decimal
from pages.components.prompt_box import PromptBox
from pages.components.ranking import Ranking
from pages.components.said import Said
from pages.first_text import examples
from pages.lab import lab, visible
from pages.layout import beside, show, stack
from pages.model.names import number
from pages.part import Part

FIRST_TEXT = 'O menino abriu a porta e viu'
LONGEST = 2000  # characters of a text that a link carries
LISTED = 3  # likeliest next tokens


class TextPart(Part):
    """A box for the text, the likeliest next tokens beside it."""

    section = 'next'

    def __init__(self, page):
        super().__init__(page)
        self.prompt, self.note = PromptBox(), Said()
        self.ranking = Ranking(self._choose, hue='output')
        self.prompt.link(page, value='prompt')

    def _choose(self, token: int) -> None:
        """The arithmetic of a share."""
        machine, reading = self.page.machine, self.page.reading
        if reading and 0 <= token < reading.array('shares').shape[1]:
            machine.ladder = machine.ladder.at('shares', (reading.T - 1, token))

    def relabel(self) -> None:
        words = self.page.words
        self.prompt.param.update(words=words['prompt'],
                                 examples=examples(words['examples']))
        self.ranking.param.update(title=self.words['title'], locale=self.tag)

    def paint(self) -> None:
        page = self.page
        info = page.words['prompt']['info'].format(count=page.count,
                                                   block=lab().model.config.block_size)
        self.prompt.param.update(value=page.prompt, info=info, error=self.sentence(page.error))
        long = len(page.prompt) > LONGEST
        self.note.paragraphs = [self.words['long'].format(most=LONGEST)] if long else []
        show(self.note, long)
        self.ranking.rows = self._rows()
        show(self.ranking, page.reading is not None)

    def _rows(self) -> list[dict]:
        reading, lang = self.page.reading, self.page.lang
        if not reading:
            return []
        shares, logits = reading.array('shares')[-1], reading.array('logits')[-1]
        rows = []
        for rank, i in enumerate(likeliest(shares, LISTED).tolist(), 1):
            share, token = float(shares[i]), visible(i)
            said = decimal(100 * share, 1, lang) + '%'
            rows.append({'id': i, 'rank': rank, 'label': token, 'exact': share, 'value': said,
                         'part': share, 'about': self.words['about'].format(
                             token=token, share=said, logit=number(float(logits[i]), lang),
                             vocab=decimal(len(shares), 0, lang))})
        return rows

    def layout(self) -> pn.viewable.Viewable:
        return beside('minmax(0, 5fr) minmax(0, 7fr)', stack(self.prompt, self.note), self.ranking)
