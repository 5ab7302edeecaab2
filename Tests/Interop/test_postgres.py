"""Several servers on one PostgreSQL, behind a proxy that sends every request to the next one."""

import copy
import threading

import anyio
import pytest

import agents
import callers
import messages
import postgres
import proxies
import test_tasks as tasks
import test_todo_features as features
import todos
import tokens as minting
import waiting
import wire

every_client = pytest.mark.parametrize("kind", agents.KINDS, ids=str)
every_source = pytest.mark.parametrize("source", ["listen", "poll"])

WRITERS = 8


@pytest.fixture
def replicas(cluster, own_server, tmp_path):
    """Two servers that run, on a schema of the test's own."""
    made = postgres.make_replicas(own_server, tmp_path, cluster.make_schema())
    return [one.start() for one in made]


@pytest.fixture
def behind_haproxy(tmp_path):
    """Starts HAProxy before servers."""
    started = []

    def start(servers):
        if proxies.HAProxy.path() is None:
            pytest.skip("haproxy is not installed; Scripts/install-packages test installs it")
        started.append(proxies.HAProxy(tmp_path / "haproxy", [one.port for one in servers]))
        return started[-1].start()

    yield start
    for one in started:
        one.stop()


class Writers:
    """Callers that add to-dos with a key each, and send again what was not answered.

    A call may end with an answer, with a refusal that says to try again, or with the connection.
    """

    def __init__(self, port: int, tokens: minting.TokenSource, workspace: str):
        self.port, self.tokens, self.workspace = port, tokens, workspace
        self.acknowledged: dict[str, int] = {}
        self.repeated = 0
        self.failures: list[object] = []
        self._is_over = threading.Event()
        self._lock = threading.Condition()
        self._threads = [threading.Thread(target=self._write, args=(n,)) for n in range(WRITERS)]
        for thread in self._threads:
            thread.start()

    def wait_for(self, count: int) -> None:
        """Returns when there are as many acknowledgements more."""
        with self._lock:
            wanted = len(self.acknowledged) + count
            assert self._lock.wait_for(
                lambda: len(self.acknowledged) >= wanted or self.failures, 120
            ), f"{len(self.acknowledged)} of {wanted}"

    def finish(self) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join(120)
            assert not thread.is_alive(), "a call that never ended"
        assert not self.failures, self.failures[:3]

    def _write(self, writer: int) -> None:
        token = self.tokens.make("user", self.workspace)
        number = 0
        try:
            while not self._is_over.is_set():
                title = f"writer {writer}, number {number}"
                number += 1
                id = self._add(token, title, f"{writer}-{number}")
                with self._lock:
                    self.acknowledged[title] = id
                    self._lock.notify_all()
        except Exception as failure:
            with self._lock:
                self.failures.append(failure)
                self._lock.notify_all()

    def _add(self, token: str, title: str, key: str) -> int:
        message = messages.call("add_todo", token, 1, title=title, idempotency_key=key)
        octets = wire.request(list(message.fields.items()), message.octets)
        while True:
            try:
                with wire.Connection(self.port, wire.fresh_source_address()) as connection:
                    response = connection.exchange(octets)
            except (wire.Disconnected, ConnectionError):
                response = None
            if response is not None and response.status == 200:
                result = response.result
                if not result.get("isError"):
                    return todos.the_todo(result["structuredContent"])["id"]
                text = result["content"][0]["text"]
                assert "again" in text.lower(), text
            elif response is not None:
                # A proxy that has no server, or lost the one it had.
                assert response.status in (502, 503, 504), response
            with self._lock:
                self.repeated += 1


def stored(port: int, token: str) -> dict[str, int]:
    with callers.Caller(port) as caller:
        listed = caller.list_all(token)
    found = {todo["title"]: todo["id"] for todo in listed}
    assert len(found) == len(listed), "a to-do was added twice"
    assert len({todo["id"] for todo in listed}) == len(listed), "an id was given twice"
    return found


def check(writers: Writers, port: int) -> None:
    found = stored(port, writers.tokens.make("admin", writers.workspace))
    lost = {t: id for t, id in writers.acknowledged.items() if found.get(t) != id}
    assert not lost, f"{len(lost)} of {len(writers.acknowledged)} lost: {list(lost)[:3]}"
    assert len(found) == len(writers.acknowledged)


