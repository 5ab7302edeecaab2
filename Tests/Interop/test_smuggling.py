"""Requests whose end two readers could see in two places (RFC 9112 §11.2).

Every attack carries a second request, which adds a to-do, where some reader of the first might take
it for the next one. Nobody may: not the server by itself, and behind a proxy nobody else's request
may be answered with what an attacker has left on a connection.
"""

import contextlib
import re
import socket

import pytest

import callers
import messages
import proxies
import wire

ENDLESS = b"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Swallowed: "


def _head(fields: list[tuple[str, str]], *more: str, line: str = "POST /mcp HTTP/1.1") -> bytes:
    lines = [line, "Host: 127.0.0.1", *[f"{name}: {value}" for name, value in fields], *more]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _chunk(octets: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(octets), octets)


# What precedes the hidden request: by one reading the end of the first, by another part of it.
# The functions take the fields of the first request and the hidden one.
ATTACKS = {
    "a length before a coding": lambda f, hidden: (
        _head(f, f"Content-Length: {5 + len(hidden)}", "Transfer-Encoding: chunked")
        + b"0\r\n\r\n" + hidden
    ),
    "a coding before a length": lambda f, hidden: (
        _head(f, "Transfer-Encoding: chunked", "Content-Length: 4")
        + _chunk(hidden) + b"0\r\n\r\n"
    ),
    **{
        f"the coding {coding!r}": lambda f, hidden, coding=coding: (
            _head(f, f"Content-Length: {5 + len(hidden)}", f"Transfer-Encoding:{coding}")
            + b"0\r\n\r\n" + hidden
        )
        for coding in (
            " xchunked", " chunked, identity", " identity, chunked", "\x0bchunked", " \x0cchunked",
            ' "chunked"', " chunked;q=1", " chunked\x00", "", " ,chunked", " chunked,",
        )
    },
    "two codings in two fields": lambda f, hidden: (
        _head(f, "Transfer-Encoding: identity", "Transfer-Encoding: chunked")
        + b"0\r\n\r\n" + hidden
    ),
    "a space before the colon": lambda f, hidden: (
        _head(f, f"Content-Length: {5 + len(hidden)}", "Transfer-Encoding : chunked")
        + b"0\r\n\r\n" + hidden
    ),
    "a folded line": lambda f, hidden: (
        _head(f, f"Content-Length: {5 + len(hidden)}", "X-Fold: a", " Transfer-Encoding: chunked")
        + b"0\r\n\r\n" + hidden
    ),
    "a coding behind a bare CR": lambda f, hidden: (
        _head(f, f"Content-Length: {5 + len(hidden)}", "X: a\rTransfer-Encoding: chunked")
        + b"0\r\n\r\n" + hidden
    ),
    "a coding behind a bare LF": lambda f, hidden: (
        _head(f, f"Content-Length: {5 + len(hidden)}", "X: a\nTransfer-Encoding: chunked")
        + b"0\r\n\r\n" + hidden
    ),
    **{
        f"the length {length!r}": lambda f, hidden, length=length: (
            _head(f, f"Content-Length: {length}") + hidden
        )
        for length in ("+0", "-0", "0x0", "0 0", "0,7", "0;", "", "0\xb2", "0\x00", "18446744073709551616")
    },
    "two lengths": lambda f, hidden: (
        _head(f, "Content-Length: 0", f"Content-Length: {len(hidden)}") + hidden
    ),
    **{
        f"the chunk size {size!r}": lambda f, hidden, size=size: (
            _head(f, "Transfer-Encoding: chunked") + size + b"\r\n\r\n" + hidden
        )
        for size in (
            b"0x0", b"-0", b"+0", b" 0", b"0 ", b"", b"g", b"10000000000000000", b"0;a\nb", b"0\x00",
        )
    },
    "chunks that end with bare LF": lambda f, hidden: (
        _head(f, "Transfer-Encoding: chunked") + b"0\n\n" + hidden
    ),
    "a chunk longer than its size": lambda f, hidden: (
        _head(f, "Transfer-Encoding: chunked") + b"1\r\nab0\r\n\r\n" + hidden
    ),
    "a length in the trailer section": lambda f, hidden: (
        _head(f, "Transfer-Encoding: chunked")
        + b"0\r\nContent-Length: %d\r\nX\r\n\r\n" % len(hidden) + hidden
    ),
    "a coding in HTTP/1.0": lambda f, hidden: (
        _head(f, "Connection: keep-alive", "Transfer-Encoding: chunked", line="POST /mcp HTTP/1.0")
        + b"0\r\n\r\n" + hidden
    ),
    "no version": lambda f, hidden: b"POST /mcp\r\n" + hidden,
    "an expectation and a body all the same": lambda f, hidden: (
        _head(f, "Expect: 100-continue", f"Content-Length: {len(hidden)}") + hidden
    ),
    "a body of a GET": lambda f, hidden: (
        _head(f, f"Content-Length: {len(hidden)}", line="GET /mcp HTTP/1.1") + hidden
    ),
    "a body of a HEAD": lambda f, hidden: (
        _head(f, f"Content-Length: {len(hidden)}", line="HEAD /healthz HTTP/1.1") + hidden
    ),
}


# How long nothing may come before it is taken that nothing will.
SILENCE_SECONDS = 0.5


def _attack(port: int, octets: bytes) -> bytes:
    """What comes back until the connection ends or nothing comes for a while."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=SILENCE_SECONDS) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(octets)
        with contextlib.suppress(ConnectionError, TimeoutError):
            while more := connection.recv(65_536):
                received += more
    return received


def test_a_second_request_that_is_not_hidden_is_seen(server, tokens):
    """What the tests below look for would be found."""
    token = tokens.make(workspace="honest")
    add = messages.call("add_todo", token, title="not smuggled")
    one = wire.request(list(add.fields.items()), add.octets)
    assert _attack(server.port, one + one).count(b"HTTP/1.1 200") == 2
    with callers.Caller(server.port) as caller:
        assert len(caller.list_all(token)) == 2


@pytest.mark.parametrize("name", ATTACKS)
def test_the_server_sees_no_second_request(server, tokens, name):
    workspace = f"smuggler-{list(ATTACKS).index(name)}"
    token = tokens.make(workspace=workspace)
    add = messages.call("add_todo", token, title="smuggled")
    fields = list(add.fields.items())
    answers = _attack(server.port, ATTACKS[name](fields, wire.request(fields, add.octets)))
    # "100 Continue" is no answer yet.
    assert len(re.findall(rb"HTTP/1\.1 [2-5]", answers)) <= 1, answers
    with callers.Caller(server.port) as caller:
        assert caller.list_all(token) == []


@pytest.fixture(scope="module", params=["nginx", "haproxy"])
def proxy(request, server, tmp_path_factory):
    with proxies.before([server], request.param, tmp_path_factory.mktemp("smuggling")) as proxy:
        yield proxy


@pytest.mark.parametrize("name", ATTACKS)
def test_nobody_behind_a_proxy_gets_what_was_left_for_him(proxy, tokens, name):
    """A hidden request that never ends would swallow the next one on the proxy's connection."""
    attacker, victim = tokens.make(), tokens.make()
    fields = list(messages.call("list_todos", attacker).fields.items())
    add = messages.call("add_todo", attacker, title="smuggled")
    for hidden in (ENDLESS, wire.request(list(add.fields.items()), add.octets)):
        _attack(proxy.port, ATTACKS[name](fields, hidden))
        with callers.Caller(proxy.port) as caller:
            for number in range(3):
                result = caller.call("list_todos", victim, f"victim-{number}")
                assert result["structuredContent"]["todos"] == []
