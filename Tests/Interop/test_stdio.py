"""The server on standard input and output: what the published clients and raw lines get."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import threading

import fastmcp
import fastmcp.client.transports
import mcp
import pytest
from mcp.client.stdio import StdioServerParameters

import agents
import messages
import schemas
import server as serving
import todos
import waiting

LINE_SECONDS = 60
META = {
    "io.modelcontextprotocol/protocolVersion": messages.MODERN,
    "io.modelcontextprotocol/clientCapabilities": {},
}

every_client = pytest.mark.parametrize("kind", agents.KINDS, ids=str)


def environment(**more: str) -> dict[str, str]:
    inherited = {n: os.environ[n] for n in ("PATH", "HOME", "LD_LIBRARY_PATH") if n in os.environ}
    inherited |= {n: v for n, v in os.environ.items() if n.endswith("SAN_OPTIONS")}
    return {**inherited, "MARTLET_REQUESTS_PER_SUBJECT": "0", **more}


class Process:
    """One `martlet stdio`, spoken to in raw lines."""

    def __init__(self, state, *arguments: str, role: str | None = "user", **variables: str):
        who = ["--role", role] if role else []
        self.log = state.with_suffix(".log")
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [serving.binary(), "stdio", "--state-directory", state, *who, *arguments],
                env=environment(**variables),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        self.lines: queue.Queue[bytes | None] = queue.Queue()

        # What the server's lines are held against: the revision that is spoken, and what each id
        # asks for.
        self.revision = messages.MODERN
        self.asked: dict[object, str] = {}
        threading.Thread(target=self._drain, daemon=True).start()

    def _drain(self) -> None:
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def write(self, data: bytes) -> None:
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message) -> None:
        for one in message if isinstance(message, list) else [message]:
            if isinstance(one, dict) and "id" in one and "method" in one:
                self.asked[one["id"]] = one["method"]
        self.write(json.dumps(message).encode() + b"\n")

    def request(self, method: str, id, **params) -> None:
        self.send(
            {
                "jsonrpc": "2.0",
                "id": id,
                "method": method,
                "params": {**params, "_meta": META},
            }
        )

    def receive(self):
        """The next message; None at the end of output."""
        line = self.lines.get(timeout=LINE_SECONDS)
        if line is None:
            return None
        assert line.endswith(b"\n"), line
        message = json.loads(line)
        for one in message if isinstance(message, list) else [message]:
            method = self.asked.get(one.get("id")) if "method" not in one else None
            if method == "initialize" and "result" in one:
                self.revision = one["result"]["protocolVersion"]
            revision = self.revision
            # Before the handshake a client of either era may ask whether anybody is there.
            if revision == messages.MODERN and one.get("result") == {}:
                revision = messages.LEGACY[0]
            schemas.validate_message(revision, one, method)
        return message

    def end(self) -> list:
        """Ends the input; the rest of the output, once the process has exited cleanly."""
        self.process.stdin.close()
        return self.rest()

    def rest(self) -> list:
        found = []
        while (message := self.receive()) is not None:
            found.append(message)
        assert self.process.wait(serving.EXIT_SECONDS) == 0, self.log.read_text()
        return found


@pytest.fixture
def start(tmp_path):
    """Makes processes; what still runs at the end of the test is stopped."""
    made = []

    def make(*arguments: str, **options) -> Process:
        made.append(Process(tmp_path / "state", *arguments, **options))
        return made[-1]

    yield make
    for one in made:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()


@contextlib.asynccontextmanager
async def connected(kind: agents.Kind, state, *arguments: str, **variables: str):
    """A published client that has started the process."""
    agent = agents.Agent(kind)
    command = [str(serving.binary()), "stdio", "--state-directory", str(state), *arguments]
    if kind.library == "mcp":
        parameters = StdioServerParameters(
            command=command[0], args=command[1:], env=environment(**variables)
        )
        async with mcp.Client(parameters, mode=kind.mode) as agent._client:
            yield agent
    else:
        transport = fastmcp.client.transports.StdioTransport(
            command[0], command[1:], env=environment(**variables), keep_alive=False
        )
        async with fastmcp.Client(transport, mode=kind.mode) as agent._client:
            yield agent


@every_client
async def test_a_published_client_does_all_there_is_to_do(tmp_path, kind):
    async with connected(kind, tmp_path / "state", "--role", "user") as agent:
        assert agent.protocol_version == kind.revision
        assert set(await agent.tool_names()) == todos.MAY_CALL["user"]
        added = await agent.call("add_todo", title="buy 牛乳 and more")
        assert not added.is_error, added
        listed = await agent.call("list_todos")
        assert [t["title"] for t in todos.the_todos(listed.structured)] == ["buy 牛乳 and more"]


@every_client
async def test_the_token_in_the_environment_decides_what_a_client_may(tmp_path, kind):
    state = tmp_path / "state"
    made = subprocess.run(
        [serving.binary(), "token", "--role", "readonly"],
        env=environment(JWT_SECRET=serving.SECRET, JWT_AUDIENCE=serving.AUDIENCE),
        capture_output=True,
        check=True,
        text=True,
        timeout=LINE_SECONDS,
    )
    variables = {
        "MARTLET_TOKEN": made.stdout.strip(),
        "JWT_SECRET": serving.SECRET,
        "JWT_AUDIENCE": serving.AUDIENCE,
    }
    async with connected(kind, state, **variables) as agent:
        assert set(await agent.tool_names()) == todos.MAY_CALL["readonly"]
        with pytest.raises(Exception, match="Forbidden"):
            await agent.call("add_todo", title="tea")


def test_garbage_and_lines_that_are_too_long_do_not_end_the_conversation(start):
    process = start()
    process.write(b"\n\r\n{garbage\n")
    assert process.receive()["error"]["code"] == -32700
    process.write(b'{"jsonrpc":"2.0","id":1,"params":"' + b"x" * 1_100_000)
    assert process.receive()["error"]["code"] == -32600
    process.write(b'"}\n')
    process.request("tools/list", "after")
    assert process.receive()["id"] == "after"
    assert process.end() == []


def test_half_a_line_at_the_end_is_refused_and_a_whole_message_without_line_feed_is_answered(start):
    process = start()
    process.write(b'{"jsonrpc":"2.0","id":1,"meth')
    assert [m["error"]["code"] for m in process.end()] == [-32700]
    process = start()
    process.write(b'{"jsonrpc":"2.0","id":1,"method":"ping"}')
    assert process.end() == [{"jsonrpc": "2.0", "id": 1, "result": {}}]


def test_many_calls_at_once_are_all_answered_once_though_the_input_has_ended(start):
    process = start()
    for number in range(300):
        process.request("tools/call", number, name="add_todo", arguments={"title": f"{number}"})
    answers = process.end()
    assert sorted(a["id"] for a in answers) == list(range(300))
    assert not any(a["result"].get("isError") for a in answers)


def test_a_listen_is_acknowledged_and_ends_with_its_result_and_a_notice(start):
    process = start()
    for id in (1, "two"):
        process.request("subscriptions/listen", id, notifications={"toolsListChanged": True})
        acknowledged = process.receive()
        assert acknowledged["method"] == "notifications/subscriptions/acknowledged"
        meta = acknowledged["params"]["_meta"]
        assert meta["io.modelcontextprotocol/subscriptionId"] == id
    process.send(
        {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}
    )
    result, notice = process.end()
    assert result["id"] == "two" and result["result"]["resultType"] == "complete"
    assert notice["method"] == "notifications/cancelled"
    assert notice["params"]["requestId"] == "two"


def test_sigterm_answers_what_was_asked_and_exits_cleanly(start):
    process = start()
    process.request("tools/call", 1, name="list_todos", arguments={})
    assert process.receive()["id"] == 1
    process.process.send_signal(signal.SIGTERM)
    assert process.rest() == []


def test_who_says_nothing_of_the_caller_is_told_both_ways_to_say_it(start):
    process = start(role=None)
    assert process.process.wait(serving.EXIT_SECONDS) == 78
    text = process.log.read_text()
    assert "MARTLET_TOKEN" in text and "--role" in text
    assert process.receive() is None


def test_a_role_is_not_to_be_had_where_tokens_count(start):
    process = start(JWT_SECRET=serving.SECRET)
    assert process.process.wait(serving.EXIT_SECONDS) == 78
    assert "MARTLET_TOKEN" in process.log.read_text()


def test_a_token_that_does_not_verify_is_a_reason_not_to_start(start):
    process = start(role=None, MARTLET_TOKEN="e30.e30.e30", JWT_SECRET=serving.SECRET)
    assert process.process.wait(serving.EXIT_SECONDS) == 1
    text = process.log.read_text()
    assert "the token is refused" in text and "e30.e30" not in text


def apikey(*arguments: str) -> str:
    done = subprocess.run(
        [serving.binary(), "apikey", *arguments],
        env=environment(),
        capture_output=True,
        check=True,
        text=True,
        timeout=LINE_SECONDS,
    )
    return done.stdout.strip()


def test_the_api_key_in_the_environment_decides_what_a_client_may_until_it_is_revoked(
    start, tmp_path
):
    place = ["--api-keys-file", str(tmp_path / "keys.json")]
    made = apikey("create", "--name", "editor", "--role", "readonly", *place).splitlines()
    process = start(*place, role=None, MARTLET_API_KEY=made[-1])
    process.request("tools/list", 1)
    listed = {tool["name"] for tool in process.receive()["result"]["tools"]}
    assert listed == todos.MAY_CALL["readonly"]
    process.request("tools/call", 2, name="add_todo", arguments={"title": "tea"})
    assert "Forbidden" in process.receive()["error"]["message"]
    apikey("revoke", "editor", *place)

    def is_refused() -> bool:
        process.request("tools/list", 3)
        answer = process.receive()
        return "error" in answer and "Unauthorized" in answer["error"]["message"]

    waiting.eventually(is_refused)
    assert process.end() == []
    assert made[-1] not in process.log.read_text()


def test_an_api_key_that_nobody_made_is_a_reason_not_to_start(start, tmp_path):
    place = ["--api-keys-file", str(tmp_path / "keys.json")]
    apikey("create", "--name", "editor", "--role", "user", *place)
    process = start(*place, role=None, MARTLET_API_KEY="nonsense")
    assert process.process.wait(serving.EXIT_SECONDS) == 1
    assert "the API key is not known" in process.log.read_text()
    process = start(role=None, MARTLET_API_KEY="nonsense")
    assert process.process.wait(serving.EXIT_SECONDS) == 78
    assert "--api-keys-file" in process.log.read_text()


def test_a_tool_runs_as_a_task_over_lines(start):
    process = start()
    capabilities = {"extensions": {messages.TASKS: {}}}
    meta = {**META, "io.modelcontextprotocol/clientCapabilities": capabilities}

    def ask(method: str, id, **params) -> dict:
        process.send(
            {"jsonrpc": "2.0", "id": id, "method": method, "params": {**params, "_meta": meta}}
        )
        return process.receive()["result"]

    arguments = {"titles": [f"{number}" for number in range(100)]}
    task = ask("tools/call", 1, name="import_todos", arguments=arguments)
    assert task["resultType"] == "task"

    def ended() -> dict | None:
        found = ask("tasks/get", 2, taskId=task["taskId"])
        return found if found["status"] == "completed" else None

    assert waiting.eventually(ended)["result"]["structuredContent"]["added"] == 100
    assert process.end() == []


def test_lines_are_recorded_on_standard_error_where_that_is_wanted(start):
    for format, mark in [("text", " stdio local - - tools/call list_todos 200 "), ("none", None)]:
        process = start("--access-log", format)
        process.request("tools/call", 1, name="list_todos", arguments={})
        process.receive()
        process.end()
        log = process.log.read_text()
        assert (mark in log) if mark else (log.count(" stdio local ") == 1)


def test_without_a_wish_for_it_no_line_is_recorded(start):
    process = start()
    process.request("tools/list", 1)
    process.receive()
    process.end()
    assert " stdio local " not in process.log.read_text()
