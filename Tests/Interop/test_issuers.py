"""Several issuers, their keys and where these come from."""

import json

import pytest
from authorization import ResourceOwner, documents, keys, server

import asking
import callers
import todos
import trust
import waiting

ACCEPTED = asking.Asker.ACCEPTED

# Several unknown keys are looked for, one after the other.
SHORT_COOL_DOWN = {"MARTLET_KEY_COOL_DOWN_SECONDS": "1"}


@pytest.mark.parametrize("served", [server.METADATA, server.OPENID])
@pytest.mark.parametrize("path", ["", "/tenants/7"])
def test_discovery_finds_the_metadata_where_either_standard_has_it(
    make_issuer, server_trusting, served, path
):
    issuer = make_issuer(path=path, served=[served])
    resource = server_trusting(issuer)
    assert asking.settled_status(resource, issuer.mint(resource.url)) == ACCEPTED
    assert issuer.counts[served] >= 1
    assert issuer.counts[server.KEY_SET] == 1


@pytest.mark.parametrize(
    "replacement",
    [
        pytest.param(documents.members(issuer="https://evil.example"), id="another issuer"),
        pytest.param(documents.members(issuer=None), id="no issuer"),
        pytest.param(documents.members(jwks_uri=None), id="no key set"),
        pytest.param(documents.members(jwks_uri="http://192.0.2.1/keys"), id="plain http"),
        pytest.param(documents.members(jwks_uri="file:///etc/passwd"), id="a file"),
        pytest.param(documents.octets(b"{"), id="no JSON"),
        pytest.param(documents.status(500), id="status 500"),
        pytest.param(documents.huge(8 * 1024 * 1024), id="eight megabytes"),
        pytest.param(documents.redirect("http://192.0.2.1/"), id="a redirection to plain http"),
    ],
)
def test_metadata_that_is_wrong_is_no_reason_to_blame_the_token(
    issuer, server_trusting, replacement
):
    for name in (server.METADATA, server.OPENID):
        issuer.replace(name, replacement)
    resource = server_trusting(issuer)
    token = issuer.mint(resource.url)
    waiting.eventually(lambda: issuer.counts[server.METADATA] + issuer.counts[server.OPENID])
    with asking.Asker(resource.port) as asker:
        response = asker.ask(token)
    assert response.status == 503
    assert int(response.field("retry-after")) >= 1
    assert issuer.counts[server.KEY_SET] == 0


def test_several_issuers_are_trusted_each_with_its_own_keys(make_issuer, server_trusting):
    issuers = [make_issuer(algorithm=name) for name in ("ES256", "RS256", "EdDSA")]
    resource = server_trusting(*issuers, environment=SHORT_COOL_DOWN)
    for issuer in issuers:
        assert asking.settled_status(resource, issuer.mint(resource.url)) == ACCEPTED
    for issuer in issuers:
        for other in issuers:
            forged = issuer.mint(resource.url, iss=other.issuer)
            wanted = ACCEPTED if other is issuer else 401
            assert asking.settled_status(resource, forged) == wanted
    untrusted = make_issuer()
    assert asking.status(resource, untrusted.mint(resource.url)) == 401


def test_the_same_subject_of_two_issuers_is_two_people(make_issuer, server_trusting):
    issuers = [make_issuer(owner=ResourceOwner("ada")) for _ in range(2)]
    resource = server_trusting(*issuers)
    for issuer in issuers:
        assert asking.settled_status(resource, issuer.mint(resource.url)) == ACCEPTED
    with callers.Caller(resource.port) as caller:
        for number, issuer in enumerate(issuers):
            caller.add(issuer.mint(resource.url), f"of {number}")
        for number, issuer in enumerate(issuers):
            found = caller.list_all(issuer.mint(resource.url))
            assert [todo["title"] for todo in found] == [f"of {number}"]


def test_one_member_of_aud_must_be_the_canonical_uri_exactly(issuer, server_trusting):
    resource = server_trusting(issuer)
    good = resource.url
    assert asking.settled_status(resource, issuer.mint(good)) == ACCEPTED
    with asking.Asker(resource.port) as asker:
        for audience in (good, [good], ["https://other.example", good]):
            assert asker.status(issuer.mint(audience)) == ACCEPTED, audience
        near = [good + "/", good[:-1], good.upper(), good.replace("127.0.0.1", "localhost")]
        for audience in (*near, ["https://other.example"], [], [[good]], "*"):
            assert asker.status(issuer.mint(audience)) == 401, audience


def test_audiences_of_an_issuer_replace_the_canonical_uri(issuer, server_trusting):
    resource = server_trusting(trust.entry(issuer, audiences=["api://todos", "urn:todos"]))
    assert asking.settled_status(resource, issuer.mint("api://todos")) == ACCEPTED
    assert asking.status(resource, issuer.mint("urn:todos")) == ACCEPTED
    assert asking.status(resource, issuer.mint(resource.url)) == 401


def mint_of_kind(issuer, resource, kind: str) -> str:
    """A token whose likeness to RFC 9068 is as the kind says."""
    claims = issuer.claims(resource.url)
    if kind == "not typed":
        return issuer.keys.current.sign(claims, typ=None)
    if kind == "typed as any JWT":
        return issuer.keys.current.sign(claims, typ="JWT")
    if kind != "of the profile":
        del claims[kind.removeprefix("without ")]
    return issuer.keys.current.sign(claims)