@every_client
async def test_a_client_sees_one_list_whichever_server_answers(
    replicas, behind_haproxy, kind
):
    proxy = await anyio.to_thread.run_sync(behind_haproxy, replicas)
    token = minting.TokenSource(replicas[0]).make()
    async with agents.connected(kind, proxy.url, token) as agent:
        for number in range(1, 7):
            added = await agent.call("add_todo", title=f"to-do {number}")
            assert todos.the_todo(added.structured)["id"] == number
            listed = await agent.call("list_todos")
            assert len(todos.the_todos(listed.structured)) == number
        await agent.call("complete_todo", id=2)
        await agent.call("delete_todo", id=1)
        listed = await agent.call("list_todos")
        assert [todo["id"] for todo in todos.the_todos(listed.structured)] == [2, 3, 4, 5, 6]
        assert todos.is_completed(todos.the_todos(listed.structured)[0])


def test_a_retry_at_the_other_server_is_answered_with_the_first_result(replicas):
    token = minting.TokenSource(replicas[0]).make()
    with callers.Caller(replicas[0].port) as one, callers.Caller(replicas[1].port) as other:
        first = one.call("add_todo", token, title="tea", idempotency_key="k")
        again = other.call("add_todo", token, title="tea", idempotency_key="k")
        assert again["structuredContent"] == first["structuredContent"]
        refused = other.call("add_todo", token, title="coffee", idempotency_key="k")
        assert refused["isError"]
        assert len(one.list_all(token)) == 1


def test_kill_9_of_a_server_loses_and_doubles_nothing(replicas, behind_haproxy):
    proxy = behind_haproxy(replicas)
    writers = Writers(proxy.port, minting.TokenSource(replicas[0]), minting.fresh("workspace"))
    ports = [one.port for one in replicas]
    for round in range(4):
        writers.wait_for(100)
        victim = replicas[round % 2]
        victim.kill()
        writers.wait_for(100)
        victim.serve_arguments[1] = f"127.0.0.1:{ports[round % 2]}"
        victim.start()
    writers.finish()
    check(writers, proxy.port)


def test_postgresql_is_killed_under_load_and_nothing_is_lost(own_server, behind_haproxy, tmp_path):
    with postgres.lent() as cluster:
        made = postgres.make_replicas(own_server, tmp_path, cluster.make_schema())
        replicas = [one.start() for one in made]
        proxy = behind_haproxy(replicas)
        tokens = minting.TokenSource(replicas[0])
        writers = Writers(proxy.port, tokens, minting.fresh("workspace"))
        for _ in range(4):
            writers.wait_for(100)
            cluster.command("restart")
        writers.wait_for(100)
        writers.finish()
        check(writers, proxy.port)
        # Calls wait for a database that comes back.
        assert writers.repeated == 0

        # And fail, in words, when it does not.
        cluster.command("stop")
        with callers.Caller(replicas[0].port) as caller:
            for tool, arguments in [("add_todo", {"title": "x"}), ("list_todos", {})]:
                result = caller.call(tool, tokens.make(), **arguments)
                assert result["isError"]
                assert "again" in result["content"][0]["text"]
            cluster.command("start")
            assert caller.add(tokens.make(), "back")["id"] == 1
        for one in replicas:
            one.stop()
        for log in tmp_path.glob("*.log"):
            assert "loopback" not in log.read_text()


@every_source
def test_who_listens_at_one_server_hears_what_is_changed_at_the_other(
    cluster, own_server, tmp_path, source
):
    made = postgres.make_replicas(
        own_server, tmp_path, cluster.make_schema(), MARTLET_DATABASE_CHANGES=source
    )
    replicas = [one.start() for one in made]
    tokens = minting.TokenSource(replicas[0])
    workspace = minting.fresh("workspace")
    token = tokens.make("admin", workspace)
    items = [f"todo://items/{number}" for number in range(1, 4)]
    lists = features.LISTS
    with (
        features.listening(replicas[1].port, token, *lists.values(), *items) as heard,
        callers.Caller(replicas[0].port) as caller,
    ):
        # In another workspace, of which nothing is heard.
        caller.add(tokens.make(), "of another workspace")
        caller.add(token, "tea")
        features.updated(heard, lists["all"], lists["open"], items[0])
        caller.call("complete_todo", token, id=1)
        features.updated(heard, *lists.values(), items[0])
        caller.call("import_todos", token, titles=["a", "b"])
        features.updated(heard, lists["all"], lists["open"], *items[1:])
        caller.call("delete_todo", token, id=1)
        features.updated(heard, lists["all"], lists["completed"], items[0])


def test_a_session_hears_what_is_changed_at_the_other_server(replicas):
    tokens = minting.TokenSource(replicas[0])
    token = tokens.make("admin", "team")
    uri = features.LISTS["all"]
    with callers.Caller(replicas[1].port) as caller:
        session = callers.LegacySession(caller, token, "2025-11-25")
        assert session.send("resources/subscribe", {"uri": uri}).result == {}
        message = messages.legacy(
            "ping", id=1, token=token, session=session.id, version=session.revision
        )
        fields = {**message.fields, "Accept": "text/event-stream"}
        request = wire.request(list(fields.items()), None, method="GET")
        with (
            features.Stream(replicas[1].port, request) as heard,
            callers.Caller(replicas[0].port) as other,
        ):
            other.add(token, "tea")
            told = heard.next()
            assert told["method"] == "notifications/resources/updated"
            assert told["params"]["uri"] == uri


