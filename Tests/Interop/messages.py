"""The requests of both eras, built from parts a test may replace or leave out."""

import dataclasses
import json

MODERN = "2026-07-28"
LEGACY = ["2025-11-25", "2025-06-18", "2025-03-26"]
REVISIONS = [MODERN, *LEGACY]

PROTOCOL_VERSION = "io.modelcontextprotocol/protocolVersion"
CLIENT_CAPABILITIES = "io.modelcontextprotocol/clientCapabilities"
CLIENT_INFO = "io.modelcontextprotocol/clientInfo"
SERVER_INFO = "io.modelcontextprotocol/serverInfo"
LOG_LEVEL = "io.modelcontextprotocol/logLevel"

# Which member of `params` is repeated in `Mcp-Name`.
NAMED_BY = {
    "tools/call": "name",
    "prompts/get": "name",
    "resources/read": "uri",
    "tasks/get": "taskId",
    "tasks/update": "taskId",
    "tasks/cancel": "taskId",
}

TASKS = "io.modelcontextprotocol/tasks"


@dataclasses.dataclass
class Message:
    """A request as its fields and its JSON; tests change either before it is sent."""

    fields: dict[str, str]
    body: dict

    def without(self, *names: str) -> "Message":
        kept = {name: value for name, value in self.fields.items() if name not in names}
        return Message(kept, self.body)

    def having(self, **fields: str) -> "Message":
        """With fields set; `mcp_name="x"` sets `Mcp-Name`."""
        named = {"-".join(w.capitalize() for w in n.split("_")): v for n, v in fields.items()}
        named = {n.replace("Mcp-Protocol", "MCP-Protocol"): v for n, v in named.items()}
        return Message({**self.fields, **named}, self.body)

    def saying(self, **members) -> "Message":
        """With members of the JSON-RPC message replaced; None stands for null."""
        return Message(self.fields, {**self.body, **members})

    @property
    def octets(self) -> bytes:
        return json.dumps(self.body, ensure_ascii=False).encode()


def bearer(token: str | None) -> dict[str, str]:
    return {} if token is None else {"Authorization": f"Bearer {token}"}


def content_fields() -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
    }


def modern(method: str, params: dict | None = None, *, token: str | None, id=1) -> Message:
    params = dict(params or {})
    fields = {
        **bearer(token),
        **content_fields(),
        "MCP-Protocol-Version": MODERN,
        "Mcp-Method": method,
    }
    if method in NAMED_BY and isinstance(name := params.get(NAMED_BY[method]), str):
        fields["Mcp-Name"] = name
    params["_meta"] = {
        PROTOCOL_VERSION: MODERN,
        CLIENT_INFO: {"name": "interop", "version": "1"},
        CLIENT_CAPABILITIES: {},
        **params.get("_meta", {}),
    }
    return Message(fields, {"jsonrpc": "2.0", "id": id, "method": method, "params": params})


def legacy(
    method: str,
    params: dict | None = None,
    *,
    token: str | None,
    session: str | None = None,
    version: str | None = None,
    id=1,
) -> Message:
    fields = {**bearer(token), **content_fields()}
    if session is not None:
        fields["Mcp-Session-Id"] = session
    if version is not None:
        fields["MCP-Protocol-Version"] = version
    body = {"jsonrpc": "2.0", "id": id, "method": method}
    if id is None:
        del body["id"]
    if params is not None:
        body["params"] = params
    return Message(fields, body)


def initialize(version: str, *, token: str | None, id=1) -> Message:
    params = {
        "protocolVersion": version,
        "capabilities": {},
        "clientInfo": {"name": "interop", "version": "1"},
    }
    return legacy("initialize", params, token=token, id=id)


def call(tool: str, token: str | None, request_id=1, /, **arguments) -> Message:
    """A modern tool call."""
    params = {"name": tool, "arguments": arguments}
    return modern("tools/call", params, token=token, id=request_id)
