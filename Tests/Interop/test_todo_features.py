"""What the to-do server tells and asks while it works: changes, progress, consent."""

import contextlib
import json

import callers
import messages
import schemas
import tokens as minting
import wire

LISTS = {name: f"todo://list/{name}" for name in ("all", "open", "completed")}


class Stream:
    """A response that is an event stream, message by message."""

    def __init__(self, port: int, octets: bytes):
        self._connection = wire.Connection(port)
        self._connection.send(octets)
        head = self._connection._read_until(b"\r\n\r\n").decode("ascii")
        assert head.startswith("HTTP/1.1 200 "), head
        assert "text/event-stream" in head, head
        self._text = b""

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_) -> None:
        self._connection.close()

    def next(self) -> dict:
        """The next message; comments and events without data are passed over."""
        while True:
            while b"\n\n" not in self._text:
                size = int(self._connection._read_until(b"\r\n").split(b";")[0], 16)
                assert size > 0, "the stream has ended"
                self._text += self._connection._read(size)
                assert self._connection._read(2) == b"\r\n"
            event, _, self._text = self._text.partition(b"\n\n")
            data = [line[5:].strip() for line in event.split(b"\n") if line.startswith(b"data:")]
            if data and data != [b""]:
                return json.loads(b"\n".join(data))


def octets(message: messages.Message) -> bytes:
    return wire.request(list(message.fields.items()), message.octets)


@contextlib.contextmanager
def listening(port: int, token: str, *uris: str):
    """A stream of changes of these resources."""
    params = {"notifications": {"resourceSubscriptions": list(uris)}}
    message = messages.modern("subscriptions/listen", params, token=token, id="s")
    with Stream(port, octets(message)) as stream:
        acknowledged = stream.next()
        assert acknowledged["method"] == "notifications/subscriptions/acknowledged"
        heard = acknowledged["params"]["notifications"]["resourceSubscriptions"]
        assert set(heard) == set(uris)
        yield stream


def updated(stream: Stream, *uris: str) -> None:
    """Fails unless these resources, and none but these, are told of next."""
    told = set()
    while told != set(uris):
        message = stream.next()
        schemas.validate(messages.MODERN, "ResourceUpdatedNotification", message)
        assert message["params"]["uri"] in set(uris) - told, (message, uris, told)
        told.add(message["params"]["uri"])


def test_every_write_tells_who_listens_to_the_lists_and_the_item(server, tokens, caller):
    workspace = minting.fresh("workspace")
    token = tokens.make("admin", workspace)
    items = [f"todo://items/{number}" for number in range(1, 6)]
    with listening(server.port, tokens.make("readonly", workspace), *LISTS.values(), *items) as heard:
        caller.add(token, "tea")
        updated(heard, LISTS["all"], LISTS["open"], items[0])
        caller.call("complete_todo", token, id=1)
        updated(heard, *LISTS.values(), items[0])
        caller.call("update_todo_text", token, id=1, text="milk")
        updated(heard, LISTS["all"], LISTS["completed"], items[0])
        caller.call("import_todos", token, titles=["a", "b"])
        updated(heard, LISTS["all"], LISTS["open"], *items[1:3])
        caller.call("clear_completed", token)
        updated(heard, LISTS["all"], LISTS["completed"], items[0])
        caller.call("delete_todo", token, id=2)
        updated(heard, LISTS["all"], LISTS["open"], items[1])


def test_what_changes_nothing_is_not_told(server, tokens, caller):
    workspace = minting.fresh("workspace")
    token = tokens.make("admin", workspace)
    caller.call("import_todos", token, titles=["a", "b"], idempotency_key="k")
    caller.call("complete_todo", token, id=1)
    with listening(server.port, token, LISTS["all"], "todo://items/1", "todo://items/2") as heard:
        caller.call("complete_todo", token, id=1)
        caller.call("update_todo_text", token, id=1, text="a")
        caller.call("import_todos", token, titles=["a", "b"], idempotency_key="k")
        assert caller.call("delete_todo", token, id=99)["isError"]
        caller.call("list_todos", token)
        # Had any of these been told, it would come first or along.
        caller.call("complete_todo", token, id=2)
        updated(heard, LISTS["all"], "todo://items/2")


def test_nobody_hears_of_another_workspace(server, tokens, caller):
    here, there = minting.fresh("workspace"), minting.fresh("workspace")
    with listening(server.port, tokens.make("admin", there), "todo://items/1", LISTS["all"]) as heard:
        caller.add(tokens.make("admin", here), "of another workspace")
        caller.add(tokens.make("admin", there), "of this one")
        updated(heard, "todo://items/1", LISTS["all"])
        caller.call("complete_todo", tokens.make("admin", here), id=1)
        caller.call("delete_todo", tokens.make("admin", there), id=1)
        updated(heard, "todo://items/1", LISTS["all"])


