"""API keys: for services that cannot do OAuth, made and revoked by `martlet apikey`."""

import json
import re

import pytest

import callers
import messages
import server as serving
import todos
import waiting


class Keys:
    """The file of keys, and the command that writes it."""

    def __init__(self, server: serving.Server, path):
        self.path = path
        self._server = server

    def run(self, *arguments: str) -> str:
        place = ["--api-keys-file", str(self.path)]
        done = self._server.command("apikey", *arguments, *place)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def create(self, name: str, role: str, *options: str) -> str:
        key = self.run("create", "--name", name, "--role", role, *options).splitlines()[-1]
        assert re.fullmatch(r"[\x21-\x7e]{20,}", key), key
        return key

    @property
    def recorded(self) -> list[dict]:
        return json.loads(self.path.read_text())["keys"]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "keys.json"


@pytest.fixture
def keys(own_server, path):
    return Keys(own_server("maker"), path)


@pytest.fixture
def start(own_server, path):
    return lambda: own_server(settings={"api-keys-file": str(path)}).start()


def send(server: serving.Server, key: str | None, message: messages.Message, **fields):
    if key is not None:
        message = messages.Message({**message.fields, "X-API-Key": key}, message.body)
    message = messages.Message({**message.fields, **fields}, message.body)
    with callers.Caller(server.port) as caller:
        return caller.send(message)


@pytest.mark.parametrize("role", todos.ROLES)
def test_a_key_is_somebody_with_a_role(keys, start, role):
    key = keys.create("nightly", role, "--workspace", "nightly")
    server = start()
    listed = send(server, key, messages.modern("tools/list", token=None))
    assert listed.status == 200
    assert {tool["name"] for tool in listed.result["tools"]} == todos.MAY_CALL[role]
    added = send(server, key, messages.call("add_todo", None, title="by a service"))
    assert added.status == (200 if "add_todo" in todos.MAY_CALL[role] else 403)


def test_a_key_that_was_revoked_is_refused_while_the_server_runs(keys, start):
    kept, revoked = keys.create("kept", "user"), keys.create("revoked", "user")
    server = start()
    message = messages.modern("tools/list", token=None)
    assert {send(server, key, message).status for key in (kept, revoked)} == {200}
    [record] = [record for record in keys.recorded if record["name"] == "revoked"]
    keys.run("revoke", record["id"])
    waiting.eventually(lambda: send(server, revoked, message).status == 401)
    assert send(server, revoked, message).challenge["error"] == "invalid_token"
    assert send(server, kept, message).status == 200


def test_a_key_that_was_made_later_is_accepted_while_the_server_runs(keys, start):
    keys.create("first", "user")
    server = start()
    later = keys.create("later", "user")
    message = messages.modern("tools/list", token=None)
    waiting.eventually(lambda: send(server, later, message).status == 200)


def test_the_file_holds_no_key(keys):
    key = keys.create("nightly", "user")
    assert key not in keys.path.read_text()
    assert keys.path.stat().st_mode & 0o077 == 0
    assert [record["name"] for record in keys.recorded] == ["nightly"]
    assert "nightly" in keys.run("list")
    assert key not in keys.run("list")


def test_a_key_that_is_none_and_two_credentials_are_invalid_requests(keys, start):
    key = keys.create("nightly", "user")
    server = start()
    message = messages.modern("tools/list", token=None)
    mistyped = key[:-1] + ("A" if key[-1] != "A" else "B")
    for wrong in (mistyped, key[:-1], "", "a key"):
        assert send(server, wrong, message).status == 400, wrong
    both = messages.modern("tools/list", token=server.token("user"))
    assert send(server, key, both).status == 400
    assert send(server, None, both).status == 200


def test_a_key_opens_nothing_where_keys_are_switched_off(keys, own_server):
    key = keys.create("nightly", "user")
    server = own_server("without").start()
    assert send(server, key, messages.modern("tools/list", token=None)).status == 401
