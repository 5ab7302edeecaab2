"""Credentials over the wire: RFC 6750, RFC 9728 and RFC 8725."""

import json
import time

import pytest

import callers
import messages
import tokens as minting
import wire

WRONG_SECRET = "another secret of the right length, which is sixty-four letters."


def tools_list(token: str | None) -> messages.Message:
    return messages.modern("tools/list", token=token)


BAD_TOKENS = {
    "expired": lambda t: t.make(exp=int(time.time()) - 3600),
    "expired before the epoch": lambda t: t.make(exp=-1),
    "not yet valid": lambda t: t.make(nbf=int(time.time()) + 3600),
    "without exp": lambda t: t.make(exp=None),
    "without sub": lambda t: t.sign({n: v for n, v in t.claims().items() if n != "sub"}),
    "without an issuer": lambda t: t.make(iss=None),
    "without an audience": lambda t: t.make(aud=None),
    "of another issuer": lambda t: t.make(iss="https://issuer.example.attacker.example"),
    "of an issuer that differs in case": lambda t: t.make(iss="https://ISSUER.example"),
    "of an issuer with a slash more": lambda t: t.make(iss="https://issuer.example/"),
    "for another audience": lambda t: t.make(aud="https://other.example/mcp"),
    "for a longer audience": lambda t: t.make(aud="https://todos.example/mcp/more"),
    "for nobody": lambda t: t.make(aud=[]),
    "signed with another secret": lambda t: t.sign(t.claims(), secret=WRONG_SECRET),
    "with one bit of the signature changed": lambda t: (
        minting.with_last_signature_bit_changed(t.make())
    ),
    "signed with HS512": lambda t: t.sign(t.claims(), algorithm="HS512"),
    "signed with HS384": lambda t: t.sign(t.claims(), algorithm="HS384"),
    "unsigned": lambda t: t.unsigned(t.claims()),
    "unsigned in capitals": lambda t: t.unsigned(t.claims(), "None"),
    "without its signature": lambda t: t.make().rpartition(".")[0] + ".",
    "of one part": lambda t: "abc",
    "of four parts": lambda t: t.make() + ".abc",
    "with a critical extension": lambda t: t.sign(
        t.claims(), jose_fields={"crit": ["x"], "x": 1}
    ),
}


@pytest.mark.parametrize("name", BAD_TOKENS)
def test_a_token_that_is_wrong_in_one_way_is_answered_with_invalid_token(caller, tokens, name):
    response = caller.send(tools_list(BAD_TOKENS[name](tokens)))

    assert response.status == 401
    assert response.challenge["error"] == "invalid_token"
    assert response.challenge["error_description"]
    assert "/.well-known/oauth-protected-resource" in response.challenge["resource_metadata"]


@pytest.mark.parametrize("name", BAD_TOKENS)
def test_a_token_that_is_wrong_in_one_way_is_refused_by_the_legacy_protocol_too(
    caller, tokens, name
):
    token = BAD_TOKENS[name](tokens)
    response = caller.send(messages.initialize("2025-11-25", token=token))

    assert response.status == 401
    assert response.challenge["error"] == "invalid_token"


def test_a_challenge_does_not_repeat_the_token(caller, tokens):
    token = tokens.make(exp=int(time.time()) - 3600)
    response = caller.send(tools_list(token))

    sent = b"".join(f"{n}: {v}\n".encode() for n, v in response.fields) + response.body
    for part in token.split("."):
        assert part.encode() not in sent


def test_a_request_without_credentials_is_challenged_without_an_error(caller):
    response = caller.send(tools_list(None))

    assert response.status == 401
    assert "error" not in response.challenge
    assert response.challenge["scope"]
    assert "/.well-known/oauth-protected-resource" in response.challenge["resource_metadata"]


@pytest.mark.parametrize(
    "value", ["Bearer", "Bearer ", "Bearer a b", "Bearer a,b", "Bearer ü", "Bearer \"a\""]
)
def test_malformed_credentials_are_an_invalid_request(server, value):
    message = tools_list(None).having(authorization=value)
    with callers.Caller(server.port) as caller:
        response = caller.send(message)

    assert response.status == 400
    assert response.challenge["error"] == "invalid_request"


def test_a_token_in_the_query_is_an_invalid_request(server, tokens):
    token = tokens.make()
    message = tools_list(None)
    with wire.Connection(server.port, wire.fresh_source_address()) as connection:
        response = connection.exchange(
            wire.request(
                list(message.fields.items()),
                message.octets,
                target=f"/mcp?access_token={token}",
            )
        )

    assert response.status == 400
    assert response.challenge["error"] == "invalid_request"


def test_two_authorization_fields_are_refused(server, tokens):
    token = tokens.make()
    message = tools_list(token)
    with wire.Connection(server.port, wire.fresh_source_address()) as connection:
        response = connection.exchange(
            wire.request(
                [*message.fields.items(), ("Authorization", f"Bearer {token}")], message.octets
            )
        )

    assert response.status == 400


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer"])
def test_the_scheme_is_compared_without_regard_to_case(caller, tokens, scheme):
    message = tools_list(None).having(authorization=f"{scheme} {tokens.make()}")
    assert caller.send(message).status == 200


def test_an_audience_among_several_is_enough(server, caller, tokens):
    audience = server.environment["JWT_AUDIENCE"]
    token = tokens.make(aud=["https://other.example", audience])
    assert caller.send(tools_list(token)).status == 200


