"""Whose request it is, as HAProxy and nginx tell: PROXY headers and forwarded fields."""

import json
import socket

import pytest

import callers
import messages
import proxies
import tokens as minting
import waiting
import wire


class HAProxySendingHeaders(proxies.HAProxy):
    """HAProxy that begins each connection to its server with a PROXY header."""

    version = "send-proxy"

    def configured(self) -> str:
        return super().configured().replace(
            "default-server check", f"default-server {self.version} check"
        )


class HAProxySendingBinaryHeaders(HAProxySendingHeaders):
    version = "send-proxy-v2"


class HAProxyForwarding(proxies.HAProxy):
    """HAProxy that appends whom it forwards for."""

    def configured(self) -> str:
        return super().configured().replace("    mode http\n", "    mode http\n    option forwardfor\n")


class NginxForwarding(proxies.Nginx):
    """nginx that appends whom it forwards for, as deploy/nginx.conf has it."""


PROXY_PROTOCOL = {
    "MARTLET_TRUSTED_PROXIES": "127.0.0.1",
    "MARTLET_PROXY_PROTOCOL": "required",
}
FORWARDED = {
    "MARTLET_TRUSTED_PROXIES": "127.0.0.1",
    "MARTLET_FORWARDED_FIELD": "x-forwarded-for",
}
KINDS = {
    "proxy-v1": (HAProxySendingHeaders, PROXY_PROTOCOL),
    "proxy-v2": (HAProxySendingBinaryHeaders, PROXY_PROTOCOL),
    "haproxy-forwarded": (HAProxyForwarding, FORWARDED),
    "nginx-forwarded": (NginxForwarding, FORWARDED),
}


@pytest.fixture(params=KINDS)
def pair(request, own_server, tmp_path):
    """A server, and a proxy that tells it who asks."""
    kind, environment = KINDS[request.param]
    if kind.path() is None:
        pytest.skip(f"{kind.program} is not installed; Scripts/install-packages test installs it")
    server = own_server(
        environment={
            **environment,
            "MARTLET_ACCESS_LOG": "json",
            "MARTLET_FAILED_AUTHENTICATIONS_PER_PEER": "1",
            "MARTLET_FAILED_AUTHENTICATIONS_PER_PEER_BURST": "3",
        },
        database="memory",
    ).start()
    proxy = kind(tmp_path / "proxy", [server.port]).start()
    yield server, proxy
    proxy.stop()


def peers(server) -> set[str]:
    """Who has called tools, as the access log has it."""
    records = [json.loads(line) for line in server.said if line.startswith("{")]
    return {record["peer"] for record in records if record.get("tool") == "list_todos"}


def test_the_access_log_names_who_asked_the_proxy(pair):
    server, proxy = pair
    token = minting.TokenSource(server).make()
    source = wire.fresh_source_address()
    # Whatever a client says of itself stands before what the proxy appends.
    lie = {"X-Forwarded-For": "198.51.100.66", "Forwarded": "for=198.51.100.66"}
    with callers.Caller(proxy.port, source) as caller:
        for _ in range(3):
            call = messages.call("list_todos", token)
            assert caller.send(messages.Message({**call.fields, **lie}, call.body)).status == 200
    waiting.eventually(lambda: peers(server) == {source})


def test_failures_to_authenticate_count_for_who_asked_the_proxy(pair):
    server, proxy = pair
    wrong = messages.modern("tools/list", token="wrong")
    with callers.Caller(proxy.port, wire.fresh_source_address()) as attacker:
        statuses = [attacker.send(wrong).status for _ in range(30)]
        assert set(statuses) == {401, 429}
    with callers.Caller(proxy.port, wire.fresh_source_address()) as other:
        assert other.send(wrong).status == 401


def test_who_connects_without_a_header_is_sent_away(own_server):
    server = own_server(environment=PROXY_PROTOCOL, database="memory").start()
    with wire.Connection(server.port) as direct:
        direct.send(wire.request([], None, method="GET", target="/healthz"))
        assert direct.is_closed_by_peer()
    waiting.eventually(lambda: "there is no PROXY header" in server.log_tail())

    def is_stranger_told() -> bool:
        with wire.Connection(server.port, "127.0.0.9") as stranger:
            assert stranger.is_closed_by_peer()
        return "only trusted proxies may connect" in server.log_tail()

    # One line a second and loop: the first may only be counted.
    waiting.eventually(is_stranger_told)
    # And the server goes on for those who do as they should, in pieces of any size.
    token = minting.TokenSource(server).make()
    call = messages.modern("tools/list", token=token)
    octets = b"PROXY TCP4 192.0.2.7 192.0.2.1 40000 80\r\n" + wire.request(
        list(call.fields.items()), call.octets
    )
    with wire.Connection(server.port) as slow:
        slow._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for octet in octets:
            slow.send(bytes([octet]))
        assert slow.receive().status == 200
    server.stop()
