"""oidc-provider-mock: discovery of OpenID Connect works, and its ID tokens open nothing."""

import base64

import httpx2
import jwt
import oidc_provider_mock
import pytest

import callers
import messages
import trust

CALLBACK = "http://127.0.0.1:1/callback"


@pytest.fixture
def provider():
    with oidc_provider_mock.run_server_in_thread() as http:
        yield f"http://localhost:{http.server_port}"


def entry(provider: str, **members) -> dict:
    """Its keys do not say for which algorithm they are."""
    return trust.entry(provider, algorithms=["RS256"], **members)


def sign_in(provider: str, client_id: str, **parameters) -> dict:
    """The token response that a person's signing in leads to."""
    with httpx2.Client(trust_env=False, base_url=provider) as http:
        asked = {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": CALLBACK,
            "scope": "openid",
            **parameters,
        }
        signed_in = http.post("/oauth2/authorize", params=asked, data={"sub": "ada"})
        assert signed_in.status_code == 302, signed_in.text
        code = httpx2.URL(signed_in.headers["location"]).params["code"]
        exchanged = http.post(
            "/oauth2/token",
            data={
                "client_id": client_id,
                "client_secret": "any",
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": CALLBACK,
            },
        )
        assert exchanged.status_code == 200, exchanged.text
        return exchanged.json()


def verified(provider: str, token: str, audience: str) -> dict:
    """The claims set, as somebody who wants an ID token would read it."""
    keys = jwt.PyJWKSet.from_dict(httpx2.get(f"{provider}/jwks", trust_env=False).json())
    return jwt.decode(
        token, keys.keys[0], algorithms=["RS256"], audience=audience, issuer=provider
    )


@pytest.mark.parametrize("parameters", [{}, {"nonce": "n-1"}], ids=["", "with a nonce"])
@pytest.mark.parametrize("profile", ["required", "preferred", "ignored"])
def test_an_id_token_is_refused_even_where_it_names_the_resource(
    provider, server_trusting, profile, parameters
):
    resource = server_trusting(entry(provider, profile=profile))
    # The provider lets a client be called as it likes, and an ID token is for its client.
    response = sign_in(provider, resource.url, **parameters)
    assert verified(provider, response["id_token"], resource.url)["sub"] == "ada"

    with callers.Caller(resource.port) as caller:
        refused = caller.send(messages.modern("tools/list", token=response["id_token"]))
    assert refused.status == 401
    assert refused.challenge["error"] == "invalid_token"


def test_the_keys_that_discovery_finds_are_those_of_the_provider(provider, server_trusting):
    """The same ID token forged differs in nothing but what its refusal tells the operator."""
    resource = server_trusting(entry(provider, profile="ignored"))
    token = sign_in(provider, resource.url)["id_token"]
    header, payload, _ = token.split(".")
    forged = f"{header}.{payload}.{base64.urlsafe_b64encode(bytes(256)).decode().rstrip('=')}"
    with callers.Caller(resource.port) as caller:
        genuine = caller.send(messages.modern("tools/list", token=token))
        other = caller.send(messages.modern("tools/list", token=forged))
    assert (genuine.status, other.status) == (401, 401)
    assert genuine.challenge["error_description"] != other.challenge["error_description"]
    assert "signature" in other.challenge["error_description"]


def test_an_opaque_access_token_is_refused(provider, server_trusting):
    resource = server_trusting(entry(provider))
    token = sign_in(provider, "client")["access_token"]
    assert token.count(".") == 0
    with callers.Caller(resource.port) as caller:
        refused = caller.send(messages.modern("tools/list", token=token))
    assert refused.status == 401
