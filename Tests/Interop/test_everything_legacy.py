"""The legacy era over the wire, one connection a request: any loop serves any session."""

import time

import pytest

import messages
import streams
import wire

ALL = {"elicitation": {}, "sampling": {}, "roots": {}}

# With two loops and a connection a request, so many requests meet both with near certainty.
REQUEST_COUNT = 12


@pytest.fixture
def session(everything):
    return streams.Session(everything.port, capabilities=ALL)


@pytest.mark.parametrize("revision", messages.LEGACY)
def test_a_question_is_answered_from_another_connection(everything, revision):
    session = streams.Session(everything.port, revision, ALL)
    for number in range(REQUEST_COUNT):
        with session.stream("test_sampling", {"prompt": f"{number}?"}, id=number) as stream:
            request = stream.next()
            assert request["method"] == "sampling/createMessage"
            assert request["params"]["maxTokens"] == 100
            content = {"type": "text", "text": str(number)}
            result = {"role": "assistant", "model": "m", "content": content}
            accepted = session.answer(request, result)
            assert (accepted.status, accepted.body) == (202, b"")
            answer = stream.next()
            assert answer["id"] == number
            assert answer["result"]["content"][0]["text"] == f"LLM response: {number}"
            assert stream.next() is None


@pytest.mark.parametrize("revision", ["2025-11-25", "2025-06-18"])
@pytest.mark.parametrize("tool", ["sep1034_defaults", "sep1330_enums"])
def test_a_form_has_only_what_its_revision_knows(everything, revision, tool):
    session = streams.Session(everything.port, revision, ALL)
    with session.stream(f"test_elicitation_{tool}") as stream:
        # Held against the schema of the revision, as every message is.
        request = stream.next()
        assert session.answer(request, {"action": "decline"}).status == 202
        text = stream.next()["result"]["content"][0]["text"]
    assert text == "Elicitation completed: action=decline, content={}"


def test_nobody_is_asked_with_requests_that_the_revision_does_not_have(everything):
    session = streams.Session(everything.port, "2025-03-26", ALL)
    result = session.call("test_elicitation", {"message": "?"}).result
    assert result["isError"]


def test_another_session_cannot_answer(everything, session):
    other = streams.Session(everything.port, capabilities=ALL)
    with session.stream("test_input_required_result_list_roots") as stream:
        request = stream.next()
        stolen = {"roots": [{"uri": "file:///stolen"}]}
        assert other.answer(request, stolen).status == 202
        assert session.answer(request, {"roots": [{"uri": "file:///own"}]}).status == 202
        text = stream.next()["result"]["content"][0]["text"]
    assert text == "Client roots: file:///own"


def test_a_log_level_holds_on_every_loop(session):
    for level, count in [("emergency", 1), ("debug", 8)]:
        answered = session.send("logging/setLevel", {"level": level})
        assert answered.json() == {"jsonrpc": "2.0", "id": 1, "result": {}}
        for _ in range(REQUEST_COUNT):
            with session.stream("test_logging_tool") as stream:
                assert len(list(stream)) == count + 1


def test_a_session_that_has_ended_is_unknown_on_every_loop(session):
    with session.listen() as stream:
        assert session.send("ping").result == {}
        assert session.delete().status in (200, 204)
        assert list(stream) == []
    for _ in range(REQUEST_COUNT):
        assert session.send("ping").status == 404


def test_a_stream_is_primed_and_resumed_on_any_loop(session):
    for number in range(REQUEST_COUNT):
        with session.stream("test_reconnection", id=number) as stream:
            primed = stream.next_event()
            assert (primed.data, primed.retry) == ("", None)
            assert primed.id
            broken = stream.next_event()
            assert broken.data == "" and broken.id
            assert broken.retry == 500
            assert stream.next_event() is None
        with session.listen(last_event_id=broken.id) as stream:
            answer = stream.next()
            assert answer["id"] == number
            assert "completed" in answer["result"]["content"][0]["text"]
            assert stream.next() is None


def test_events_that_were_seen_are_not_sent_again(session):
    with session.stream("test_tool_with_progress", meta={"progressToken": 1}) as stream:
        events = [event for event in iter(stream.next_event, None) if event.data]
    assert len(events) == 4
    for index, event in enumerate(events):
        with session.listen(last_event_id=event.id) as stream:
            again = [one.data for one in iter(stream.next_event, None)]
        assert again == [one.data for one in events[index + 1 :]]


def test_the_events_of_another_session_are_not_resumed(everything, session):
    with session.stream("test_reconnection") as stream:
        event = stream.next_event()
    other = streams.Session(everything.port)
    with other.listen(last_event_id=event.id) as stream:
        assert stream.begins_with_comment
        other.delete()
        assert list(stream) == []


