"""What asks for input besides tools, addresses instead of forms, and the trace of a request."""

import pytest

import messages
import streams

FORMS = {"elicitation": {}}
ADDRESSES = {"elicitation": {"url": {}}}
ASKING = "test://asking-resource"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
OTHER_PARENT = "00-11111111111111111111111111111111-2222222222222222-00"


def accepted(**content) -> dict:
    return {"action": "accept", "content": content}


def read(everything, capabilities: dict, **more):
    params = {"uri": ASKING, **more}
    message = streams.modern("resources/read", params, capabilities=capabilities)
    return streams.send(everything.port, message)


# Resources and prompts that ask.


def test_a_resource_takes_two_rounds(everything):
    first = read(everything, FORMS).result
    assert first["resultType"] == "input_required"
    request = first["inputRequests"]["release"]
    assert request["method"] == "elicitation/create"
    for answer, text in [
        (accepted(ok=True), "Released content."),
        (accepted(ok=False), "Withheld."),
        ({"action": "decline"}, "Withheld."),
    ]:
        last = read(everything, FORMS, inputResponses={"release": answer}).result
        assert last["resultType"] == "complete"
        assert [part["text"] for part in last["contents"]] == [text]
    again = read(everything, FORMS, inputResponses={"release": accepted(ok="yes")}).result
    assert again["resultType"] == "input_required"


def test_a_resource_that_asks_is_not_for_clients_that_cannot_be_asked(everything):
    refused = read(everything, {})
    assert (refused.status, refused.error["code"]) == (400, -32021)
    assert refused.error["data"] == {"requiredCapabilities": {"elicitation": {}}}


@pytest.mark.parametrize("revision", ["2025-11-25", "2025-06-18"])
def test_in_a_session_resources_and_prompts_ask_on_their_own_streams(everything, revision):
    session = streams.Session(everything.port, revision, FORMS)
    message = session.message("resources/read", {"uri": ASKING})
    with streams.Stream(everything.port, message, revision) as stream:
        request = stream.next()
        assert request["method"] == "elicitation/create"
        assert session.answer(request, accepted(ok=True)).status == 202
        [contents] = stream.next()["result"]["contents"]
        assert contents["text"] == "Released content."
        assert stream.next() is None
    message = session.message("prompts/get", {"name": "test_input_required_result_prompt"})
    with streams.Stream(everything.port, message, revision) as stream:
        request = stream.next()
        assert session.answer(request, accepted(context="raw")).status == 202
        [prompt] = stream.next()["result"]["messages"]
        assert prompt["content"]["text"] == "Prompt with context: raw"
        assert stream.next() is None


# Addresses.


def test_a_modern_client_is_sent_to_an_address(everything):
    tool = "test_elicitation_url"
    first = streams.call(everything.port, tool, capabilities=ADDRESSES).result
    params = first["inputRequests"]["account"]["params"]
    assert params["mode"] == "url"
    assert params["url"].startswith("https://example.com/")
    assert "requestedSchema" not in params
    for action in ("accept", "decline", "cancel"):
        answers = {"account": {"action": action}}
        last = streams.call(everything.port, tool, capabilities=ADDRESSES, inputResponses=answers)
        [block] = last.result["content"]
        assert block["text"] == f"User response: action={action}"


@pytest.mark.parametrize("capabilities", [{}, FORMS, {"elicitation": {"form": {}}}])
def test_no_client_is_sent_to_an_address_that_did_not_say_it_could(everything, capabilities):
    refused = streams.call(everything.port, "test_elicitation_url", capabilities=capabilities)
    assert (refused.status, refused.error["code"]) == (400, -32021)
    assert refused.error["data"] == {"requiredCapabilities": {"elicitation": {"url": {}}}}
    session = streams.Session(everything.port, "2025-11-25", capabilities)
    assert session.call("test_elicitation_url").result["isError"]


def test_a_session_is_sent_to_an_address_and_told_when_that_is_done(everything):
    session = streams.Session(everything.port, "2025-11-25", ADDRESSES)
    seen = set()
    for _ in range(3):
        with session.stream("test_elicitation_url") as stream:
            request = stream.next()
            assert request["params"]["mode"] == "url"
            seen.add(request["params"]["elicitationId"])
            assert session.answer(request, {"action": "accept"}).status == 202
            done = stream.next()
            assert done["method"] == "notifications/elicitation/complete"
            assert done["params"]["elicitationId"] == request["params"]["elicitationId"]
            [block] = stream.next()["result"]["content"]
            assert block["text"] == "User response: action=accept"
    assert len(seen) == 3, "an id was used twice"


@pytest.mark.parametrize("revision", ["2025-06-18", "2025-03-26"])
def test_addresses_are_unknown_to_older_revisions(everything, revision):
    session = streams.Session(everything.port, revision, ADDRESSES)
    assert session.call("test_elicitation_url").result["isError"]


# The trace of a request.


def traced(everything, meta: dict | None = None, fields: dict | None = None) -> str:
    params = {"name": "test_trace_context", "arguments": {}}
    message = streams.modern("tools/call", params, meta=meta)
    message.fields.update(fields or {})
    [block] = streams.send(everything.port, message).result["content"]
    return block["text"]


def test_a_tool_knows_the_trace_that_its_call_is_part_of(everything):
    assert traced(everything) == "no trace"
    meta = {"traceparent": PARENT, "tracestate": "a=1,b=2", "baggage": "user=ada"}
    in_words = f"traceparent={PARENT} tracestate=a=1,b=2 baggage=user=ada"
    assert traced(everything, meta) == in_words
    assert traced(everything, fields=meta) == in_words
    # What the message says is nearer to the caller than what was added on the way.
    other = {"traceparent": OTHER_PARENT, "tracestate": "c=3", "baggage": "user=eve"}
    assert traced(everything, meta, other) == in_words


@pytest.mark.parametrize(
    "wrong",
    ["", "x", PARENT.upper(), PARENT[:-1], PARENT + "-00", "ff" + PARENT[2:], 7, None, {"a": 1}],
)
def test_a_trace_that_is_malformed_changes_nothing(everything, wrong):
    assert traced(everything, {"traceparent": wrong, "tracestate": "a=1"}) == "no trace"
    if isinstance(wrong, str):
        assert traced(everything, fields={"traceparent": wrong}) == "no trace"


@pytest.mark.parametrize("revision", messages.LEGACY)
def test_the_trace_is_known_in_a_session_too(everything, revision):
    session = streams.Session(everything.port, revision)
    params = {"name": "test_trace_context", "_meta": {"traceparent": PARENT}}
    [block] = session.send("tools/call", params).result["content"]
    assert block["text"] == f"traceparent={PARENT} tracestate=none baggage=none"


# Resources that are found when somebody asks.


def test_resources_that_are_found_later_are_listed_and_read(everything):
    listed = streams.send(everything.port, streams.modern("resources/list", {})).result
    found = [one["uri"] for one in listed["resources"] if "template" in one["uri"]]
    assert found == [f"test://template/{number}/data" for number in (1, 2, 3)]
    assert (listed["cacheScope"], "nextCursor" in listed) == ("private", False)
    for uri in found:
        read = streams.modern("resources/read", {"uri": uri})
        assert streams.send(everything.port, read).result["contents"][0]["uri"] == uri
    for cursor in ("", "x", "c291cmNlOjk5", "cmVzb3VyY2VzL2xpc3Q6MQ="):
        message = streams.modern("resources/list", {"cursor": cursor})
        refused = streams.send(everything.port, message)
        assert (refused.status, refused.error["code"]) == (400, -32602), cursor
