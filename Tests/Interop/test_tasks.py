"""Tasks (`io.modelcontextprotocol/tasks`) over the wire, from their beginning past the server's end."""

import json

import pytest

import callers
import messages
import streams
import tokens as minting
import waiting
import wire

CAPABILITIES = {"elicitation": {}, "extensions": {messages.TASKS: {}}}

UNKNOWN = (400, -32602)


class Client:
    """A client that declares the extension, unless it is told not to."""

    def __init__(self, port: int, token: str | None = None):
        self.port, self.token = port, token

    def send(self, method: str, params: dict, capabilities=None, id=1) -> wire.Response:
        declared = CAPABILITIES if capabilities is None else capabilities
        meta = {messages.CLIENT_CAPABILITIES: declared}
        message = messages.modern(method, {**params, "_meta": meta}, token=self.token, id=id)
        with callers.Caller(self.port) as caller:
            return caller.send(message)

    def call(self, tool: str, arguments: dict | None = None, **options) -> wire.Response:
        return self.send("tools/call", {"name": tool, "arguments": arguments or {}}, **options)

    def begin(self, tool: str, arguments: dict | None = None) -> dict:
        task = self.call(tool, arguments).result
        assert (task["resultType"], task["status"]) == ("task", "working")
        return task

    def get(self, id: str) -> dict:
        task = self.send("tasks/get", {"taskId": id}).result
        assert task["taskId"] == id
        return task

    def update(self, id: str, answers: dict) -> wire.Response:
        return self.send("tasks/update", {"taskId": id, "inputResponses": answers})

    def cancel(self, id: str) -> wire.Response:
        return self.send("tasks/cancel", {"taskId": id})

    def wait(self, id: str, status: str) -> dict:
        """The task, once it has the status; that another one ends it is a failure."""

        def look():
            task = self.get(id)
            assert task["status"] in ("working", "input_required", status), task
            return task if task["status"] == status else None

        return waiting.eventually(look)

    def listen(self, *ids: str) -> streams.Stream:
        params = {
            "notifications": {"taskIds": list(ids)},
            "_meta": {messages.CLIENT_CAPABILITIES: CAPABILITIES},
        }
        message = messages.modern("subscriptions/listen", params, token=self.token, id="listening")
        return streams.Stream(self.port, message, messages.MODERN)


@pytest.fixture
def client(everything):
    return Client(everything.port)


def text(result: dict) -> str:
    [block] = result["content"]
    return block["text"]


# The life of a task, directly and through proxies.


def test_the_extension_is_announced(client):
    found = client.send("server/discover", {}).result
    assert found["capabilities"]["extensions"][messages.TASKS] == {}


def test_a_task_tells_where_it_stands_until_it_has_the_result(client):
    task = client.begin("test_task_work", {"durationMs": 400})
    assert task["ttlMs"] == 7_200_000
    assert task["pollIntervalMs"] == 2_000
    ended = client.wait(task["taskId"], "completed")
    assert text(ended["result"]) == "Worked 400 ms"
    assert ended["createdAt"] == task["createdAt"]
    assert client.get(task["taskId"]) == ended


def test_a_client_that_does_not_declare_the_extension_gets_no_task(client):
    for capabilities in ({}, {"elicitation": {}}, {"extensions": {}}):
        called = client.call("test_task_work", {"durationMs": 100}, capabilities=capabilities)
        assert called.result["resultType"] == "complete"
        assert text(called.result) == "Worked 100 ms"
        refused = client.call("test_task_required", capabilities=capabilities)
        assert (refused.status, refused.error["code"]) == (400, -32021)
        required = refused.error["data"]["requiredCapabilities"]
        assert required == {"extensions": {messages.TASKS: {}}}
        for method in ("tasks/get", "tasks/update", "tasks/cancel"):
            params = {"taskId": "x", "inputResponses": {}}
            refused = client.send(method, params, capabilities=capabilities)
            assert (refused.status, refused.error["code"]) == (400, -32021)
    task = client.begin("test_task_required")
    ended = client.wait(task["taskId"], "completed")
    assert text(ended["result"]) == "Worked as a task"


