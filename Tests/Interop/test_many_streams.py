"""Thousands of open streams, and clients that do not read theirs."""

import resource
import socket
import time

import pytest

import callers
import event_stream
import everything as everything_servers
import messages
import schemas
import server as serving
import streams
import test_endurance
import tokens as minting
import waiting
import wire

STREAMS = 5_000

# What one subject may have open: with so many subjects not one stream more could be opened.
STREAMS_OF_A_SUBJECT = 100
SUBJECTS = STREAMS // STREAMS_OF_A_SUBJECT

URI = "todo://list/all"
SUBSCRIPTION_ID = "io.modelcontextprotocol/subscriptionId"

# Less than a quarter of a kilobyte for each stream of a round.
GROWTH_BYTES_MAX = 1024 * 1024

# What a client that does not read may cost: the high-water mark of its send queue (256 KiB), one
# round of what it listens for, and what an allocator does not give back.
UNREAD_BYTES_MAX = 1024 * 1024

# So long that what it is not sent would be twice as much.
UNREAD_SECONDS = 8


class Listener:
    """One open `subscriptions/listen`, read only when a test says so."""

    def __init__(self, port: int, token: str, number: int):
        params = {"notifications": {"resourceSubscriptions": [URI]}}
        message = messages.modern("subscriptions/listen", params, token=token, id=number)
        self._number = number
        self._parser = event_stream.Parser()
        self._events: list[event_stream.Event] = []
        self._connection = wire.Connection(port)
        self._connection.send(wire.request(list(message.fields.items()), message.octets))

    def begin(self) -> None:
        head = self._connection.receive_head()
        assert head.status == 200, head
        self._chunks = self._connection.chunks()
        assert self.next()["method"] == "notifications/subscriptions/acknowledged"

    def next(self) -> dict:
        while not self._events:
            self._events += self._parser.feed(next(self._chunks))
        message = self._events.pop(0).message
        assert message["params"]["_meta"][SUBSCRIPTION_ID] == self._number
        return message

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def descriptors():
    """Room for a socket for each stream, if the machine has it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2 * STREAMS:
        pytest.skip(f"{hard} descriptors are too few")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_five_thousand_streams_hear_of_a_change_and_leave_nothing_behind(own_server, descriptors):
    server = own_server().start()
    source = minting.TokenSource(server)
    owners = [source.make(workspace="shared") for _ in range(SUBJECTS)]
    stranger = source.make()
    idle = server.descriptor_count()
    used = []
    with callers.Caller(server.port) as caller:
        for number in range(3):
            # Every subject has all that it may have, so a stream of the round before that was
            # still counted would be one too many.
            listeners = [
                Listener(server.port, owners[index % SUBJECTS], index) for index in range(STREAMS)
            ]
            for listener in listeners:
                listener.begin()
            refused = listen_once(server.port, owners[0])
            assert (refused.status, refused.field("retry-after")) == (429, "1")

            title = f"round {number}"
            caller.add(stranger, "nobody here may know")
            caller.add(owners[0], title)
            for listener in listeners:
                told = listener.next()
                assert told["method"] == "notifications/resources/updated"
                assert told["params"]["uri"] == URI
            schemas.validate(messages.MODERN, "ResourceUpdatedNotification", told)

            for listener in listeners:
                listener.close()
            # The caller's connection is open all the time.
            assert test_endurance.settled_descriptor_count(server, idle + 1) <= idle + 1
            used.append(server.private_bytes())
        assert len(caller.list_all(owners[0])) == 3
    assert used[2] - used[1] <= GROWTH_BYTES_MAX, used
    server.stop()


def listen_once(port: int, token: str) -> wire.Response:
    params = {"notifications": {"resourceSubscriptions": [URI]}}
    message = messages.modern("subscriptions/listen", params, token=token, id="one too many")
    with wire.Connection(port) as connection:
        return connection.exchange(wire.request(list(message.fields.items()), message.octets))


def unread(port: int, octets: bytes) -> socket.socket:
    """A connection that asks and does not read, with as little room for the answer as there is."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.settimeout(wire.TIMEOUT_SECONDS)
    connection.connect(("127.0.0.1", port))
    connection.sendall(octets)
    return connection


def test_a_client_that_does_not_read_its_notifications_is_cut_off_at_a_bounded_cost(own_server):
    server = own_server(environment={"MARTLET_WRITE_STALL_SECONDS": str(UNREAD_SECONDS)}).start()
    token = minting.TokenSource(server).make()
    with callers.Caller(server.port) as caller:
        titles = [f"to-do {number}" for number in range(1_000)]
        imported = caller.call("import_todos", token, titles=titles)["structuredContent"]
        ids = range(imported["first_id"], imported["last_id"] + 1)
        change_all(caller, token, ids, "before anybody listens")
        uris = [f"todo://items/{id}" for id in ids]
        params = {"notifications": {"resourceSubscriptions": uris}}
        message = messages.modern("subscriptions/listen", params, token=token, id="unread")
        before = server.descriptor_count()
        connection = unread(
            server.port, wire.request(list(message.fields.items()), message.octets)
        )
        waiting.eventually(lambda: server.descriptor_count() == before + 1)
        used = server.private_bytes()
        rounds, most = 0, 0
        deadline = time.monotonic() + 120
        while server.descriptor_count() > before:
            assert time.monotonic() < deadline, "the client was not cut off"
            rounds += 1
            change_all(caller, token, ids, f"round {rounds}")
            most = max(most, server.private_bytes())
        assert most - used <= UNREAD_BYTES_MAX, (rounds, used, most)
        # Everybody else is served on.
        assert len(caller.list_all(token)) == len(titles)
    connection.close()
    server.stop()


def change_all(caller: callers.Caller, token: str, ids: range, text: str) -> None:
    for id in ids:
        caller.call("update_todo_text", token, id=id, text=text)


@pytest.mark.parametrize("era", ["modern", "legacy"])
def test_what_a_tool_says_to_a_client_that_does_not_read_is_not_kept(tmp_path, era):
    one = everything_servers.Everything(tmp_path / "state", loops=1).start()
    try:
        arguments = {"count": 40_000, "length": 1_000}
        meta = {"progressToken": "p"}
        params = {"name": "test_tool_talkative", "arguments": arguments}
        if era == "modern":
            message = streams.modern("tools/call", params, meta=meta, id="unread")
        else:
            session = streams.Session(one.port)
            message = session.message("tools/call", {**params, "_meta": meta}, "unread")
        streams.call(one.port, "test_tool_talkative", {"count": 1_000, "length": 1_000})
        used = one.private_bytes()
        connection = unread(one.port, wire.request(list(message.fields.items()), message.octets))
        # The server has one loop, so what is answered afterwards comes after all that was said.
        waiting.eventually(lambda: says(one, "Done"))
        most = one.private_bytes() - used
        # 40 MB were said. Of a legacy stream 1 MiB is kept for its client's coming back.
        assert most <= UNREAD_BYTES_MAX + (1024 * 1024 if era == "legacy" else 0), most
        # The answer is not lost to a client that reads after all.
        received = b""
        while b'"result"' not in received:
            more = connection.recv(1_048_576)
            assert more, "the stream ended without an answer"
            received = received[-100_000:] + more
        assert b"said 40000" in received or b"said 40000" in connection.recv(65_536)
        connection.close()
    finally:
        one.stop()


def says(one: serving.Server, text: str) -> bool:
    answered = streams.call(one.port, "test_tool_fast")
    return answered.result["content"][0]["text"] == text
