"""Spans and metrics as a collector gets them: every message must be one of the protocol's own."""

import base64
import http.server
import json
import queue
import socket
import threading

import pytest
from google.protobuf import json_format
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

import callers
import messages
import tokens as minting

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"
WAIT_SECONDS = 30


class Collector:
    """A collector that keeps what it gets, and refuses what is not of the protocol."""

    def __init__(self):
        self.received: queue.Queue = queue.Queue()
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                octets = self.rfile.read(int(self.headers["Content-Length"]))
                collector.received.put((self.path, self.headers["Content-Type"], octets))
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def messages(self, path: str, count: int = 1) -> list:
        """The next messages to a path."""
        found = []
        while len(found) < count:
            where, kind, octets = self.received.get(timeout=WAIT_SECONDS)
            assert kind == "application/json"
            if where == path:
                found.append(parsed(where, json.loads(octets)))
        return found

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def parsed(path: str, message: dict):
    """The message as protobuf has it; ids are hexadecimal in OTLP and base64 in protobuf's JSON."""
    for resource in message.get("resourceSpans", []):
        for scope in resource["scopeSpans"]:
            for span in scope["spans"]:
                for name in ("traceId", "spanId", "parentSpanId"):
                    if name in span:
                        span[name] = base64.b64encode(bytes.fromhex(span[name])).decode()
    kind = {"/v1/traces": ExportTraceServiceRequest, "/v1/metrics": ExportMetricsServiceRequest}
    return json_format.ParseDict(message, kind[path]())


def spans(message) -> list:
    return [s for r in message.resource_spans for scope in r.scope_spans for s in scope.spans]


def attributes(item) -> dict[str, str]:
    return {a.key: a.value.string_value for a in item.attributes}


@pytest.fixture
def collector():
    one = Collector()
    yield one
    one.close()


def telling(own_server, endpoint: str, **variables: str):
    return own_server(
        environment={
            "MARTLET_OTLP_ENDPOINT": endpoint,
            "MARTLET_OTLP_SECONDS": "1",
            "MARTLET_OTLP_METRICS_SECONDS": "1",
            "MARTLET_TRACE_SAMPLE_PERCENT": "0",
            **variables,
        }
    )


def traced(message: messages.Message, flags: str) -> messages.Message:
    return messages.Message(
        {
            **message.fields,
            "traceparent": f"00-{TRACE}-{PARENT}-{flags}",
            "tracestate": "rojo=00f067aa0ba902b7",
        },
        message.body,
    )


def test_a_call_that_its_caller_traces_is_a_span_of_the_trace(own_server, collector):
    server = telling(own_server, collector.url).start()
    token = minting.TokenSource(server).make("user")
    with callers.Caller(server.port) as caller:
        assert caller.send(traced(messages.call("add_todo", token, title="x"), "01")).status == 200
        caller.send(traced(messages.call("complete_todo", token, id="999999"), "01"))
        # Not sampled, and no trace at all: neither gets a span.
        caller.send(traced(messages.call("list_todos", token), "00"))
        caller.send(messages.call("list_todos", token))
    found = spans(collector.messages("/v1/traces")[0])
    assert [span.name for span in found] == ["tools/call add_todo", "tools/call complete_todo"]
    for span in found:
        assert span.trace_id.hex() == TRACE
        assert span.parent_span_id.hex() == PARENT
        assert span.trace_state == "rojo=00f067aa0ba902b7"
        assert len(span.span_id) == 8
        assert 0 < span.end_time_unix_nano - span.start_time_unix_nano < 30e9
    assert attributes(found[0])["gen_ai.tool.name"] == "add_todo"
    assert "error.type" not in attributes(found[0])
    assert attributes(found[1])["error.type"] == "tool_error"
    assert found[1].status.code == 2


def test_every_operation_is_a_span_where_all_are_sampled(own_server, collector):
    server = telling(own_server, collector.url, MARTLET_TRACE_SAMPLE_PERCENT="100").start()
    token = minting.TokenSource(server).make("user")
    with callers.Caller(server.port) as caller:
        for _ in range(3):
            caller.send(messages.modern("tools/list", token=token))
    found = []
    while len(found) < 3:
        found += spans(collector.messages("/v1/traces")[0])
    assert {span.name for span in found} == {"tools/list"}
    assert len({span.trace_id for span in found}) == 3


def test_metrics_are_those_of_the_page(own_server, collector):
    server = telling(own_server, collector.url).start()
    token = minting.TokenSource(server).make("user")
    with callers.Caller(server.port) as caller:
        caller.add(token, "x")
    message = collector.messages("/v1/metrics", 3)[-1]
    resource = message.resource_metrics[0]
    assert {a.key for a in resource.resource.attributes} >= {"service.name", "service.instance.id"}
    found = {m.name: m for m in resource.scope_metrics[0].metrics}
    duration = found["mcp.server.operation.duration"]
    assert duration.unit == "s"
    points = [p for p in duration.histogram.data_points if "gen_ai.tool.name" in attributes(p)]
    assert [p.count for p in points] == [1]
    assert len(points[0].bucket_counts) == len(points[0].explicit_bounds) + 1
    assert found["process.memory.usage"].gauge.data_points[0].as_double > 0


def test_a_collector_that_is_away_or_silent_holds_nothing_up(own_server):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        for endpoint in ("http://127.0.0.1:1", f"http://127.0.0.1:{silent.getsockname()[1]}"):
            server = telling(
                own_server, endpoint, MARTLET_TRACE_SAMPLE_PERCENT="100", MARTLET_OTLP_QUEUE_MAX="10"
            )
            server.start()
            token = minting.TokenSource(server).make("user")
            with callers.Caller(server.port) as caller:
                for number in range(50):
                    caller.add(token, f"to-do {number}")
            server.stop()
