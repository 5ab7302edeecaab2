"""Holds everything a server sends a Python client against the schema of its revision.

It stands in the client's own transport: what the client reads is what was checked, JSON bodies and
the events of streams alike. Clients swallow what is raised there, so what is wrong is kept, and a
test asks for it at its end.
"""

import collections
import collections.abc
import json

import httpx2

import event_stream
import messages
import schemas


class Checker:
    """Checks every response that goes through its transports."""

    def __init__(self, url: str | None = None):
        """Where the messages of the protocol go; a client with OAuth speaks to others as well."""
        self._url = url
        self.problems: list[str] = []

        # How often a message of each kind was checked.
        self.counts: collections.Counter[str] = collections.Counter()

        # Every request of the clients: (HTTP method, fields, message or None).
        self.sent: list[tuple[str, httpx2.Headers, dict | None]] = []
        self._versions: dict[str, str] = {}
        self._methods: dict[tuple[str, object], str] = {}

    def transport(self, inner: httpx2.AsyncBaseTransport) -> httpx2.AsyncBaseTransport:
        return _CheckedTransport(self, inner)

    def fail_unless_clean(self) -> None:
        assert not self.problems, "\n".join(self.problems)

    # What the transport says.

    def begin(self, request: httpx2.Request, response: httpx2.Response) -> "_Exchange | None":
        if self._url is not None and str(request.url) != self._url:
            return None
        kind = response.headers.get("content-type", "").partition(";")[0]
        message = json.loads(request.content) if request.content else None
        self.sent.append((request.method, request.headers, message))
        session = request.headers.get("mcp-session-id", "")
        version = request.headers.get("mcp-protocol-version") or self._versions.get(session)
        if message is not None and "method" in message and "id" in message:
            self._methods[session, message["id"]] = message["method"]
        if kind == "application/json" and request.method == "POST":
            return _JSONBody(self, version, session, response)
        if kind == "text/event-stream":
            return _Events(self, version, session, request)
        return None

    def check(self, version: str | None, session: str, message: dict, opened: str | None) -> None:
        method = None
        if "method" not in message:
            method = self._methods.get((session, message.get("id")))
        if method == "initialize" and "result" in message:
            version = message["result"]["protocolVersion"]
            if opened is not None:
                self._versions[opened] = version
        if version not in messages.REVISIONS:
            version = messages.MODERN
        self.counts[schemas.validate_message(version, message, method)] += 1

    def note(self, problem: Exception, what: str) -> None:
        self.problems.append(f"{problem} in {what[:2_000]}")


class _CheckedTransport(httpx2.AsyncBaseTransport):
    def __init__(self, checker: Checker, inner: httpx2.AsyncBaseTransport):
        self._checker, self._inner = checker, inner

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        response = await self._inner.handle_async_request(request)
        exchange = self._checker.begin(request, response)
        if exchange is not None:
            response.stream = _CheckedStream(exchange, response.stream)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


class _CheckedStream(httpx2.AsyncByteStream):
    def __init__(self, exchange: "_Exchange", inner: httpx2.AsyncByteStream):
        self._exchange, self._inner = exchange, inner

    async def __aiter__(self) -> collections.abc.AsyncIterator[bytes]:
        async for octets in self._inner:
            self._exchange.feed(octets)
            yield octets
        self._exchange.end()

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Exchange:
    def __init__(self, checker: Checker, version: str | None, session: str):
        self.checker, self.version, self.session = checker, version, session
        self.opened: str | None = None

    def feed(self, octets: bytes) -> None:
        raise NotImplementedError

    def end(self) -> None:
        raise NotImplementedError

    def check(self, text: str | bytes) -> None:
        try:
            self.checker.check(self.version, self.session, json.loads(text), self.opened)
        except Exception as problem:  # whatever it is, the test shall hear of it
            self.checker.note(problem, str(text))


class _JSONBody(_Exchange):
    def __init__(self, checker, version, session, response: httpx2.Response):
        super().__init__(checker, version, session)
        self.opened = response.headers.get("mcp-session-id")
        self._body = b""

    def feed(self, octets: bytes) -> None:
        self._body += octets

    def end(self) -> None:
        self.check(self._body)


class _Events(_Exchange):
    def __init__(self, checker, version, session, request: httpx2.Request):
        super().__init__(checker, version, session)
        self._parser = event_stream.Parser()
        self._is_modern = version == messages.MODERN

    def feed(self, octets: bytes) -> None:
        try:
            events = list(self._parser.feed(octets))
            assert self._parser.begins_with_comment is not False, "no comment at once"
            for event in events:
                is_plain = event.id is None and event.retry is None
                assert is_plain or not self._is_modern, "an event id in the modern era"
        except Exception as problem:
            return self.checker.note(problem, str(octets))
        for event in events:
            # A priming event has an id and no data.
            if event.data:
                self.check(event.data)

    def end(self) -> None:
        if not self._parser.is_between_events:
            self.checker.note(AssertionError("the stream ends within an event"), "a stream")
