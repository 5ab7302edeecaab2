"""HTTP/1.1 over a plain socket: what is sent is exactly what a test wrote."""

import collections
import collections.abc
import dataclasses
import itertools
import json
import re
import select
import socket

TIMEOUT_SECONDS = 30

_addresses = itertools.count(2)


def fresh_source_address() -> str:
    """An address of the loopback network no other test speaks from.

    Failures to authenticate are limited per address; a test that provokes them must not use up
    what the next one needs.
    """
    number = next(_addresses)
    return f"127.{1 + number // 62_500 % 200}.{number // 250 % 250}.{2 + number % 250}"


class Disconnected(Exception):
    """The connection ended before a whole response had arrived."""

    def __init__(self, received: bytes):
        super().__init__(f"disconnected after {len(received)} bytes: {received[:200]!r}")
        self.received = received


@dataclasses.dataclass
class Response:
    status: int
    fields: list[tuple[str, str]]
    body: bytes

    def field(self, name: str) -> str | None:
        """The field's value; None without it, and an error when it comes twice."""
        values = [value for key, value in self.fields if key.lower() == name.lower()]
        assert len(values) <= 1, f"{name} was sent {len(values)} times"
        return values[0] if values else None

    def json(self):
        assert (self.field("content-type") or "").partition(";")[0] == "application/json", self
        return json.loads(self.body)

    @property
    def error(self) -> dict:
        return self.json()["error"]

    @property
    def result(self) -> dict:
        message = self.json()
        assert "result" in message, message
        return message["result"]

    @property
    def challenge(self) -> dict[str, str]:
        """The parameters of the Bearer challenge (RFC 9110 §11.6.1)."""
        value = self.field("www-authenticate")
        assert value is not None, f"no challenge in {self.fields}"
        assert re.match(r"Bearer( |$)", value), value
        found = re.findall(r'([a-z_]+)="((?:[^"\\]|\\.)*)"', value)
        names = collections.Counter(name for name, _ in found)
        assert all(count == 1 for count in names.values()), value
        return dict(found)


class Connection:
    """One client connection, with the bytes that arrived and were not asked for yet."""

    def __init__(self, port: int, source: str | None = None):
        self._received = b""
        self._socket = socket.create_connection(
            ("127.0.0.1", port),
            timeout=TIMEOUT_SECONDS,
            source_address=(source, 0) if source else None,
        )
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def send(self, octets: bytes) -> None:
        self._socket.sendall(octets)

    def exchange(self, octets: bytes) -> Response:
        self.send(octets)
        return self.receive()

    def receive(self) -> Response:
        """The next response; interim ones (1xx) count as responses too."""
        response = self.receive_head()
        if response.status < 200 or response.status in (204, 304):
            return response
        coding = response.field("transfer-encoding")
        length = response.field("content-length")
        if coding is not None:
            assert coding.lower() == "chunked" and length is None, response.fields
            response.body = b"".join(self.chunks())
        else:
            assert length is not None, f"neither length nor chunks: {response.fields}"
            response.body = self._read(int(length))
        return response

    def receive_head(self) -> Response:
        """The next response without its body."""
        head = self._read_until(b"\r\n\r\n").decode("ascii")
        status_line, *lines = head.split("\r\n")[:-2]
        matched = re.fullmatch(r"HTTP/1\.1 (\d{3})(?: [^\r\n]*)?", status_line)
        assert matched, f"no status line: {status_line!r}"
        fields = []
        for line in lines:
            name, colon, value = line.partition(":")
            assert colon and re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name), line
            fields.append((name, value.strip(" \t")))
        return Response(int(matched[1]), fields, b"")

    def chunks(self) -> collections.abc.Iterator[bytes]:
        """The parts of a chunked body, as they come."""
        while size := int(self._read_until(b"\r\n").split(b";")[0], 16):
            chunk = self._read(size)
            assert self._read(2) == b"\r\n", "a chunk is not followed by CRLF"
            yield chunk
        assert self._read_until(b"\r\n") == b"\r\n", "a trailer section nobody announced"

    def has_received(self) -> bool:
        """Whether something has come that nobody has asked for yet."""
        return bool(self._received or select.select([self._socket], [], [], 0)[0])

    def is_closed_by_peer(self) -> bool:
        """Waits for the end of the stream; False if the peer sends something instead."""
        if self._received:
            return False
        try:
            return self._socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def _fill(self) -> None:
        try:
            more = self._socket.recv(65_536)
        except ConnectionResetError:
            more = b""
        if not more:
            raise Disconnected(self._received)
        self._received += more

    def _read(self, count: int) -> bytes:
        while len(self._received) < count:
            self._fill()
        taken, self._received = self._received[:count], self._received[count:]
        return taken

    def _read_until(self, mark: bytes) -> bytes:
        while mark not in self._received:
            self._fill()
        return self._read(self._received.index(mark) + len(mark))


def request(
    fields: list[tuple[str, str]],
    body: bytes | None = b"",
    *,
    method: str = "POST",
    target: str = "/mcp",
    host: str | None = "127.0.0.1",
) -> bytes:
    """A request as it stands on the wire; no Content-Length when the body is None."""
    lines = [f"{method} {target} HTTP/1.1"]
    if host is not None:
        lines.append(f"Host: {host}")
    lines += [f"{name}: {value}" for name, value in fields]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (body or b"")
