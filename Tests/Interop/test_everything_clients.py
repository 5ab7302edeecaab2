"""Every feature of the everything server, as the published Python clients use it in both eras.

Whatever the server says to them is held against the schema of its revision (schema_check).
"""

import base64
import json

import anyio
import mcp
import mcp_types as types
import pytest

import everything as everything_servers
import messages

every_client = pytest.mark.parametrize("kind", everything_servers.KINDS, ids=str)
every_legacy_client = pytest.mark.parametrize(
    "kind", [kind for kind in everything_servers.KINDS if kind.mode == "legacy"], ids=str
)
every_modern_client = pytest.mark.parametrize(
    "kind", [kind for kind in everything_servers.KINDS if kind.mode != "legacy"], ids=str
)

LOG_LEVEL = "io.modelcontextprotocol/logLevel"


@pytest.fixture
def host():
    return everything_servers.Host()


# What there is.


@every_client
async def test_everything_that_the_contract_names_is_listed_and_described(everything, kind):
    async with everything_servers.connected(kind, everything.url) as client:
        assert client.session.protocol_version == kind.revision
        tools = {tool.name: tool for tool in await client.list_tools()}
        assert everything_servers.TOOLS <= tools.keys()
        prompts = {prompt.name: prompt for prompt in await client.list_prompts()}
        assert prompts.keys() == everything_servers.PROMPTS
        assert all(one.description for one in [*tools.values(), *prompts.values()])
        resources = {resource.uri for resource in await client.list_resources()}
        assert resources == everything_servers.RESOURCES
        [template] = await client.list_templates()
        assert template.uri_template == "test://template/{id}/data"


@every_client
async def test_an_arbitrary_schema_reaches_the_client_unchanged_and_is_checked(everything, kind):
    async with everything_servers.connected(kind, everything.url) as client:
        tools = {tool.name: tool.input_schema for tool in await client.list_tools()}
        schema = tools["json_schema_2020_12_tool"]
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["$defs"]["address"]["$anchor"] == "addressDef"
        assert schema["allOf"] == [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}]
        assert {"if", "then", "else"} <= schema.keys()
        assert schema["additionalProperties"] is False
        result = await client.text("json_schema_2020_12_tool", {"email": "ada@example.com"})
        assert result.endswith('{"email":"ada@example.com"}')
        refused = await client.call("json_schema_2020_12_tool", {"contactMethod": "phone"})
        assert refused.is_error


# Content.


@every_client
async def test_every_kind_of_content_arrives(everything, kind):
    async with everything_servers.connected(kind, everything.url) as client:
        text = await client.text("test_simple_text")
        assert text == "This is a simple text response for testing."

        [image] = (await client.call("test_image_content")).content
        assert (image.type, image.mime_type) == ("image", "image/png")
        assert base64.b64decode(image.data).startswith(b"\x89PNG\r\n\x1a\n")

        [audio] = (await client.call("test_audio_content")).content
        assert (audio.type, audio.mime_type) == ("audio", "audio/wav")
        assert base64.b64decode(audio.data)[8:12] == b"WAVE"

        [embedded] = (await client.call("test_embedded_resource")).content
        assert embedded.resource.uri == "test://embedded-resource"
        assert embedded.resource.mime_type == "text/plain"
        assert embedded.resource.text == "This is an embedded resource content."

        mixed = (await client.call("test_multiple_content_types")).content
        assert [block.type for block in mixed] == ["text", "image", "resource"]
        assert mixed[0].text == "Multiple content types test:"
        assert mixed[2].resource.uri == "test://mixed-content-resource"
        assert mixed[2].resource.mime_type == "application/json"
        assert mixed[2].resource.text == '{"test":"data","value":123}'


@every_client
async def test_a_tool_that_fails_says_so_in_its_result(everything, kind):
    async with everything_servers.connected(kind, everything.url) as client:
        result = await client.call("test_error_handling")
        assert result.is_error
        assert result.content[0].text == "This tool intentionally returns an error for testing"


