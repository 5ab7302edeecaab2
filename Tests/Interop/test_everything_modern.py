"""The modern era over the wire, where no client library reaches: rounds, streams, subscriptions."""

import itertools
import time

import pytest

import everything as everything_servers
import messages
import streams
import waiting
import wire

ALL = {"elicitation": {}, "sampling": {}, "roots": {}}
SUBSCRIPTION_ID = "io.modelcontextprotocol/subscriptionId"


def elicited(**content) -> dict:
    return {"action": "accept", "content": content}


def question(response, key: str) -> str:
    """The state with which a question is to be answered."""
    assert response.status == 200
    assert response.result["resultType"] == "input_required"
    assert key in response.result["inputRequests"]
    return response.result.get("requestState")


def text(response) -> str:
    assert response.result["resultType"] == "complete"
    return response.result["content"][0]["text"]


# Streams.


@pytest.mark.parametrize("tool", ["test_tool_with_progress", "test_streaming_elicitation"])
def test_progress_turns_the_response_into_a_stream_that_ends_with_it(everything, tool):
    params = {"name": tool, "arguments": {}}
    message = streams.modern("tools/call", params, meta={"progressToken": "p"}, id="call")
    with streams.Stream(everything.port, message, messages.MODERN) as stream:
        assert stream.begins_with_comment
        events = list(iter(stream.next_event, None))
    assert all(event.id is None and event.retry is None for event in events)
    *told, answer = [event.message for event in events]
    assert told and all(one["params"]["progressToken"] == "p" for one in told)
    assert all(one["method"] == "notifications/progress" for one in told)
    assert (answer["id"], answer["result"]["resultType"]) == ("call", "complete")


def test_a_stream_asks_intermediaries_not_to_keep_it(everything_alone):
    params = {"name": "test_tool_with_progress", "arguments": {}}
    message = streams.modern("tools/call", params, meta={"progressToken": 1})
    with streams.Stream(everything_alone.port, message, messages.MODERN) as stream:
        assert stream.head.field("x-accel-buffering") == "no"
        assert "no-store" in stream.head.field("cache-control")


def test_what_is_told_arrives_when_it_is_told(everything):
    params = {"name": "test_tool_slow", "arguments": {"durationMs": 20_000}}
    message = streams.modern("tools/call", params, meta={"progressToken": 1})
    start = time.monotonic()
    with streams.Stream(everything.port, message, messages.MODERN) as stream:
        for _ in range(3):
            assert stream.next()["method"] == "notifications/progress"
    assert time.monotonic() - start < 10


def test_without_a_wish_for_it_nothing_is_told(everything):
    for tool in ["test_tool_with_progress", "test_logging_tool", "test_streaming_elicitation"]:
        assert streams.call(everything.port, tool).status == 200


def test_log_messages_go_to_the_request_that_wants_them(everything):
    params = {"name": "test_logging_tool", "arguments": {}}
    message = streams.modern("tools/call", params, meta={messages.LOG_LEVEL: "critical"})
    with streams.Stream(everything.port, message, messages.MODERN) as stream:
        *told, answer = list(stream)
    assert [one["params"]["level"] for one in told] == ["critical", "alert", "emergency"]
    assert answer["result"]["resultType"] == "complete"


def test_a_level_that_does_not_exist_is_refused(everything):
    refused = streams.call(everything.port, "test_logging_tool", meta={messages.LOG_LEVEL: "loud"})
    assert (refused.status, refused.error["code"]) == (400, -32602)


def test_leaving_a_stream_leaves_the_server_well(everything):
    params = {"name": "test_tool_slow", "arguments": {"durationMs": 20_000}}
    message = streams.modern("tools/call", params, meta={"progressToken": 1})
    for _ in range(10):
        with streams.Stream(everything.port, message, messages.MODERN) as stream:
            stream.next()
    assert text(streams.call(everything.port, "test_tool_fast")) == "Done"


def test_leaving_before_there_is_an_answer_cancels_the_call(everything, everything_alone):
    params = {"name": "test_tool_slow", "arguments": {"durationMs": 60_000}}
    message = streams.modern("tools/call", params)
    connections = [wire.Connection(everything.port) for _ in range(8)]
    for connection in connections:
        connection.send(wire.request(list(message.fields.items()), message.octets))
    # What comes after them has an answer, so they have arrived.
    for _ in range(4):
        streams.call(everything.port, "test_tool_fast")
    during = everything_alone.descriptor_count()
    for connection in connections:
        connection.close()
    # The server lets go of the calls' connections, also of those that a proxy made for them.
    waiting.eventually(lambda: everything_alone.descriptor_count() <= during - 8, seconds=20)
    assert text(streams.call(everything.port, "test_tool_fast")) == "Done"


# Rounds.


