"""The page of metrics, as the reader of Prometheus's own client library sees it."""

import re
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

import callers
import messages
import tokens as minting
import waiting


@pytest.fixture
def watched(own_server):
    """A running server and where its metrics are."""
    server = own_server(environment={"MARTLET_ADMIN_LISTEN": "127.0.0.1:0"}).start()
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
