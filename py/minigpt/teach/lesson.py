"""A lesson: a story told in steps with the real library, and exercises that check themselves.

A file in lessons/ has

    LEVEL = 'beginner'                       one of LEVELS
    def story() -> Iterator[Step]            computes and yields, step by step
    def analysis() -> Exercise               and one for each other kind, see exercises.py

and its words lie in locale/lessons/<name>.<lang>.md. Terminal and pages run the same generator.
"""

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from minigpt.errors import ConfigError
from minigpt.teach.exercises import KINDS, Choice, Exercise
from minigpt.teach.figures import Figure, told
from minigpt.teach.words import Said, said, sections

LEVELS = ('beginner', 'intermediate', 'advanced')

# In the order in which one would take them.
NAMES = {
    'beginner': ('transformer_architecture', 'tokenization_process', 'embeddings_explained',
                 'softmax_temperature', 'attention_by_hand', 'positional_encodings'),
    'intermediate': ('training_system', 'backpropagation_by_hand', 'gradient_computation',
                     'optimization_techniques', 'learning_rate_schedules', 'overfitting',
                     'chunking_retrieval'),
    'advanced': ('inference_engine', 'kv_cache', 'quantisation', 'memory_management', 'profiling'),
}
LESSONS = tuple(name for level in LEVELS for name in NAMES[level])


@dataclass(frozen=True)
class Step:
    """One step of a story: the section `key` of the lesson's words, and what it shows."""
    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Working:
    """A story that computes for long says between two steps how far it is: `share`, 0 to 1."""
    share: float


class Lesson:
    """One lesson, by the name of its file. ConfigError for a name that is none."""

    def __init__(self, name: str):
        if name not in LESSONS:
            raise ConfigError('unknown_choice', name='lesson', got=name,
                              choices=', '.join(LESSONS))
        self.name = name
        self._module = importlib.import_module(f'minigpt.teach.lessons.{name}')

    @property
    def level(self) -> str:
        return self._module.LEVEL

    @property
    def source(self) -> str:
        """The path of its code, for readers who want to change it."""
        return self._module.__file__

    def title(self, lang: str) -> str:
        return sections(self.name, lang)['title']

    def goal(self, lang: str) -> str:
        """What one takes away, in a sentence."""
        return sections(self.name, lang)['goal']

    @property
    def steps(self) -> tuple[str, ...]:
        """The keys of the story's steps, in order, before any of them is computed."""
        return tuple(key for key in sections(self.name, 'pt')
                     if key.partition('.')[0] not in ('title', 'goal', *KINDS))

    def story(self) -> Iterator[Step]:
        return (event for event in self.events() if isinstance(event, Step))

    def events(self) -> Iterator[Step | Working]:
        """The story, and how far it is with what takes long."""
        return self._module.story()

    def exercises(self) -> list[Exercise]:
        """One of each kind."""
        return [self.exercise(kind) for kind in KINDS]

    def exercise(self, kind: str) -> Exercise:
        """The exercise of this kind, and no other, made now; ConfigError for an unknown kind."""
        if kind not in KINDS:
            raise ConfigError('unknown_choice', name='exercise', got=kind,
                              choices=', '.join(KINDS))
        return replace(getattr(self._module, kind)(), kind=kind)

    def words(self, step: Step | Exercise, lang: str) -> Said:
        """What a step or an exercise says in this language."""
        values = {name: told(value, lang) for name, value in step.values.items()}
        if isinstance(step, Choice):
            values['choices'] = ', '.join(told(choice, lang) for choice in step.choices)
        return said(self.name, step.key, values, lang)

    def hint(self, exercise: Exercise, lang: str) -> str:
        return said(self.name, f'{exercise.key}.hint', exercise.values, lang).text
