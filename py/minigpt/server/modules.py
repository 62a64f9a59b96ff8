"""The modules, one for each page, and their parameters: all that a link to the page can say.

Bounds follow the lab: a model of four blocks has no fifth one to look at. None is what a page
shows by itself, as the last token or the opening text.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from minigpt.errors import ServerError
from minigpt.lab import Lab
from minigpt.server import parameters_of_training as training
from minigpt.server import parameters_of_views as views
from minigpt.server.parameter import Parameter


@dataclass(frozen=True)
class Module:
    """`parameters` by name. `together` checks all values with each other."""
    name: str
    parameters: dict[str, Parameter]
    together: Callable[[dict], None] = lambda values: None

    def defaults(self) -> dict[str, object]:
        return {name: it.default for name, it in self.parameters.items()}

    def parameter(self, name: str) -> Parameter:
        """The parameter, or a ServerError that names those there are."""
        if name not in self.parameters:
            raise ServerError('unknown_parameter', module=self.name, got=name,
                              parameters=', '.join(self.parameters))
        return self.parameters[name]

    def check(self, values: dict[str, object], present: dict[str, object]) -> dict[str, object]:
        """The values in their types; ServerError for the first that does not fit."""
        if not isinstance(values, dict) or not values:
            raise ServerError('no_values', module=self.name)
        checked = {name: self.parameter(name).check(value) for name, value in values.items()}
        self.together(present | checked)
        return checked

    def fitting(self, values: dict[str, object]) -> dict[str, object]:
        """All parameters: these values, and the default where one is missing or does not fit."""
        fits = self.defaults()
        for name, value in values.items():
            if name not in fits:
                continue
            try:
                fits |= self.check({name: value}, fits)
            except ServerError:
                continue
        return fits

    # Links

    def to_query(self, values: dict[str, object]) -> dict[str, str]:
        """What a link to the page says: only what is not as at first."""
        return {it.key: it.to_text(values[name]) for name, it in self.parameters.items()
                if name in values and values[name] != it.default}

    def from_query(self, query: dict[str, str]) -> dict[str, object]:
        """All parameters as a link says them. ServerError for a value that does not fit; other
        words of a link, as the language, are passed over."""
        said = {name: it.from_text(query[it.key]) for name, it in self.parameters.items()
                if it.key in query}
        values = self.defaults() | said
        self.together(values)
        return values


def of(lab: Lab) -> dict[str, Module]:
    """All modules by name, in the order of the site."""
    config = lab.model.config
    made = {'tokenizer': views.tokenizer(), 'embeddings': views.embeddings(config),
            'attention': views.attention(config), 'transformer': views.transformer(config),
            'model': views.model(config), 'training': training.training(),
            'inference': views.inference(), 'chunking': views.chunking(), 'sample': views.sample()}
    return {name: Module(name, {it.name: replace(it, module=name, key=it.key or it.name)
                                for it in parameters}, CHECKS.get(name, lambda values: None))
            for name, parameters in made.items()}


def _size_fits_unit(values: dict[str, object]) -> None:
    low, high = views.CHUNK_SIZES[values['unit']]
    if values['size'] is not None and not low <= values['size'] <= high:
        raise ServerError('parameter_bounds', name='chunking.size', got=values['size'], low=low,
                          high=high)


CHECKS = {'chunking': _size_fits_unit}
