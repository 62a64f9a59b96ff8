"""Race the rungs of the graphics card's ladder of products: see backend/matmul_ladder.py."""

from collections.abc import Generator
from dataclasses import replace

from minigpt.backend.absent import Absent, DeviceError
from minigpt.backend.dispatch import found
from minigpt.backend.matmul_ladder import by_rung, ladder
from minigpt.backend.waiting import Steps
from minigpt.bench.race import Missing, computing_with, exact_result, measured
from minigpt.bench.race_operations import Operation, Run, product


def rungs(n: int = 512, seconds: float = 0.2) -> Steps:
    """A stream of the race's events: an n × n product by each rung, its backend 'webgpu' and its
    operation the WGSL file's name. Missing without a card, or ('webgpu f16') for one rung."""
    return Steps(events(n, seconds))


def events(n: int, seconds: float) -> Generator:
    card, operation = found('webgpu'), product(n, n, n)
    if isinstance(card, Absent):
        yield Missing('webgpu', card)
        return
    exact = yield from computing_with('numpy', exact_result(operation))
    for rung, absent in ladder(card).items():
        if absent:
            yield Missing(f'webgpu {rung}', absent)
            continue
        try:
            yield from measured(taking(card, rung, operation), 'webgpu', exact, seconds)
        except DeviceError as error:
            yield Missing('webgpu', error.reason)
            return


def taking(card, rung: str, operation: Operation) -> Operation:
    """The same product, by this rung."""
    def prepare(dtype) -> Run:
        run = operation.prepare(dtype)

        def by_this_rung():
            with by_rung(card, rung):
                return run()

        return by_this_rung

    return replace(operation, name=f'matmul_{rung}', prepare=prepare)
