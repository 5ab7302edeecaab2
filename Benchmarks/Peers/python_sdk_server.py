"""The to-do list on the Python SDK: MCPServer with a token verifier of PyJWT.

    JWT_SECRET=… JWT_ISSUER=… JWT_AUDIENCE=… python_sdk_server.py PORT
"""

import sys
from typing import Any

import jwt
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver import MCPServer

import todos


class Verifier:
    """What the SDK leaves to its users."""

    async def verify_token(self, token: str) -> AccessToken | None:
        try:
            claims = jwt.decode(
                token,
                todos.SECRET,
                algorithms=["HS256"],
                issuer=todos.ISSUER,
                audience=todos.AUDIENCE,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except jwt.InvalidTokenError:
            return None
        return AccessToken(
            token=token, client_id=claims["sub"], scopes=[], expires_at=claims["exp"],
            subject=claims["sub"], claims=claims,
        )  # fmt: skip


server = MCPServer(
    "todos",
    token_verifier=Verifier(),
    auth=AuthSettings(
        issuer_url=todos.ISSUER,
        resource_server_url=todos.AUDIENCE,
        # The verifier compares the audience.
        validate_token_resource=False,
    ),
    log_level="WARNING",
)


@server.tool()
def add_todo(title: str) -> dict[str, Any]:
    """Adds a to-do."""
    token = get_access_token()
    return todos.todo_list(token.claims, todos.WRITERS).add(title, token.subject)


@server.tool()
def list_todos(limit: int = 20) -> dict[str, Any]:
    """Lists to-dos, oldest first."""
    token = get_access_token()
    return {"todos": todos.todo_list(token.claims, todos.READERS).todos[:limit]}


application = server.streamable_http_app(json_response=True, stateless_http=True)
todos.serve(application, int(sys.argv[1]))