@every_client
async def test_resources_are_read(everything, kind):
    async with everything_servers.connected(kind, everything.url) as client:
        text = await client.read("test://static-text")
        assert text.text == "This is the content of the static text resource."
        binary = await client.read("test://static-binary")
        assert binary.mime_type == "image/png"
        assert base64.b64decode(binary.blob).startswith(b"\x89PNG")
        made = await client.read("test://template/a%20b/data")
        assert json.loads(made.text) == {
            "id": "a b",
            "templateTest": True,
            "data": "Data for ID: a b",
        }
        with pytest.raises(mcp.MCPError) as refused:
            await client.read("test://nothing")
        code = -32602 if kind.revision == messages.MODERN else -32002
        assert refused.value.error.code == code
        assert refused.value.error.data == {"uri": "test://nothing"}


@every_client
async def test_prompts_are_got(everything, kind):
    async with everything_servers.connected(kind, everything.url) as client:
        [simple] = await client.prompt("test_simple_prompt")
        assert simple.content.text == "This is a simple prompt for testing."
        arguments = {"arg1": "one", "arg2": "two"}
        [repeated] = await client.prompt("test_prompt_with_arguments", arguments)
        assert repeated.content.text == "Prompt with arguments: arg1='one', arg2='two'"
        arguments = {"resourceUri": "test://somewhere"}
        [embedded, _] = await client.prompt("test_prompt_with_embedded_resource", arguments)
        assert embedded.content.resource.uri == "test://somewhere"
        [image, _] = await client.prompt("test_prompt_with_image")
        assert image.content.mime_type == "image/png"
        with pytest.raises(mcp.MCPError) as refused:
            await client.prompt("test_prompt_with_arguments", {"arg1": "one"})
        assert refused.value.error.code == -32602


@every_client
async def test_arguments_and_variables_are_completed(everything, kind):
    async with everything_servers.connected(kind, everything.url) as client:
        prompt = types.PromptReference(type="ref/prompt", name="test_prompt_with_arguments")
        assert await client.complete(prompt, "arg1", "par") == ["paris", "park", "party"]
        assert await client.complete(prompt, "arg2", "zz") == []
        template = types.ResourceTemplateReference(
            type="ref/resource", uri="test://template/{id}/data"
        )
        assert await client.complete(template, "id", "1") == ["1", "10", "100"]


# What is told before the answer.


@every_client
async def test_progress_is_reported(everything, kind, host):
    async with everything_servers.connected(kind, everything.url, host) as client:
        await client.text("test_tool_with_progress")
    assert host.progress == [(0, 100), (50, 100), (100, 100)]


@every_legacy_client
async def test_log_messages_come_from_the_level_that_the_session_has_set(everything, kind, host):
    async with everything_servers.connected(kind, everything.url, host) as client:
        await client.inner.set_logging_level("warning")
        await client.text("test_tool_with_logging")
        assert host.logs == []
        await client.inner.set_logging_level("info")
        await client.text("test_tool_with_logging")
        assert host.logs == [
            ("info", "Tool execution started"),
            ("info", "Tool processing data"),
            ("info", "Tool execution completed"),
        ]
        await client.inner.set_logging_level("alert")
        host.logs.clear()
        await client.text("test_logging_tool")
        assert [level for level, _ in host.logs] == ["alert", "emergency"]


@every_modern_client
async def test_log_messages_come_from_the_level_that_the_request_names(everything, kind, host):
    async with everything_servers.connected(kind, everything.url, host) as client:
        await client.text("test_logging_tool")
        # One library asks for messages as soon as somebody handles them.
        wanted = client.checker.sent[-1][2]["params"]["_meta"].get(LOG_LEVEL)
        assert len(host.logs) == (0 if wanted is None else 8)
        host.logs.clear()
        await client.text("test_logging_tool", meta={LOG_LEVEL: "error"})
        assert [level for level, _ in host.logs] == ["error", "critical", "alert", "emergency"]
        host.logs.clear()
        await client.text("test_tool_with_logging", meta={LOG_LEVEL: "debug"})
        assert len(host.logs) == 3


# What is asked.


@every_client
async def test_the_model_of_the_client_is_asked(everything, kind, host):
    async with everything_servers.connected(kind, everything.url, host) as client:
        assert await client.text("test_sampling", {"prompt": "why?"}) == "LLM response: re: why?"
    [asked] = host.asked
    [message] = asked.messages
    assert (message.role, message.content.text, asked.max_tokens) == ("user", "why?", 100)