@pytest.mark.parametrize("revision", messages.LEGACY)
def test_no_legacy_client_gets_a_task_whatever_it_declares(everything, revision):
    session = streams.Session(everything.port, revision, {**CAPABILITIES, "tasks": {}})
    answered = session.call("test_task_work", {"durationMs": 100}).result
    assert text(answered) == "Worked 100 ms"
    assert session.call("test_task_required").result["isError"]
    assert session.send("tasks/get", {"taskId": "x"}).error["code"] == -32601


def test_what_a_task_asks_is_answered_with_an_update(client):
    id = client.begin("test_task_elicitation")["taskId"]
    asking = client.wait(id, "input_required")
    [(key, request)] = asking["inputRequests"].items()
    assert (key, request["method"]) == ("user_name", "elicitation/create")
    wrong = client.update(id, {key: {"action": "accept", "content": {"name": 7}}})
    assert (wrong.status, wrong.error["code"]) == UNKNOWN
    assert client.update(id, {"nobody_asked": {"action": "decline"}}).status == 200
    assert client.get(id)["status"] == "input_required"
    accepted = client.update(id, {key: {"action": "accept", "content": {"name": "Ada"}}})
    assert accepted.status == 200
    assert text(client.wait(id, "completed")["result"]) == "Hello, Ada!"


def test_a_cancelled_task_stays_cancelled(client):
    for tool, arguments in [
        ("test_task_work", {"durationMs": 600_000}),
        ("test_task_elicitation", {}),
    ]:
        id = client.begin(tool, arguments)["taskId"]
        assert client.cancel(id).status == 200
        for _ in range(3):
            assert client.get(id)["status"] == "cancelled"
            assert client.cancel(id).status == 200


def test_a_task_that_does_not_exist_is_unknown(client):
    for id in ("", "x", "0" * 32, "f" * 5_000, "ü"):
        for method in ("tasks/get", "tasks/update", "tasks/cancel"):
            meta = {messages.CLIENT_CAPABILITIES: CAPABILITIES}
            params = {"taskId": id, "inputResponses": {}, "_meta": meta}
            message = messages.modern(method, params, token=None)
            message.fields["Mcp-Name"] = streams.header_text(id)
            with callers.Caller(client.port) as caller:
                refused = caller.send(message)
            assert (refused.status, refused.error["code"]) == UNKNOWN, (method, id)


def test_the_fields_of_a_request_about_a_task_must_agree_with_it(client):
    id = client.begin("test_task_work", {"durationMs": 600_000})["taskId"]
    meta = {messages.CLIENT_CAPABILITIES: CAPABILITIES}
    message = messages.modern("tasks/cancel", {"taskId": id, "_meta": meta}, token=None)
    for wrong in (message.without("Mcp-Name"), message.having(mcp_name="other")):
        with callers.Caller(client.port) as caller:
            refused = caller.send(wrong)
        assert (refused.status, refused.error["code"]) == (400, -32020)
    assert client.get(id)["status"] == "working"
    client.cancel(id)


def test_a_stream_tells_where_its_tasks_stand(client):
    quick = client.begin("test_task_work", {"durationMs": 300})["taskId"]
    asking = client.begin("test_task_elicitation")["taskId"]
    other = client.begin("test_task_work", {"durationMs": 600_000})["taskId"]
    with client.listen(quick, asking, "0" * 32) as stream:
        acknowledged = stream.next()
        assert acknowledged["method"] == "notifications/subscriptions/acknowledged"
        # That which does not exist is not promised.
        promised = acknowledged["params"]["notifications"]["taskIds"]
        assert sorted(promised) == sorted([quick, asking])
        seen = {quick: [], asking: []}
        answered = False
        while not all(told and told[-1] == "completed" for told in seen.values()):
            message = stream.next()
            assert message["method"] == "notifications/tasks"
            task = message["params"]
            seen[task["taskId"]].append(task["status"])
            if task["status"] == "input_required" and not answered:
                answer = {"action": "accept", "content": {"name": "Ada"}}
                assert client.update(asking, {"user_name": answer}).status == 200
                answered = True
        assert "input_required" in seen[asking]
    client.cancel(other)


# Whose a task is.


@pytest.fixture
def import_titles():
    return {"titles": [f"title {number}" for number in range(1_000)]}


