"""Responses that are event streams, over a plain socket: each event checked as it is read."""

import base64
import collections.abc

import event_stream
import messages
import schemas
import wire


class Stream:
    """The response to one request, which must be a stream."""

    def __init__(
        self, port: int, message: messages.Message, revision: str, *, method: str = "POST"
    ):
        self.revision = revision
        self._asked = message.body.get("method")
        self._parser = event_stream.Parser()
        self._events: list[event_stream.Event] = []
        self._connection = wire.Connection(port)
        body = None if method == "GET" else message.octets
        fields = list(message.fields.items())
        self._connection.send(wire.request(fields, body, method=method))
        self.head = self._connection.receive_head()
        assert self.head.status == 200, self.head
        kind = (self.head.field("content-type") or "").partition(";")[0]
        assert kind == "text/event-stream", self.head
        self._chunks = self._connection.chunks()

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    @property
    def begins_with_comment(self) -> bool | None:
        """Reads until the first line is there."""
        while self._parser.begins_with_comment is None:
            self._events += self._parser.feed(next(self._chunks))
        return self._parser.begins_with_comment

    def next_event(self) -> event_stream.Event | None:
        """The next event; `None` when the stream has ended in order."""
        while not self._events:
            chunk = next(self._chunks, None)
            if chunk is None:
                assert self._parser.is_between_events, "the stream ends within an event"
                return None
            self._events += self._parser.feed(chunk)
        event = self._events.pop(0)
        if event.data:
            schemas.validate_message(self.revision, event.message, self._asked)
        return event

    def next(self) -> dict | None:
        """The next message; events without data are passed over."""
        while (event := self.next_event()) is not None:
            if event.data:
                return event.message
        return None

    def __iter__(self) -> collections.abc.Iterator[dict]:
        while (message := self.next()) is not None:
            yield message


class Session:
    """A legacy session with a new connection for every request, so that it meets every loop."""

    def __init__(self, port: int, revision: str = "2025-11-25", capabilities: dict | None = None):
        self.port, self.revision = port, revision
        opening = messages.initialize(revision, token=None)
        opening.body["params"]["capabilities"] = capabilities or {}
        opened = self._exchange(opening)
        assert opened.status == 200, opened
        schemas.validate_response(revision, "initialize", opened.json())
        self.id = opened.field("mcp-session-id")

    def message(self, method: str | None, params: dict | None = None, id=1) -> messages.Message:
        options = {"token": None, "session": self.id, "version": self.revision}
        return messages.legacy(method, params, id=id, **options)

    def send(self, method: str, params: dict | None = None, id=1) -> wire.Response:
        response = self._exchange(self.message(method, params, id))
        if response.body and response.status == 200:
            schemas.validate_response(self.revision, method, response.json())
        return response

    def call(self, tool: str, arguments: dict | None = None, id=1) -> wire.Response:
        return self.send("tools/call", {"name": tool, "arguments": arguments or {}}, id)

    def stream(
        self, tool: str, arguments: dict | None = None, id=1, meta: dict | None = None
    ) -> Stream:
        params = {"name": tool, "arguments": arguments or {}}
        if meta is not None:
            params["_meta"] = meta
        return Stream(self.port, self.message("tools/call", params, id), self.revision)

    def listen(self, last_event_id: str | None = None) -> Stream:
        message = self.message("GET")
        message.fields["Accept"] = "text/event-stream"
        if last_event_id is not None:
            message.fields["Last-Event-ID"] = last_event_id
        # A response that is resumed is one to a call; nothing else resumes here.
        message.body["method"] = "tools/call"
        return Stream(self.port, message, self.revision, method="GET")

    def answer(self, request: dict, result: dict) -> wire.Response:
        message = self.message("answer")
        message.body.clear()
        message.body.update({"jsonrpc": "2.0", "id": request["id"], "result": result})
        return self._exchange(message)

    def delete(self) -> wire.Response:
        fields = list(self.message("DELETE").fields.items())
        with wire.Connection(self.port) as connection:
            return connection.exchange(wire.request(fields, None, method="DELETE"))

    def _exchange(self, message: messages.Message) -> wire.Response:
        with wire.Connection(self.port) as connection:
            return connection.exchange(wire.request(list(message.fields.items()), message.octets))


def header_text(text: str) -> str:
    """A text as a field repeats it (MCP 2026-07-28, *Transports*, "Value Encoding")."""
    if text and all("!" <= letter <= "~" for letter in text):
        return text
    return f"=?base64?{base64.b64encode(text.encode()).decode()}?="


def modern(
    method: str, params: dict, *, capabilities: dict | None = None, meta: dict | None = None, id=1
) -> messages.Message:
    """A modern request of a client that can be asked for these things."""
    own = {messages.CLIENT_CAPABILITIES: capabilities or {}, **(meta or {})}
    return messages.modern(method, {**params, "_meta": own}, token=None, id=id)


def send(port: int, message: messages.Message) -> wire.Response:
    """The JSON response to a modern request, held against its schema."""
    with wire.Connection(port) as connection:
        response = connection.exchange(wire.request(list(message.fields.items()), message.octets))
    schemas.validate_response(messages.MODERN, message.body["method"], response.json())
    return response


def call(port: int, tool: str, arguments: dict | None = None, **options) -> wire.Response:
    """The JSON response to a modern tool call; further options are members of `params`."""
    rest = {name: options.pop(name) for name in ("capabilities", "meta", "id") if name in options}
    params = {"name": tool, "arguments": arguments or {}, **options}
    return send(port, modern("tools/call", params, **rest))