def test_consent_is_given_at_whichever_server(replicas, behind_haproxy):
    proxy = behind_haproxy(replicas)
    tokens = minting.TokenSource(replicas[0])
    for _ in range(3):
        with callers.Caller(proxy.port) as caller:
            features.test_consent_is_asked_on_the_stream_in_the_legacy_era(proxy, tokens, caller)


def session_at(port: int, like: callers.LegacySession) -> callers.LegacySession:
    """The same session, at another server."""
    other = copy.copy(like)
    other.caller = callers.Caller(port)
    return other


@every_source
def test_what_a_session_changes_counts_at_the_other_server(
    cluster, own_server, tmp_path, source
):
    made = postgres.make_replicas(
        own_server, tmp_path, cluster.make_schema(), count=3, MARTLET_DATABASE_CHANGES=source
    )
    replicas = [one.start() for one in made[:2]]
    tokens = minting.TokenSource(replicas[0])
    token = tokens.make("admin", "team")
    uri = features.LISTS["all"]
    with callers.Caller(replicas[0].port) as caller:
        session = callers.LegacySession(caller, token, "2025-11-25")
        there = session_at(replicas[1].port, session)
        message = messages.legacy(
            "ping", id=1, token=token, session=session.id, version=session.revision
        )
        fields = {**message.fields, "Accept": "text/event-stream"}
        request = wire.request(list(fields.items()), None, method="GET")
        with features.Stream(replicas[1].port, request) as heard:
            # Subscribed to here, listened for there.
            assert session.send("resources/subscribe", {"uri": uri}).result == {}
            stop = threading.Event()

            def add():
                with callers.Caller(replicas[0].port) as other:
                    while not stop.wait(0.3):
                        other.add(token, "tea")

            adding = threading.Thread(target=add)
            adding.start()
            told = heard.next()
            stop.set()
            adding.join()
            assert told["params"]["uri"] == uri

        # A server that starts now knows what was changed before.
        late = made[2].start()
        ended = wire.request(list(message.fields.items()), None, method="DELETE")
        assert caller.connection.exchange(ended).status == 204
        for port in (replicas[1].port, late.port):
            gone = session_at(port, session)
            waiting.eventually(lambda gone=gone: gone.send("ping").status == 404)
            gone.caller.connection.close()
        there.caller.connection.close()


def test_a_task_that_one_server_runs_is_read_at_the_other(replicas):
    token = minting.TokenSource(replicas[0]).make("admin", "team")
    here, there = (tasks.Client(one.port, token) for one in replicas)
    titles = [f"to-do {number}" for number in range(300)]
    begun = here.begin("import_todos", {"titles": titles})
    ended = there.wait(begun["taskId"], "completed")
    assert here.wait(begun["taskId"], "completed") == ended
    stranger = tasks.Client(replicas[1].port, minting.TokenSource(replicas[0]).make())
    refused = stranger.send("tasks/get", {"taskId": begun["taskId"]})
    assert (refused.status, refused.error["code"]) == tasks.UNKNOWN
    with callers.Caller(replicas[1].port) as caller:
        assert len(caller.list_all(token)) == 300


def test_the_servers_are_refused_that_would_not_share(cluster, own_server, tmp_path):
    url = cluster.make_schema()
    [one] = postgres.make_replicas(own_server, tmp_path, url, count=1)
    del one.environment["MARTLET_SEAL_KEY_FILE"]
    refused = one.command("serve", "--listen", "127.0.0.1:0")
    assert refused.returncode == 78
    assert "--seal-key-file" in refused.stderr
    assert "loopback" not in refused.stderr

    in_view = one.command("serve", "--listen", "127.0.0.1:0", "--database", url)
    assert in_view.returncode == 78
    assert "MARTLET_DATABASE" in in_view.stderr
    assert "loopback" not in in_view.stderr


def test_a_database_that_lets_nobody_in_ends_the_server_with_one_line(
    cluster, own_server, tmp_path
):
    url = cluster.make_schema().replace("loopback", "hunter2")
    environment = {"MARTLET_DATABASE_SECONDS": "1"}
    [one] = postgres.make_replicas(own_server, tmp_path, url, count=1, **environment)
    refused = one.command("serve", "--listen", "127.0.0.1:0")
    assert refused.returncode == 1
    assert "password authentication failed" in refused.stderr
    assert "hunter2" not in refused.stderr
    assert [line for line in refused.stderr.splitlines() if line.startswith("martlet:")]