def test_a_question_is_asked_and_the_answer_used(everything):
    tool = "test_input_required_result_elicitation"
    first = streams.call(everything.port, tool, capabilities=ALL)
    request = first.result["inputRequests"]["user_name"]
    assert request["method"] == "elicitation/create"
    assert request["params"]["message"] == "What is your name?"
    second = streams.call(
        everything.port,
        tool,
        capabilities=ALL,
        id=2,
        inputResponses={"user_name": elicited(name="Grace")},
    )
    assert text(second) == "Hello, Grace!"


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"wrong_key": elicited(name="Grace")},
        {"user_name": elicited()},
        {"user_name": elicited(name=7)},
        {"user_name": {"action": "perhaps"}},
        {"user_name": "Grace"},
        {"user_name": None},
        {"user_name": {"roots": []}},
    ],
)
def test_an_answer_that_is_missing_or_does_not_fit_is_asked_for_again(everything, answers):
    tool = "test_input_required_result_elicitation"
    options = {"capabilities": ALL, "inputResponses": answers}
    question(streams.call(everything.port, tool, **options), "user_name")


def test_answers_that_nobody_asked_for_are_ignored(everything):
    tool = "test_input_required_result_elicitation"
    answers = {"user_name": elicited(name="Grace"), "other": elicited(x=1), "more": 5}
    options = {"capabilities": ALL, "inputResponses": answers}
    assert text(streams.call(everything.port, tool, **options)) == "Hello, Grace!"


def test_answers_of_earlier_rounds_are_carried_in_the_state(everything):
    tool = "test_input_required_result_multi_round"
    first = question(streams.call(everything.port, tool, capabilities=ALL), "step1")
    options = {"capabilities": ALL, "requestState": first}
    answers = {"step1": elicited(name="Grace")}
    second = question(
        streams.call(everything.port, tool, inputResponses=answers, **options), "step2"
    )
    assert first and second and first != second
    options = {"capabilities": ALL, "requestState": second}
    answers = {"step2": elicited(color="red")}
    last = streams.call(everything.port, tool, inputResponses=answers, **options)
    assert text(last) == "Grace likes red"


def test_several_questions_are_asked_at_once_and_only_open_ones_again(everything):
    tool = "test_input_required_result_multiple_inputs"
    first = streams.call(everything.port, tool, capabilities=ALL)
    assert first.result["inputRequests"].keys() == {"user_name", "greeting", "client_roots"}
    second = streams.call(
        everything.port,
        tool,
        capabilities=ALL,
        requestState=first.result["requestState"],
        inputResponses={
            "user_name": elicited(name="Grace"),
            "client_roots": {"roots": [{"uri": "file:///srv"}]},
        },
    )
    assert second.result["inputRequests"].keys() == {"greeting"}
    answer = {"role": "assistant", "model": "m", "content": {"type": "text", "text": "Good day"}}
    third = streams.call(
        everything.port,
        tool,
        capabilities=ALL,
        requestState=second.result["requestState"],
        inputResponses={"greeting": answer},
    )
    assert text(third) == "Good day Grace, in file:///srv"


def changed(state: str, index: int) -> str:
    return state[:index] + ("A" if state[index] != "A" else "B") + state[index + 1 :]


