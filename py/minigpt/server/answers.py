"""What every handler does: let the guard look, count, and say errors in both languages."""

import json
import sys
import time
from collections.abc import Callable

from tornado.web import HTTPError, RequestHandler, stream_request_body

from minigpt.errors import MinigptError, ServerError
from minigpt.locale import LANGUAGES

STATUS = {'host_refused': 403, 'origin_refused': 403, 'token_needed': 401,
          'too_many_requests': 429, 'body_too_large': 413, 'not_found': 404,
          'method_refused': 405, 'unknown_module': 404, 'unknown_parameter': 404,
          'unknown_preset': 404, 'unknown_demo': 404, 'unknown_demo_run': 404,
          'unknown_checkpoint': 404, 'no_training': 409, 'training_runs': 409,
          'training_rests_not': 409, 'too_many_demos': 409, 'too_many_presets': 409,
          'controls_held': 409, 'may_not_kick': 403, 'no_such_client': 404,
          'busy': 503, 'closing': 503, 'disk_refused': 507, 'bad_media_type': 415}
JSON = 'application/json; charset=utf-8'
METHODS = RequestHandler.SUPPORTED_METHODS  # others are counted as one
HEADERS = {'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer',
           'Cross-Origin-Resource-Policy': 'same-origin'}
DRAINED = 200_000_000  # bytes of a body that was refused, read so that its client reads why


def error_body(error: MinigptError) -> dict:
    """{"error": {"code", "message": {pt, en}}}."""
    return {'error': {'code': error.key,
                      'message': {lang: error.in_language(lang) for lang in LANGUAGES}}}


@stream_request_body
class Answering(RequestHandler):
    """Base of all handlers. `server` is the `minigpt.server.app.Server`; `body` what was sent, of
    which no more is taken than the limit allows."""

    needs_token = True
    is_counted = True  # among those that the pace is limited of

    def initialize(self, server, **more) -> None:
        self.server, self.began = server, time.perf_counter()
        self._body: list[bytes] = []
        self._received = 0
        self._refused = False  # and told so while the body is still coming

    def set_default_headers(self) -> None:
        self.set_header('Server', 'minigpt')

    def prepare(self) -> None:
        """Let `admit` look at the request. What it refuses is told once the body is there, so that
        the connection goes on; of a body that is too large it is told at once."""
        for name, value in (HEADERS | self.server.settings.headers
                            | self.server.guard.cors(self.request)).items():
            self.set_header(name, value)
        self.request.connection.set_max_body_size(sys.maxsize)  # ours says why
        length = self.request.headers.get('Content-Length', '')
        try:
            self.check_length(int(length[:20]) if length.isdecimal() else 0)  # Python reads no more
        except ServerError as error:
            self.refuse_early(error)
            return
        try:
            self.admit()
        except (MinigptError, HTTPError) as error:
            refusal = error

            def refuse(*_):
                raise refusal
            self._do_instead(refuse)

    def _do_instead(self, act: Callable) -> None:
        """Once the body is there, in the place of the handler's own method."""
        setattr(self, self.request.method.lower(), act)

    def refuse_early(self, error: ServerError) -> None:
        """Answer now, and read on without keeping anything: to close a connection whose client
        still sends is to reset it, and then the answer may never be read."""
        self._refused = True
        said = json.dumps(self.told_of(error), ensure_ascii=False).encode()
        self.set_header('Content-Type', JSON)
        self.set_header('Content-Length', len(said))
        self.write(said)
        if self.request.headers.get('Expect') == '100-continue' and not self._received:
            # It waits before it sends.
            self.finish()
            return
        self.flush()
        self._do_instead(lambda *_: self.finish())

    def admit(self) -> None:
        """Raise what refuses the request; a subclass may add to it."""
        self.server.guard.check(self.request, needs_token=self.needs_token)
        if self.is_counted:
            self.server.guard.check_pace(self.request.remote_ip)

    def data_received(self, chunk: bytes) -> None:
        """Keep a piece of the body, of which no more is taken than the limit allows."""
        self._received += len(chunk)
        if self._refused:
            if self._received > DRAINED and not self._finished:
                self.finish()
            return
        try:
            self.check_length(self._received)
        except ServerError as error:  # one that did not say its length
            self._body.clear()
            self.refuse_early(error)
            return
        self._body.append(chunk)

    def on_connection_close(self) -> None:
        super().on_connection_close()
        if self._refused and not self._finished:
            self.on_finish()

    @property
    def body(self) -> bytes:
        """All of it."""
        return b''.join(self._body)

    def check_length(self, length: int) -> None:
        most = self.server.settings.limits.body_bytes
        if length > most:
            raise ServerError('body_too_large', got=length, most=most)

    def decode_argument(self, value: bytes, name: str | None = None) -> str:
        """A part of the path that is no UTF-8 names nothing that exists, and is said like that."""
        return value.decode('utf-8', 'replace')

    def answer(self, body, status: int = 200) -> None:
        """A JSON body, whole."""
        self.set_status(status)
        self.set_header('Content-Type', JSON)
        self.finish(json.dumps(body, ensure_ascii=False, allow_nan=False))

    def write_error(self, status_code: int, **more) -> None:
        """Every error is JSON and says what was wrong; a mistake of ours says only that."""
        error = (more.get('exc_info') or (None, None))[1]
        if not isinstance(error, MinigptError):
            error = ServerError({404: 'not_found', 405: 'method_refused'}.get(
                status_code, 'our_mistake' if status_code >= 500 else 'bad_request'))
            self.answer(error_body(error), status_code)
        else:
            self.answer(self.told_of(error), self.get_status())

    def told_of(self, error: MinigptError) -> dict:
        """The body of an answer that refuses; sets its status."""
        self.set_status(STATUS.get(error.key, 400))
        if error.key == 'token_needed':
            self.set_header('WWW-Authenticate', 'Bearer')
        return error_body(error)

    def log_exception(self, kind, error, trace) -> None:
        """Errors of those who ask are told to them, not to the log."""
        if not isinstance(error, MinigptError | HTTPError):
            super().log_exception(kind, error, trace)

    def on_finish(self) -> None:
        method = self.request.method if self.request.method in METHODS else 'other'
        self.server.monitor.count(self.monitored_as, method, self.get_status(),
                                  time.perf_counter() - self.began)

    @property
    def monitored_as(self) -> str:
        """Under which name the monitor counts it: never a path that a client made up."""
        return type(self).__name__


class NotFound(Answering):
    """What no other handler knows."""

    def admit(self) -> None:
        super().admit()
        raise HTTPError(404)
