"""Whether this run held what the server sent against the schemas."""

import json

import httpx2
import pytest

import messages
import schema_check
import schemas

has_schemas = pytest.mark.skipif(
    schemas.directory() is None,
    reason="no schemas beside the repository and MARTLET_SHARED names none",
)


@pytest.mark.parametrize("revision", messages.REVISIONS)
@has_schemas
def test_bodies_are_held_against_the_schema_of_their_revision(revision):
    empty = {"tools": []}
    if revision == messages.MODERN:
        empty |= {"resultType": "complete", "ttlMs": 0, "cacheScope": "private"}
    schemas.validate(revision, "ListToolsResult", empty)
    with pytest.raises(AssertionError):
        schemas.validate(revision, "ListToolsResult", {**empty, "tools": [{"name": 1}]})


PROGRESS = {
    "jsonrpc": "2.0",
    "method": "notifications/progress",
    "params": {"progressToken": 1, "progress": 1},
}
ANSWER = {
    "jsonrpc": "2.0",
    "id": 1,
    "result": {"content": [], "resultType": "complete", "_meta": {messages.SERVER_INFO: {}}},
}
ANSWER["result"]["_meta"][messages.SERVER_INFO] = {"name": "s", "version": "1"}


async def problems_with(kind: str, text: str) -> list[str]:
    """What the checker finds in one response to a modern tool call."""

    async def halves():
        octets = text.encode()
        yield octets[: len(octets) // 2]
        yield octets[len(octets) // 2 :]

    def respond(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"Content-Type": kind}, content=halves())

    checker = schema_check.Checker()
    transport = checker.transport(httpx2.MockTransport(respond))
    message = messages.call("tool", None)
    async with httpx2.AsyncClient(transport=transport) as client:
        async with client.stream(
            "POST", "http://server.example/mcp", headers=message.fields, content=message.octets
        ) as response:
            async for _ in response.aiter_bytes():
                pass
    assert checker.sent
    return checker.problems


def event(message: dict, before: str = "") -> str:
    return f"{before}data: {json.dumps(message)}\n\n"


@has_schemas
async def test_a_body_and_every_event_of_a_stream_are_checked():
    assert await problems_with("application/json", json.dumps(ANSWER)) == []
    stream = ": \n\n" + event(PROGRESS) + event(ANSWER)
    assert await problems_with("text/event-stream", stream) == []


@has_schemas
@pytest.mark.parametrize(
    "wrong",
    [
        {**ANSWER, "jsonrpc": "1.0"},
        {**ANSWER, "result": {"content": []}},
        {**ANSWER, "result": {**ANSWER["result"], "content": [{"type": "text"}]}},
        {**ANSWER, "result": {**ANSWER["result"], "_meta": {}}},
        {**PROGRESS, "method": "notifications/unheard"},
        {**PROGRESS, "params": {"progress": 1}},
        {"jsonrpc": "2.0", "id": 5, "method": "roots/list"},
    ],
)
async def test_a_message_that_is_wrong_is_noticed_in_a_body_and_in_a_stream(wrong):
    assert await problems_with("application/json", json.dumps(wrong))
    assert await problems_with("text/event-stream", ": \n\n" + event(PROGRESS) + event(wrong))


@pytest.mark.parametrize(
    "stream",
    [
        event(ANSWER),
        ": \n\n" + event(ANSWER, "id: 5\n"),
        ": \n\n" + event(ANSWER)[:-1],
        ": \n\n" + event(ANSWER, "what: else\n"),
        ": \n\ndata: no JSON\n\n",
    ],
)
async def test_a_stream_that_is_written_wrongly_is_noticed(stream):
    assert await problems_with("text/event-stream", stream)
