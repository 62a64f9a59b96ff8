"""How the server is doing: requests, latencies, memory, processor, tokens per second."""


class Monitor:
    def count(self, name: str, method: str, status: int, seconds: float) -> None:
        """A request was answered."""
