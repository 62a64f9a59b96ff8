"""Who is connected to /ws, and ending a connection."""

from minigpt.server.operation import Call, Operation
from minigpt.server.schemas import NUMBER, STRING, closed, list_of, maybe

CLIENT = closed(client=STRING, name=STRING, kind=STRING, since=NUMBER, page=maybe(STRING))


async def clients(server, call: Call):
    return {'clients': server.hub.clients.list(), 'controls': server.hub.clients.controls(),
            'limit': server.hub.clients.limit}


async def kick(server, call: Call):
    return server.hub.clients.kick(call.path['client'], call.local, call.key).to_dict()


OPERATIONS = (
    Operation('GET', '/clients', 'listClients', 'Who is connected, since when (seconds since '
              '1970), which page they look at, and who has the controls; null: everybody.', 'clients', clients,
              closed(clients=list_of(CLIENT), controls=maybe(closed(client=STRING, name=STRING)),
                     limit={'type': 'integer'})),
    Operation('DELETE', '/clients/{client}', 'kickClient', 'End a connection: from the server\'s '
              'machine, or by who has the controls (X-Client-Key).', 'clients', kick, CLIENT),
)
