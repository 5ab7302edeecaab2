"""The audit log as somebody reads it who has the public key and no code of the server."""

import base64
import hashlib
import json
import os
import signal

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

import callers
import messages
import tokens as minting
import waiting

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def verified(path, key: str) -> list[dict]:
    """The lines of a log, every hash and signature of which holds."""
    public = Ed25519PublicKey.from_public_bytes(unpadded(key))
    hashes: dict[str, bytes] = {}
    lines = []
    for line in path.read_bytes().splitlines():
        record = json.loads(line)
        before = hashes.get(record["chain"], bytes(32))
        hashed = line[: line.rindex(b',"hash":"')]
        digest = hashlib.sha256(before + hashed).digest()
        assert unpadded(record["hash"]) == digest, record
        hashes[record["chain"]] = digest
        if "signature" in record:
            public.verify(unpadded(record["signature"]), b"martlet audit log\n" + digest)
        lines.append(record)
    return lines


@pytest.fixture
def audited(own_server, tmp_path):
    """A running server with an audit log, and the key of the log."""
    path = tmp_path / "audit.log"
    server = own_server(environment={"MARTLET_AUDIT_LOG": str(path)})
    server.state.mkdir(parents=True, exist_ok=True)
    made = server.command("audit", "key", "--state-directory", str(server.state))
    assert made.returncode == 0, made.stderr
    return server.start(), path, made.stdout.strip()


def verify(server, path, *options: str):
    return server.command("audit", "verify", str(path), *options)


def test_each_decision_is_a_line_that_anybody_can_verify(audited):
    server, path, key = audited
    tokens = minting.TokenSource(server)
    token = tokens.make("user")
    with callers.Caller(server.port) as caller:
        call = messages.call("add_todo", token, title="a secret plan").having(
            traceparent=f"00-{TRACE}-00f067aa0ba902b7-01"
        )
        assert caller.send(call).status == 200
        reader = tokens.make("readonly")
        assert caller.send(messages.call("add_todo", reader, title="x")).status == 403
        assert caller.send(messages.modern("tools/list", token=None)).status == 401
    server.stop()

    lines = verified(path, key)
    assert lines[0]["n"] == 0 and lines[0]["key"] == key
    assert lines[-1]["checkpoint"] == "end"
    allowed, forbidden, unknown = lines[1:-1]
    assert allowed["decision"] == "allowed" and allowed["name"] == "add_todo"
    assert allowed["trace"] == TRACE
    assert forbidden["decision"] == "refused" and forbidden["reason"] == "role_forbids"
    assert unknown["reason"] == "no_credentials" and "subject" not in unknown
    text = path.read_text()
    assert "secret plan" not in text and token not in text and token.split(".")[2] not in text

    intact = verify(server, path, "--key", key)
    assert intact.returncode == 0, intact.stdout
    assert intact.stdout == "intact: 5 lines, 1 chains, 3 decisions, 0 dropped\n"


def test_what_is_changed_left_out_or_cut_off_is_found(audited, tmp_path):
    server, path, key = audited
    token = minting.TokenSource(server).make("user")
    with callers.Caller(server.port) as caller:
        for number in range(5):
            caller.add(token, f"to-do {number}")
    server.stop()
    lines = path.read_text().splitlines(keepends=True)
    tampered = tmp_path / "tampered.log"

    def found(changed: list[str], status: int = 1) -> str:
        tampered.write_text("".join(changed))
        result = verify(server, tampered, "--key", key)
        assert result.returncode == status, result.stdout
        return result.stdout

    turned = [*lines[:2], lines[2].replace("allowed", "refused"), *lines[3:]]
    assert "line 3 " in found(turned)
    assert "line 3 follows a gap: 1 lines" in found(lines[:2] + lines[3:])
    assert "no closing checkpoint" in found(lines[:-2], status=2)
    assert f"line {len(lines)} is cut off" in found(lines[:-1] + [lines[-1][:-5]], status=2)


def test_a_server_that_was_killed_goes_on_in_the_same_file(audited):
    server, path, key = audited
    token = minting.TokenSource(server).make("user")
    with callers.Caller(server.port) as caller:
        caller.add(token, "before")
    server.kill()
    server.start()
    with callers.Caller(server.port) as caller:
        caller.add(token, "after")
    server.stop()
    lines = verified(path, key)
    assert len({line["chain"] for line in lines}) == 2
    assert verify(server, path, "--key", key).returncode == 2
    result = verify(server, path, "--key", key, "--allow-open-end")
    assert result.returncode == 0, result.stdout
    assert "2 chains" in result.stdout and "no closing checkpoint" in result.stdout


def test_a_disk_that_is_full_refuses_where_decisions_must_be_kept(own_server, tmp_path):
    server = own_server(
        environment={"MARTLET_AUDIT_LOG": "/dev/full", "MARTLET_AUDIT_REQUIRED": "true"}
    )
    with pytest.raises(Exception, match="no space left on device"):
        server.start()


def test_a_log_that_was_renamed_goes_on_in_a_new_file_after_sighup(audited):
    server, path, key = audited
    token = minting.TokenSource(server).make("user")
    old = path.with_suffix(".1")
    with callers.Caller(server.port) as caller:
        caller.add(token, "before")
        path.rename(old)
        os.kill(server.pid, signal.SIGHUP)
        waiting.eventually(lambda: path.exists() and "checkpoint" in old.read_text())
        caller.add(token, "after")
    server.stop()
    first, second = verified(old, key), verified(path, key)
    assert first[-1]["checkpoint"] == "end"
    assert second[0]["after"] == first[-1]["hash"]
    for file in (old, path):
        result = verify(server, file, "--key", key)
        assert result.returncode == 0, result.stdout
        assert "1 decisions" in result.stdout