def test_an_import_tells_its_progress_and_then_its_result(server, tokens):
    token = tokens.make("user")
    titles = [f"to-do {number}" for number in range(1, 951)]
    params = {
        "name": "import_todos",
        "arguments": {"titles": titles},
        "_meta": {"progressToken": "p"},
    }
    message = messages.modern("tools/call", params, token=token, id=7)
    with Stream(server.port, octets(message)) as stream:
        told = []
        while "method" in (one := stream.next()):
            schemas.validate(messages.MODERN, "ProgressNotification", one)
            told.append(one["params"])
    assert [one["progress"] for one in told] == [*range(100, 950, 100), 950]
    assert {one["total"] for one in told} == {950}
    assert {one["progressToken"] for one in told} == {"p"}
    schemas.validate_response(messages.MODERN, "tools/call", one)
    assert one["id"] == 7
    assert one["result"]["structuredContent"] == {"added": 950, "first_id": 1, "last_id": 950}


def test_consent_is_asked_by_another_round_in_the_modern_era(server, tokens, caller):
    token = tokens.make("admin")
    caller.call("import_todos", token, titles=["a", "b", "c"])
    for number in (1, 2):
        caller.call("complete_todo", token, id=number)

    def clear(**more) -> dict:
        params = {
            "name": "clear_completed",
            "arguments": {},
            "_meta": {messages.CLIENT_CAPABILITIES: {"elicitation": {}}},
            **more,
        }
        message = messages.modern("tools/call", params, token=token)
        with wire.Connection(server.port) as connection:
            return connection.exchange(octets(message)).result

    asked = clear()
    schemas.validate(messages.MODERN, "InputRequiredResult", asked)
    [(key, question)] = asked["inputRequests"].items()
    assert "2 completed to-dos" in question["params"]["message"]
    state = asked["requestState"]
    declined = clear(inputResponses={key: {"action": "decline"}}, requestState=state)
    assert declined["structuredContent"]["deleted"] == 0
    assert len(caller.list_all(token)) == 3
    agreed = {"action": "accept", "content": {"confirm": True}}
    cleared = clear(inputResponses={key: agreed}, requestState=state)
    assert cleared["structuredContent"]["deleted"] == 2
    assert [todo["id"] for todo in caller.list_all(token)] == [3]


def test_consent_is_asked_on_the_stream_in_the_legacy_era(server, tokens, caller):
    token = tokens.make("admin")
    caller.call("import_todos", token, titles=["a", "b", "c"])
    for number in (1, 2):
        caller.call("complete_todo", token, id=number)
    revision = "2025-11-25"
    opening = messages.initialize(revision, token=token)
    opening.body["params"]["capabilities"] = {"elicitation": {}}
    opened = caller.send(opening, revision=revision)
    session = opened.field("mcp-session-id")

    def message(method: str, params: dict | None, id) -> messages.Message:
        return messages.legacy(
            method, params, token=token, session=session, version=revision, id=id
        )

    assert caller.send(message("notifications/initialized", None, None)).status == 202
    call = message("tools/call", {"name": "clear_completed", "arguments": {}}, 5)
    with Stream(server.port, octets(call)) as stream:
        question = stream.next()
        assert question["method"] == "elicitation/create", question
        schemas.validate(revision, "ElicitRequest", question)
        answer = message("", None, question["id"])
        answer.body = {
            "jsonrpc": "2.0",
            "id": question["id"],
            "result": {"action": "accept", "content": {"confirm": True}},
        }
        # Over another connection, which may be another loop's.
        with callers.Caller(server.port) as other:
            response = other.connection.exchange(octets(answer))
            assert response.status == 202, response
        result = stream.next()
    schemas.validate_response(revision, "tools/call", result)
    assert result["result"]["structuredContent"]["deleted"] == 2
    assert [todo["id"] for todo in caller.list_all(token)] == [3]


def test_resources_prompts_and_completions_satisfy_the_schemas(server, tokens, caller):
    token = tokens.make("readonly")
    template = {"type": "ref/resource", "uri": "todo://items/{id}"}
    for method, params in [
        ("resources/list", {}),
        ("resources/templates/list", {}),
        ("resources/read", {"uri": LISTS["open"]}),
        ("resources/read", {"uri": "ui://todos/list"}),
        ("prompts/list", {}),
        ("prompts/get", {"name": "plan_my_day", "arguments": {"focus": "errands"}}),
        ("prompts/get", {"name": "weekly_review"}),
        ("completion/complete", {"ref": template, "argument": {"name": "id", "value": ""}}),
        ("server/discover", {}),
        ("tools/list", {}),
    ]:
        response = caller.send(messages.modern(method, params, token=token))
        assert response.status == 200, (method, response)
        session = callers.LegacySession(caller, token, "2025-11-25") if "get" in method else None
        if session:
            assert session.send(method, params).status == 200
