"""What the lessons page shows: the list, the step or the question, how to answer and go on."""

import panel as pn

from minigpt.locale import sentence
from minigpt.teach.exercises import KINDS
from minigpt.teach.lesson import LESSONS, LEVELS, NAMES
from minigpt.teach.words import title
from pages.components.actions import Actions
from pages.components.answer_box import AnswerBox
from pages.components.code_editor import CodeEditor
from pages.components.curves import Curves
from pages.components.lesson_list import LessonList
from pages.components.lesson_step import LessonStep
from pages.components.matrix import Matrix
from pages.components.said import Said
from pages.components.segments import Segments
from pages.layout import STACK, beside, show, stack
from pages.lessons import drawing, record
from pages.lessons.question_view import QuestionView
from pages.lessons.rooms import ROOMS
from pages.locale import text
from pages.own_text import OwnText

GROUPS = ''':host { display: flex !important; flex-flow: row wrap; gap: 12px 32px; }
:host > * { width: auto !important; flex: 0 1 auto; }'''
ROW = 'button { max-width: 360px; } .primary { flex-basis: auto; }'


class LessonsView:
    """Components of the page; `paint` follows its state. What not every step needs is made when a
    step first does."""

    def __init__(self, page):
        self.page = page
        self.list, self.head, self.step = LessonList(), Said(), LessonStep()
        self.steps, self.kinds = Segments(), Segments()
        for segments in (self.steps, self.kinds):
            segments.param.watch(lambda event: event.new and page.go(event.new), 'value')
        self.actions = Actions(self._pressed, stylesheets=[ROW])
        self.links = LessonStep()
        self.room = pn.Column(stylesheets=[STACK], sizing_mode='stretch_width')
        self.maps: list[Matrix] = []
        self.chart: Curves | None = None
        self.question = QuestionView(page, self._add)

    @property
    def words(self) -> dict:
        return self.page.words

    @property
    def tag(self) -> str:
        return text(self.page.lang)['tag']

    # Words

    def relabel(self) -> None:
        words, tag = self.words, self.tag
        self.kinds.label = words['kinds']
        self.step.param.update(words=words['step'], locale=tag)
        self.actions.words = words['actions']
        self._word_parts()
        self.paint_list()

    def _word_parts(self) -> None:
        """Of the parts that exist by now."""
        for it in self.maps:
            words = text(self.page.lang)['matrix'] | {'hint': self.words['look']}
            it.param.update(words=words, locale=self.tag)
        if self.chart:
            self.chart.locale = self.tag
        self.question.relabel()

    # Painting

    def paint_list(self) -> None:
        """The table of contents, with what is done."""
        words, lang, every = self.words['list'], self.page.lang, record.every()
        count = len(record.MARKS)
        levels = []
        for level in LEVELS:
            name_of = sentence(lang, f'teach.level.{level}').capitalize()
            levels.append({'title': name_of, 'lessons': [
                self._entry(name, len(every.get(name, ())), count, words)
                for name in NAMES[level]]})
        done = sum(map(len, every.values()))
        self.list.param.update(levels=levels, locale=self.tag, words={
            'title': words['title'],
            'progress': words['progress'].format(done=done, count=count * len(LESSONS))})

    def _entry(self, name: str, done: int, count: int, words: dict) -> dict:
        return {'page': 'lessons', 'href': f'lessons.html?lesson={name}&step=1',
                'title': title(name, self.page.lang),
                'said': words['said'].format(done=done, count=count),
                'count': '✓' if done == count else f'{done}/{count}',
                'done': done / count, 'is_here': name == self.page.lesson}

    def paint(self) -> None:
        self._paint_head()
        self._paint_step()
        self.question.paint()
        self._paint_actions()
        self._paint_links()

    def _paint_head(self) -> None:
        page, words, telling = self.page, self.words, self.page.telling
        lesson, lang = telling.lesson, page.lang
        self.paint_list()
        number = LESSONS.index(page.lesson) + 1
        self.head.param.update(paragraphs=[lesson.goal(lang)], title=words['title'].format(
            number=number, count=len(LESSONS), title=lesson.title(lang)))
        is_step, done = page.stage not in KINDS, record.done(page.lesson)
        self.steps.param.update(
            label=words['steps'] + (' ✓' if record.STORY in done else ''),
            options=[{'id': it, 'label': it} for it in telling.stages[:telling.count]],
            value=page.stage if is_step else '',
            note=words['step_note'].format(number=page.stage, count=telling.count)
            if is_step else '')
        self.kinds.param.update(value='' if is_step else page.stage, options=[
            {'id': kind, 'label': sentence(lang, f'teach.kind.{kind}')
             + (' ✓' if kind in done else '')} for kind in KINDS])

    def _paint_step(self) -> None:
        page, here, words = self.page, self.page.here, self.words
        busy = here is None and page.work.running
        if here is None:
            said = words['computing'].format(percent=round(100 * page.telling.share)) if busy else (
                words['stopped'])
            shown, figures = [{'kind': 'text', 'pieces': [['', said]]}], ()
        else:
            figures = here.figures
            shown = drawing.blocks(page.telling.lesson.words(here, page.lang), figures, page.lang)
        self.step.param.update(blocks=shown, busy=busy)
        self._paint_maps(drawing.heats(figures))
        self._paint_chart(drawing.curves(figures))

    def _paint_maps(self, heats: list) -> None:
        while len(self.maps) < len(heats):
            self.maps.append(self._add(Matrix()))
            self._word_parts()
        for i, it in enumerate(self.maps):
            show(it, i < len(heats))
            if i < len(heats):
                letter = f' · {"AB"[i]}' if len(heats) > 1 else ''
                it.param.update(**drawing.heat(heats[i], self._title() + letter))

    def _paint_chart(self, figure) -> None:
        if figure and not self.chart:
            self.chart = self._add(Curves())
        if not self.chart:
            return
        show(self.chart, figure is not None)
        if figure:
            lang = self.page.lang
            self.chart.param.update(
                words=text(lang)['training']['chart'] | drawing.axes(figure, lang)
                | {'title': self._title()}, locale=self.tag, digits=figure.digits)
            self.chart.draw(drawing.lines(figure, f'{self.page.lesson}.{self.page.stage}', lang))

    def _title(self) -> str:
        """Of a picture: the lesson's, and which step."""
        page, lang = self.page, self.page.lang
        place = (sentence(lang, f'teach.kind.{page.stage}') if page.stage in KINDS
                 else self.words['step_of'].format(number=page.stage))
        return f'{page.telling.lesson.title(lang)} · {place}'

    def _add(self, part):
        """A part that a step needs, in its place: pictures, then the editor, then the answer."""
        order = (Matrix, Curves, CodeEditor, AnswerBox)
        self.room.objects = sorted([*self.room.objects, part],
                                   key=lambda it: order.index(type(it)))
        return part

    def _paint_actions(self) -> None:
        page, words = self.page, self.words['actions']
        stages = page.telling.stages
        at = stages.index(page.stage)
        is_step, solved = page.stage not in KINDS, page.stage in record.done(page.lesson)
        busy = page.here is None and page.work.running
        buttons = [
            {'id': 'back', 'label': words['back'], 'primary': False,
             'reason': '' if at else words['is_first']},
            {'id': 'next', 'label': self._next_label(at), 'primary': is_step or solved,
             'reason': words['wait'] if busy else ''}]
        if busy:
            buttons.append({'id': 'stop', 'label': words['stop'], 'primary': False, 'reason': ''})
        elif page.here is None:
            buttons.append({'id': 'start', 'label': words['go_on'], 'primary': False, 'reason': ''})
        elif is_step:
            buttons.append({'id': 'again', 'label': words['again'], 'primary': False,
                            'reason': ''})
        self.actions.buttons = buttons

    def _next_label(self, at: int) -> str:
        words, telling, lang = self.words['actions'], self.page.telling, self.page.lang
        if at + 1 == len(telling.stages):
            after = LESSONS[(LESSONS.index(self.page.lesson) + 1) % len(LESSONS)]
            return words['next_lesson'].format(title=title(after, lang))
        return words['next' if at + 1 < telling.count else 'first_exercise'
                     if at + 1 == telling.count else 'next_exercise']

    def _pressed(self, name: str) -> None:
        page = self.page
        {'back': lambda: page.on(-1), 'next': page.on, 'stop': page.stop, 'start': page.start,
         'again': page.again}[name]()

    def _paint_links(self) -> None:
        pages = text(self.page.lang)['pages']
        self.links.param.update(words=self.words['step'], blocks=[
            {'kind': 'links', 'said': self.words['play'], 'links': [
                {'page': name, 'href': f'{name}.html', 'label': pages[name]['nav']}
                for name in ROOMS[self.page.lesson]]}])

    def layout(self):
        return beside('minmax(240px, 300px) minmax(0, 1fr)', self.list, stack(
            self.head, pn.Column(self.steps, self.kinds, stylesheets=[GROUPS],
                                 sizing_mode='stretch_width'),
            self.step, self.room, self.actions, self.links, OwnText(self.page)))
