"""The authorization server of the tests does what the tests of the resource server rely on."""

import base64
import hashlib
import secrets

import httpx2
import jwt
import pytest
from authorization import AuthorizationServer, ResourceOwner, documents, keys, server

RESOURCE = "https://todos.example/mcp"
CALLBACK = "http://127.0.0.1:1/callback"


@pytest.fixture
def issuer():
    with AuthorizationServer() as issuer:
        yield issuer


@pytest.fixture
def http():
    with httpx2.Client(trust_env=False) as http:
        yield http


class Flow:
    """The authorization code flow by hand, every parameter of which a test may change."""

    def __init__(self, http: httpx2.Client, issuer: AuthorizationServer, **metadata):
        self.http, self.issuer = http, issuer
        self.verifier = secrets.token_urlsafe(48)
        registered = http.post(
            issuer.metadata["registration_endpoint"],
            json={
                "redirect_uris": [CALLBACK],
                "token_endpoint_auth_method": "none",
                "grant_types": ["authorization_code", "refresh_token"],
                **metadata,
            },
        )
        assert registered.status_code == 201, registered.text
        self.registration = registered.json()
        self.client_id = self.registration["client_id"]

    def authorize(self, **changes) -> dict[str, str]:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        parameters = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "scope": "read:todos",
            "state": "here and there",
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "resource": RESOURCE,
            **changes,
        }
        parameters = {name: value for name, value in parameters.items() if value is not None}
        answer = self.http.get(self.issuer.metadata["authorization_endpoint"], params=parameters)
        assert answer.status_code == 302, answer.text
        assert answer.headers["location"].startswith(CALLBACK)
        return server.parameters_of(answer.headers["location"])

    def exchange(self, code: str, **changes) -> httpx2.Response:
        parameters = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": self.verifier,
            "resource": RESOURCE,
            **changes,
        }
        return self.http.post(self.issuer.metadata["token_endpoint"], data=parameters)


def decoded(issuer: AuthorizationServer, http: httpx2.Client, token: str) -> dict:
    """The claims set, verified by PyJWT with the key set that is published."""
    kid = jwt.get_unverified_header(token)["kid"]
    found = [k for k in http.get(issuer.key_set_url).json()["keys"] if k["kid"] == kid]
    [published] = found
    key = jwt.PyJWK(published)
    return jwt.decode(
        token, key, algorithms=[published["alg"]], audience=RESOURCE, issuer=issuer.issuer
    )


@pytest.mark.parametrize("path", ["", "/tenant/one"])
def test_metadata_is_where_both_standards_look_for_it(http, path):
    with AuthorizationServer(path=path) as issuer:
        inserted = http.get(f"{issuer.origin}/.well-known/oauth-authorization-server{path}")
        appended = http.get(f"{issuer.issuer}/.well-known/openid-configuration")
        assert inserted.json() == appended.json()
        assert inserted.json()["issuer"] == issuer.issuer == issuer.origin + path
        assert inserted.json()["code_challenge_methods_supported"] == ["S256"]


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_a_code_is_exchanged_for_an_access_token_of_the_profile(http, algorithm):
    owner = ResourceOwner("grace", {"role": "user"})
    with AuthorizationServer(algorithm=algorithm, owner=owner) as issuer:
        flow = Flow(http, issuer)
        answer = flow.authorize()
        assert answer["iss"] == issuer.issuer
        assert answer["state"] == "here and there"

        exchanged = flow.exchange(answer["code"]).json()
        assert exchanged["scope"] == "read:todos"
        assert exchanged["refresh_token"]
        assert jwt.get_unverified_header(exchanged["access_token"])["typ"] == "at+jwt"
        claims = decoded(issuer, http, exchanged["access_token"])
        assert claims["aud"] == RESOURCE
        assert claims["client_id"] == flow.client_id
        assert claims["sub"] == "grace"
        assert claims["role"] == "user"
        assert claims["scope"] == "read:todos"
        assert {"jti", "iat", "exp"} <= claims.keys()


def test_a_refresh_token_is_good_for_one_more_token(issuer, http):
    flow = Flow(http, issuer)
    first = flow.exchange(flow.authorize()["code"]).json()
    refresh = {
        "grant_type": "refresh_token",
        "client_id": flow.client_id,
        "refresh_token": first["refresh_token"],
    }
    second = http.post(issuer.metadata["token_endpoint"], data=refresh)
    assert second.json()["refresh_token"] != first["refresh_token"]
    assert decoded(issuer, http, second.json()["access_token"])["aud"] == RESOURCE
    again = http.post(issuer.metadata["token_endpoint"], data=refresh)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_a_client_with_a_secret_must_send_it(issuer, http):
    flow = Flow(http, issuer, token_endpoint_auth_method="client_secret_post")
    secret = flow.registration["client_secret"]
    refused = flow.exchange(flow.authorize()["code"], client_secret="x" + secret)
    assert refused.json()["error"] == "invalid_client"
    taken = flow.exchange(flow.authorize()["code"], client_secret=secret)
    assert taken.status_code == 200