@every_client
@pytest.mark.parametrize("action", ["accept", "decline", "cancel"])
async def test_the_user_is_asked_and_may_decline(everything, kind, host, action):
    host.action = action
    host.form = {"username": "ada", "email": "ada@example.com"}
    async with everything_servers.connected(kind, everything.url, host) as client:
        answer = await client.text("test_elicitation", {"message": "Who?"})
    [asked] = host.asked
    assert asked.message == "Who?"
    assert asked.requested_schema["properties"].keys() == {"username", "email"}
    head, _, content = answer.partition(", content=")
    assert head == f"User response: action={action}"
    assert json.loads(content) == (host.form if action == "accept" else {})


@every_client
async def test_a_form_has_a_default_of_every_type(everything, kind, host):
    host.form = {}
    async with everything_servers.connected(kind, everything.url, host) as client:
        await client.text("test_elicitation_sep1034_defaults")
    properties = host.asked[0].requested_schema["properties"]
    assert {name: one["default"] for name, one in properties.items()} == {
        "name": "John Doe",
        "age": 30,
        "score": 95.5,
        "status": "active",
        "verified": True,
    }
    assert properties["age"]["type"] == "integer"
    assert properties["status"]["enum"] == ["active", "inactive", "pending"]


@every_client
async def test_a_form_has_every_kind_of_choice(everything, kind, host):
    host.form = {"titledSingle": "value2", "untitledMulti": ["option1", "option3"]}
    async with everything_servers.connected(kind, everything.url, host) as client:
        answer = await client.text("test_elicitation_sep1330_enums")
    assert json.loads(answer.partition("content=")[2]) == host.form
    properties = host.asked[0].requested_schema["properties"]
    assert properties["untitledSingle"]["enum"]
    assert {"const", "title"} == properties["titledSingle"]["oneOf"][0].keys()
    legacy = properties["legacyEnum"]
    assert len(legacy["enum"]) == len(legacy["enumNames"])
    assert properties["untitledMulti"]["items"]["enum"]
    assert {"const", "title"} == properties["titledMulti"]["items"]["anyOf"][0].keys()


@every_client
async def test_the_roots_of_the_client_are_asked_for(everything, kind, host):
    async with everything_servers.connected(kind, everything.url, host) as client:
        answer = await client.text("test_input_required_result_list_roots")
    assert answer == "Client roots: file:///home/ada"


@every_client
@pytest.mark.parametrize(
    ("tool", "asked", "text"),
    [
        ("elicitation", 1, "Hello, Ada!"),
        ("sampling", 1, "LLM response: re: What is the capital of France?"),
        ("request_state", 1, "state-ok, confirmed=true"),
        ("tampered_state", 1, "state-ok, confirmed=true"),
        ("multiple_inputs", 3, "re: Generate a greeting Ada, in file:///home/ada"),
        ("multi_round", 2, "Ada likes blue"),
        (
            "capabilities",
            3,
            "The client was asked for user_name, capital_question, client_roots",
        ),
    ],
)
async def test_a_call_goes_on_when_all_was_answered(everything, kind, host, tool, asked, text):
    """The same tools in both eras: round trips in one, requests of the server in the other."""
    async with everything_servers.connected(kind, everything.url, host) as client:
        assert await client.text(f"test_input_required_result_{tool}") == text
    assert len(host.asked) == asked
    requests = client.checker.counts["request"]
    assert requests == (asked if kind.revision != messages.MODERN else 0)


@every_client
async def test_a_prompt_can_ask_too(everything, kind, host):
    host.form = {"context": "the tests"}
    async with everything_servers.connected(kind, everything.url, host) as client:
        [message] = await client.prompt("test_input_required_result_prompt")
    assert message.content.text == "Prompt with context: the tests"


