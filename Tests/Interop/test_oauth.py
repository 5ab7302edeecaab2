"""Published clients get their own tokens: from the 401 to a tool that was called, and further."""

import mcp
import pytest
from authorization import ResourceOwner, documents, server

import agents
import messages
import oauth
import todos
import tokens as minting
import trust

every_client = pytest.mark.parametrize("kind", agents.KINDS, ids=str)
either_era = pytest.mark.parametrize(
    "kind", [agents.Kind("mcp", "legacy"), agents.Kind("mcp", messages.MODERN)], ids=str
)


@pytest.fixture(autouse=True)
def browser(monkeypatch):
    oauth.use_automatic_browser(monkeypatch)


def auth_of(kind: agents.Kind, url: str):
    return oauth.of_mcp(url) if kind.library == "mcp" else oauth.of_fastmcp(url)


def asked_scopes(issuer) -> list[set[str]]:
    """What each authorization asked for, a visit and its repetition counted once."""
    asked = [set(p["scope"].split()) for p in issuer.requested(server.AUTHORIZATION)]
    return [s for n, s in enumerate(asked) if n == 0 or s != asked[n - 1]]


@every_client
async def test_a_client_is_led_from_the_challenge_to_a_tool_and_steps_up_to_write(
    issuer, server_trusting, kind
):
    resource = server_trusting(issuer)
    auth = auth_of(kind, resource.url)
    async with agents.connected(kind, resource.url, None, auth=auth) as agent:
        assert set(await agent.tool_names()) == todos.MAY_CALL["readonly"]
        listed = await agent.call("list_todos")
        assert todos.the_todos(listed.structured) == []
        assert issuer.counts[server.REGISTRATION] == 1
        assert issuer.counts[server.TOKEN] == 1
        [first] = asked_scopes(issuer)
        assert "create:todos" not in first

        added = await agent.call("add_todo", title="stepped up")
        assert not added.is_error, added
        [_, second] = asked_scopes(issuer)
        assert second == first | {"create:todos", "call:tools"}
        assert issuer.counts[server.REGISTRATION] == 1
        assert issuer.counts[server.TOKEN] == 2
        listed = await agent.call("list_todos")
        assert todos.titles(listed.structured) == ["stepped up"]
        assert issuer.counts[server.TOKEN] == 2

        # RFC 8707: both endpoints were told for whom the token is.
        for name in (server.AUTHORIZATION, server.TOKEN):
            assert {p["resource"] for p in issuer.requested(name)} == {resource.url}
        statuses = [r.status_code for r in agent.refusals]
        assert statuses == [401, 403]


@pytest.mark.parametrize("library", ["mcp", "fastmcp"])
async def test_the_first_call_of_a_modern_client_may_be_one_that_writes(
    issuer, server_trusting, library
):
    """The challenge names the scope of the tool at once: clients answer one challenge a request."""
    kind = agents.Kind(library, messages.MODERN)
    resource = server_trusting(issuer)
    auth = auth_of(kind, resource.url)
    async with agents.connected(kind, resource.url, None, auth=auth) as agent:
        assert not (await agent.call("add_todo", title="at once")).is_error
    assert "create:todos" in asked_scopes(issuer)[-1]


@either_era
@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
@pytest.mark.parametrize("path", ["", "/tenants/7"])
async def test_an_issuer_may_have_a_path_and_either_kind_of_key(
    make_issuer, server_trusting, kind, algorithm, path
):
    issuer = make_issuer(algorithm=algorithm, path=path)
    resource = server_trusting(issuer)
    auth = auth_of(kind, resource.url)
    async with agents.connected(kind, resource.url, None, auth=auth) as agent:
        assert set(await agent.tool_names()) == todos.MAY_CALL["readonly"]
        assert not (await agent.call("add_todo", title="x")).is_error


@either_era
async def test_scopes_that_are_no_affair_of_the_resource_do_no_harm(
    make_issuer, server_trusting, kind
):
    """A client asks for `offline_access` by itself where its authorization server knows it."""
    issuer = make_issuer(scopes=[*server.TODO_SCOPES, "offline_access", "openid"])
    resource = server_trusting(issuer)
    auth = auth_of(kind, resource.url)
    async with agents.connected(kind, resource.url, None, auth=auth) as agent:
        assert set(await agent.tool_names()) == todos.MAY_CALL["readonly"]
    [asked] = asked_scopes(issuer)
    assert "offline_access" in asked and "openid" not in asked


@either_era
async def test_of_several_issuers_a_client_finds_one_that_is_trusted(
    make_issuer, server_trusting, kind
):
    issuers = [make_issuer(), make_issuer(path="/other")]
    resource = server_trusting(*issuers)
    auth = auth_of(kind, resource.url)
    async with agents.connected(kind, resource.url, None, auth=auth) as agent:
        await agent.tool_names()
    assert [issuer.counts[server.REGISTRATION] for issuer in issuers] == [1, 0]


