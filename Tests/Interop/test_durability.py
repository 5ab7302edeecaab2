"""What the server acknowledged is there, however it ended."""

import contextlib
import random
import threading

import pytest

import callers
import messages
import server as serving
import todos
import tokens as minting
import wire

WRITERS = 8
KILL_ROUNDS = 24


class Writers:
    """Callers that add to-dos as fast as they are acknowledged, until the server is gone."""

    def __init__(self, server, tokens, workspace: str, name: str):
        self._port = server.port
        self._tokens = tokens
        self._workspace = workspace
        self._name = name
        self.acknowledged: dict[int, str] = {}
        self.failures: list[object] = []
        self._lock = threading.Lock()
        self._enough = threading.Event()
        self._wanted = 0
        self._threads = [
            threading.Thread(target=self._write, args=(number,)) for number in range(WRITERS)
        ]

    def start(self, until: int) -> None:
        """Starts writing and waits for that many acknowledgements."""
        self._wanted = until
        for thread in self._threads:
            thread.start()
        if not self._enough.wait(60):
            self.failures.append(f"only {len(self.acknowledged)} acknowledgements in a minute")

    def join(self) -> None:
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive(), "a writer waits for a server that is gone"
        assert not self.failures, self.failures[:3]

    def _write(self, writer: int) -> None:
        token = self._tokens.make("user", self._workspace)
        number = 0
        try:
            with wire.Connection(self._port) as connection:
                while True:
                    title = f"{self._name}, writer {writer}, number {number}"
                    message = messages.call("add_todo", token, number, title=title)
                    octets = wire.request(list(message.fields.items()), message.octets)
                    self._record(connection.exchange(octets), title)
                    number += 1
        except (wire.Disconnected, ConnectionError):
            # What was on its way is neither promised nor excluded; the database tells.
            pass
        except Exception as failure:
            self.failures.append(failure)

    def _record(self, response: wire.Response, title: str) -> None:
        result = response.result
        if response.status != 200 or result.get("isError"):
            raise AssertionError(f"not acknowledged: {response}")
        todo = todos.the_todo(result["structuredContent"])
        with self._lock:
            self.acknowledged[todo["id"]] = title
            if len(self.acknowledged) >= self._wanted:
                self._enough.set()


def stored(server, token: str) -> dict[int, str]:
    with callers.Caller(server.port) as caller:
        listed = caller.list_all(token)
    found = {todo["id"]: todo["title"] for todo in listed}
    assert len(found) == len(listed), "an id was listed twice"
    return found


def test_every_acknowledged_todo_survives_kill_9_under_concurrent_writes(own_server):
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    server = own_server()
    workspace = minting.fresh("workspace")
    acknowledged: dict[int, str] = {}
    for round in range(KILL_ROUNDS):
        server.start()
        tokens = minting.TokenSource(server)
        writers = Writers(server, tokens, workspace, f"round {round}")
        writers.start(until=chance.randrange(1, 120))
        server.kill()
        writers.join()
        reused = acknowledged.keys() & writers.acknowledged.keys()
        assert not reused, f"round {round} gave out ids {reused} again"
        acknowledged |= writers.acknowledged

        server.start()
        found = stored(server, tokens.make("admin", workspace))
        lost = {id: title for id, title in acknowledged.items() if found.get(id) != title}
        assert not lost, f"round {round} (seed {seed}) lost {lost}"
        assert len(set(found.values())) == len(found), "a write happened twice"
        server.kill()
    assert len(acknowledged) >= KILL_ROUNDS


def test_todos_are_there_after_a_restart(own_server):
    server = own_server().start()
    tokens = minting.TokenSource(server)
    token = tokens.make()
    with callers.Caller(server.port) as caller:
        todo = caller.add(token, "tea")
        caller.call("complete_todo", token, id=todo["id"])
        before = caller.list_all(token)
    server.stop()

    server.start()
    with callers.Caller(server.port) as caller:
        assert caller.list_all(token) == before
    server.stop()


def test_a_legacy_session_is_valid_after_a_restart(own_server):
    server = own_server().start()
    token = minting.TokenSource(server).make()
    with callers.Caller(server.port) as caller:
        session = callers.LegacySession(caller, token, "2025-11-25")
    server.stop()

    server.start()
    with callers.Caller(server.port) as caller:
        session.caller = caller
        assert session.send("tools/list").status == 200
    server.stop()


