"""Callers that speak the protocol over one raw connection, and check whatever comes back."""

import collections.abc
import concurrent.futures
import json

import messages
import schemas
import todos
import wire


class Caller:
    """Sends messages and holds every answer against the schema of its revision."""

    def __init__(self, port: int, source: str | None = None):
        self.connection = wire.Connection(port, source or wire.fresh_source_address())

    def __enter__(self) -> "Caller":
        return self

    def __exit__(self, *_) -> None:
        self.connection.close()

    def send(self, message: messages.Message, *, revision: str | None = None) -> wire.Response:
        """The response to a message.

        The revision is the one the message names in its field, unless the session's counts.
        """
        fields = list(message.fields.items())
        response = self.connection.exchange(wire.request(fields, message.octets))
        revision = revision or message.fields.get("MCP-Protocol-Version", "2025-03-26")
        if revision not in messages.REVISIONS:
            revision = messages.MODERN
        kind = (response.field("content-type") or "").partition(";")[0]
        if kind == "application/json" and response.status != 401:
            method = message.body.get("method") if isinstance(message.body, dict) else None
            schemas.validate_response(revision, method, response.json())
        return response

    def call(self, tool: str, token: str, request_id=1, /, **arguments) -> dict:
        """The result of a modern tool call that is answered with 200."""
        response = self.send(messages.call(tool, token, request_id, **arguments))
        assert response.status == 200, response
        assert response.json()["id"] == request_id
        return response.result

    def add(self, token: str, title: str) -> dict:
        result = self.call("add_todo", token, title=title)
        assert not result.get("isError"), result
        return todos.the_todo(result["structuredContent"])

    def list_all(self, token: str) -> list[dict]:
        """Every to-do of the token's workspace, page by page."""
        found, cursor = [], None
        while True:
            arguments = {"limit": 100} if cursor is None else {"limit": 100, "cursor": cursor}
            page = self.call("list_todos", token, **arguments)["structuredContent"]
            found += todos.the_todos(page)
            cursor = todos.next_cursor(page)
            if cursor is None:
                return found


class LegacySession:
    """A session of an earlier revision, from `initialize` on."""

    def __init__(self, caller: Caller, token: str, revision: str):
        self.caller, self.token, self.revision = caller, token, revision
        # `initialize` carries no version field; its answer speaks the version it negotiates.
        opened = caller.send(messages.initialize(revision, token=token), revision=revision)
        assert opened.status == 200, opened
        assert opened.result["protocolVersion"] == revision
        self.id = opened.field("mcp-session-id")
        assert self.id and all(0x21 <= ord(letter) <= 0x7E for letter in self.id), self.id
        ready = self.send("notifications/initialized", id=None)
        assert (ready.status, ready.body) == (202, b"")

    def send(self, method: str, params: dict | None = None, id=2, **changes) -> wire.Response:
        values = {"token": self.token, "session": self.id, "version": self.revision, **changes}
        message = messages.legacy(method, params, id=id, **values)
        return self.caller.send(message, revision=self.revision)

    def call(self, tool: str, request_id=2, /, **arguments) -> wire.Response:
        params = {"name": tool, "arguments": arguments}
        return self.send("tools/call", params, id=request_id)

    def contents(self, tool: str, request_id=2, /, **arguments) -> dict:
        """What a tool that succeeded returned, as the revision of the session has it."""
        response = self.call(tool, request_id, **arguments)
        assert response.status == 200, response
        assert response.json()["id"] == request_id
        result = response.result
        assert not result.get("isError"), result
        [block] = result["content"]
        contents = json.loads(block["text"])
        if self.revision == "2025-03-26":
            # Structured content came with 2025-06-18.
            assert "structuredContent" not in result
        else:
            assert result["structuredContent"] == contents
        return contents


def at_once(work: collections.abc.Iterable[collections.abc.Callable[[], object]]) -> list:
    """Runs every piece of work in a thread of its own; fails with the first that fails."""
    work = list(work)
    with concurrent.futures.ThreadPoolExecutor(len(work)) as pool:
        return [future.result() for future in [pool.submit(piece) for piece in work]]
