"""How the server is doing."""

from minigpt import __version__
from minigpt.server.operation import Call, Operation
from minigpt.server.schemas import COUNT, NUMBER, STRING, closed, maybe, ref


async def status(server, call: Call):
    return {'version': __version__, 'seq': server.state.seq,
            'clients': server.monitor.clients(), 'lab': server.state.snapshot()['lab'],
            'metrics': server.monitor.metrics()}


async def metrics(server, call: Call):
    return server.monitor.metrics()


METRICS = closed(uptime_seconds=NUMBER, cpu_percent=NUMBER, memory_bytes=COUNT, requests=COUNT,
                 errors=COUNT, requests_per_second=NUMBER, latency_median_seconds=maybe(NUMBER),
                 latency_p95_seconds=maybe(NUMBER), tokens=COUNT, tokens_per_second=NUMBER,
                 training_tokens_per_second=NUMBER, clients=COUNT, computing=COUNT, seq=COUNT)
OPERATIONS = (
    Operation('GET', '/status', 'getStatus', 'Version, lab, clients and figures of the server.',
              'status', status, closed(version=STRING, seq=COUNT, clients=COUNT, lab=ref('Lab'),
                                       metrics=METRICS)),
    Operation('GET', '/metrics', 'getServerMetrics', 'The figures alone; /metrics has them in the '
              'text format of Prometheus.', 'status', metrics, METRICS),
)
