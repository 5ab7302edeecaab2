"""The published Python clients against the server, in both eras."""

import json

import anyio
import mcp
import pytest

import agents
import todos
import tokens as minting

every_client = pytest.mark.parametrize("kind", agents.KINDS, ids=str)
every_role = pytest.mark.parametrize("role", todos.ROLES)


@every_client
async def test_a_client_and_the_server_agree_on_the_newest_revision_both_speak(
    server, tokens, kind
):
    async with agents.connected(kind, server.url, tokens.make()) as agent:
        assert agent.protocol_version == kind.revision
        await agent.tool_names()
        spoken = {r.request.headers.get("mcp-protocol-version") for r in agent.responses}
        assert kind.revision in spoken


@every_client
@every_role
async def test_a_list_of_tools_names_those_the_caller_may_call_and_no_others(
    server, tokens, kind, role
):
    async with agents.connected(kind, server.url, tokens.make(role)) as agent:
        names = await agent.tool_names()
        assert len(names) == len(set(names))
        assert set(names) == todos.MAY_CALL[role]


@every_client
async def test_a_list_of_tools_comes_in_the_same_order_every_time(server, tokens, kind):
    async with agents.connected(kind, server.url, tokens.make()) as first:
        async with agents.connected(kind, server.url, tokens.make()) as second:
            assert await first.tool_names() == await second.tool_names()


@every_client
async def test_a_todo_is_added_listed_completed_renamed_and_deleted(server, tokens, kind):
    async with agents.connected(kind, server.url, tokens.make()) as agent:
        added = await agent.call("add_todo", title="buy 牛乳 and crème fraîche ✓")
        assert not added.is_error, added
        todo = todos.the_todo(added.structured)
        assert todo["title"] == "buy 牛乳 and crème fraîche ✓"
        assert not todos.is_completed(todo)

        listed = await agent.call("list_todos")
        assert todos.the_todos(listed.structured) == [todo]

        completed = await agent.call("complete_todo", id=todo["id"])
        assert todos.is_completed(todos.the_todo(completed.structured))

        renamed = await agent.call("update_todo_text", id=todo["id"], text="buy milk")
        assert todos.the_todo(renamed.structured)["title"] == "buy milk"

        deleted = await agent.call("delete_todo", id=todo["id"])
        assert not deleted.is_error, deleted
        emptied = await agent.call("list_todos")
        assert todos.the_todos(emptied.structured) == []


@every_client
async def test_the_text_of_a_result_says_the_same_as_its_structured_content(server, tokens, kind):
    async with agents.connected(kind, server.url, tokens.make()) as agent:
        for result in [await agent.call("add_todo", title="tea"), await agent.call("list_todos")]:
            assert json.loads(result.text) == result.structured


@every_client
@every_role
async def test_every_role_calls_the_tools_it_may_and_is_refused_the_others(
    server, tokens, kind, role
):
    workspace = minting.fresh("workspace")
    everything = {
        "add_todo": {"title": "by the caller"},
        "list_todos": {},
        "complete_todo": {},
        "update_todo_text": {"text": "renamed"},
        "delete_todo": {},
    }
    owner_token = tokens.make("admin", workspace)
    async with agents.connected(kind, server.url, owner_token) as owner:
        for tool, arguments in everything.items():
            added = await owner.call("add_todo", title="by the owner")
            todo = todos.the_todo(added.structured)
            if tool in ("complete_todo", "update_todo_text", "delete_todo"):
                arguments = {**arguments, "id": todo["id"]}
            before = await owner.call("list_todos", limit=100)

            caller_token = tokens.make(role, workspace)
            async with agents.connected(kind, server.url, caller_token) as agent:
                if tool in todos.MAY_CALL[role]:
                    result = await agent.call(tool, **arguments)
                    assert not result.is_error, (tool, result)
                    assert agent.refusals == []
                else:
                    with pytest.raises(mcp.MCPError):
                        await agent.call(tool, **arguments)
                    [refusal] = agent.refusals
                    assert refusal.status_code == 403
                    after = await owner.call("list_todos", limit=100)
                    assert after.structured == before.structured, f"{tool} ran all the same"


@every_client
async def test_an_unknown_id_is_an_error_the_model_can_act_on(server, tokens, kind):
    async with agents.connected(kind, server.url, tokens.make()) as agent:
        for tool, more in [
            ("complete_todo", {}),
            ("update_todo_text", {"text": "x"}),
            ("delete_todo", {}),
        ]:
            result = await agent.call(tool, id=987_654_321, **more)
            assert result.is_error, tool
            assert "987654321" in result.text.replace(",", "").replace("_", "")


@every_client
@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda t: t.make(exp=1_000_000_000), id="expired"),
        pytest.param(lambda t: minting.with_last_signature_bit_changed(t.make()), id="forged"),
        pytest.param(lambda t: None, id="absent"),
    ],
)
async def test_a_client_whose_token_is_not_valid_cannot_list_tools(server, tokens, kind, spoil):
    agent = agents.Agent(kind)
    with pytest.raises((mcp.MCPError, ExceptionGroup)):
        async with agents.connected(kind, server.url, spoil(tokens), agent):
            await agent.tool_names()
    assert agent.responses
    for response in agent.responses:
        assert response.status_code == 401
        assert response.headers["www-authenticate"].startswith("Bearer")


@every_client
async def test_clients_that_use_the_same_request_ids_get_their_own_answers(server, tokens, kind):
    """Every client numbers its requests from 1, so all ids collide all the time."""

    async def talk(name: str) -> None:
        async with agents.connected(kind, server.url, tokens.make()) as agent:
            for number in range(10):
                title = f"{name}, number {number}"
                added = await agent.call("add_todo", title=title)
                assert todos.the_todo(added.structured)["title"] == title
                listed = await agent.call("list_todos", limit=100)
                wanted = [f"{name}, number {n}" for n in range(number + 1)]
                assert todos.titles(listed.structured) == wanted

    async with anyio.create_task_group() as group:
        for number in range(6):
            group.start_soon(talk, f"client {number}")
