"""One HTML file per row of site/pages.json, from the template site/page.html."""

import ast
import json
from pathlib import Path

from sitebuild.errors import BuildError


def page_rows(root: Path) -> list[dict]:
    """The pages of the site, in the order of site/pages.json, which is that of the menu.

    `step` is a page's place on the reader's path (pages/path.py): where “next” and “back” lead.
    """
    rows = _json(root / 'site' / 'pages.json', root)
    if not rows or not all({'name', 'step', 'viewer'} <= row.keys() for row in rows):
        raise BuildError('site/pages.json must list at least one page, each with name, step and '
                         'viewer.')
    return rows


def locales(root: Path) -> dict[str, dict]:
    """The readers' texts, by language: {'pt': {...}, 'en': {...}}."""
    return {lang: _json(root / 'pages' / 'locale' / f'{lang}.json', root) for lang in ('pt', 'en')}


def render(root: Path, build: str, drawn: bool) -> dict[str, str]:
    """Return each page's file name and HTML; names of pages that lie elsewhere never appear.

    `drawn`: the site has a view of each page, to be drawn before Python is there.
    """
    import jinja2

    class Undefined(jinja2.StrictUndefined):
        """What is not there may be asked about (`if row.next`) but not printed."""

        def __bool__(self):
            return False

    rows, text, version = page_rows(root), locales(root), minigpt_version(root)
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(root / 'site'),
                                     undefined=Undefined, autoescape=True,
                                     trim_blocks=True, lstrip_blocks=True)
    try:
        template = environment.get_template('page.html')
        return {f'{row["name"]}.html': template.render(page=row, pages=rows, text=text, build=build,
                                                       version=version, drawn=drawn)
                for row in rows}
    except jinja2.TemplateNotFound as error:
        raise BuildError(f'site/{error.name} is missing.') from None
    except jinja2.TemplateError as error:
        raise BuildError(f'site/page.html cannot be rendered: {error}.') from None


def minigpt_version(root: Path) -> str:
    """minigpt.__version__, read without importing the package."""
    tree = ast.parse((root / 'py' / 'minigpt' / '__init__.py').read_text(encoding='utf-8'))
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == '__version__':
            return ast.literal_eval(node.value)
    raise BuildError('py/minigpt/__init__.py does not say __version__ = "…".')


def _json(file: Path, root: Path):
    name = file.relative_to(root).as_posix()
    try:
        return json.loads(file.read_text(encoding='utf-8'))
    except FileNotFoundError:
        raise BuildError(f'{name} is missing.') from None
    except ValueError as error:
        raise BuildError(f'{name} is not valid JSON: {error}.') from None
