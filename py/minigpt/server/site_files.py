"""The static site: files of one folder, and nothing outside it."""

import os
from pathlib import Path

from tornado.web import HTTPError, StaticFileHandler

from minigpt.server.answers import Answering
from minigpt.server.guard import COOKIE

MIME_TYPES = {
    '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8', '.mjs': 'text/javascript; charset=utf-8',
    '.json': 'application/json', '.wasm': 'application/wasm', '.zip': 'application/zip',
    '.svg': 'image/svg+xml', '.webmanifest': 'application/manifest+json',
}


class SiteFiles(Answering, StaticFileHandler):
    """Public, so that a page can ask for the token; what it shows of the state is not."""

    needs_token = False
    is_counted = False

    def initialize(self, server, path: str) -> None:
        Answering.initialize(self, server)
        StaticFileHandler.initialize(self, path=path, default_filename='index.html')

    async def get(self, path: str, include_body: bool = True) -> None:
        """Whoever comes with the token in the address keeps it as a cookie, out of the address."""
        guard = self.server.guard
        if guard.token and 'token' in self.request.query_arguments and (
                guard.knows_token(self.request)):
            self.set_cookie(COOKIE, guard.token, httponly=True, samesite='Strict')
            self.redirect(self.request.path)
            return
        await super().get(path, include_body)

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        """A file within the folder, also once links are followed; anything else is not found."""
        try:
            inside = Path(os.path.realpath(root))
            wanted = Path(os.path.realpath(absolute_path))
            if not wanted.is_relative_to(inside) or '\0' in absolute_path:
                raise HTTPError(404)
            folder = self.request.path.endswith('/')
            if not (wanted / 'index.html' if wanted.is_dir() else wanted).is_file() or (
                    folder and not wanted.is_dir()):
                raise HTTPError(404)
            return super().validate_absolute_path(root, absolute_path)
        except (ValueError, OSError) as error:
            raise HTTPError(404) from error
        except HTTPError as error:
            raise HTTPError(404) from error

    def compute_etag(self) -> None:
        """The time of the file is enough, and costs no reading."""

    def get_content_type(self) -> str:
        suffix = Path(self.absolute_path).suffix
        return MIME_TYPES.get(suffix) or super().get_content_type()

    def set_extra_headers(self, path: str) -> None:
        """The browser asks again each time, so that a rebuilt site shows."""
        self.set_header('Cache-Control', 'no-cache')