def test_to_others_a_task_does_not_exist(server, tokens, import_titles):
    workspace = minting.fresh("workspace")
    owner = Client(server.port, tokens.make(workspace=workspace))
    id = owner.begin("import_todos", import_titles)["taskId"]
    # A colleague in the workspace, and the same person in another one.
    claims = tokens.claims(workspace=workspace)
    strangers = [
        tokens.make(workspace=workspace),
        tokens.make(),
        tokens.sign({**tokens.claims(workspace=minting.fresh("other")), "sub": claims["sub"]}),
    ]
    owner.wait(id, "completed")
    for token in strangers:
        stranger = Client(server.port, token)
        refused = [
            stranger.send("tasks/get", {"taskId": id}),
            stranger.update(id, {}),
            stranger.cancel(id),
        ]
        never = stranger.send("tasks/get", {"taskId": "0" * len(id)})
        for one in refused:
            assert (one.status, one.error) == (never.status, never.error)
        assert (never.status, never.error["code"]) == UNKNOWN
        with stranger.listen(id) as stream:
            acknowledged = stream.next()["params"]["notifications"]
            assert acknowledged.get("taskIds", []) == []
    assert owner.get(id)["status"] == "completed"


def test_an_import_has_the_same_result_either_way(server, tokens):
    titles = {"titles": ["one", "two", "three"], "idempotency_key": "the-same"}
    token = tokens.make()
    client = Client(server.port, token)
    task = client.wait(client.begin("import_todos", titles)["taskId"], "completed")["result"]
    # The same call again is answered with what the first has done: by the same ids.
    direct = client.call("import_todos", titles, capabilities={}).result
    assert task == direct
    assert direct["structuredContent"]["added"] == 3
    assert json.loads(text(direct)) == direct["structuredContent"]
    with callers.Caller(server.port) as caller:
        assert [todo["title"] for todo in caller.list_all(token)] == titles["titles"]

    bad = {"titles": ["fine", "\u0000"]}
    task = client.wait(client.begin("import_todos", bad)["taskId"], "completed")["result"]
    direct = client.call("import_todos", bad, capabilities={}).result
    assert task == direct and direct["isError"]


# Past the end of the server.


def test_tasks_outlive_the_server_that_ran_them(own_server, import_titles):
    server = own_server().start()
    source = minting.TokenSource(server)
    token = source.make()
    client = Client(server.port, token)
    done = client.begin("import_todos", {"titles": ["kept"]})["taskId"]
    before = client.wait(done, "completed")
    begun = {}
    for number in range(20):
        titles = {**import_titles, "idempotency_key": f"import-{number}"}
        begun[client.begin("import_todos", titles)["taskId"]] = titles
    server.kill()
    server.start()
    client = Client(server.port, token)
    # What was told is still so, to the byte; what was promised has ended one way or the other.
    assert client.get(done) == before
    ended = {id: client.get(id) for id in begun}
    for id, task in ended.items():
        if task["status"] == "failed":
            assert "restarted" in task["statusMessage"]
            assert task["error"]["code"] == -32603
        else:
            assert task["status"] == "completed"
    # Whichever way it was, the same call again finds out, and nothing is there twice.
    for id, titles in begun.items():
        result = client.call("import_todos", titles, capabilities={}).result
        if ended[id]["status"] == "completed":
            assert result == ended[id]["result"]
    with callers.Caller(server.port) as caller:
        assert len(caller.list_all(token)) == 1 + len(begun) * len(import_titles["titles"])
    # Nobody else's, not even after a restart.
    refused = Client(server.port, source.make()).send("tasks/get", {"taskId": done})
    assert (refused.status, refused.error["code"]) == UNKNOWN
    server.stop()


def test_the_limits_on_tasks_are_the_operators(own_server):
    settings = {"tasks-per-subject-max": 2, "task-poll-milliseconds": 250, "task-result-max": 1024}
    settings |= {"task-lifetime-seconds": 60}
    server = own_server(environment={named(n): str(v) for n, v in settings.items()}).start()
    token = minting.TokenSource(server).make()
    client = Client(server.port, token)
    for number in range(2):
        task = client.begin("import_todos", {"titles": [f"{number}"]})
        assert (task["ttlMs"], task["pollIntervalMs"]) == (60_000, 250)
        client.wait(task["taskId"], "completed")
    refused = client.call("import_todos", {"titles": ["one too many"]}).result
    assert refused["isError"] and "2 tasks" in text(refused)
    with callers.Caller(server.port) as caller:
        assert len(caller.list_all(token)) == 2
    server.stop()


def named(setting: str) -> str:
    return "MARTLET_" + setting.upper().replace("-", "_")
