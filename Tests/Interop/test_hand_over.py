"""A server takes over from the one before it, under load: nobody is refused, nothing is lost."""

import pytest

import callers
import everything
import load
import messages
import postgres
import proxies
import server as serving
import tokens as minting

CALLERS = 8
GENERATIONS = 4


@pytest.fixture
def make_generation(own_server, tmp_path):
    """Makes servers of one port, one state directory and one place to hand over."""
    port = proxies.free_port()
    path = tmp_path / "hand-over.sock"

    def make(database: str | None) -> serving.Server:
        shared = {}
        if database is not None and database.startswith("postgres:"):
            seal_key = tmp_path / "seal.key"
            if not seal_key.exists():
                everything.make_seal_key(seal_key).chmod(0o600)
            shared = {"MARTLET_DATABASE": database, "MARTLET_SEAL_KEY_FILE": str(seal_key)}
            database = None
        one = own_server(
            environment={
                "MARTLET_DRAIN_DELAY_SECONDS": "1",
                "MARTLET_HAND_OVER_SOCKET": str(path),
                "PORT": str(port),
                **shared,
            }
        )
        one.serve_arguments = ["--loops", "2"]
        if database is not None:
            one.serve_arguments += ["--database", database]
        return one

    yield make


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def database(request):
    """What `--database` is given; `None` for the file in the state directory."""
    if request.param != "postgresql":
        yield "memory" if request.param == "memory" else None
        return
    with postgres.lent() as cluster:
        yield cluster.make_schema()


def test_servers_follow_each_other_and_no_call_fails(make_generation, database):
    server = make_generation(database).start()
    token = minting.TokenSource(server).make()
    added: set[str] = set()

    def adding(caller_number: int) -> load.Call:
        def add(caller, number):
            title = f"caller {caller_number}, call {number}"
            answer = caller.send(messages.call("add_todo", token, title=title))
            if answer.status == 200:
                added.add(title)
            return answer

        return add

    def listing(caller, _number):
        return caller.send(messages.modern("tools/list", token=token))

    # What one process keeps in memory the next one does not know.
    calls = [listing if database == "memory" else adding(number) for number in range(CALLERS)]
    with load.Load(server.port, calls) as running:
        for _ in range(GENERATIONS):
            running.wait_for_more()
            successor = make_generation(database)
            # It says that it listens when it serves: with one database that is after the other.
            successor.start()
            assert successor.port == server.port
            assert server.wait() == 0
            server = successor
            assert running.failures == []
        running.wait_for_more()
    assert running.failures == []
    if database != "memory":
        with callers.Caller(server.port) as caller:
            kept = [one["title"] for one in caller.list_all(token)]
        assert added <= set(kept)
        assert len(kept) == len(set(kept))
    server.stop()


def test_a_successor_with_mistaken_settings_changes_nothing(make_generation):
    server = make_generation("memory").start()
    broken = make_generation("memory")
    broken.environment |= {"JWT_SECRET": "short"}
    with pytest.raises(serving.ServerFailure):
        broken.start()
    token = minting.TokenSource(server).make()
    with callers.Caller(server.port) as caller:
        answer = caller.send(messages.modern("tools/list", token=token))
        assert (answer.status, answer.field("connection")) == (200, None)
    server.stop()


def test_a_server_that_was_killed_is_not_waited_for(make_generation):
    server = make_generation(None).start()
    server.kill()
    # The path is there, and nobody behind it.
    successor = make_generation(None).start()
    assert successor.port == server.port
    successor.stop()