def test_a_token_is_valid_after_a_failure_on_the_same_connection(caller, tokens):
    assert caller.send(tools_list("abc")).status == 401
    assert caller.send(tools_list(tokens.make())).status == 200


def test_a_token_seen_before_is_refused_once_it_has_expired_for_another(caller, tokens):
    """What is remembered of one token must not vouch for one that differs in a claim."""
    claims = tokens.claims()
    assert caller.send(tools_list(tokens.sign(claims))).status == 200

    claims["exp"] = int(time.time()) - 3600
    assert caller.send(tools_list(tokens.sign(claims))).status == 401


def test_a_role_that_forbids_is_refused_without_a_challenge_to_step_up(caller, tokens):
    response = caller.send(messages.call("add_todo", tokens.make("readonly"), title="x"))

    assert response.status == 403
    challenge = response.field("www-authenticate")
    assert challenge is None or "insufficient_scope" not in challenge


def test_a_scope_that_is_too_narrow_is_told_all_that_the_call_needs(caller, tokens):
    token = tokens.make("admin", scope="read:todos list:tools call:tools")
    response = caller.send(messages.call("add_todo", token, title="x"))

    assert response.status == 403
    assert response.challenge["error"] == "insufficient_scope"
    assert set(response.challenge["scope"].split()) == {"call:tools", "create:todos"}
    assert response.challenge["resource_metadata"]


def test_a_scope_that_names_no_known_permission_takes_nothing_away(caller, tokens):
    token = tokens.make("admin", scope="openid profile")
    assert caller.add(token, "x")["title"] == "x"


def test_a_role_nobody_knows_may_do_nothing(caller, tokens):
    claims = tokens.claims("readonly")
    renamed = json.loads(json.dumps(claims).replace('"readonly"', '"nobody"'))
    assert renamed != claims
    assert caller.send(tools_list(tokens.sign(renamed))).status == 403


def test_a_refused_call_leaves_no_todo(caller, tokens):
    workspace = minting.fresh("workspace")
    refused = messages.call("add_todo", tokens.make("readonly", workspace), title="x")
    assert caller.send(refused).status == 403
    assert caller.list_all(tokens.make("admin", workspace)) == []


def test_a_refusal_reads_past_the_body_and_keeps_the_connection(caller, tokens):
    token = tokens.make("readonly")
    for _ in range(3):
        refused = messages.call("add_todo", token, title="x" * 40_000)
        assert caller.send(refused).status == 403
        assert caller.send(tools_list(token)).status == 200


def test_the_answer_to_a_refused_megabyte_can_be_read(caller, tokens):
    refused = messages.call("add_todo", tokens.make("readonly"), title="x" * 1_000_000)
    assert caller.send(refused).status == 403


def test_an_expectation_is_answered_with_the_refusal_alone(server, tokens):
    message = messages.call("add_todo", tokens.make("readonly"), title="x")
    fields = [*message.fields.items(), ("Expect", "100-continue")]
    whole = wire.request(fields, message.octets)
    with wire.Connection(server.port) as connection:
        connection.send(whole[: whole.index(b"\r\n\r\n") + 4])
        assert connection.receive().status == 403


def test_an_expectation_of_an_allowed_request_is_met(server, tokens):
    message = messages.call("add_todo", tokens.make(), title="x")
    fields = [*message.fields.items(), ("Expect", "100-continue")]
    whole = wire.request(fields, message.octets)
    head_end = whole.index(b"\r\n\r\n") + 4
    with wire.Connection(server.port) as connection:
        connection.send(whole[:head_end])
        assert connection.receive().status == 100
        connection.send(whole[head_end:])
        assert connection.receive().status == 200


@pytest.mark.parametrize(
    "target",
    ["/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp"],
)
def test_the_metadata_of_the_protected_resource_is_open_to_all(server, target):
    with wire.Connection(server.port) as connection:
        response = connection.exchange(
            wire.request([("Origin", "https://anyone.example")], None, method="GET", target=target)
        )

    assert response.status == 200
    assert response.field("access-control-allow-origin") == "*"
    metadata = response.json()
    assert metadata["bearer_methods_supported"] == ["header"]
    assert metadata["resource"].endswith("/mcp")
    assert "offline_access" not in metadata["scopes_supported"]


def test_an_origin_that_is_not_allowed_is_refused_before_its_token_is_read(caller):
    message = tools_list(None).having(origin="https://evil.example")
    assert caller.send(message).status == 403


def test_an_origin_that_is_allowed_is_served(caller, tokens):
    message = tools_list(tokens.make()).having(origin="https://app.example")
    assert caller.send(message).status == 200


def test_a_host_nobody_configured_is_misdirected(server, tokens):
    message = tools_list(tokens.make())
    with wire.Connection(server.port) as connection:
        response = connection.exchange(
            wire.request(list(message.fields.items()), message.octets, host="evil.example")
        )
    assert response.status == 421


def test_failures_to_authenticate_are_limited_and_never_refuse_a_token_that_verifies(
    server, tokens
):
    source = wire.fresh_source_address()
    with callers.Caller(server.port, source) as attacker:
        for _ in range(5_000):
            response = attacker.send(tools_list("abc"))
            if response.status == 429:
                break
            assert response.status == 401
        assert response.status == 429, "5,000 failures from one address were not limited"
        assert int(response.field("retry-after")) >= 1

    with callers.Caller(server.port, source) as neighbour:
        assert neighbour.send(tools_list(tokens.make())).status == 200
