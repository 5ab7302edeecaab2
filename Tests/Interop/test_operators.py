"""What an operator asks of the command line: keys, what is in a token, and what is wrong."""

import json
import time

import jwt
import pytest
from authorization import documents, server
from joserfc import jwk
from joserfc import jwt as joserfc_jwt

import asking
import trust

ACCEPTED = asking.Asker.ACCEPTED


def run(resource, *arguments: str, status: int = 0) -> str:
    """Standard output of a command that ends with this status."""
    done = resource.command(*arguments)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


# martlet keys

ALGORITHMS = ["ES256", "ES384", "ES512", "EdDSA", "RS256", "PS256"]


class SigningKeys:
    """A file of private keys, and tokens that `martlet token` signs with them."""

    def __init__(self, martlet, path, audience: str):
        self.martlet, self.path, self.audience = martlet, path, audience

    @property
    def exported(self) -> dict:
        return json.loads(run(self.martlet, "keys", "export", "--file", str(self.path)))

    def token(self, algorithm: str) -> str:
        signed = ["--key-file", str(self.path), "--algorithm", algorithm, "--role", "user"]
        signed += ["--audience", self.audience]
        return run(self.martlet, "token", *signed, *self.martlet.arguments).strip()


@pytest.fixture
def martlet(own_server):
    return own_server("maker")


@pytest.fixture
def signing_keys(martlet, tmp_path):
    path = tmp_path / "signing-keys.json"
    named = [word for name in ALGORITHMS for word in ("--algorithm", name)]
    run(martlet, "keys", "generate", *named, "--output", str(path))
    return SigningKeys(martlet, path, martlet.environment["JWT_AUDIENCE"])


def verified_by_others(keys: SigningKeys, token: str, algorithm: str) -> dict:
    """The claims set, to PyJWT and to joserfc alike."""
    exported = keys.exported
    kid = jwt.get_unverified_header(token)["kid"]
    [key] = [key for key in exported["keys"] if key["kid"] == kid]
    claims = jwt.decode(token, jwt.PyJWK(key), algorithms=[algorithm], audience=keys.audience)
    decoded = joserfc_jwt.decode(token, jwk.KeySet.import_key_set(exported), [algorithm])
    assert decoded.claims == claims
    return claims


def test_others_verify_what_keys_of_every_kind_signed(signing_keys):
    assert signing_keys.path.stat().st_mode & 0o077 == 0
    assert not {"d", "p", "q", "k"} & {name for k in signing_keys.exported["keys"] for name in k}
    for algorithm in ALGORITHMS:
        token = signing_keys.token(algorithm)
        assert verified_by_others(signing_keys, token, algorithm)["role"] == "user"


def test_tokens_outlive_the_rotation_of_their_keys(signing_keys, martlet):
    before = signing_keys.token("ES256")
    run(martlet, "keys", "rotate", "--file", str(signing_keys.path), "--overlap", "1h")
    after = signing_keys.token("ES256")
    assert jwt.get_unverified_header(before)["kid"] != jwt.get_unverified_header(after)["kid"]
    for token in (before, after):
        assert verified_by_others(signing_keys, token, "ES256")


def test_a_server_accepts_the_keys_that_were_exported(
    signing_keys, martlet, server_trusting, tmp_path
):
    path = tmp_path / "exported.json"
    path.write_text(json.dumps(signing_keys.exported))
    resource = server_trusting(
        trust.entry(
            martlet.environment["JWT_ISSUER"],
            key_files=[str(path)],
            audiences=[signing_keys.audience],
        )
    )
    for algorithm in ALGORITHMS:
        assert asking.status(resource, signing_keys.token(algorithm)) == ACCEPTED, algorithm


# martlet token inspect


