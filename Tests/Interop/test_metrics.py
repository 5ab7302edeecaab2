"""The page of metrics, as the reader of Prometheus's own client library sees it."""

import re
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

import callers
import messages
import tokens as minting
import waiting
import wire


# What is asked for at once by who reads nothing: some ten times of what is kept for a connection,
# and of what the kernel takes.
HOARDED = 400

# `send-queue-max`, by default.
SEND_QUEUE_MAX = 262_144


@pytest.fixture
def watched(own_server):
    return watch(own_server)


def watch(own_server, **environment: str):
    """A running server and where its metrics are."""
    variables = {"MARTLET_ADMIN_LISTEN": "127.0.0.1:0", **environment}
    server = own_server(environment=variables).start()
    found = waiting.eventually(lambda: re.search(r"for operators: (\S+)", server.log_tail()))
    return server, f"http://{found[1]}"


def samples(address: str) -> dict[str, list]:
    with urllib.request.urlopen(f"{address}/metrics") as response:
        text = response.read().decode()
    families = list(text_string_to_metric_families(text))
    assert len({family.name for family in families}) == len(families)
    assert all(family.documentation for family in families)
    found: dict[str, list] = {}
    for family in families:
        for sample in family.samples:
            found.setdefault(sample.name, []).append(sample)
    return found


def value(found: dict[str, list], name: str, **labels: str) -> float:
    matching = [s.value for s in found[name] if labels.items() <= s.labels.items()]
    assert len(matching) == 1, (name, labels, matching)
    return matching[0]


def test_what_is_asked_is_counted(watched):
    server, address = watched
    token = minting.TokenSource(server).make("user")
    with callers.Caller(server.port) as caller:
        for number in range(3):
            caller.add(token, f"to-do {number}")
        caller.send(messages.modern("tools/list", token=None))
    found = samples(address)
    operations = "mcp_server_operation_duration_seconds"
    assert value(found, f"{operations}_count", gen_ai_tool_name="add_todo") == 3
    assert value(found, f"{operations}_bucket", gen_ai_tool_name="add_todo", le="+Inf") == 3
    assert 0 < value(found, f"{operations}_sum", gen_ai_tool_name="add_todo") < 30
    requests = "http_server_request_duration_seconds_count"
    assert value(found, requests, http_response_status_code="401") == 1
    assert value(found, "martlet_refusals_total", reason="no_credentials") == 1
    assert value(found, "martlet_connections") >= 0
    assert value(found, "process_memory_usage_bytes") > 1_000_000


def test_operators_see_health_and_a_drain(watched):
    server, address = watched
    for path in ("/healthz", "/readyz"):
        with urllib.request.urlopen(address + path) as response:
            assert response.status == 200


def hoard(port: int, token: str) -> wire.Connection:
    """A client that asks for much more than the kernel takes for it, and reads nothing."""
    with callers.Caller(port) as caller:
        titles = [f"{number} " + "x" * 200 for number in range(100)]
        caller.call("import_todos", token, titles=titles)
    connection = wire.Connection(port)
    message = messages.call("list_todos", token, 1, limit=100)
    for _ in range(HOARDED):
        connection.send(wire.request(list(message.fields.items()), message.octets))
    return connection


def test_what_a_client_does_not_take_is_to_be_seen(watched):
    server, address = watched
    token = minting.TokenSource(server).make("admin")
    with hoard(server.port, token) as connection:
        waiting.eventually(lambda: value(samples(address), "martlet_connections_paused") == 1)
        sizes = samples(address)["martlet_connections_queue_size_bytes"]
        assert {sample.labels["loop"] for sample in sizes} == {"0", "1"}
        # More than the mark, with one loop; what the other's clients ask for they take.
        assert min(sample.value for sample in sizes) == 0
        assert max(sample.value for sample in sizes) > SEND_QUEUE_MAX
        for _ in range(HOARDED):
            assert connection.receive().status == 200
    found = waiting.eventually(lambda: nothing_waits(address))
    assert value(found, "martlet_connections_stalled_total") == 0


def test_a_client_that_takes_nothing_for_too_long_is_counted(own_server):
    server, address = watch(own_server, MARTLET_WRITE_STALL_SECONDS="1")
    token = minting.TokenSource(server).make("admin")
    with hoard(server.port, token):
        waiting.eventually(
            lambda: value(samples(address), "martlet_connections_stalled_total") == 1
        )
        waiting.eventually(lambda: nothing_waits(address))


def nothing_waits(address: str) -> dict[str, list] | None:
    """The samples, if they say so."""
    found = samples(address)
    sizes = [sample.value for sample in found["martlet_connections_queue_size_bytes"]]
    paused = value(found, "martlet_connections_paused")
    return found if not any(sizes) and paused == 0 else None
