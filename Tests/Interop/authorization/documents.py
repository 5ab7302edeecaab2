"""Answers of an authorization server that is broken in one way, instead of the right ones."""

import collections.abc
import json
import threading

from werkzeug.wrappers import Response

# Given the right answer, the one that is sent.
Replacement = collections.abc.Callable[[Response], Response]


def status(code: int, **fields: str) -> Replacement:
    """Another status and no document; `retry_after="1"` sets a field."""
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    return lambda right: Response("", status=code, headers=named)


def members(**changes) -> Replacement:
    """The document with some members replaced; None leaves one out."""

    def change(right: Response) -> Response:
        document = {**json.loads(right.get_data()), **changes}
        document = {name: value for name, value in document.items() if value is not None}
        return Response(json.dumps(document), headers=dict(right.headers))

    return change


def octets(body: bytes, media_type: str = "application/json") -> Replacement:
    return lambda right: Response(body, mimetype=media_type)


def huge(byte_count: int) -> Replacement:
    """The right document after so much white space that nobody should read that far."""
    return lambda right: Response(b" " * byte_count + right.get_data(), mimetype="application/json")


def redirect(location: str) -> Replacement:
    return lambda right: Response("", status=302, headers={"Location": location})


class Held:
    """The right answer, but not before it is let go."""

    SECONDS_MAX = 30

    def __init__(self):
        self._let_go = threading.Event()
        self.arrived = threading.Event()

    def __call__(self, right: Response) -> Response:
        self.arrived.set()
        self._let_go.wait(self.SECONDS_MAX)
        return right

    def let_go(self) -> None:
        self._let_go.set()
