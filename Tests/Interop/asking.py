"""One question, is this token accepted, asked over and over on one connection."""

import messages
import waiting
import wire


class Asker:
    """Sends notifications, which need no right and have no answer to speak of."""

    ACCEPTED = 202

    def __init__(self, port: int):
        message = messages.modern("notifications/cancelled", {"requestId": 9}, token=None)
        del message.body["id"]
        self._message = message
        # The address of its own keeps apart what is limited by address.
        self._connection = wire.Connection(port, wire.fresh_source_address())

    def __enter__(self) -> "Asker":
        return self

    def __exit__(self, *_) -> None:
        self._connection.close()

    def send(self, token: str) -> None:
        fields = [("Authorization", f"Bearer {token}"), *self._message.fields.items()]
        self._connection.send(wire.request(fields, self._message.octets))

    def receive(self) -> wire.Response:
        return self._connection.receive()

    def ask(self, token: str) -> wire.Response:
        self.send(token)
        return self.receive()

    def status(self, token: str) -> int:
        return self.ask(token).status


def status(server, token: str) -> int:
    """What becomes of one token at a server."""
    with Asker(server.port) as asker:
        return asker.status(token)


def settled_status(server, token: str) -> int:
    """The same, once the server has the keys it needs to decide.

    503 is its answer for as long as it has none, which a client is to try again after; also to an
    unknown key, as long as another one's cool-down lasts.
    """
    return waiting.eventually(lambda: (found := status(server, token)) != 503 and found)
