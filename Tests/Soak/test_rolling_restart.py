"""Servers behind HAProxy and behind nginx, each restarted in turn under load: no call fails."""

import threading
import time

import pytest

import callers
import everything
import load
import messages
import proxies
import tokens as minting
import waiting
import wire

CALLERS = 8
# As long as deploy/ expects of its servers; longer than its checks take and idle connections live.
DRAIN_DELAY_SECONDS = 5
# Until a balancer sends requests to a server that has come back.
RETURN_SECONDS = 6


def is_ready(port: int) -> bool:
    try:
        with wire.Connection(port) as connection:
            probe = wire.request([], None, method="GET", target="/readyz")
            return connection.exchange(probe).status == 200
    except (OSError, wire.Disconnected):
        return False


@pytest.fixture(params=["haproxy", "nginx"])
def balancer(request):
    """What spreads requests over servers."""
    kind = proxies.KINDS[request.param]
    if kind.path() is None:
        pytest.skip(f"{request.param} is not installed; Scripts/install-packages test installs it")
    return kind


@pytest.fixture
def make_balanced(balancer, make_server, tmp_path):
    """Makes servers of one secret and one seal key, and what is before them."""
    started = []

    def make(count: int, database: str):
        seal_key = everything.make_seal_key(tmp_path / "seal.key")
        seal_key.chmod(0o600)
        servers = []
        for number in range(count):
            server = make_server(
                f"server-{number}",
                database=database if database == "memory" else None,
                environment={
                    "MARTLET_SEAL_KEY_FILE": str(seal_key),
                    "MARTLET_DRAIN_DELAY_SECONDS": str(DRAIN_DELAY_SECONDS),
                    **({} if database == "memory" else {"MARTLET_DATABASE": database}),
                },
            )
            server.serve_arguments[1] = f"127.0.0.1:{proxies.free_port()}"
            servers.append(server.start())
        proxy = balancer(tmp_path / "balancer", [server.port for server in servers]).start()
        started.append(proxy)
        waiting.eventually(lambda: is_ready(proxy.port))
        return servers, proxy

    yield make
    for proxy in started:
        proxy.stop()


class Writes:
    """What was acknowledged: a title that nothing else has, and the id that it was given."""

    def __init__(self, token: str):
        self.token = token
        self._lock = threading.Lock()
        self.acknowledged: dict[str, int] = {}

    def add(self, caller: callers.Caller, number: int):
        title = f"call {number} of {threading.get_ident()}"
        answer = caller.send(messages.call("add_todo", self.token, number, title=title))
        if answer.status == 200:
            todo = answer.result["structuredContent"]["todo"]
            with self._lock:
                self.acknowledged[title] = todo["id"]
        return answer

    def check(self, port: int) -> None:
        with callers.Caller(port) as caller:
            listed = caller.list_all(self.token)
        found = {todo["title"]: todo["id"] for todo in listed}
        assert len(found) == len(listed), "a to-do was added twice"
        lost = {t: id for t, id in self.acknowledged.items() if found.get(t) != id}
        assert not lost, f"{len(lost)} of {len(self.acknowledged)} lost: {list(lost)[:3]}"


def restart_each_in_turn(servers, proxy, rounds: int, say) -> None:
    """Under load in both eras; no call fails."""
    token = minting.TokenSource(servers[0]).make()
    with callers.Caller(proxy.port) as caller:
        session = callers.LegacySession(caller, token, messages.LEGACY[0])
    writes = Writes(token)

    def modern(caller, number):
        return caller.send(messages.call("list_todos", token, number))

    def legacy(caller, number):
        message = messages.legacy(
            "tools/list", token=token, session=session.id, version=session.revision, id=number
        )
        return caller.send(message, revision=session.revision)

    calls = [[modern, writes.add, legacy][number % 3] for number in range(CALLERS)]
    restarts = 0
    with load.Load(proxy.port, calls) as running:
        running.wait_for_more()
        for _ in range(rounds):
            for server in servers:
                server.terminate()
                assert server.wait() == 0
                assert running.failures == []
                server.start()
                restarts += 1
                # The others leave only when this one is sent requests again.
                time.sleep(RETURN_SECONDS)
                running.wait_for_more()
        assert running.failures == []
    counted = f"{restarts} restarts, {running.answered} calls, none failed"
    say(f"{type(proxy).__name__}, {len(servers)} servers: {counted}")
    if "MARTLET_DATABASE" in servers[0].environment:
        writes.check(proxy.port)
        say(f"{len(writes.acknowledged)} writes acknowledged, all there")
    for server in servers:
        server.stop()


@pytest.fixture
def say(capsys):
    def say(text: str) -> None:
        with capsys.disabled():
            print(f"\n{text}")

    return say


def test_two_servers_without_a_common_database_are_restarted(make_balanced, rounds, say):
    restart_each_in_turn(*make_balanced(2, "memory"), rounds, say)


@pytest.mark.parametrize("count", [2, 3])
def test_servers_on_postgresql_are_restarted(make_balanced, cluster, count, rounds, say):
    restart_each_in_turn(*make_balanced(count, cluster.make_schema()), rounds, say)
