"""The to-do list on FastMCP, as its documentation writes a server: JWTVerifier and tools.

    JWT_SECRET=… JWT_ISSUER=… JWT_AUDIENCE=… fastmcp_server.py PORT
"""

import sys
from typing import Any

from fastmcp import FastMCP
from fastmcp.exceptions import ToolError
from fastmcp.server.auth.providers.jwt import JWTVerifier
from fastmcp.server.dependencies import get_access_token

import todos

verifier = JWTVerifier(
    public_key=todos.SECRET, algorithm="HS256", issuer=todos.ISSUER, audience=todos.AUDIENCE
)
server = FastMCP("todos", auth=verifier)


def caller_list(roles: set[str]) -> tuple[todos.TodoList, str]:
    claims = get_access_token().claims
    try:
        return todos.todo_list(claims, roles), claims["sub"]
    except PermissionError as error:
        raise ToolError(str(error)) from error


@server.tool
def add_todo(title: str) -> dict[str, Any]:
    """Adds a to-do."""
    own, subject = caller_list(todos.WRITERS)
    return own.add(title, subject)


@server.tool
def list_todos(limit: int = 20) -> dict[str, Any]:
    """Lists to-dos, oldest first."""
    own, _ = caller_list(todos.READERS)
    return {"todos": own.todos[:limit]}


todos.serve(server.http_app(json_response=True, stateless_http=True), int(sys.argv[1]))
