"""What is HTTP's own affair: targets, framing, pipelining, and whose answer goes where."""

import json

import pytest

import callers
import messages
import wire


def test_a_target_that_is_not_there_is_not_found(server, tokens):
    message = messages.modern("tools/list", token=tokens.make())
    with wire.Connection(server.port) as connection:
        response = connection.exchange(
            wire.request(list(message.fields.items()), message.octets, target="/nothing")
        )
    assert response.status == 404


HTTP_REFUSALS = {
    "no Host": (lambda f, b: wire.request(f, b, host=None), 400),
    "two lengths": (lambda f, b: wire.request([*f, ("Content-Length", "1")], b), 400),
    "a length and a coding": (
        lambda f, b: wire.request([*f, ("Transfer-Encoding", "chunked")], b),
        400,
    ),
    "a length that is no number": (
        lambda f, b: wire.request([*f, ("Content-Length", "+5")], None),
        400,
    ),
    "a body of more than a mebibyte": (
        lambda f, b: wire.request([*f, ("Content-Length", "1048577")], None),
        413,
    ),
    "a field section of more than 16 KiB": (
        lambda f, b: wire.request([*f, ("X-Long", "x" * 17_000)], b),
        431,
    ),
    "more than 100 fields": (
        lambda f, b: wire.request([*f, *[(f"X-{n}", "x") for n in range(101)]], b),
        431,
    ),
    "a request line of more than 8 KiB": (
        lambda f, b: wire.request(f, b, target="/mcp?" + "x" * 9_000),
        414,
    ),
    "a space before the colon": (lambda f, b: wire.request([*f, ("X-Bad ", "x")], b), 400),
}


@pytest.mark.parametrize("name", HTTP_REFUSALS)
def test_a_request_http_does_not_allow_is_refused_and_its_connection_closed(
    server, tokens, name
):
    build, status = HTTP_REFUSALS[name]
    message = messages.modern("tools/list", token=tokens.make())
    with wire.Connection(server.port) as connection:
        connection.send(build(list(message.fields.items()), message.octets))
        response = connection.receive()
        assert response.status == status
        assert connection.is_closed_by_peer()


def test_pipelined_requests_are_answered_in_their_order(server, tokens):
    token = tokens.make()
    octets = b""
    for id in range(50):
        tool = "add_todo" if id % 5 == 0 else "list_todos"
        arguments = {"title": f"{id}"} if tool == "add_todo" else {}
        message = messages.call(tool, token, id, **arguments)
        octets += wire.request(list(message.fields.items()), message.octets)
    with wire.Connection(server.port) as connection:
        connection.send(octets)
        assert [connection.receive().json()["id"] for _ in range(50)] == list(range(50))


def test_a_request_is_understood_wherever_the_network_splits_it(server, tokens):
    message = messages.call("list_todos", tokens.make())
    octets = wire.request(list(message.fields.items()), message.octets)
    with wire.Connection(server.port) as connection:
        for split in range(1, len(octets), 7):
            connection.send(octets[:split])
            connection.send(octets[split:])
            assert connection.receive().status == 200, f"split at byte {split}"


def test_requests_with_the_same_id_at_the_same_time_get_their_own_answers(server, tokens):
    """One SDK keys waiting requests by id alone, and a third of its answers went astray."""

    def talk(number: int) -> None:
        token = tokens.make()
        mine = f"of caller {number}"
        with callers.Caller(server.port) as caller:
            caller.add(token, mine)
            for id in range(1, 101):
                result = caller.call("list_todos", token, id)
                found = json.dumps(result["structuredContent"])
                assert mine in found and found.count("of caller") == 1, found

    callers.at_once([lambda n=n: talk(n) for n in range(16)])
