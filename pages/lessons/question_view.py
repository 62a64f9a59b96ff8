"""How a question is answered: a number, a choice, or code in an editor; and the verdict."""

from collections.abc import Callable

from minigpt.teach.bug_hunt import BugHunt
from minigpt.teach.exercises import Choice
from minigpt.teach.figures import told
from minigpt.teach.prose import paragraphs
from minigpt.teach.words import verdict_said
from pages.components.answer_box import AnswerBox
from pages.components.code_editor import CodeEditor
from pages.layout import show
from pages.lessons import record
from pages.locale import text


class QuestionView:
    """Made of parts that `add` puts in their place once a question needs them."""

    def __init__(self, page, add: Callable):
        self.page, self._add = page, add
        self.editor: CodeEditor | None = None
        self.box: AnswerBox | None = None

    def relabel(self) -> None:
        """Of the parts that exist by now."""
        if self.box:
            self.box.param.update(words=self.page.words['answer'],
                                  locale=text(self.page.lang)['tag'])

    def paint(self) -> None:
        question = self.page.question
        if question is not None and not self.box:
            self.box = self._add(AnswerBox(self.page.answer, self.page.restore_starter))
            self.relabel()
        if question is not None and question.starter and not self.editor:
            self.editor = self._add(CodeEditor())
            self.editor.param.watch(lambda event: self.page.write(event.new), 'value')
        if self.editor:
            show(self.editor, question is not None and bool(question.starter))
        if self.box:
            show(self.box, question is not None)
        if question is not None:
            self._paint_editor(question)
            self._paint_box(question)

    @property
    def _verdict(self):
        """The last verdict on the present question, and what its code printed."""
        return self.page.verdicts.get(self.page.key, (None, ''))

    def _paint_editor(self, question) -> None:
        if not question.starter:
            return
        page, (verdict, _) = self.page, self._verdict
        label = (page.words['hunt'].format(file=question.file) if isinstance(question, BugHunt)
                 else page.words['function'].format(name=question.function))
        wrong = verdict is not None and not verdict.right
        self.editor.param.update(
            value=page.answers.get(page.key, question.starter),
            line=verdict.values.get('line', 0) if wrong else 0,
            words={'code': label, 'keys': text(page.lang)['model']['edit']['keys']})

    def _paint_box(self, question) -> None:
        page, lang, (verdict, printed) = self.page, self.page.lang, self._verdict
        is_choice = isinstance(question, Choice)
        hint = page.telling.lesson.hint(question, lang)
        self.box.param.update(
            key='.'.join(page.key), busy=page.checking, printed=printed,
            ask='choice' if is_choice else 'code' if question.starter else 'number',
            choices=[{'id': it, 'label': told(it, lang)} for it in question.choices]
            if is_choice else [],
            given='' if question.starter else page.answers.get(page.key, ''),
            hint=' '.join(it.text for it in paragraphs(hint)),
            verdict=verdict_said(verdict, lang) if verdict else '',
            right=bool(verdict and verdict.right), solved=page.stage in record.done(page.lesson),
            can_restore=bool(question.starter) and page.key in page.answers)
