"""/ws on the server, and goodbye to all at its end."""

from minigpt.server.clients import Clients
from minigpt.server.hub import Hub
from minigpt.server.session import Session


def routes(server) -> list[tuple]:
    """Give the server its hub; the path of the WebSocket."""
    server.hub = Hub(server.state, server.monitor.metrics, Clients(server.settings.limits.clients))
    server.monitor.clients = lambda: len(server.hub.clients)

    async def goodbye(reason: str) -> None:
        await server.hub.close('shutdown')

    server.on_close.append(goodbye)
    return [(r'/ws', Session, {'server': server, 'hub': server.hub})]
