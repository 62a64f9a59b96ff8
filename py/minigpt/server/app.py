"""The integration server: the static site, REST under /api/v1, WebSockets; start and end."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from minigpt.errors import ServerError
from minigpt.server import live, rest
from minigpt.server.answers import NotFound
from minigpt.server.demo_runs import DemoRuns
from minigpt.server.guard import Guard, checked_token, hosts_of, is_loopback
from minigpt.server.jobs import Jobs
from minigpt.server.limits import Limits
from minigpt.server.monitor import Monitor
from minigpt.server.presets import Presets
from minigpt.server.site_files import SiteFiles
from minigpt.server.state import State
from minigpt.server.store import Store

LOG = logging.getLogger(__name__)
WORKERS = 2  # computations at once, beside the loop


@dataclass(frozen=True)
class Settings:
    """`site`: the folder of the static site, if there is one. `headers`: what every answer
    carries, as the site's policy. `hosts`, `origins`: further Host headers to answer to, and
    other sites whose pages may use it. `folder`: where the state is kept; None keeps nothing
    beyond the server's life. `swagger`: the files of swagger-ui, for the page to try the API."""
    host: str = '127.0.0.1'
    port: int = 3001
    token: str | None = None
    site: Path | None = None
    headers: dict[str, str] = field(default_factory=dict)
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    folder: Path | None = None
    swagger: Path | None = None
    limits: Limits = Limits()


Plug = Callable[['Server'], list[tuple]]  # what adds routes of its own


class Server:
    """All parts of a running server. `on_close`: called, and waited for, before it ends."""

    def __init__(self, settings: Settings, plugs: tuple[Plug, ...] = ()):
        if not is_loopback(settings.host) and not settings.token:
            raise ServerError('token_required', host=settings.host)
        if settings.token:
            checked_token(settings.token)
        self.settings, self.plugs = settings, plugs
        self._own_folder = None if settings.folder else TemporaryDirectory(prefix='minigpt-')
        self.store = Store(settings.folder or Path(self._own_folder.name))
        self.state: State = self.store.open()
        self.monitor = Monitor(self)
        self.presets = Presets(self.state, self.store.presets, settings.limits.presets)
        self.jobs = Jobs(self, self.store.training_folder)
        self.demos = DemoRuns(self)
        self.on_close: list[Callable[[str], Awaitable[None]]] = []
        self.closing = False
        self.port = settings.port
        self._threads = ThreadPoolExecutor(WORKERS, thread_name_prefix='compute')
        self._http: HTTPServer | None = None
        self._waiting = 0

    async def start(self) -> None:
        """Listen; port 0 chooses a free one. OSError where that cannot be."""
        sockets = bind_sockets(self.settings.port, self.settings.host or None)
        self.port = sockets[0].getsockname()[1]
        own = hosts_of(self.settings.host, self.port)
        self.guard = Guard((*own, *self.settings.hosts), self.settings.origins,
                           self.settings.token, self.settings.limits)
        self._http = HTTPServer(Application(self.routes(), default_handler_class=NotFound,
                                            default_handler_args={'server': self},
                                            compress_response=False, log_function=lambda it: None),
                                max_header_size=16_384, idle_connection_timeout=120,
                                body_timeout=60)
        self._http.add_sockets(sockets)
        await self.jobs.take_up(self.store.training)

    def routes(self) -> list[tuple]:
        """Paths and their handlers, the site's last."""
        found = [route for plug in self.plugs for route in plug(self)]
        found += live.routes(self) + rest.routes(self)
        if self.settings.site:
            found.append((r'/(.*)', SiteFiles, {'server': self, 'path': str(self.settings.site)}))
        return found

    @property
    def url(self) -> str:
        host = 'localhost' if self.settings.host in ('', '0.0.0.0', '::') else self.settings.host
        return f'http://{host}:{self.port}/'

    @property
    def computing(self) -> int:
        """Computations at work or waiting."""
        return self._waiting

    async def compute(self, function: Callable, *arguments):
        """Call something that takes its time beside the loop. ServerError where too many wait."""
        if self._waiting >= self.settings.limits.waiting:
            raise ServerError('busy', waiting=self._waiting)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, function, *arguments)
        finally:
            self._waiting -= 1

    async def stop(self, reason: str = 'closing') -> None:
        """Take no new connections, tell those there are, save, and let go."""
        if self.closing:
            return
        self.closing = True
        if self._http:
            self._http.stop()
        for close in (*self.on_close, self.demos.close, self.jobs.close, self.store.close):
            try:
                await close(reason)
            except Exception:  # whatever one part cannot do, the others still save
                LOG.exception('while closing')
        if self._http:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._http.close_all_connections(), 2)
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._own_folder:
            self._own_folder.cleanup()


def run(settings: Settings, plugs: tuple[Plug, ...] = (),
        ready: Callable[[Server], None] = lambda server: None) -> None:
    """Serve until Ctrl-C or SIGTERM; `ready` is called once it listens."""
    asyncio.run(_serve(Server(settings, plugs), ready))


async def _serve(server: Server, ready: Callable[[Server], None]) -> None:
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    for it in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(it, ended.set)
        except NotImplementedError:  # Windows: KeyboardInterrupt ends asyncio.run
            break
    await server.start()
    ready(server)
    try:
        await ended.wait()
    finally:
        await server.stop()
