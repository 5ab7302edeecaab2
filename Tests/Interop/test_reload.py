"""SIGHUP: keys, policy and deny list are read again, no connection is lost, mistakes change nothing."""

import base64
import json
import pathlib
import time

import jwt
import pytest

import callers
import messages
import server as serving
import tokens as minting
import waiting

POLICY = {
    "roles": {"admin": "*", "user": ["create:todos", "read:todos", "list:tools", "call:tools"]},
}
STRICT = {
    # In another order, with another permission before them.
    "roles": {"clerk": ["list:tools"], "user": ["list:tools", "call:tools"], "admin": "*"},
}
OTHER_SECRET = "another secret of an interoperability test, sixty-four characters"


@pytest.fixture
def policy(tmp_path) -> pathlib.Path:
    path = tmp_path / "policy.json"
    path.write_text(json.dumps(POLICY))
    return path


@pytest.fixture
def secret(tmp_path) -> pathlib.Path:
    path = tmp_path / "jwt.key"
    path.write_text(serving.SECRET)
    path.chmod(0o600)
    return path


@pytest.fixture
def server(own_server, policy, secret):
    return own_server(
        loops=2,
        settings={"policy-file": str(policy), "jwt-secret-file": str(secret)},
        environment={"JWT_SECRET": None},
    ).start()


def say(server, word: str) -> None:
    waiting.eventually(lambda: word in server.log_tail())


def mint(role: str, secret: str = serving.SECRET) -> str:
    now = int(time.time())
    claims = {
        "iss": serving.ISSUER,
        "aud": serving.AUDIENCE,
        "sub": minting.fresh(role),
        "role": role,
        "iat": now,
        "exp": now + 600,
    }
    return jwt.encode(claims, secret, algorithm="HS256")


def test_a_policy_is_replaced_while_connections_stay_open(server, policy):
    held = [callers.Caller(server.port) for _ in range(6)]
    token = mint("user")
    for caller in held:
        caller.add(token, "before")
    policy.write_text(json.dumps(STRICT))
    server.reload()
    say(server, "reloaded: keys, policy, deny list, certificates")
    for caller in held:
        assert caller.send(messages.call("add_todo", token, title="after")).status == 403
        assert caller.send(messages.modern("tools/list", token=token)).status == 200
    policy.write_text(json.dumps(POLICY))
    server.reload()
    waiting.eventually(
        lambda: held[0].send(messages.call("add_todo", token, title="again")).status == 200
    )
    for caller in held:
        caller.add(token, "again")
        caller.connection.close()


def test_a_secret_is_replaced_and_the_old_one_counts_no_longer(server, secret):
    old, new = mint("user"), mint("user", OTHER_SECRET)
    with callers.Caller(server.port) as caller:
        assert caller.send(messages.modern("tools/list", token=old)).status == 200
        assert caller.send(messages.modern("tools/list", token=new)).status == 401
        secret.write_text(OTHER_SECRET)
        server.reload()
        say(server, "reloaded: keys, policy, deny list, certificates")
        assert caller.send(messages.modern("tools/list", token=old)).status == 401
        assert caller.send(messages.modern("tools/list", token=new)).status == 200


def mangled_policy(policy: pathlib.Path, _secret: pathlib.Path) -> str:
    policy.write_text('{"roles": {"user": ["read:todos"')
    return "policy.json"


def policy_of_another_server(policy: pathlib.Path, _secret: pathlib.Path) -> str:
    policy.write_text(json.dumps({**POLICY, "tools": {"delete_everything": []}}))
    return "delete_everything"


def short_secret(_policy: pathlib.Path, secret: pathlib.Path) -> str:
    secret.write_text(base64.b64encode(b"short").decode())
    return "secret"


def readable_secret(_policy: pathlib.Path, secret: pathlib.Path) -> str:
    secret.chmod(0o644)
    return "jwt.key"


def missing_policy(policy: pathlib.Path, _secret: pathlib.Path) -> str:
    policy.unlink()
    return "policy.json"


@pytest.mark.parametrize(
    "spoil",
    [mangled_policy, policy_of_another_server, short_secret, readable_secret, missing_policy],
)
def test_a_file_that_is_wrong_is_told_and_changes_nothing(server, policy, secret, spoil):
    token = mint("user")
    with callers.Caller(server.port) as caller:
        caller.add(token, "before")
        word = spoil(policy, secret)
        server.reload()
        say(server, "not reloaded")
        assert word in server.log_tail()
        assert serving.SECRET not in server.log_tail()
        caller.add(token, "after")
    server.stop()
