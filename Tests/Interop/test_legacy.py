"""The legacy protocol over the wire: sessions, and what differs from the modern one."""

import pytest

import callers
import messages
import schemas
import todos
import wire

every_revision = pytest.mark.parametrize("revision", messages.LEGACY)


@every_revision
def test_a_session_serves_every_tool_in_the_revision_it_negotiated(caller, tokens, revision):
    session = callers.LegacySession(caller, tokens.make(), revision)

    listed = session.send("tools/list").result["tools"]
    assert {tool["name"] for tool in listed} == set(todos.TOOLS)

    added = session.call("add_todo", title="tea").result
    todo = todos.the_todo(added["structuredContent"])
    assert todos.titles(session.call("list_todos").result["structuredContent"]) == ["tea"]
    session.call("complete_todo", id=todo["id"]).result
    session.call("update_todo_text", id=todo["id"], text="milk").result
    session.call("delete_todo", id=todo["id"]).result
    assert todos.titles(session.call("list_todos").result["structuredContent"]) == []


@pytest.mark.parametrize("asked", ["1.0", "2024-11-05", "2099-12-31"])
def test_a_version_nobody_serves_is_answered_with_the_newest_legacy_one(caller, tokens, asked):
    message = messages.initialize(asked, token=tokens.make())
    response = caller.send(message, revision=messages.LEGACY[0])
    assert response.result["protocolVersion"] == messages.LEGACY[0]


@every_revision
def test_ping_is_answered_with_an_empty_object(caller, tokens, revision):
    session = callers.LegacySession(caller, tokens.make(), revision)
    response = session.send("ping", id="p")
    assert response.json() == {"jsonrpc": "2.0", "id": "p", "result": {}}


@every_revision
def test_an_error_to_a_well_formed_request_is_http_200(caller, tokens, revision):
    session = callers.LegacySession(caller, tokens.make(), revision)
    for response, code in [
        (session.send("no/such/method"), -32601),
        (session.call("no_such_tool"), -32602),
        (session.send("tools/list", {"cursor": "made up"}), -32602),
    ]:
        assert (response.status, response.error["code"]) == (200, code)


@every_revision
def test_a_request_without_a_session_where_one_is_required_is_refused(caller, tokens, revision):
    message = messages.legacy("tools/list", token=tokens.make(), version=revision)
    response = caller.send(message)
    assert response.status == 400


def changed(text: str, index: int) -> str:
    return text[:index] + ("A" if text[index] != "A" else "B") + text[index + 1 :]


def test_a_session_id_that_was_tampered_with_is_not_found(caller, tokens):
    session = callers.LegacySession(caller, tokens.make(), "2025-11-25")
    for index in {0, 1, len(session.id) // 2, len(session.id) - 2}:
        response = session.send("tools/list", session=changed(session.id, index))
        assert response.status == 404, f"changed at {index}"
    assert session.send("tools/list", session="made-up").status == 404
    assert session.send("tools/list").status == 200


def test_the_session_of_another_subject_is_not_found(caller, tokens):
    session = callers.LegacySession(caller, tokens.make(), "2025-11-25")
    assert session.send("tools/list", token=tokens.make()).status == 404
    assert session.send("tools/list").status == 200


def test_a_version_field_that_differs_from_the_session_is_refused(caller, tokens):
    session = callers.LegacySession(caller, tokens.make(), "2025-11-25")
    assert session.send("tools/list", version="2025-06-18").status == 400


def test_the_version_of_the_session_counts_where_the_field_is_absent(caller, tokens):
    session = callers.LegacySession(caller, tokens.make(), "2025-06-18")
    assert session.send("tools/list", version=None).status == 200


def over_http(session: callers.LegacySession, method: str) -> wire.Response:
    """A request without a body: GET or DELETE, as the published clients send them."""
    fields = messages.legacy(
        "", token=session.token, session=session.id, version=session.revision
    ).fields
    return session.caller.connection.exchange(
        wire.request(list(fields.items()), None, method=method)
    )


def test_a_session_that_was_ended_is_not_found(caller, tokens):
    session = callers.LegacySession(caller, tokens.make(), "2025-11-25")
    assert over_http(session, "DELETE").status in (200, 204)
    assert session.send("tools/list").status == 404


def test_ending_a_session_needs_its_own_subject(caller, tokens):
    session = callers.LegacySession(caller, tokens.make(), "2025-11-25")
    thief = callers.LegacySession(caller, tokens.make(), "2025-11-25")
    thief.id = session.id
    assert over_http(thief, "DELETE").status == 404
    assert session.send("tools/list").status == 200


def test_a_role_is_refused_in_a_session_as_it_is_outside(caller, tokens):
    session = callers.LegacySession(caller, tokens.make("readonly"), "2025-11-25")
    assert session.call("add_todo", title="x").status == 403
    assert session.send("tools/list").status == 200


def test_a_batch_of_the_oldest_revision_is_answered_with_one_response_a_request(
    caller, tokens
):
    session = callers.LegacySession(caller, tokens.make(), "2025-03-26")
    batch = [
        {"jsonrpc": "2.0", "id": 1, "method": "ping"},
        {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 99}},
        {"jsonrpc": "2.0", "id": "two", "method": "tools/list"},
        {"jsonrpc": "2.0", "id": 3, "method": "no/such/method"},
    ]
    message = messages.legacy("", token=session.token, session=session.id)
    response = caller.connection.exchange(
        wire.request(
            [*message.fields.items(), ("MCP-Protocol-Version", "2025-03-26")],
            str(batch).replace("'", '"').encode(),
        )
    )

    assert response.status == 200
    answers = {answer["id"]: answer for answer in response.json()}
    assert answers.keys() == {1, "two", 3}
    assert answers[1]["result"] == {}
    assert answers["two"]["result"]["tools"]
    assert answers[3]["error"]["code"] == -32601
    schemas.validate("2025-03-26", "JSONRPCBatchResponse", response.json())


@pytest.mark.parametrize("revision", ["2025-11-25", "2025-06-18"])
def test_a_batch_is_refused_by_the_revisions_that_have_none(caller, tokens, revision):
    session = callers.LegacySession(caller, tokens.make(), revision)
    message = messages.legacy("", token=session.token, session=session.id, version=revision)
    body = b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]'
    response = caller.connection.exchange(wire.request(list(message.fields.items()), body))
    assert response.status == 400


def test_a_session_outlives_the_connection_it_began_on(server, tokens):
    token = tokens.make()
    with callers.Caller(server.port) as first:
        session = callers.LegacySession(first, token, "2025-11-25")
    with callers.Caller(server.port) as second:
        session.caller = second
        assert session.send("tools/list").status == 200


def test_sessions_that_use_the_same_ids_at_the_same_time_get_their_own_answers(server, tokens):
    def talk(number: int) -> None:
        mine = f"of session {number}"
        with callers.Caller(server.port) as caller:
            session = callers.LegacySession(caller, tokens.make(), messages.LEGACY[number % 3])
            session.call("add_todo", title=mine)
            for id in range(3, 53):
                response = session.call("list_todos", id)
                assert response.json()["id"] == id
                assert todos.titles(response.result["structuredContent"]) == [mine]

    callers.at_once([lambda n=n: talk(n) for n in range(12)])
