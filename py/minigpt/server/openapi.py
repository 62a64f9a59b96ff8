"""The OpenAPI 3.1 document, made from the operations that answer; and a page to try them on."""

from pathlib import Path

from tornado.web import HTTPError

from minigpt import __version__
from minigpt.server.answers import Answering
from minigpt.server.demos import DEMOS
from minigpt.server.operation import Operation
from minigpt.server.schemas import STRING, components, ref

ABOUT = ('One state that terminals and browsers look at and change together. Every error is JSON: '
         '{"error": {"code", "message": {"pt", "en"}}}. The header X-Client-Name says who changes '
         'something.')


def document(operations: tuple[Operation, ...], state, root: str) -> dict:
    """The whole document; bounds of parameters are those of the present lab."""
    paths: dict[str, dict] = {}
    names = {'module': {'enum': list(state.modules)}, 'demo': {'enum': list(DEMOS)}}
    for it in operations:
        paths.setdefault(it.path, {})[it.method.lower()] = described(it, names)
    known = dict(components(state))
    known['securitySchemes'] = {'token': {'type': 'http', 'scheme': 'bearer',
                                          'description': 'Asked for beyond this machine.'}}
    return {'openapi': '3.1.0',
            'info': {'title': 'minigpt', 'version': __version__, 'description': ABOUT,
                     'license': {'name': 'MIT', 'identifier': 'MIT'}},
            'servers': [{'url': root}], 'paths': paths, 'components': known,
            'security': [{}, {'token': []}]}


def described(it: Operation, names: dict[str, dict]) -> dict:
    """One operation; `names`: schemas of values in the path, where they are known."""
    kind = 'application/x-ndjson' if it.streams else 'application/json'
    about = {'operationId': it.name, 'summary': it.about, 'tags': [it.tag], 'parameters': [
        *({'name': name, 'in': 'path', 'required': True, 'schema': names.get(name, STRING)}
          for name in it.path_names),
        *({'name': name, 'in': 'query', 'schema': schema} for name, schema in it.query.items())],
        'responses': {
            str(it.status): {'description': 'A line of JSON each.' if it.streams else 'Done.',
                             'content': {kind: {'schema': it.answer}}},
            'default': {'description': 'What was wrong.',
                        'content': {'application/json': {'schema': ref('Error')}}}}}
    if it.body is not None:
        shown = {'schema': it.body} | ({} if it.example is None else {'example': it.example})
        about['requestBody'] = {'required': True, 'content': {'application/json': shown}}
    return about


class OpenApi(Answering):
    """/api/v1/openapi.json"""

    def initialize(self, server, operations: tuple[Operation, ...], root: str) -> None:
        super().initialize(server)
        self.operations, self.root = operations, root

    def get(self) -> None:
        self.answer(document(self.operations, self.server.state, self.root))


PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>minigpt · API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="docs/swagger-ui.css"></head>
<body><div id="api"></div>
<script src="docs/swagger-ui-bundle.js"></script><script src="docs/start.js"></script></body></html>
"""
START = "SwaggerUIBundle({url: 'openapi.json', dom_id: '#api', deepLinking: true});\n"
PLAIN = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>minigpt · API</title></head>
<body><h1>minigpt · API</h1><p><a href="openapi.json">openapi.json</a> describes it.</p></body>
</html>
"""
FILES = {'swagger-ui.css': 'text/css; charset=utf-8',
         'swagger-ui-bundle.js': 'text/javascript; charset=utf-8'}


class TryIt(Answering):
    """/api/v1/docs: swagger-ui, where its files are at hand."""

    needs_token = False

    def get(self, name: str | None = None) -> None:
        folder = self.server.settings.swagger
        if name is None:
            self.set_header('Content-Type', 'text/html; charset=utf-8')
            self.finish(PAGE if folder else PLAIN)
        elif name == 'start.js':
            self.set_header('Content-Type', 'text/javascript; charset=utf-8')
            self.finish(START)
        elif folder and name in FILES:
            self.set_header('Content-Type', FILES[name])
            self.finish((Path(folder) / name).read_bytes())
        else:
            raise HTTPError(404)