def test_a_state_that_was_changed_is_refused(everything):
    tool = "test_input_required_result_tampered_state"
    state = question(streams.call(everything.port, tool, capabilities=ALL), "confirm")
    options = {"capabilities": ALL, "inputResponses": {"confirm": elicited(ok=True)}}
    places = {0, 1, 8, 20, len(state) // 2, len(state) - 2}
    for wrong in [*(changed(state, place) for place in places), state + "A", state[:-4], "", "x"]:
        refused = streams.call(everything.port, tool, requestState=wrong, **options)
        assert (refused.status, refused.error["code"]) == (400, -32602), wrong
    right = streams.call(everything.port, tool, requestState=state, **options)
    assert text(right) == "state-ok, confirmed=true"


def test_a_state_is_good_for_the_tool_it_was_made_for(everything):
    answers = {"confirm": elicited(ok=True)}
    options = {"capabilities": ALL, "inputResponses": answers}
    first = "test_input_required_result_tampered_state"
    state = question(streams.call(everything.port, first, capabilities=ALL), "confirm")
    other = "test_input_required_result_request_state"
    refused = streams.call(everything.port, other, requestState=state, **options)
    assert (refused.status, refused.error["code"]) == (400, -32602)


def test_a_prompt_takes_two_rounds(everything):
    params = {"name": "test_input_required_result_prompt"}
    first = streams.send(everything.port, streams.modern("prompts/get", params, capabilities=ALL))
    question(first, "user_context")
    params["inputResponses"] = {"user_context": elicited(context="raw")}
    last = streams.send(everything.port, streams.modern("prompts/get", params, capabilities=ALL))
    assert last.result["messages"][0]["content"]["text"] == "Prompt with context: raw"


def test_only_what_the_client_declared_is_asked(everything):
    tool = "test_input_required_result_capabilities"
    for capabilities, keys in [
        ({"sampling": {}}, {"capital_question"}),
        ({"elicitation": {}, "roots": {}}, {"user_name", "client_roots"}),
        ({"elicitation": {"form": {}}}, {"user_name"}),
    ]:
        asked = streams.call(everything.port, tool, capabilities=capabilities)
        assert asked.result["inputRequests"].keys() == keys


@pytest.mark.parametrize(
    ("tool", "capability"),
    [
        ("test_missing_capability", "sampling"),
        ("test_input_required_result_sampling", "sampling"),
        ("test_input_required_result_elicitation", "elicitation"),
        ("test_input_required_result_list_roots", "roots"),
    ],
)
def test_a_capability_that_is_missing_is_named(everything, tool, capability):
    refused = streams.call(everything.port, tool)
    assert (refused.status, refused.error["code"]) == (400, -32021)
    assert refused.error["data"] == {"requiredCapabilities": {capability: {}}}


# Fields that repeat arguments.


def test_an_argument_and_its_field_must_agree(everything):
    params = {"name": "test_x_mcp_header", "arguments": {"region": "eu"}}
    message = streams.modern("tools/call", params)
    for fields in [{}, {"Mcp-Param-Region": "us"}, {"Mcp-Param-Region": "=?base64?!!!?="}]:
        refused = streams.send(
            everything.port, messages.Message({**message.fields, **fields}, message.body)
        )
        assert (refused.status, refused.error["code"]) == (400, -32020), fields
    for value in ["eu", "=?base64?ZXU=?="]:
        fields = {**message.fields, "Mcp-Param-Region": value}
        right = streams.send(everything.port, messages.Message(fields, message.body))
        assert text(right) == "region=eu"


# Subscriptions.


def listen(port: int, id="listening", **filter) -> streams.Stream:
    message = streams.modern("subscriptions/listen", {"notifications": filter}, id=id)
    return streams.Stream(port, message, messages.MODERN)


def test_a_subscription_is_acknowledged_with_what_is_honoured(everything):
    wanted = {
        "toolsListChanged": True,
        "promptsListChanged": False,
        "resourceSubscriptions": ["test://static-text", "test://nothing", "test://template/1/data"],
    }
    with listen(everything.port, 17, **wanted) as stream:
        first = stream.next()
    assert first["method"] == "notifications/subscriptions/acknowledged"
    assert first["params"]["_meta"] == {SUBSCRIPTION_ID: 17}
    assert first["params"]["notifications"] == {
        "toolsListChanged": True,
        "resourceSubscriptions": ["test://static-text", "test://template/1/data"],
    }


def test_every_list_that_changes_is_told_to_those_who_want_to_hear(everything):
    filters = {
        "toolsListChanged": ("test_trigger_tool_change", "notifications/tools/list_changed"),
        "promptsListChanged": ("test_trigger_prompt_change", "notifications/prompts/list_changed"),
        "resourcesListChanged": (
            "test_trigger_resource_change",
            "notifications/resources/list_changed",
        ),
    }
    listening = {name: listen(everything.port, name, **{name: True}) for name in filters}
    for stream in listening.values():
        stream.next()
    for tool, _ in filters.values():
        streams.call(everything.port, tool)
    for (name, stream), (_, method) in zip(listening.items(), filters.values(), strict=True):
        told = stream.next()
        assert told["method"] == method
        assert told["params"]["_meta"][SUBSCRIPTION_ID] == name
        stream.close()


def test_a_subscription_is_known_on_every_loop(everything):
    opened = [listen(everything.port, n, promptsListChanged=True) for n in range(8)]
    for stream in opened:
        stream.next()
    streams.call(everything.port, "test_trigger_prompt_change")
    for stream in opened:
        assert stream.next()["method"] == "notifications/prompts/list_changed"
        stream.close()


def test_a_subscription_ends_with_a_result_when_the_server_stops(tmp_path):
    server = everything_servers.Everything(tmp_path / "state").start()
    try:
        with listen(server.port, "last", toolsListChanged=True) as stream:
            stream.next()
            server.terminate()
            *_, result = itertools.chain(stream)
            assert result["id"] == "last"
            assert result["result"]["resultType"] == "complete"
            assert result["result"]["_meta"][SUBSCRIPTION_ID] == "last"
        assert server.wait() == 0
    finally:
        server.kill()


def test_a_subscription_to_a_resource_hears_of_each_change_once(everything_alone):
    uri = "test://watched-resource"
    read = streams.modern("resources/read", {"uri": uri})
    with listen(everything_alone.port, resourceSubscriptions=[uri]) as stream:
        stream.next()
        texts = []
        for _ in range(3):
            told = stream.next()
            assert told["method"] == "notifications/resources/updated"
            assert told["params"]["uri"] == uri
            [contents] = streams.send(everything_alone.port, read).result["contents"]
            texts.append(contents["text"])
    assert len(set(texts)) == 3