def test_a_retry_after_a_restart_still_happens_once(own_server):
    server = own_server().start()
    token = minting.TokenSource(server).make()
    with callers.Caller(server.port) as caller:
        first = caller.call("add_todo", token, title="tea", idempotency_key="k")
    server.kill()

    server.start()
    with callers.Caller(server.port) as caller:
        again = caller.call("add_todo", token, title="tea", idempotency_key="k")
        assert again["structuredContent"] == first["structuredContent"]
        assert len(caller.list_all(token)) == 1
    server.stop()


def test_requests_that_are_being_read_at_sigterm_are_finished(own_server):
    server = own_server().start()
    token = minting.TokenSource(server).make()
    titles = [f"in flight {number}" for number in range(40)]
    with contextlib.ExitStack() as stack:
        halves = []
        for title in titles:
            message = messages.call("add_todo", token, title=title)
            fields = [*message.fields.items(), ("Expect", "100-continue")]
            octets = wire.request(fields, message.octets)
            head, end, body = octets.partition(b"\r\n\r\n")
            connection = stack.enter_context(wire.Connection(server.port))
            connection.send(head + end)
            # The interim response proves that the server is in the middle of this request.
            assert connection.receive().status == 100
            halves.append((connection, body))
        server.terminate()
        for connection, body in halves:
            connection.send(body)
        for connection, _ in halves:
            response = connection.receive()
            assert response.status == 200
            assert not response.result.get("isError")
            assert connection.is_closed_by_peer()
    assert server.wait() == 0

    server.start()
    with callers.Caller(server.port) as caller:
        assert sorted(todo["title"] for todo in caller.list_all(token)) == sorted(titles)
    server.stop()


def unanswered_writes(server, stop, rounds: int) -> int:
    """Stops a server under load again and again; counts writes it made and did not acknowledge.

    A request that the server had not read when it stopped is not in the database, so every to-do
    that is there and was not acknowledged is an answer that was dropped.
    """
    workspace = minting.fresh("workspace")
    acknowledged: dict[int, str] = {}
    for round in range(rounds):
        server.start()
        tokens = minting.TokenSource(server)
        writers = Writers(server, tokens, workspace, f"round {round}")
        writers.start(until=40)
        stop(server)
        writers.join()
        acknowledged |= writers.acknowledged

    server.start()
    found = stored(server, tokens.make("admin", workspace))
    server.stop()
    assert acknowledged.items() <= found.items(), "an acknowledged write was lost"
    return len(found) - len(acknowledged)


def test_sigterm_under_load_loses_no_write_and_drops_no_answer(own_server):
    def terminate(server) -> None:
        server.terminate()
        assert server.wait() == 0

    assert unanswered_writes(own_server(), terminate, rounds=6) == 0


def test_the_load_that_sigterm_is_tried_under_is_one_that_drops_answers(own_server):
    """Without this the test before would prove nothing: a server that just dies must fail it."""
    assert unanswered_writes(own_server(), lambda server: server.kill(), rounds=6) > 0


def test_sigterm_does_not_wait_for_idle_connections(own_server):
    server = own_server().start()
    tokens = minting.TokenSource(server)
    with callers.Caller(server.port) as idle, wire.Connection(server.port) as silent:
        idle.send(messages.modern("tools/list", token=tokens.make()))
        server.terminate()
        assert server.wait() == 0
        assert idle.connection.is_closed_by_peer()
        assert silent.is_closed_by_peer()


def test_the_memory_database_forgets_and_leaves_no_file(own_server):
    server = own_server(database="memory").start()
    token = minting.TokenSource(server).make()
    with callers.Caller(server.port) as caller:
        caller.add(token, "tea")
    server.stop()

    server.start()
    with callers.Caller(server.port) as caller:
        assert caller.list_all(token) == []
    server.stop()
    assert not list(server.state.rglob("*.sqlite*"))


def test_one_database_is_opened_by_one_server(own_server):
    first = own_server().start()
    second = own_server()
    with pytest.raises(serving.ServerFailure):
        second.start()
    assert first.state.with_suffix(".log").read_text(), "the refusal said nothing"
    first.stop()
