"""The process runs out of file descriptors; whoever is connected is served on."""

import contextlib
import resource

import messages
import tokens as minting
import waiting
import wire

SPARE_DESCRIPTORS = 8
NEWCOMERS = 40


def test_open_connections_are_served_while_no_descriptor_is_left(own_server):
    server = own_server().start()
    message = messages.call("add_todo", minting.TokenSource(server).make(), title="still served")
    octets = wire.request(list(message.fields.items()), message.octets)
    with wire.Connection(server.port) as early:
        assert early.exchange(octets).status == 200
        limit = server.descriptor_count() + SPARE_DESCRIPTORS
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (limit, limit))

        newcomers = [wire.Connection(server.port) for _ in range(NEWCOMERS)]
        served = 0
        for newcomer in newcomers:
            try:
                newcomer.send(octets)
                served += newcomer.receive().status == 200
            except (wire.Disconnected, OSError):
                pass
        assert 0 < served < NEWCOMERS, "the limit was not reached, or nobody was served"
        assert early.exchange(octets).status == 200

        for newcomer in newcomers:
            newcomer.close()

    def is_served() -> bool:
        with wire.Connection(server.port) as late, contextlib.suppress(wire.Disconnected, OSError):
            return late.exchange(octets).status == 200
        return False

    # As soon as the server has seen that the others are gone, the room they had is used again.
    waiting.eventually(is_served)
    server.stop()

    log = server.state.with_suffix(".log").read_text()
    # Said, and not once for every connection or turn of a loop.
    assert 1 <= log.count("cannot accept a connection") <= 10, log[-2000:]
