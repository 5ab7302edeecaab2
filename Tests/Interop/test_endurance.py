"""Connections come and go; nothing of them stays."""

import time

import callers
import messages
import tokens as minting
import wire

CONNECTIONS = 10_000
WARM_UP = 2_000
BATCH = 250
TOKENS = 6_000

# Less than half a kilobyte for each connection that was opened: a leaked connection, buffer or
# token would take more.
GROWTH_BYTES_MAX = 3 * 1024 * 1024


def use_once(server, octets: bytes, count: int) -> None:
    """Opens connections in batches, uses each for one request and closes it."""
    for start in range(0, count, BATCH):
        source = wire.fresh_source_address()
        batch = [wire.Connection(server.port, source) for _ in range(min(BATCH, count - start))]
        for connection in batch:
            connection.send(octets)
        for connection in batch:
            assert connection.receive().status == 200
            connection.close()


def settled_descriptor_count(server, wanted: int) -> int:
    """The server's open descriptors, once it has noticed that the connections are gone."""
    deadline = time.monotonic() + 30
    while (count := server.descriptor_count()) > wanted and time.monotonic() < deadline:
        # A request gives each loop a turn to see the closed sockets.
        with wire.Connection(server.port) as connection:
            connection.send(b"x")
        time.sleep(0.05)
    return count


def test_ten_thousand_connections_used_once_leave_nothing_behind(own_server):
    server = own_server().start()
    message = messages.modern("tools/list", token=minting.TokenSource(server).make())
    octets = wire.request(list(message.fields.items()), message.octets)
    idle = server.descriptor_count()
    use_once(server, octets, WARM_UP)
    assert settled_descriptor_count(server, idle) <= idle
    before = server.private_bytes()

    use_once(server, octets, CONNECTIONS)

    assert settled_descriptor_count(server, idle) <= idle
    growth = server.private_bytes() - before
    assert growth <= GROWTH_BYTES_MAX, f"{growth} bytes more after {CONNECTIONS} connections"
    server.stop()


def test_connections_cut_in_the_middle_of_a_request_leave_nothing_behind(own_server):
    server = own_server().start()
    message = messages.call("add_todo", minting.TokenSource(server).make(), title="x" * 200)
    octets = wire.request(list(message.fields.items()), message.octets)
    idle = server.descriptor_count()
    before = None
    for round in range(12):
        for start in range(0, len(octets), 5):
            with wire.Connection(server.port, wire.fresh_source_address()) as connection:
                connection.send(octets[:start])
        assert settled_descriptor_count(server, idle) <= idle
        if round == 1:
            before = server.private_bytes()

    assert server.private_bytes() - before <= GROWTH_BYTES_MAX
    with callers.Caller(server.port) as caller:
        assert caller.send(message).status == 200
    server.stop()


def test_thousands_of_different_tokens_leave_bounded_memory(own_server):
    server = own_server().start()
    tokens = minting.TokenSource(server)

    def use(count: int) -> None:
        with callers.Caller(server.port) as caller:
            for _ in range(count):
                message = messages.modern("tools/list", token=tokens.make())
                fields = list(message.fields.items())
                response = caller.connection.exchange(wire.request(fields, message.octets))
                assert response.status == 200

    # More than a loop remembers (4,096), and as many again: what is remembered is replaced.
    use(TOKENS)
    before = server.private_bytes()
    use(TOKENS)
    assert server.private_bytes() - before <= GROWTH_BYTES_MAX
    server.stop()
