"""The state as a client sees it, from the messages it got; what a terminal draws."""

from dataclasses import dataclass, field


@dataclass
class Mirror:
    """`training`: the job's status. `step`: its last step as the stream told it."""
    seq: int = 0
    client: str = ''
    parameters: dict[str, dict] = field(default_factory=dict)
    lab: dict = field(default_factory=dict)
    training: dict | None = None
    step: dict | None = None
    presets: list[str] = field(default_factory=list)
    clients: list[dict] = field(default_factory=list)
    controls: dict | None = None
    connected: bool = False

    def take(self, message: dict) -> None:
        """Follow one message."""
        self.seq = message.get('seq', self.seq)
        take = getattr(self, f'_take_{message["type"]}', None)
        if take:
            take(message)

    def _take_welcome(self, message: dict) -> None:
        self.client, self.controls, self.connected = message['client'], message['controls'], True

    def _take_snapshot(self, message: dict) -> None:
        self.parameters, self.lab = message['parameters'], message['lab']
        self.training, self.presets = message['training'], message['presets']
        self.controls = message['controls']

    def _take_change(self, message: dict) -> None:
        self.parameters.setdefault(message['module'], {}).update(message['values'])

    def _take_lab(self, message: dict) -> None:
        self.lab = message['lab']

    def _take_presets(self, message: dict) -> None:
        self.presets = message['presets']

    def _take_training(self, message: dict) -> None:
        self.training, self.step = message['training'], None

    def _take_training_step(self, message: dict) -> None:
        self.step = message

    def _take_clients(self, message: dict) -> None:
        self.clients, self.controls = message['clients'], message['controls']

    def _take_controls(self, message: dict) -> None:
        self.controls = message['holder']

    def _take_lost(self, message: dict) -> None:
        self.connected = False