@every_client
async def test_a_client_that_cannot_be_asked_is_not(everything, kind, host):
    options = {"can_be_asked": False}
    async with everything_servers.connected(kind, everything.url, host, **options) as client:
        text = await client.text("test_input_required_result_capabilities")
        assert text == "The client can be asked nothing"
        assert await client.text("test_streaming_elicitation") == "The client was not asked"
        if kind.revision == messages.MODERN:
            with pytest.raises(mcp.MCPError) as refused:
                await client.call("test_missing_capability")
            assert refused.value.error.code == -32021
            assert refused.value.error.data == {"requiredCapabilities": {"sampling": {}}}
        else:
            assert (await client.call("test_missing_capability")).is_error
            assert (await client.call("test_sampling", {"prompt": "x"})).is_error
    assert host.asked == []


# Changes.


@every_modern_client
async def test_a_listener_hears_of_what_it_asked_for_and_of_nothing_else(everything, kind):
    async with everything_servers.connected(kind, everything.url) as client:
        async with client.listen(tools_list_changed=True) as tools:
            async with client.listen(prompts_list_changed=True) as prompts:
                assert tools.honored.tools_list_changed
                assert not tools.honored.prompts_list_changed
                await client.text("test_trigger_prompt_change")
                await client.text("test_trigger_tool_change")
                with anyio.fail_after(10):
                    heard = await anext(aiter(tools))
                    assert heard == mcp.client.subscriptions.ToolsListChanged()
                    heard = await anext(aiter(prompts))
                    assert heard == mcp.client.subscriptions.PromptsListChanged()


@every_modern_client
async def test_a_listener_hears_of_a_resource_that_changes(everything, kind):
    uri = "test://watched-resource"
    async with everything_servers.connected(kind, everything.url) as client:
        async with client.listen(resource_subscriptions=[uri]) as changes:
            assert changes.honored.resource_subscriptions == [uri]
            with anyio.fail_after(10):
                heard = await anext(aiter(changes))
            assert heard == mcp.client.subscriptions.ResourceUpdated(uri=uri)
            assert (await client.read(uri)).text.startswith("Watched resource content")


@every_legacy_client
async def test_a_session_hears_of_a_resource_that_it_subscribed_to(everything, kind, host):
    uri = "test://watched-resource"

    def updates() -> list:
        return [m for m in host.told if isinstance(m, types.ResourceUpdatedNotification)]

    async with everything_servers.connected(kind, everything.url, host) as client:
        await client.session.subscribe_resource(uri)
        with anyio.fail_after(10):
            while not updates():
                await anyio.sleep(0.05)
        assert updates()[0].params.uri == uri
        await client.session.unsubscribe_resource(uri)


# The life of a request and of a session.


@every_legacy_client
async def test_a_connection_that_breaks_off_is_resumed(everything, kind):
    async with everything_servers.connected(kind, everything.url) as client:
        text = await client.text("test_reconnection")
        assert text == "Reconnection test completed successfully"
        gets = [fields for method, fields, _ in client.checker.sent if method == "GET"]
        assert any("last-event-id" in fields for fields in gets)


@every_client
async def test_a_call_that_is_cancelled_leaves_the_connection_usable(everything, kind, host):
    async with everything_servers.connected(kind, everything.url, host) as client:
        with anyio.move_on_after(20) as scope:
            async with anyio.create_task_group() as group:

                async def call() -> None:
                    await client.call("test_tool_slow", {"durationMs": 20_000})
                    raise AssertionError("the call was not cancelled")

                group.start_soon(call)
                while not host.progress:
                    await anyio.sleep(0.02)
                group.cancel_scope.cancel()
        assert not scope.cancelled_caught, "the call made no progress"
        assert await client.text("test_tool_fast") == "Done"


@every_legacy_client
async def test_a_session_is_pinged_and_ended(everything, kind):
    async with everything_servers.connected(kind, everything.url) as client:
        await client.session.send_ping()
    assert [method for method, _, _ in client.checker.sent if method == "DELETE"] == ["DELETE"]


@every_modern_client
async def test_an_argument_is_repeated_in_its_field(everything, kind):
    async with everything_servers.connected(kind, everything.url) as client:
        await client.list_tools()
        for region in ["eu-west", "Zürich", " padded "]:
            assert await client.text("test_x_mcp_header", {"region": region}) == f"region={region}"
        sent = [fields for _, fields, _ in client.checker.sent if "mcp-param-region" in fields]
        assert len(sent) == 3
