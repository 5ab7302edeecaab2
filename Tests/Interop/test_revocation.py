"""The deny list: what is denied is refused on every loop, tokens remembered there included."""

import json
import time

import jwt
import pytest

import asking
import callers
import server as serving
import tokens as minting
import trust
import waiting

ACCEPTED = asking.Asker.ACCEPTED


class DenyList:
    """The file that an operator writes."""

    def __init__(self, path):
        self.path = path
        self.write()

    def write(self, *entries: dict) -> None:
        """Replaces the list as editors do: at once."""
        written = self.path.with_suffix(".new")
        written.write_text("# Denied.\n" + "".join(json.dumps(e) + "\n" for e in entries))
        written.chmod(0o600)
        written.rename(self.path)


@pytest.fixture
def deny_list(tmp_path):
    return DenyList(tmp_path / "denied.jsonl")


@pytest.fixture
def resource(issuer, server_trusting, deny_list, tmp_path):
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(issuer.keys.document()))
    trusted = trust.entry(issuer, key_files=[str(keys)])
    return server_trusting(trusted, settings={"deny-list-file": str(deny_list.path)})


def connections(server):
    """Connections enough for each of the two loops to have some."""
    return [asking.Asker(server.port) for _ in range(8)]


def statuses(askers, token: str) -> set[int]:
    return {asker.status(token) for asker in askers}


def test_a_token_is_refused_on_every_connection_once_the_list_denies_it(
    issuer, resource, deny_list
):
    now = int(time.time())
    earlier = {
        name: issuer.claims(resource.url, sub=name, iat=now - 100)
        for name in ("token", "subject", "subject until now", "nobody")
    }
    later = {name: issuer.claims(resource.url, sub=name, iat=now) for name in earlier}
    earlier, later = (
        {name: issuer.keys.current.sign(claims) for name, claims in kind.items()}
        for kind in (earlier, later)
    )
    token_id = jwt.decode(earlier["token"], options={"verify_signature": False})["jti"]
    askers = connections(resource)
    # Remembered by every loop, so that the refusals below are not those of a first look.
    for token in (*earlier.values(), *later.values()):
        assert statuses(askers, token) == {ACCEPTED}

    deny_list.write(
        {"iss": issuer.issuer, "jti": token_id},
        {"iss": issuer.issuer, "sub": "subject", "comment": "left the company"},
        {"iss": issuer.issuer, "sub": "subject until now", "issued-before": now},
    )
    waiting.eventually(lambda: statuses(askers, earlier["token"]) == {401})
    assert askers[0].ask(earlier["token"]).challenge["error"] == "invalid_token"
    denied = {earlier[name] for name in ("token", "subject", "subject until now")}
    denied.add(later["subject"])
    for token in (*earlier.values(), *later.values()):
        assert statuses(askers, token) == ({401} if token in denied else {ACCEPTED})

    deny_list.write({"iss": issuer.issuer, "issued-before": now})
    waiting.eventually(lambda: statuses(askers, earlier["nobody"]) == {401})
    # What the list denies no more counts until it is certain that nobody is writing it.
    waiting.eventually(lambda: statuses(askers, later["subject"]) == {ACCEPTED})
    for name in earlier:
        assert statuses(askers, earlier[name]) == {401}
        assert statuses(askers, later[name]) == {ACCEPTED}

    deny_list.write()
    waiting.eventually(lambda: statuses(askers, earlier["nobody"]) == {ACCEPTED})


def test_a_subject_of_another_issuer_is_somebody_else(issuer, resource, deny_list):
    token = issuer.mint(resource.url)
    denied = issuer.mint(resource.url, sub="denied")
    deny_list.write(
        {"iss": "https://other.example", "sub": issuer.owner.subject},
        {"iss": issuer.issuer, "sub": "denied"},
    )
    waiting.eventually(lambda: asking.status(resource, denied) == 401)
    assert asking.status(resource, token) == ACCEPTED


def test_a_list_that_cannot_be_read_leaves_the_last_one_in_force(issuer, resource, deny_list):
    denied = issuer.mint(resource.url, sub="denied")
    deny_list.write({"iss": issuer.issuer, "sub": "denied"})
    waiting.eventually(lambda: asking.status(resource, denied) == 401)
    log = resource.log_tail()
    deny_list.path.write_text('{"iss": "x", "sub": "denied", "unheard-of": 1}\n')
    waiting.eventually(lambda: "line 1" in resource.log_tail().removeprefix(log))
    assert asking.status(resource, denied) == 401
    deny_list.path.unlink()
    assert asking.status(resource, denied) == 401


def test_a_session_ends_with_its_token(issuer, resource, deny_list):
    token = issuer.mint(resource.url, sub="denied")
    with callers.Caller(resource.port) as caller:
        session = callers.LegacySession(caller, token, "2025-11-25")
        assert session.send("tools/list").status == 200
        deny_list.write({"iss": issuer.issuer, "sub": "denied"})
        waiting.eventually(lambda: session.send("tools/list").status == 401)


def test_a_server_does_not_start_without_the_list_it_was_told_of(issuer, own_server, tmp_path):
    missing = {"deny-list-file": str(tmp_path / "missing.jsonl")}
    server = own_server(**trust.options(issuer, settings=missing))
    with pytest.raises(serving.ServerFailure, match="missing.jsonl"):
        server.start()


def test_nothing_of_a_denied_token_is_logged(issuer, resource, deny_list):
    token = issuer.mint(resource.url, sub=minting.fresh("secretive"))
    deny_list.write({"iss": issuer.issuer, "issued-before": int(time.time()) + 60})
    waiting.eventually(lambda: asking.status(resource, token) == 401)
    log = resource.log_tail()
    assert not any(part in log for part in token.split("."))