REFUSALS = {
    "the verifier is another": ({}, {"code_verifier": "x" * 43}, "invalid_grant"),
    "the redirect URI is another": ({}, {"redirect_uri": CALLBACK + "/x"}, "invalid_grant"),
    "the resource is another": ({}, {"resource": RESOURCE + "/x"}, "invalid_target"),
    "the grant is unheard of": ({}, {"grant_type": "password"}, "unsupported_grant_type"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_token_request_is_refused_when(issuer, http, name):
    authorization, exchange, error = REFUSALS[name]
    flow = Flow(http, issuer)
    answer = flow.exchange(flow.authorize(**authorization)["code"], **exchange)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_a_code_is_good_once(issuer, http):
    flow = Flow(http, issuer)
    code = flow.authorize()["code"]
    assert flow.exchange(code).status_code == 200
    assert flow.exchange(code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "no:such"}, "invalid_scope"),
    ],
    ids=["without PKCE", "with plain PKCE", "for a scope nobody knows"],
)
def test_an_authorization_request_is_refused(issuer, http, changes, error):
    answer = Flow(http, issuer).authorize(**changes)
    assert answer["error"] == error
    assert "code" not in answer


def test_an_owner_may_refuse_or_grant_less_than_was_asked_for(issuer, http):
    flow = Flow(http, issuer)
    issuer.owner = ResourceOwner(scopes=frozenset({"read:todos"}))
    granted = flow.exchange(flow.authorize(scope="read:todos delete:todos")["code"]).json()
    assert granted["scope"] == "read:todos"

    issuer.owner = ResourceOwner(consents=False)
    refused = flow.authorize()
    assert refused["error"] == "access_denied"
    assert refused["iss"] == issuer.issuer


@pytest.mark.parametrize("algorithm", keys.ASYMMETRIC)
def test_a_token_of_every_algorithm_verifies_with_the_published_key(http, algorithm):
    with AuthorizationServer() as issuer:
        issuer.keys.adopt(keys.lasting(algorithm))
        assert decoded(issuer, http, issuer.mint(RESOURCE))["iss"] == issuer.issuer


def test_keys_rotate_with_overlap(issuer, http):
    before = issuer.mint(RESOURCE)
    first = issuer.keys.current
    assert issuer.keys.rotate() is issuer.keys.current is not first
    after = issuer.mint(RESOURCE)
    for token in (before, after):
        assert decoded(issuer, http, token)
    issuer.keys.retire()
    assert first.id not in {k["kid"] for k in http.get(issuer.key_set_url).json()["keys"]}
    assert decoded(issuer, http, after)


def test_an_outage_begins_and_ends_on_command(issuer, http):
    url = issuer.key_set_url
    assert http.get(url).headers["cache-control"] == "max-age=300"
    issuer.go_down()
    with pytest.raises(httpx2.ConnectError):
        http.get(url)
    issuer.come_up()
    assert http.get(url).status_code == 200
    assert issuer.counts[server.KEY_SET] == 2


def test_a_wrong_document_is_served_on_command(issuer, http):
    url = f"{issuer.origin}/.well-known/oauth-authorization-server"
    issuer.replace(server.METADATA, documents.members(issuer="https://evil.example"))
    assert http.get(url).json()["issuer"] == "https://evil.example"
    issuer.replace(server.METADATA, documents.status(503, retry_after="1"))
    assert http.get(url).status_code == 503
    issuer.replace(server.METADATA, documents.huge(3_000_000))
    assert len(http.get(url).content) > 3_000_000
    issuer.replace(server.METADATA, documents.octets(b"<html>", "text/html"))
    assert http.get(url).content == b"<html>"
    issuer.restore(server.METADATA)
    assert http.get(url).json()["issuer"] == issuer.issuer


def test_an_answer_can_be_held_back(issuer, http):
    held = documents.Held()
    issuer.replace(server.KEY_SET, held)
    with pytest.raises(httpx2.ReadTimeout):
        http.get(issuer.key_set_url, timeout=httpx2.Timeout(30, read=0.05))
    assert held.arrived.is_set()
    held.let_go()
    assert http.get(issuer.key_set_url).status_code == 200
