"""A server that is asked to end: not ready first, then no longer there, and nothing lost between."""

import os
import signal
import time

import pytest

import callers
import messages
import tokens as minting
import waiting
import wire

DELAY_SECONDS = 2


def probe(port: int, path: str) -> wire.Response:
    with wire.Connection(port) as connection:
        return connection.exchange(wire.request([], None, method="GET", target=path))


def is_refused(port: int) -> bool:
    try:
        wire.Connection(port).close()
    except OSError:
        return True
    return False


@pytest.fixture
def server(own_server):
    return own_server(
        environment={"MARTLET_DRAIN_DELAY_SECONDS": str(DELAY_SECONDS)}, database="memory"
    ).start()


def test_readiness_falls_first_and_calls_are_served_until_the_delay_has_passed(server):
    token = minting.TokenSource(server).make()
    idle = callers.Caller(server.port)
    assert idle.send(messages.modern("tools/list", token=token)).status == 200
    assert probe(server.port, "/readyz").status == 200

    server.terminate()
    began = time.monotonic()
    waiting.eventually(lambda: probe(server.port, "/readyz").status == 503)
    served = 0
    while time.monotonic() - began < DELAY_SECONDS * 0.8:
        assert probe(server.port, "/healthz").status == 200
        with callers.Caller(server.port) as caller:
            answer = caller.send(messages.call("add_todo", token, title="in time"))
            assert answer.status == 200
            assert answer.field("connection") == "close"
            assert caller.connection.is_closed_by_peer()
        served += 1
    assert served > 0
    # What was open and idle is still open, and gets one more answer.
    answer = idle.send(messages.modern("tools/list", token=token))
    assert (answer.status, answer.field("connection")) == (200, "close")
    assert idle.connection.is_closed_by_peer()

    assert server.wait() == 0
    assert is_refused(server.port)


def test_connections_that_wait_to_be_accepted_at_the_end_are_served(server):
    token = minting.TokenSource(server).make()
    server.terminate()
    waiting.eventually(lambda: probe(server.port, "/readyz").status == 503)
    # A connection after the other until there is no server: each gets its answer, or was refused.
    answered = 0
    while True:
        try:
            caller = callers.Caller(server.port)
        except OSError:
            break
        with caller:
            assert caller.send(messages.modern("tools/list", token=token)).status == 200
        answered += 1
    assert answered > 0
    assert server.wait() == 0


@pytest.mark.parametrize("second", ["SIGTERM", "SIGINT"])
def test_a_second_signal_ends_the_server_at_once(own_server, second):
    server = own_server(
        environment={"MARTLET_DRAIN_DELAY_SECONDS": "3600", "MARTLET_DRAIN_SECONDS": "3600"}
    ).start()
    idle = wire.Connection(server.port)
    server.terminate()
    waiting.eventually(lambda: probe(server.port, "/readyz").status == 503)
    os.kill(server.pid, getattr(signal, second))
    assert server.wait() == 0
    assert idle.is_closed_by_peer()
    assert "ending at once" in server.log_tail()
