"""What the server acknowledged is there, however it ended."""

import random
import threading

import callers
import messages
import todos
import tokens as minting
import wire

WRITERS = 8
KILL_ROUNDS = 24


class Writers:
    """Callers that add to-dos as fast as they are acknowledged, until the server is gone."""

    def __init__(self, server, tokens, workspace: str, name: str):
        self._port, self._tokens, self._workspace, self._name = (
            server.port,
            tokens,
            workspace,
            name,
        )
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
        except (wire.Disconnected, ConnectionError) as ended:
            # A server that stops may cut a connection between answers, never within one.
            received = getattr(ended, "received", b"")
            if received and self._must_finish_answers:
                self.failures.append(f"an answer was cut short: {received[:80]!r}")
        except Exception as failure:
            self.failures.append(failure)

    # A kill may cut an answer short; a graceful stop may not.
    _must_finish_answers = False

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


def test_a_request_that_is_being_read_at_sigterm_is_finished(own_server):
    server = own_server().start()
    token = minting.TokenSource(server).make()
    message = messages.call("add_todo", token, title="in flight")
    octets = wire.request([*message.fields.items(), ("Expect", "100-continue")], message.octets)
    head_end = octets.index(b"\r\n\r\n") + 4
    with wire.Connection(server.port) as connection:
        connection.send(octets[:head_end])
        # The interim response proves that the server is in the middle of this request.
        assert connection.receive().status == 100
        server.terminate()
        connection.send(octets[head_end:])
        response = connection.receive()
        assert response.status == 200
        assert not response.result.get("isError")
        assert connection.is_closed_by_peer()
    assert server.wait() == 0

    server.start()
    with callers.Caller(server.port) as caller:
        assert [todo["title"] for todo in caller.list_all(token)] == ["in flight"]
    server.stop()


def test_sigterm_under_load_cuts_no_answer_short_and_loses_nothing(own_server):
    server = own_server()
    workspace = minting.fresh("workspace")
    acknowledged: dict[int, str] = {}
    for round in range(5):
        server.start()
        tokens = minting.TokenSource(server)
        writers = Writers(server, tokens, workspace, f"round {round}")
        writers._must_finish_answers = True
        writers.start(until=40)
        server.terminate()
        status = server.wait()
        writers.join()
        assert status == 0
        acknowledged |= writers.acknowledged

    server.start()
    found = stored(server, tokens.make("admin", workspace))
    assert acknowledged.items() <= found.items()
    server.stop()


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
    try:
        second.start()
    except Exception:
        pass
    else:
        raise AssertionError("two servers opened one database")
    assert first.state.with_suffix(".log").read_text(), "the refusal said nothing"
    first.stop()