@either_era
async def test_a_client_that_registers_with_a_secret_is_served_as_well(
    issuer, server_trusting, kind
):
    resource = server_trusting(issuer)
    auth = oauth.of_mcp(resource.url)
    auth.context.client_metadata.token_endpoint_auth_method = "client_secret_basic"
    async with agents.connected(kind, resource.url, None, auth=auth) as agent:
        assert not (await agent.call("list_todos")).is_error
    [registered] = issuer.requested(server.TOKEN)
    assert "client_secret" not in registered


@either_era
async def test_an_expired_token_is_refreshed_without_the_person(issuer, server_trusting, kind):
    resource = server_trusting(issuer)
    auth = oauth.of_mcp(resource.url)
    async with agents.connected(kind, resource.url, None, auth=auth) as agent:
        await agent.call("list_todos")
        visits = issuer.counts[server.AUTHORIZATION]
        auth.context.token_expiry_time = 1
        assert not (await agent.call("list_todos")).is_error
        assert issuer.counts[server.AUTHORIZATION] == visits
        assert issuer.requested(server.TOKEN)[-1]["grant_type"] == "refresh_token"


@either_era
async def test_a_stored_token_that_went_bad_starts_the_flow_again(issuer, server_trusting, kind):
    resource = server_trusting(issuer)
    memory = oauth.Memory()
    expired = issuer.mint(resource.url, exp=1_000_000_000)
    memory.tokens = mcp.shared.auth.OAuthToken(access_token=expired)
    auth = oauth.of_mcp(resource.url, memory)
    async with agents.connected(kind, resource.url, None, auth=auth) as agent:
        assert not (await agent.call("list_todos")).is_error
        [refusal] = agent.refusals
        assert 'error="invalid_token"' in refusal.headers["www-authenticate"]
    assert memory.tokens.access_token != expired


@either_era
async def test_a_role_that_forbids_sends_no_client_to_step_up(make_issuer, server_trusting, kind):
    owner = ResourceOwner(claims={"role": "readonly"})
    issuer = make_issuer(owner=owner)
    resource = server_trusting(issuer)
    auth = oauth.of_mcp(resource.url)
    async with agents.connected(kind, resource.url, None, auth=auth) as agent:
        await agent.call("list_todos")
        visits = issuer.counts[server.AUTHORIZATION]
        with pytest.raises(mcp.MCPError):
            await agent.call("add_todo", title="x")
        assert issuer.counts[server.AUTHORIZATION] == visits
        challenge = agent.refusals[-1].headers.get("www-authenticate", "")
        assert "insufficient_scope" not in challenge


@either_era
async def test_an_owner_who_grants_too_little_ends_the_stepping_up(
    make_issuer, server_trusting, kind
):
    reading = frozenset({"read:todos", "list:tools", "call:tools"})
    issuer = make_issuer(owner=ResourceOwner(scopes=reading))
    resource = server_trusting(issuer)
    auth = oauth.of_mcp(resource.url)
    async with agents.connected(kind, resource.url, None, auth=auth) as agent:
        await agent.call("list_todos")
        visits = issuer.counts[server.AUTHORIZATION]
        with pytest.raises(mcp.MCPError):
            await agent.call("add_todo", title="x")
        assert issuer.counts[server.AUTHORIZATION] == visits + 1
        assert not (await agent.call("list_todos")).is_error


@either_era
async def test_two_clients_of_one_issuer_have_workspaces_of_their_own(
    make_issuer, server_trusting, kind
):
    issuer = make_issuer()
    resource = server_trusting(issuer)
    for name in ("ada", "grace"):
        issuer.owner = ResourceOwner(minting.fresh(name))
        auth = oauth.of_mcp(resource.url)
        async with agents.connected(kind, resource.url, None, auth=auth) as agent:
            # The library answers one challenge for each request: 401 first, 403 with the next.
            await agent.tool_names()
            await agent.call("add_todo", title=f"of {name}")
            listed = await agent.call("list_todos")
            assert todos.titles(listed.structured) == [f"of {name}"]


@either_era
async def test_the_metadata_of_the_resource_names_the_issuer_that_is_trusted(
    make_issuer, server_trusting, kind
):
    """A client follows it, so that one issuer's document under another's name leads nowhere."""
    issuer = make_issuer()
    resource = server_trusting(trust.entry(issuer, key_set_url=issuer.key_set_url))
    issuer.replace(server.METADATA, documents.members(issuer="https://evil.example"))
    auth = oauth.of_mcp(resource.url)
    with pytest.raises((mcp.MCPError, ExceptionGroup, mcp.client.auth.OAuthFlowError)):
        async with agents.connected(kind, resource.url, None, auth=auth) as agent:
            await agent.tool_names()
    assert issuer.counts[server.TOKEN] == 0