@pytest.mark.parametrize(
    ("profile", "accepted"),
    [
        ("required", {"of the profile"}),
        ("preferred", {"of the profile", "not typed", "typed as any JWT"}),
        (
            "ignored",
            {"of the profile", "not typed", "typed as any JWT", "without client_id"}
            | {"without jti", "without iat"},
        ),
    ],
)
def test_the_profile_of_rfc_9068_is_required_preferred_or_ignored(
    issuer, server_trusting, profile, accepted
):
    resource = server_trusting(trust.entry(issuer, profile=profile))
    assert asking.settled_status(resource, issuer.mint(resource.url)) == ACCEPTED
    kinds = ["of the profile", "not typed", "typed as any JWT"]
    kinds += ["without client_id", "without jti", "without iat"]
    with asking.Asker(resource.port) as asker:
        found = {k for k in kinds if asker.status(mint_of_kind(issuer, resource, k)) == ACCEPTED}
    assert found == accepted


def written(tmp_path, name: str, content: bytes | dict) -> str:
    path = tmp_path / name
    path.touch(mode=0o600)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return str(path)


@pytest.mark.parametrize("form", ["pem", "private pem", "jwk", "jwk set"])
def test_keys_of_every_algorithm_come_from_files(tmp_path, server_trusting, form):
    made = [keys.lasting(algorithm) for algorithm in keys.ASYMMETRIC]
    if form == "jwk set":
        files = [written(tmp_path, "keys.json", {"keys": [key.public for key in made]})]
    elif form == "jwk":
        files = [written(tmp_path, f"{key.id}.json", key.public) for key in made]
    else:
        files = []
        for key in made:
            pem = key.public_pem if form == "pem" else key.private_pem
            path = written(tmp_path, f"{key.id}.pem", pem)
            files.append({"path": path, "algorithm": key.algorithm, "kid": key.id})
    name = "https://files.example"
    resource = server_trusting(trust.entry(name, key_files=files, profile="ignored"))
    claims = {"iss": name, "sub": "ada", "aud": resource.url, "exp": 2**32}
    with asking.Asker(resource.port) as asker:
        for key in made:
            assert asker.status(key.sign(claims)) == ACCEPTED, key.algorithm
            stranger = keys.SigningKey.make(key.algorithm, key.id)
            assert asker.status(stranger.sign(claims)) == 401, key.algorithm


def test_a_secret_comes_from_a_file(tmp_path, server_trusting):
    key = keys.SigningKey.make("HS512")
    secret = key.private["k"]
    path = written(tmp_path, "secret", secret.encode())
    resource = server_trusting(
        trust.entry("https://secret.example", secret_file=path, algorithms=["HS512"])
    )
    signer = keys.SigningKey("HS512", keys.jwk.OctKey.import_key(secret.encode()))
    claims = {"iss": "https://secret.example", "sub": "ada", "aud": resource.url, "exp": 2**32}
    assert asking.status(resource, signer.sign(claims, typ="JWT")) == ACCEPTED
    assert asking.status(resource, key.sign(claims, typ="JWT")) == 401


def test_keys_of_a_set_that_cannot_be_used_are_skipped_and_the_others_count(
    issuer, server_trusting
):
    good = issuer.keys.current.public
    short = keys.SigningKey("RS256", keys.jwk.RSAKey.generate_key(1024, auto_kid=False), "short")
    secret = keys.SigningKey.make("HS256", "secret")
    unusable = [
        {"kty": "unheard of", "kid": "a"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "b", "alg": "ES256"},
        {**good, "kid": "c", "use": "enc"},
        {**good, "kid": "d", "alg": "ES512"},
        {"kty": "RSA", "kid": "e"},
        short.public,
        secret.private,
    ]
    issuer.replace(
        server.KEY_SET, documents.octets(json.dumps({"keys": [*unusable, good]}).encode())
    )
    resource = server_trusting(issuer, environment=SHORT_COOL_DOWN)
    assert asking.settled_status(resource, issuer.mint(resource.url)) == ACCEPTED
    claims = issuer.claims(resource.url)
    for signed in (short.sign(claims), secret.sign(claims)):
        assert asking.settled_status(resource, signed) == 401
    for name in ("c", "d"):
        signed = issuer.keys.current.sign(claims, kid=name)
        assert asking.settled_status(resource, signed) == 401
    log = resource.log_tail()
    assert "short" in log or "2048" in log, log


def test_claims_are_mapped_as_the_settings_say(issuer, server_trusting):
    resource = server_trusting(
        trust.entry(
            issuer,
            roles_claims=["realm_access.roles"],
            role_names={"reader": ["readonly"], "writer": ["admin"]},
            scope_claims=["scp"],
            workspace={"claim": "tenant", "names": {"prefix": "t-"}},
        )
    )

    def tools(**claims) -> set[str] | int:
        token = issuer.mint(resource.url, scope=None, **claims)
        with callers.Caller(resource.port) as caller:
            response = caller.send(callers.messages.modern("tools/list", token=token))
        if response.status != 200:
            return response.status
        return {tool["name"] for tool in response.result["tools"]}

    tenant = {"tenant": "t-1"}
    asking.settled_status(resource, issuer.mint(resource.url, **tenant))
    assert tools(realm_access={"roles": ["reader"]}, **tenant) == todos.MAY_CALL["readonly"]
    assert tools(realm_access={"roles": ["writer"]}, **tenant) == todos.MAY_CALL["admin"]
    assert tools(scp=["read:todos", "list:tools", "call:tools"], **tenant) == {"list_todos"}
    for wrong in ({"tenant": "other"}, {}):
        assert tools(realm_access={"roles": ["writer"]}, **wrong) == 403
