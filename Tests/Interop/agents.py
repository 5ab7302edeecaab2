"""The published Python clients, behind one interface: what an agent written today does."""

import contextlib
import dataclasses

import fastmcp
import fastmcp.client.transports
import httpx2
import mcp
import mcp.client.streamable_http

import messages
import schema_check
import wire


@dataclasses.dataclass(frozen=True)
class Kind:
    """A client library, and how it chooses the era of the protocol."""

    library: str
    mode: str

    @property
    def revision(self) -> str:
        """What it and this server must agree on."""
        return "2025-11-25" if self.mode == "legacy" else messages.MODERN

    def __str__(self) -> str:
        return f"{self.library}-{self.mode}"


KINDS = [
    Kind(library, mode)
    for library in ("mcp", "fastmcp")
    for mode in ("auto", messages.MODERN, "legacy")
]


@dataclasses.dataclass
class ToolResult:
    structured: dict | None
    text: str
    is_error: bool


class Agent:
    """A connected client, with a record of every HTTP response it got."""

    def __init__(self, kind: Kind, url: str | None = None):
        self.kind = kind
        # Where the messages of the protocol go; a client with OAuth speaks to others as well.
        self.url = url
        self.responses: list[httpx2.Response] = []
        self.checker = schema_check.Checker(url)
        self._client = None

    async def _record(self, response: httpx2.Response) -> None:
        self.responses.append(response)

    def _http_client(self, headers=None, timeout=None, auth=None, **_) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            headers=headers,
            auth=auth,
            timeout=timeout or wire.TIMEOUT_SECONDS,
            trust_env=False,
            event_hooks={"response": [self._record]},
            transport=self.checker.transport(
                httpx2.AsyncHTTPTransport(local_address=wire.fresh_source_address())
            ),
        )

    @property
    def protocol_version(self) -> str:
        return self._client.session.protocol_version

    @property
    def refusals(self) -> list[httpx2.Response]:
        """The responses that refused something for want of a right or of credentials."""
        return [r for r in self.responses if r.status_code in (401, 403)]

    async def tool_names(self) -> list[str]:
        listed = await self._client.list_tools()
        return [tool.name for tool in getattr(listed, "tools", listed)]

    async def call(self, tool: str, **arguments) -> ToolResult:
        if self.kind.library == "mcp":
            result = await self._client.call_tool(tool, arguments or None)
        else:
            result = await self._client.call_tool(tool, arguments, raise_on_error=False)
        text = "".join(block.text for block in result.content)
        return ToolResult(result.structured_content, text, bool(result.is_error))


@contextlib.asynccontextmanager
async def connected(
    kind: Kind,
    url: str,
    token: str | None,
    agent: Agent | None = None,
    auth: httpx2.Auth | None = None,
):
    """A client of that kind, connected; `agent` lets a test see what a failed attempt got.

    It has a token, or an `auth` that gets one. What the server said to it is held against the
    schemas at the end.
    """
    agent = agent or Agent(kind, url)
    if kind.library == "mcp":
        async with agent._http_client(messages.bearer(token), auth=auth) as http:
            transport = mcp.client.streamable_http.streamable_http_client(url, http_client=http)
            async with mcp.Client(transport, mode=kind.mode) as agent._client:
                yield agent
    else:
        transport = fastmcp.client.transports.StreamableHttpTransport(
            url, auth=auth or token, httpx_client_factory=agent._http_client
        )
        async with fastmcp.Client(transport, mode=kind.mode) as agent._client:
            yield agent
    agent.checker.fail_unless_clean()