def test_a_client_that_leaves_finds_its_answer_later(session):
    arguments = {"durationMs": 500}
    with session.stream("test_tool_slow", arguments, meta={"progressToken": 1}) as stream:
        event = stream.next_event()
        while not event.data:
            event = stream.next_event()
    with session.listen(last_event_id=event.id) as stream:
        *told, answer = list(stream)
    assert answer["result"]["content"][0]["text"] == "Waited 500 ms"
    assert all(one["method"] == "notifications/progress" for one in told)


def test_a_request_is_cancelled_by_its_own_session_alone(everything, session):
    other = streams.Session(everything.port)
    cancel = ("notifications/cancelled", {"requestId": "slow"}, None)
    arguments = {"durationMs": 20_000}
    start = time.monotonic()
    stream = session.stream("test_tool_slow", arguments, "slow", {"progressToken": 1})
    with stream:
        stream.next()
        assert other.send(*cancel).status == 202
        stream.next()
        assert session.send(*cancel).status == 202
        rest = list(stream)
    assert all(message.get("method") == "notifications/progress" for message in rest)
    assert time.monotonic() - start < 15


def test_a_subscription_made_on_one_loop_is_told_on_another(everything, session):
    uri = "test://watched-resource"
    witness = streams.Session(everything.port)
    for one in (session, witness):
        assert one.send("resources/subscribe", {"uri": uri}).result == {}
    with session.listen() as stream, witness.listen() as other:
        for told in (stream.next(), other.next()):
            assert told["method"] == "notifications/resources/updated"
            assert told["params"]["uri"] == uri
        assert session.send("resources/unsubscribe", {"uri": uri}).result == {}
        # The other session hears of the next change, and both of another that follows it.
        assert other.next()["method"] == "notifications/resources/updated"
        session.call("test_trigger_prompt_change")
        told = stream.next()
        # One that was on its way when the session unsubscribed.
        if told["method"] == "notifications/resources/updated":
            told = stream.next()
        assert told["method"] == "notifications/prompts/list_changed"


def test_every_session_hears_of_lists_that_change(everything):
    sessions = [streams.Session(everything.port) for _ in range(6)]
    listening = [one.listen() for one in sessions]
    # The head of a stream is sent when it is registered.
    assert all(stream.begins_with_comment for stream in listening)
    sessions[0].call("test_trigger_tool_change")
    for stream in listening:
        assert stream.next()["method"] == "notifications/tools/list_changed"
        stream.close()


def test_a_session_hears_of_a_change_on_one_of_its_streams(everything, session):
    opened = [session.listen() for _ in range(6)]
    assert all(stream.begins_with_comment for stream in opened)
    session.call("test_trigger_tool_change")
    newest = opened.pop()
    assert newest.next()["method"] == "notifications/tools/list_changed"
    # What the others hear first is the end of the session.
    session.delete()
    assert [list(stream) for stream in opened] == [[]] * 5


def test_the_stream_of_a_session_is_resumed_on_any_loop(session):
    with session.listen() as stream:
        primed = stream.next_event()
        assert primed.data == "" and primed.id
        last = primed.id
    for _ in range(REQUEST_COUNT):
        # Nobody listens.
        session.call("test_trigger_tool_change")
        with session.listen(last_event_id=last) as stream:
            event = stream.next_event()
            while not event.data:
                event = stream.next_event()
            assert event.message["method"] == "notifications/tools/list_changed"
            last = event.id
    with session.listen(last_event_id=last) as stream:
        assert stream.begins_with_comment
        session.delete()
        assert list(stream) == []


@pytest.mark.parametrize("revision", ["2025-06-18", "2025-03-26"])
def test_older_clients_are_sent_no_event_without_data(everything, revision):
    session = streams.Session(everything.port, revision)
    with session.listen() as stream:
        session.call("test_trigger_tool_change")
        event = stream.next_event()
        assert event.message["method"] == "notifications/tools/list_changed" and event.id
    session.call("test_trigger_prompt_change")
    with session.listen(last_event_id=event.id) as stream:
        event = stream.next_event()
        assert event.message["method"] == "notifications/prompts/list_changed"


def test_a_batch_is_answered_in_one_body(everything):
    session = streams.Session(everything.port, "2025-03-26")
    message = session.message("tools/call")
    bodies = [
        {"jsonrpc": "2.0", "id": 1, "method": "ping"},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {
            "jsonrpc": "2.0",
            "id": "two",
            "method": "tools/call",
            "params": {"name": "test_simple_text"},
        },
    ]
    batch = messages.Message(message.fields, bodies)
    with wire.Connection(everything.port) as connection:
        response = connection.exchange(wire.request(list(batch.fields.items()), batch.octets))
    answers = {answer["id"]: answer["result"] for answer in response.json()}
    assert answers[1] == {}
    assert answers["two"]["content"][0]["text"].startswith("This is a simple text")