def inspect(resource, tmp_path, token: str, *options: str, status: int) -> str:
    path = tmp_path / "token"
    path.write_text(token + "\n")
    arguments = ["token", "inspect", "--token-file", str(path), *options, *resource.arguments]
    report = run(resource, *arguments, status=status)
    assert token.rpartition(".")[2] not in report, "a report may be passed on"
    return report


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"exp": 1_000_000_000}, "expired"),
        ({"nbf": 2**33}, "not valid before"),
        ({"aud": "https://other.example"}, "aud"),
        ({"iss": "https://other.example"}, "iss"),
        ({"sub": None}, "sub"),
    ],
    ids=str,
)
def test_an_inspection_says_why_a_token_would_be_refused(
    martlet, tmp_path, changes, reason
):
    claims = {
        "iss": martlet.environment["JWT_ISSUER"],
        "aud": martlet.environment["JWT_AUDIENCE"],
        "sub": "ada",
        "exp": int(time.time()) + 3600,
        "role": "user",
    }
    good = jwt.encode(claims, martlet.environment["JWT_SECRET"])
    assert "accepted" in inspect(martlet, tmp_path, good, status=0)

    changed = {name: v for name, v in {**claims, **changes}.items() if v is not None}
    bad = jwt.encode(changed, martlet.environment["JWT_SECRET"])
    report = inspect(martlet, tmp_path, bad, status=1)
    [verdict] = [line for line in report.splitlines() if line.startswith("refused with 401")]
    assert reason in verdict


def test_an_inspection_asks_nobody_for_keys(issuer, server_trusting, tmp_path):
    resource = server_trusting(issuer)
    token = issuer.mint(resource.url)
    assert asking.settled_status(resource, token) == ACCEPTED
    asked = issuer.counts.copy()
    public = ["--public-url", resource.url]
    assert "not decided" in inspect(resource, tmp_path, token, *public, status=1)
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(issuer.keys.document()))
    known = inspect(resource, tmp_path, token, *public, "--key-set", str(path), status=0)
    assert "accepted" in known
    assert issuer.counts == asked


# martlet doctor


def examine(resource, tmp_path, token: str | None = None, *, status: int) -> list[dict]:
    options = []
    if token is not None:
        path = tmp_path / "token"
        path.write_text(token)
        options = ["--token-file", str(path)]
    output = run(resource, "doctor", resource.url, "--json", *options, status=status)
    return json.loads(output)["findings"]


def test_the_doctor_finds_nothing_wrong_with_what_clients_get_along_with(
    issuer, server_trusting, tmp_path
):
    resource = server_trusting(issuer)
    token = issuer.mint(resource.url)
    assert asking.settled_status(resource, token) == ACCEPTED
    findings = examine(resource, tmp_path, token, status=0)
    assert {finding["grade"] for finding in findings} <= {"ok", "warn"}
    steps = {finding["step"] for finding in findings}
    assert {"challenge", "metadata", "issuer", "key set", "token", "tools/list"} <= steps


ILLNESSES = {
    "the issuer is down": (lambda issuer: issuer.go_down(), "issuer"),
    "the metadata is another's": (
        lambda issuer: issuer.replace(server.METADATA, documents.members(issuer="https://x")),
        "issuer",
    ),
    "the key set is gone": (
        lambda issuer: issuer.replace(server.KEY_SET, documents.status(404)),
        "key set",
    ),
    "the key set is no JSON": (
        lambda issuer: issuer.replace(server.KEY_SET, documents.octets(b"<html>", "text/html")),
        "key set",
    ),
    "the key is not published": (lambda issuer: issuer.keys.withdraw_current(), "token"),
}


@pytest.mark.parametrize("name", ILLNESSES)
def test_the_doctor_names_the_first_thing_that_is_wrong(issuer, server_trusting, tmp_path, name):
    fall_ill, step = ILLNESSES[name]
    resource = server_trusting(issuer)
    token = issuer.mint(resource.url)
    assert asking.settled_status(resource, token) == ACCEPTED
    fall_ill(issuer)
    findings = examine(resource, tmp_path, token, status=1)
    assert findings[-1]["grade"] == "fail"
    assert findings[-1]["step"] == step
    assert findings[-1]["remedy"]


@pytest.mark.parametrize(
    "changes",
    [{"exp": 1_000_000_000}, {"aud": "https://other.example"}, {"iss": "https://other.example"}],
    ids=str,
)
def test_the_doctor_never_sends_a_token_that_is_wrong(issuer, server_trusting, tmp_path, changes):
    resource = server_trusting(issuer)
    assert asking.settled_status(resource, issuer.mint(resource.url)) == ACCEPTED
    token = issuer.mint(resource.url, **changes)
    findings = examine(resource, tmp_path, token, status=1)
    assert findings[-1]["step"] == "token"
    assert "tools/list" not in {finding["step"] for finding in findings}
