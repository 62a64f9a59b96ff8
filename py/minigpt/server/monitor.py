"""How the server is doing: requests, latencies, memory, processor, tokens per second.

Prometheus holds the counts, in a registry of this server; /metrics tells them in its text format.
"""

import os
import time
from collections import deque

import psutil
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from minigpt.server.answers import Answering

RECENT = 10.0   # seconds that "per second" speaks of
LATEST = 1000   # requests whose latencies are remembered


class Monitor:
    """One for each server. Its figures are what `metrics` and /metrics tell."""

    def __init__(self, server):
        self.server = server
        self.registry = CollectorRegistry()
        self.began = time.time()
        self._process = psutil.Process(os.getpid())
        self._process.cpu_percent()  # the first call has nothing to compare with
        self._latencies: deque[float] = deque(maxlen=LATEST)
        self._requests: deque[float] = deque(maxlen=100_000)
        self._tokens: deque[tuple[float, int]] = deque(maxlen=100_000)
        self._training = (0.0, 0.0)  # when, tokens per second
        self._totals = {'requests': 0, 'errors': 0, 'tokens': 0}
        self.clients = lambda: 0  # set by whoever counts them
        self._make_instruments()

    def _make_instruments(self) -> None:
        made = {'registry': self.registry, 'namespace': 'minigpt'}
        self.requests = Counter('requests', 'Requests answered', ['operation', 'method', 'status'],
                                **made)
        self.latency = Histogram('request_seconds', 'Seconds to answer', ['operation'], **made)
        self.tokens = Counter('tokens_generated', 'Tokens written by generation', **made)
        for name, about, read in (
                ('cpu_percent', 'Processor of this process, 100 is one core', self.cpu),
                ('memory_bytes', 'Resident memory of this process', self.memory),
                ('events', 'Number of the last event', lambda: self.server.state.seq),
                ('clients', 'Clients connected', lambda: self.clients()),
                ('training_tokens_per_second', 'Speed of the training', self.training),
                ('training_step', 'Updates of the training', self.step),
                ('uptime_seconds', 'Seconds since the start', self.uptime)):
            Gauge(name, about, **made).set_function(read)

    # What happens

    def count(self, name: str, method: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self.requests.labels(name, method, str(status)).inc()
        self.latency.labels(name).observe(seconds)
        self._latencies.append(seconds)
        self._requests.append(time.monotonic())
        self._totals['requests'] += 1
        self._totals['errors'] += status >= 400

    def count_tokens(self, count: int) -> None:
        """The model wrote tokens."""
        self.tokens.inc(count)
        self._tokens.append((time.monotonic(), count))
        self._totals['tokens'] += count

    def training_speed(self, tokens_per_second: float) -> None:
        self._training = (time.monotonic(), tokens_per_second)

    # What is told

    def cpu(self) -> float:
        return self._process.cpu_percent()

    def memory(self) -> int:
        return self._process.memory_info().rss

    def uptime(self) -> float:
        return time.time() - self.began

    def training(self) -> float:
        """0 while none runs."""
        when, speed = self._training
        return speed if time.monotonic() - when < RECENT else 0.0

    def step(self) -> int:
        status = self.server.state.training
        return status['step'] if status else 0

    def metrics(self) -> dict:
        """All figures; latencies None before the first request."""
        since = time.monotonic() - RECENT
        span = min(RECENT, max(1.0, self.uptime()))
        ordered = sorted(self._latencies)
        return {'uptime_seconds': self.uptime(), 'cpu_percent': self.cpu(),
                'memory_bytes': self.memory(), **self._totals,
                'requests_per_second': sum(it >= since for it in self._requests) / span,
                'latency_median_seconds': ordered[len(ordered) // 2] if ordered else None,
                'latency_p95_seconds': ordered[int(0.95 * len(ordered))] if ordered else None,
                'tokens_per_second': sum(n for at, n in self._tokens if at >= since) / span,
                'training_tokens_per_second': self.training(), 'clients': self.clients(),
                'computing': self.server.computing, 'seq': self.server.state.seq}

    def text(self) -> bytes:
        return generate_latest(self.registry)


class PrometheusText(Answering):
    """/metrics"""

    def get(self) -> None:
        self.set_header('Content-Type', CONTENT_TYPE_LATEST)
        self.finish(self.server.monitor.text())
