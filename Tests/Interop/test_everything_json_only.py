"""Clients whose `Accept` admits JSON and no event stream."""

import pytest

import messages
import streams
import wire

JSON_ONLY = ["application/json", "application/json, text/event-stream;q=0", "application/*"]


def exchange(everything, message: messages.Message, accept: str) -> wire.Response:
    fields = {**message.fields, "Accept": accept}
    with wire.Connection(everything.port) as connection:
        return connection.exchange(wire.request(list(fields.items()), message.octets))


def text(response: wire.Response) -> str:
    assert response.status == 200
    [block] = response.result["content"]
    return block["text"]


@pytest.mark.parametrize("accept", JSON_ONLY)
def test_a_call_is_answered_with_its_result_and_nothing_before_it(everything, accept):
    for tool, meta in [
        ("test_tool_with_progress", {"progressToken": 1}),
        ("test_logging_tool", {messages.LOG_LEVEL: "debug"}),
    ]:
        params = {"name": tool, "arguments": {}}
        message = streams.modern("tools/call", params, meta=meta)
        assert "successfully" in text(exchange(everything, message, accept))


@pytest.mark.parametrize("accept", JSON_ONLY)
def test_what_can_only_be_a_stream_is_not_acceptable(everything, accept):
    params = {"notifications": {"toolsListChanged": True}}
    refused = exchange(everything, streams.modern("subscriptions/listen", params), accept)
    assert refused.status == 406
    task = {"notifications": {"taskIds": ["x"]}}
    capabilities = {"extensions": {messages.TASKS: {}}}
    message = streams.modern("subscriptions/listen", task, capabilities=capabilities)
    assert exchange(everything, message, accept).status == 406


@pytest.mark.parametrize("revision", messages.LEGACY)
def test_in_a_session_nothing_is_told_or_asked_either(everything, revision):
    session = streams.Session(everything.port, revision, {"sampling": {}})

    def call(tool: str, arguments: dict | None = None, **more) -> wire.Response:
        params = {"name": tool, "arguments": arguments or {}, **more}
        return exchange(everything, session.message("tools/call", params), "application/json")

    meta = {"progressToken": 1}
    assert "successfully" in text(call("test_tool_with_progress", _meta=meta))
    assert "completed" in text(call("test_reconnection"))
    asked = call("test_sampling", {"prompt": "?"})
    assert asked.result["isError"]


def test_a_client_that_takes_anything_is_sent_a_stream_where_there_is_need(everything):
    params = {"name": "test_tool_with_progress", "arguments": {}}
    for accept in ("*/*", "text/event-stream", "application/json;q=0.9, text/*"):
        message = streams.modern("tools/call", params, meta={"progressToken": 1})
        message.fields["Accept"] = accept
        with streams.Stream(everything.port, message, messages.MODERN) as stream:
            assert len(list(stream)) == 4
