"""To-dos moved from SQLite to PostgreSQL and back, between servers that serve them."""

import json
import os
import pathlib
import subprocess

import pytest

import callers
import postgres
import server as serving
import tokens as minting

TITLES = ["tea", 'with "quotes" \\ and back', "e\u0301 \U0001f9d1\u200d\U0001f680", "é" * 255]


def martlet(*arguments: str | pathlib.Path, url: str | None = None) -> str:
    """What a command says on standard error, once it has ended with 0."""
    # A URL with a password is for the environment.
    environment = {**os.environ, **({"MARTLET_DATABASE": url} if url else {})}
    command = [serving.binary(), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stderr


def fill(server: serving.Server, workspaces: list[str]) -> None:
    """Adds to-dos, of which one is completed and one deleted: the last."""
    tokens = minting.TokenSource(server)
    with callers.Caller(server.port) as caller:
        for workspace in workspaces:
            token = tokens.make("admin", workspace)
            ids = [caller.add(token, title)["id"] for title in [*TITLES, "to be deleted"]]
            caller.call("complete_todo", token, id=ids[1])
            caller.call("delete_todo", token, id=ids[-1])


def served(server: serving.Server, workspace: str) -> list[dict]:
    with callers.Caller(server.port) as caller:
        return caller.list_all(minting.TokenSource(server).make("user", workspace))


def test_todos_move_from_sqlite_to_postgresql_and_back_unchanged(cluster, own_server, tmp_path):
    workspaces = ["engines", "Wings"]
    first = own_server("first").start()
    fill(first, workspaces)
    lists = {workspace: served(first, workspace) for workspace in workspaces}
    first.stop()

    out = tmp_path / "out.jsonl"
    martlet("export", "--state-directory", first.state, "--output", out)
    kinds = [sorted(json.loads(line)) for line in out.read_text().splitlines()]
    assert kinds[0] == ["format", "version"] and kinds[-1] == ["end", "todos"]
    assert len(kinds) == 2 + len(workspaces) * (len(TITLES) + 1)

    url = cluster.make_schema()
    assert "8 added" in martlet("import", "--input", out, url=url)
    [second] = postgres.make_replicas(own_server, tmp_path, url, count=1)
    second.start()
    assert {workspace: served(second, workspace) for workspace in workspaces} == lists

    # While a server serves: what it has is exported, and importing adds nothing.
    back = tmp_path / "back.jsonl"
    martlet("export", "--output", back, url=url)
    assert back.read_bytes() == out.read_bytes()
    assert "0 added, 8 there already" in martlet("import", "--input", out, url=url)

    # The id of the to-do that was deleted is not given again, wherever its workspace goes.
    with callers.Caller(second.port) as caller:
        token = minting.TokenSource(second).make("admin", "engines")
        assert caller.add(token, "one more")["id"] == len(TITLES) + 2
    martlet("export", "--output", back, url=url)
    database = tmp_path / "third" / "todos.db"
    database.parent.mkdir()
    martlet("import", "--input", back, "--database", f"sqlite:{database}")
    third = own_server("third").start()
    assert served(third, "Wings") == lists["Wings"]
    assert served(third, "engines")[:-1] == lists["engines"]
    assert served(third, "engines")[-1]["title"] == "one more"


def test_servers_that_run_hear_of_what_is_imported(cluster, own_server, tmp_path):
    url = cluster.make_schema()
    [server] = postgres.make_replicas(own_server, tmp_path, url, count=1)
    server.start()
    assert served(server, "engines") == []
    todo = {"workspace": "engines", "title": "tea"}
    archive = tmp_path / "list.jsonl"
    archive.write_text(json.dumps(todo) + "\n")
    martlet("import", "--new-ids", "--input", archive, url=url)
    martlet("import", "--new-ids", "--input", archive, url=url)
    [found] = served(server, "engines")
    assert found["title"] == "tea" and found["created_by"] == "import"
