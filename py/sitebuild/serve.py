"""A local web server for dist, on 127.0.0.1 unless told otherwise."""

import errno
import functools
import http.server
import os
import sys
import urllib.parse
from pathlib import Path

from sitebuild.errors import BuildError
from sitebuild.service_worker import POLICY

# Pages may do what site/service-worker.js lets them do on any host; no page of another site may
# share memory with ours, so our own threads may.
HEADERS = {'Content-Security-Policy': POLICY, 'Cross-Origin-Opener-Policy': 'same-origin',
           'Cross-Origin-Embedder-Policy': 'require-corp'}
MIME_TYPES = {
    '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8', '.mjs': 'text/javascript; charset=utf-8',
    '.json': 'application/json', '.wasm': 'application/wasm', '.zip': 'application/zip',
    '.svg': 'image/svg+xml', '.webmanifest': 'application/manifest+json',
}


class SiteHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files only: no folder listings, and nothing that the browser keeps unasked."""

    protocol_version = 'HTTP/1.1'
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | MIME_TYPES

    def end_headers(self):
        """The browser asks again each time, so that a rebuilt site shows."""
        self.send_header('Cache-Control', 'no-cache')
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def send_head(self):
        """A path that no file can have, such as one with a zero byte, is not found."""
        try:
            return super().send_head()
        except ValueError:
            self.send_error(404)
            return None

    def list_directory(self, path):
        """A folder without index.html is not found."""
        self.send_error(404)

    def log_request(self, code='-', size='-'):
        """Only what went wrong is worth a line."""
        if str(getattr(code, 'value', code)) >= '400':
            super().log_request(code, size)

    def log_error(self, *_):
        """log_request has said it."""


class SiteServer(http.server.ThreadingHTTPServer):
    """Refuses a port that another program listens on, on Windows too."""

    allow_reuse_address = os.name != 'nt'

    def handle_error(self, request, client_address):
        """A browser that goes away in mid-answer is no error of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def bind(folder: Path, host: str, port: int) -> SiteServer:
    """Return a server that listens already; BuildError if it cannot listen there."""
    try:
        return SiteServer((host, port), functools.partial(SiteHandler, directory=str(folder)))
    except OSError as error:
        raise BuildError(port_problem(host, port, error)) from None


def check_free(host: str, port: int) -> None:
    """Raise BuildError now if `bind` would, before work that takes long."""
    bind(Path(), host, port).server_close()


def port_problem(host: str, port: int, error: OSError) -> str:
    """One sentence for an address that cannot be listened on."""
    if error.errno == errno.EADDRINUSE:
        return (f'port {port} on {host} is in use; '
                f'stop the program that has it or choose another with --port.')
    return f'cannot listen on {host}, port {port} ({error.strerror or error}); choose another.'


def serve(folder: Path, host: str, port: int) -> None:
    """Serve until Ctrl-C."""
    with bind(folder, host, port) as server:
        print(f'minigpt is at {url(host, server.server_port)} (Ctrl-C to stop)', flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


def url(host: str, port: int) -> str:
    """What to type into a browser."""
    shown = 'localhost' if host in ('', '0.0.0.0', '::') else host
    return f'http://{urllib.parse.quote(shown)}:{port}/'
