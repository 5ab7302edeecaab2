"""What the Python peers have in common: a to-do list in memory, the roles, and how they start."""

import dataclasses
import os

import uvicorn

SECRET = os.environ["JWT_SECRET"]
ISSUER = os.environ["JWT_ISSUER"]
AUDIENCE = os.environ["JWT_AUDIENCE"]

WRITERS = {"admin", "user"}
READERS = WRITERS | {"readonly"}


@dataclasses.dataclass
class TodoList:
    """The to-dos of one workspace."""

    todos: list[dict] = dataclasses.field(default_factory=list)

    def add(self, title: str, by: str) -> dict:
        todo = {"id": len(self.todos) + 1, "title": title, "completed": False, "created_by": by}
        self.todos.append(todo)
        return todo


workspaces: dict[str, TodoList] = {}


def todo_list(claims: dict, roles: set[str]) -> TodoList:
    """The list of the caller's workspace, if its role is one of these."""
    if claims.get("role") not in roles:
        raise PermissionError("this role may not")
    return workspaces.setdefault(claims["workspace"], TodoList())


def serve(application, port: int) -> None:
    """Runs the application as its documentation says, without a log of requests."""
    print(f"listening on http://127.0.0.1:{port}/mcp", flush=True)
    uvicorn.run(application, host="127.0.0.1", port=port, log_level="warning", access_log=False)
