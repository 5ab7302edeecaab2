"""Servers that reach PostgreSQL through PgBouncer, which shares connections out."""

import subprocess

import pytest

import bouncer
import callers
import postgres
import proxies
import test_postgres as shared
import test_todo_features as features
import todos
import tokens as minting

every_mode = pytest.mark.parametrize("mode", ["session", "transaction"])

# What the log says, as far as an operator looks for it.
NO_CONNECTION_LEFT = "a pooler may have no connection to PostgreSQL left"
LOOKED_FOR = "changes of other servers are looked for every second instead"


@pytest.fixture
def make_servers(own_server, tmp_path):
    """Starts servers that share a database."""

    def make(url: str, count: int = 2, **options):
        made = postgres.make_replicas(own_server, tmp_path, url, count, **options)
        return [one.start() for one in made]

    return make


def log_of(server) -> str:
    return server.state.with_suffix(".log").read_text()


def refusal(own_server, tmp_path, url: str, **environment) -> str:
    """What a server says that does not start."""
    [one] = postgres.make_replicas(own_server, tmp_path, url, count=1, **environment)
    refused = one.command("serve", "--listen", "127.0.0.1:0")
    assert refused.returncode == 1, refused
    assert "loopback" not in refused.stderr
    return refused.stderr


def through(pooler: bouncer.PgBouncer, database: str, *commands: str) -> list[str]:
    """What psql prints of each command, one connection to PgBouncer for all."""
    options = [word for command in commands for word in ("-c", command)]
    return subprocess.run(
        ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", pooler.url(database), *options],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()


@every_mode
def test_servers_share_a_list_and_hear_each_other(cluster, make_servers, mode):
    database = cluster.make_database()
    with bouncer.before(cluster, mode) as pooler:
        replicas = make_servers(
            pooler.url(database), MARTLET_DATABASE_LISTEN_URL=cluster.url(database)
        )
        tokens = minting.TokenSource(replicas[0])
        token = tokens.make("admin", "team")
        lists, item = features.LISTS, "todo://items/1"
        with (
            features.listening(replicas[1].port, token, *lists.values(), item) as heard,
            callers.Caller(replicas[0].port) as one,
            callers.Caller(replicas[1].port) as other,
        ):
            first = one.call("add_todo", token, title="tea", idempotency_key="k")
            features.updated(heard, lists["all"], lists["open"], item)
            again = other.call("add_todo", token, title="tea", idempotency_key="k")
            assert again["structuredContent"] == first["structuredContent"]
            refused = other.call("add_todo", token, title="coffee", idempotency_key="k")
            assert refused["isError"]
            one.call("complete_todo", token, id=1)
            features.updated(heard, *lists.values(), item)
            [todo] = other.list_all(token)
            assert todos.is_completed(todo)
        listening = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'"
        assert int(cluster.run(f"{listening} AND datname = '{database}'")) == 2
        for one in replicas:
            assert LOOKED_FOR not in log_of(one)


@every_mode
def test_pgbouncer_is_restarted_under_load_and_nothing_is_lost(
    cluster, make_servers, tmp_path, mode
):
    database = cluster.make_database()
    with bouncer.before(cluster, mode, default_pool_size=50) as pooler:
        replicas = make_servers(
            pooler.url(database), MARTLET_DATABASE_LISTEN_URL=cluster.url(database)
        )
        tokens = minting.TokenSource(replicas[0])
        with proxies.before(replicas, "haproxy", tmp_path) as proxy:
            writers = shared.Writers(proxy.port, tokens, minting.fresh("workspace"))
            for end in (pooler.stop, pooler.kill) * 2:
                writers.wait_for(100)
                end()
                pooler.start()
            writers.wait_for(100)
            writers.finish()
            shared.check(writers, proxy.port)
        # Calls wait for one that comes back.
        assert writers.repeated == 0

        # And fail, in words, when it does not.
        pooler.stop()
        with callers.Caller(replicas[0].port) as caller:
            for tool, arguments in [("add_todo", {"title": "x"}), ("list_todos", {})]:
                result = caller.call(tool, tokens.make(), **arguments)
                assert result["isError"]
                assert "again" in result["content"][0]["text"]
            pooler.start()
            assert caller.add(tokens.make(), "back")["id"] == 1


@every_mode
def test_postgresql_is_killed_behind_pgbouncer_and_nothing_is_lost(
    own_server, make_servers, tmp_path, mode
):
    with postgres.lent() as cluster:
        database = cluster.make_database()
        with bouncer.before(cluster, mode, default_pool_size=50, server_login_retry=1) as pooler:
            replicas = make_servers(
                pooler.url(database),
                MARTLET_DATABASE_LISTEN_URL=cluster.url(database),
                MARTLET_DATABASE_SECONDS="60",
            )
            tokens = minting.TokenSource(replicas[0])
            with proxies.before(replicas, "haproxy", tmp_path) as proxy:
                writers = shared.Writers(proxy.port, tokens, minting.fresh("workspace"))
                for _ in range(3):
                    writers.wait_for(100)
                    cluster.command("restart")
                writers.wait_for(100)
                writers.finish()
                shared.check(writers, proxy.port)
            assert writers.repeated == 0


def test_a_pool_of_sessions_that_is_used_up_is_told_and_heals(
    cluster, own_server, make_servers, tmp_path
):
    database = cluster.make_database()
    soon = {"MARTLET_DATABASE_SECONDS": "4", "MARTLET_DATABASE_CONNECT_SECONDS": "1"}
    with bouncer.before(cluster, "session", default_pool_size=1) as pooler:
        url = pooler.url(database)
        [one] = make_servers(url, count=1, loops=1, **soon)
        tokens = minting.TokenSource(one)
        token = tokens.make("admin", "team")

        def add(number: int):
            with callers.Caller(one.port) as caller:
                return caller.add(token, f"to-do {number}")["id"]

        # It has the only connection, and makes do with it.
        ids = callers.at_once([lambda n=n: add(n) for n in range(16)])
        assert sorted(ids) == list(range(1, 17))
        # Another server finds none.
        other = tmp_path / "other"
        other.mkdir()
        said = refusal(lambda name, **o: own_server(f"other/{name}", **o), other, url, **soon)
        assert NO_CONNECTION_LEFT in said

        # Somebody else is faster when it is lost.
        pooler.stop()
        pooler.start()
        command = ["psql", "-XqAt", "-d", url, "-c", "SELECT 1", "-f", "-"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as stranger:
            assert stranger.stdout.readline() == "1\n"
            with callers.Caller(one.port) as caller:
                for tool, arguments in [("add_todo", {"title": "x"}), ("list_todos", {})]:
                    result = caller.call(tool, token, **arguments)
                    assert result["isError"]
                    assert "again" in result["content"][0]["text"]
                assert NO_CONNECTION_LEFT in log_of(one)
                stranger.stdin.close()
                stranger.wait(30)
                assert len(caller.list_all(token)) == 16


def test_pgbouncer_that_accepts_nobody_more_is_quoted(cluster, own_server, tmp_path):
    soon = {"MARTLET_DATABASE_SECONDS": "1"}
    with bouncer.before(cluster, "session", max_client_conn=1) as pooler:
        url = pooler.url(cluster.make_database())
        command = ["psql", "-XqAt", "-d", url, "-c", "SELECT 1", "-f", "-"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as stranger:
            assert stranger.stdout.readline() == "1\n"
            said = refusal(own_server, tmp_path, url, **soon)
            assert "max_client_conn" in said
            stranger.stdin.close()
            stranger.wait(30)


def test_one_connection_is_shared_by_transaction_and_nothing_is_left_on_it(
    cluster, make_servers
):
    database = cluster.make_database()
    with bouncer.before(cluster, "transaction", default_pool_size=1) as pooler:
        # What a connection is like on which nobody has done anything.
        state = (
            "SELECT name, setting FROM pg_settings WHERE name NOT IN ('application_name') "
            "ORDER BY name",
            "SELECT 'prepared', name FROM pg_prepared_statements",
            "SELECT 'held', locktype, mode FROM pg_locks WHERE locktype = 'advisory'",
            "SELECT 'listens', pg_listening_channels()",
            "SELECT 'temporary', relname FROM pg_class WHERE relpersistence = 't'",
            "SELECT 'cursor', name FROM pg_cursors WHERE name <> ''",
        )
        untouched = through(pooler, database, *state)
        replicas = make_servers(
            pooler.url(database), MARTLET_DATABASE_LISTEN_URL=cluster.url(database)
        )
        tokens = minting.TokenSource(replicas[0])

        def work(number: int) -> None:
            token = tokens.make("admin", f"team-{number % 3}")
            with callers.Caller(replicas[number % 2].port) as caller:
                for count in range(10):
                    title = f"{number}, {count}"
                    assert caller.add(token, title)["title"] == title
                    assert title in [todo["title"] for todo in caller.list_all(token)]

        callers.at_once([lambda n=n: work(n) for n in range(12)])
        for number in range(3):
            found = shared.stored(replicas[0].port, tokens.make("admin", f"team-{number}"))
            assert sorted(found.values()) == list(range(1, 41))
        for one in replicas:
            one.stop()
        assert through(pooler, database, *state) == untouched


def test_what_somebody_else_has_prepared_is_never_taken_for_ones_own(
    cluster, make_servers
):
    database = cluster.make_database()
    with bouncer.before(cluster, "transaction", default_pool_size=1) as pooler:
        names = ("todo", "page", "begin", "commit", "add", "notify", "find_todos")
        for name in names:
            through(pooler, database, f"PREPARE {name} AS SELECT 1")
        # Told to prepare nevertheless: there is but one connection, and nobody else prepares.
        [one] = make_servers(
            pooler.url(database),
            count=1,
            MARTLET_DATABASE_PREPARE="always",
            loops=1,
            MARTLET_DATABASE_CONNECTIONS="1",
        )
        token = minting.TokenSource(one).make("admin", "team")
        with callers.Caller(one.port) as caller:
            assert caller.add(token, "tea")["id"] == 1
            assert [todo["title"] for todo in caller.list_all(token)] == ["tea"]


def test_who_prepares_where_nothing_stays_prepared_is_told_what_to_set(cluster, make_servers):
    database = cluster.make_database()
    with bouncer.before(cluster, "transaction", default_pool_size=1) as pooler:
        one, other = make_servers(
            pooler.url(database),
            loops=1,
            MARTLET_DATABASE_PREPARE="always",
            MARTLET_DATABASE_CONNECTIONS="1",
            MARTLET_DATABASE_SECONDS="2",
        )
        token = minting.TokenSource(one).make("admin", "team")
        with callers.Caller(one.port) as caller:
            assert caller.add(token, "tea")["id"] == 1
        # The other finds the statements of the first on the one connection there is.
        with callers.Caller(other.port) as caller:
            refused = caller.call("add_todo", token, title="x")
            assert refused["isError"]
            assert "again" in refused["content"][0]["text"]
        assert "set database-prepare to never" in log_of(other)
        assert "already exists (SQLSTATE 42P05)" in log_of(other)


@every_mode
def test_statements_are_prepared_where_that_is_asked_for_or_nobody_shares(
    cluster, make_servers, mode
):
    prepared = "SELECT count(*) > 0 FROM pg_prepared_statements WHERE name LIKE 'page\\_%'"
    database = cluster.make_database()
    for setting, expected in [("auto", "f"), ("never", "f"), ("always", "t")]:
        # Nothing is reset, so that what a server left there is to be seen.
        with bouncer.before(
            cluster, mode, default_pool_size=1, server_reset_query=""
        ) as pooler:
            [one] = make_servers(
                pooler.url(database),
                count=1,
                loops=1,
                MARTLET_DATABASE_PREPARE=setting,
                MARTLET_DATABASE_CONNECTIONS="1",
                MARTLET_DATABASE_CHANGES="poll",
            )
            token = minting.TokenSource(one).make()
            with callers.Caller(one.port) as caller:
                assert caller.add(token, "tea")["id"] == 1
            one.stop()
            assert through(pooler, database, prepared) == [expected], setting


@every_mode
def test_who_listens_through_pgbouncer_looks_for_changes_instead(cluster, make_servers, mode):
    database = cluster.make_database()
    with bouncer.before(cluster, mode) as pooler:
        replicas = make_servers(pooler.url(database))
        token = minting.TokenSource(replicas[0]).make("admin", "team")
        uri = features.LISTS["all"]
        with (
            features.listening(replicas[1].port, token, uri) as heard,
            callers.Caller(replicas[0].port) as caller,
        ):
            caller.add(token, "tea")
            features.updated(heard, uri)
        for one in replicas:
            assert log_of(one).count(LOOKED_FOR) == 1
            assert "database-listen-url" in log_of(one)


def test_sessions_are_listened_through_by_who_asks_for_it(cluster, make_servers):
    database = cluster.make_database()
    with bouncer.before(cluster, "session") as pooler:
        replicas = make_servers(pooler.url(database), MARTLET_DATABASE_CHANGES="listen")
        token = minting.TokenSource(replicas[0]).make("admin", "team")
        uri = features.LISTS["all"]
        with (
            features.listening(replicas[1].port, token, uri) as heard,
            callers.Caller(replicas[0].port) as caller,
        ):
            caller.add(token, "tea")
            features.updated(heard, uri)
        assert LOOKED_FOR not in log_of(replicas[1])


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "unsupported startup parameter: options"),
        ({"ignore_startup_parameters": "options"}, "ALTER ROLE"),
    ],
    ids=["refused", "ignored"],
)
def test_tables_are_not_looked_for_where_pgbouncer_would_have_them(
    cluster, own_server, tmp_path, settings, words
):
    database = cluster.make_database()
    with bouncer.before(cluster, "transaction", **settings) as pooler:
        url = pooler.url(database) + "?options=-csearch_path%3Delsewhere"
        said = refusal(own_server, tmp_path, url, MARTLET_DATABASE_SECONDS="1")
        assert words in said
    made = "SELECT count(*) FROM pg_class WHERE relname = 'martlet_schema'"
    assert cluster.run(made, database) == "0\n"


def test_a_pool_of_statements_is_refused(cluster, own_server, tmp_path):
    with bouncer.before(cluster, "statement") as pooler:
        url = pooler.url(cluster.make_database())
        said = refusal(own_server, tmp_path, url, MARTLET_DATABASE_SECONDS="1")
        assert "transaction blocks not allowed in statement pooling mode" in said
