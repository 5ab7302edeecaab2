"""The everything server as a process, and the Python clients with all that they can be asked."""

import base64
import collections.abc
import contextlib
import os
import pathlib
import warnings

import fastmcp
import fastmcp.client.transports
import httpx2
import mcp
import mcp.client.streamable_http
import mcp.client.subscriptions
import mcp_types as types

import agents
import messages
import schema_check
import server as serving
import wire

# What the server's tools and prompts are called in its contract.
TOOLS = {
    "json_schema_2020_12_tool",
    "test_audio_content",
    "test_elicitation",
    "test_elicitation_sep1034_defaults",
    "test_elicitation_sep1330_enums",
    "test_elicitation_url",
    "test_embedded_resource",
    "test_error_handling",
    "test_image_content",
    "test_input_required_result_capabilities",
    "test_input_required_result_elicitation",
    "test_input_required_result_list_roots",
    "test_input_required_result_multi_round",
    "test_input_required_result_multiple_inputs",
    "test_input_required_result_request_state",
    "test_input_required_result_sampling",
    "test_input_required_result_tampered_state",
    "test_logging_tool",
    "test_missing_capability",
    "test_multiple_content_types",
    "test_reconnection",
    "test_sampling",
    "test_simple_text",
    "test_streaming_elicitation",
    "test_task_elicitation",
    "test_task_required",
    "test_task_work",
    "test_tool_with_logging",
    "test_tool_with_progress",
    "test_trace_context",
    "test_trigger_prompt_change",
    "test_trigger_tool_change",
    "test_x_mcp_header",
}
PROMPTS = {
    "test_input_required_result_prompt",
    "test_prompt_with_arguments",
    "test_prompt_with_embedded_resource",
    "test_prompt_with_image",
    "test_simple_prompt",
}
RESOURCES = {
    "test://asking-resource",
    "test://static-binary",
    "test://static-text",
    "test://template/1/data",
    "test://template/2/data",
    "test://template/3/data",
    "test://watched-resource",
}

KINDS = [
    agents.Kind(library, mode)
    for library in ("mcp", "fastmcp")
    for mode in (messages.MODERN, "legacy")
]


class Everything(serving.Server):
    """One `everything-server`."""

    def __init__(
        self, state: pathlib.Path, *, loops: int = 2, seal_key: pathlib.Path | None = None
    ):
        super().__init__(state)
        self.options = ["--port", "0", "--loops", str(loops)]
        if seal_key is not None:
            self.options += ["--seal-key-file", str(seal_key)]

    @property
    def command_line(self) -> list[pathlib.Path | str]:
        return [serving.binary("everything-server"), *self.options]


def make_seal_key(path: pathlib.Path) -> pathlib.Path:
    path.write_text(base64.b64encode(os.urandom(32)).decode() + "\n")
    return path


class Host:
    """What the user of a client answers when asked, and all that was asked and told."""

    def __init__(self):
        self.asked: list = []
        self.told: list = []
        self.progress: list[tuple[float, float | None]] = []
        self.logs: list[tuple[str, object]] = []
        self.form: dict[str, object] = {"name": "Ada", "ok": True, "color": "blue"}
        self.action = "accept"
        self.roots = ["file:///home/ada"]

    async def elicit(self, params) -> types.ElicitResult:
        self.asked.append(params)
        if self.action != "accept":
            return types.ElicitResult(action=self.action)
        wanted = params.requested_schema["properties"]
        content = {name: value for name, value in self.form.items() if name in wanted}
        return types.ElicitResult(action="accept", content=content)

    async def sample(self, params) -> types.CreateMessageResult:
        self.asked.append(params)
        text = params.messages[0].content.text
        return types.CreateMessageResult(
            role="assistant",
            content=types.TextContent(type="text", text=f"re: {text}"),
            model="model-of-the-tests",
            stop_reason="endTurn",
        )

    async def list_roots(self) -> types.ListRootsResult:
        self.asked.append("roots")
        return types.ListRootsResult(roots=[types.Root(uri=uri) for uri in self.roots])

    async def note_log(self, params) -> None:
        self.logs.append((params.level, params.data))

    async def note_message(self, message) -> None:
        self.told.append(message)

    async def note_progress(self, progress, total, message) -> None:
        self.progress.append((progress, total))


