"""Two servers behind HAProxy and behind nginx, each restarted in turn under load: no call fails."""

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
def balanced(request, make_server, tmp_path):
    """Two servers of one secret and one seal key, and what spreads requests over them."""
    kind = proxies.KINDS[request.param]
    if kind.path() is None:
        pytest.skip(f"{request.param} is not installed; Scripts/install-packages test installs it")
    seal_key = everything.make_seal_key(tmp_path / "seal.key")
    seal_key.chmod(0o600)
    servers = []
    for name in ("one", "two"):
        server = make_server(
            name,
            database="memory",
            environment={
                "MARTLET_SEAL_KEY_FILE": str(seal_key),
                "MARTLET_DRAIN_DELAY_SECONDS": str(DRAIN_DELAY_SECONDS),
            },
        )
        server.serve_arguments[1] = f"127.0.0.1:{proxies.free_port()}"
        servers.append(server.start())
    proxy = kind(tmp_path / request.param, [server.port for server in servers]).start()
    waiting.eventually(lambda: is_ready(proxy.port))
    yield servers, proxy
    proxy.stop()


def test_every_server_is_restarted_in_turn_and_no_call_fails(balanced, rounds, capsys):
    servers, proxy = balanced
    token = minting.TokenSource(servers[0]).make()
    with callers.Caller(proxy.port) as caller:
        session = callers.LegacySession(caller, token, messages.LEGACY[0])

    def modern(caller, number):
        return caller.send(messages.call("list_todos", token, number))

    def writing(caller, number):
        return caller.send(messages.call("add_todo", token, number, title=f"call {number}"))

    def legacy(caller, number):
        message = messages.legacy(
            "tools/list", token=token, session=session.id, version=session.revision, id=number
        )
        return caller.send(message, revision=session.revision)

    calls = [[modern, writing, legacy][number % 3] for number in range(CALLERS)]
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
                # The other one leaves only when this one is sent requests again.
                time.sleep(RETURN_SECONDS)
                running.wait_for_more()
        assert running.failures == []
    with capsys.disabled():
        print(f"\n{type(proxy).__name__}: {restarts} restarts, {running.answered} calls, none failed")
    for server in servers:
        server.stop()
