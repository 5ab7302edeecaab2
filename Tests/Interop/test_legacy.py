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

    todo = todos.the_todo(session.contents("add_todo", title="tea"))
    assert todos.titles(session.contents("list_todos")) == ["tea"]
    completed = todos.the_todo(session.contents("complete_todo", id=todo["id"]))
    assert todos.is_completed(completed)
    renamed = todos.the_todo(session.contents("update_todo_text", id=todo["id"], text="milk"))
    assert renamed["title"] == "milk"
    session.contents("delete_todo", id=todo["id"])
    assert todos.titles(session.contents("list_todos")) == []


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
def test_a_version_that_was_agreed_on_is_not_served_without_the_session(caller, tokens, revision):
    message = messages.legacy("tools/list", token=tokens.make(), version=revision)
    response = caller.send(message)
    assert (response.status, response.error["code"]) == (400, -32600)


def test_a_request_with_neither_session_nor_version_is_served_in_the_oldest_revision(
    caller, tokens
):
    token = tokens.make()
    for method in ("ping", "tools/list"):
        message = messages.legacy(method, token=token)
        assert caller.send(message, revision="2025-03-26").status == 200
    called = messages.legacy("tools/call", {"name": "list_todos", "arguments": {}}, token=token)
    assert "structuredContent" not in caller.send(called, revision="2025-03-26").result


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


def without_body(session: callers.LegacySession, method: str) -> wire.Response:
    """A request as the published clients send it to listen or to end a session."""
    fields = messages.legacy(
        "", token=session.token, session=session.id, version=session.revision
    ).fields
    return session.caller.connection.exchange(
        wire.request(list(fields.items()), None, method=method)
    )


@every_revision
def test_a_session_that_was_ended_is_not_found(caller, tokens, revision):
    session = callers.LegacySession(caller, tokens.make(), revision)
    assert without_body(session, "DELETE").status in (200, 204)
    assert session.send("tools/list").status == 404
    assert without_body(session, "GET").status == 404
    assert without_body(session, "DELETE").status == 404


def test_a_role_is_refused_in_a_session_as_it_is_outside(caller, tokens):
    session = callers.LegacySession(caller, tokens.make("readonly"), "2025-11-25")
    assert session.call("add_todo", title="x").status == 403
    assert session.send("tools/list").status == 200


@pytest.mark.parametrize("revision", ["2025-11-25", "2025-06-18"])
def test_a_batch_is_refused_where_the_revision_knows_none(caller, tokens, revision):
    session = callers.LegacySession(caller, tokens.make(), revision)
    for body in [b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]', b"[]"]:
        response = send_batch(session, body)
        assert response.status == 400
        if revision == "2025-11-25":
            schemas.validate_response(revision, None, response.json())
            assert response.error["code"] == -32600
            assert "id" not in response.json()
        else:
            # An error of JSON-RPC must name an id in this revision, and a batch has none to name.
            assert response.field("content-type").startswith("text/plain")
        assert session.send("tools/list").status == 200


def test_a_batch_is_answered_by_an_array(caller, tokens):
    session = callers.LegacySession(caller, tokens.make(), "2025-03-26")
    response = send_batch(session, b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]')
    assert response.json() == [{"jsonrpc": "2.0", "id": 1, "result": {}}]
    assert send_batch(session, b"[]").status == 400


def send_batch(session: callers.LegacySession, body: bytes) -> wire.Response:
    fields = messages.legacy(
        "", token=session.token, session=session.id, version=session.revision
    ).fields
    return session.caller.connection.exchange(wire.request(list(fields.items()), body))


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
            session.contents("add_todo", title=mine)
            for id in range(3, 53):
                assert todos.titles(session.contents("list_todos", id)) == [mine]

    callers.at_once([lambda n=n: talk(n) for n in range(12)])