class Client:
    """A connected client of one library: one way to do each thing."""

    def __init__(self, kind: agents.Kind, host: Host, checker: schema_check.Checker, inner):
        self.kind, self.host, self.checker, self.inner = kind, host, checker, inner

    def _method(self, name: str):
        """The method that returns a whole result; `fastmcp` has shorter ones besides."""
        return getattr(self.inner, name if self.kind.library == "mcp" else f"{name}_mcp")

    async def call(self, tool: str, arguments: dict | None = None, meta: dict | None = None):
        progress = "progress_callback" if self.kind.library == "mcp" else "progress_handler"
        return await self._method("call_tool")(
            tool, arguments or {}, meta=meta, **{progress: self.host.note_progress}
        )

    async def text(self, tool: str, arguments: dict | None = None, meta: dict | None = None) -> str:
        """The text that a tool which succeeds answers with."""
        result = await self.call(tool, arguments, meta)
        assert not result.is_error, result
        [block] = result.content
        return block.text

    async def list_tools(self):
        return (await self._method("list_tools")()).tools

    async def list_resources(self):
        return (await self._method("list_resources")()).resources

    async def list_templates(self):
        return (await self._method("list_resource_templates")()).resource_templates

    async def list_prompts(self):
        return (await self._method("list_prompts")()).prompts

    async def read(self, uri: str):
        [contents] = (await self._method("read_resource")(uri)).contents
        return contents

    async def prompt(self, name: str, arguments: dict[str, str] | None = None):
        return (await self._method("get_prompt")(name, arguments)).messages

    async def complete(self, reference, name: str, value: str) -> list[str]:
        argument = {"name": name, "value": value}
        return (await self._method("complete")(reference, argument)).completion.values

    @property
    def session(self) -> mcp.ClientSession:
        return self.inner.session

    def listen(self, **filter):
        return mcp.client.subscriptions.listen(
            self.session,
            **{
                "tools_list_changed": False,
                "prompts_list_changed": False,
                "resources_list_changed": False,
                "resource_subscriptions": (),
                **filter,
            },
        )


@contextlib.asynccontextmanager
async def connected(
    kind: agents.Kind, url: str, host: Host | None = None, *, can_be_asked: bool = True
) -> collections.abc.AsyncIterator[Client]:
    """A client of that kind; what the server sent it is held against the schemas at the end."""
    host = host or Host()
    checker = schema_check.Checker()

    def http_client(headers=None, timeout=None, auth=None, **_) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            headers=headers,
            timeout=timeout or wire.TIMEOUT_SECONDS,
            trust_env=False,
            transport=checker.transport(httpx2.AsyncHTTPTransport()),
        )

    # Features that a later revision calls deprecated are features of the earlier ones.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if kind.library == "mcp":
            client = _mcp_client(kind, url, host, http_client, can_be_asked)
        else:
            client = _fastmcp_client(kind, url, host, http_client, can_be_asked)
        async with client as inner:
            yield Client(kind, host, checker, inner)
    checker.fail_unless_clean()
    assert checker.counts["response"] > 0, "nothing was checked"


@contextlib.asynccontextmanager
async def _mcp_client(kind, url, host, http_client, can_be_asked):
    async def elicit(context, params):
        return await host.elicit(params)

    async def sample(context, params):
        return await host.sample(params)

    async def list_roots(context):
        return await host.list_roots()

    callbacks = {}
    if can_be_asked:
        callbacks = {
            "elicitation_callback": elicit,
            "sampling_callback": sample,
            "list_roots_callback": list_roots,
        }
    async with http_client() as http:
        transport = mcp.client.streamable_http.streamable_http_client(url, http_client=http)
        async with mcp.Client(
            transport,
            mode=kind.mode,
            logging_callback=host.note_log,
            message_handler=host.note_message,
            cache=None,
            **callbacks,
        ) as client:
            yield client


@contextlib.asynccontextmanager
async def _fastmcp_client(kind, url, host, http_client, can_be_asked):
    async def elicit(message, response_type, params, context):
        return await host.elicit(params)

    async def sample(sampling_messages, params, context):
        return await host.sample(params)

    async def list_roots(context):
        host.asked.append("roots")
        return host.roots

    handlers = {}
    if can_be_asked:
        handlers = {
            "elicitation_handler": elicit,
            "sampling_handler": sample,
            "roots": list_roots,
        }
    transport = fastmcp.client.transports.StreamableHttpTransport(
        url, httpx_client_factory=http_client
    )
    async with fastmcp.Client(
        transport,
        mode=kind.mode,
        log_handler=host.note_log,
        message_handler=host.note_message,
        cache=False,
        **handlers,
    ) as client:
        yield client
