"""How the to-do tools put their results: the one place that knows."""

TOOLS = [
    "add_todo",
    "list_todos",
    "complete_todo",
    "update_todo_text",
    "delete_todo",
    "import_todos",
    "clear_completed",
]

# Role by role, what DESIGN and the tutorial grant.
MAY_CALL = {
    "admin": set(TOOLS),
    "user": {"add_todo", "list_todos", "complete_todo", "update_todo_text", "import_todos"},
    "readonly": {"list_todos"},
}
ROLES = list(MAY_CALL)


def the_todo(structured: dict) -> dict:
    """The to-do a writing tool tells of: its id, title and whether it is completed."""
    return structured["todo"]


def the_todos(structured: dict) -> list[dict]:
    """One page of a list."""
    return structured["todos"]


def next_cursor(structured: dict) -> str | None:
    return structured.get("next_cursor")


def titles(structured: dict) -> list[str]:
    return [todo["title"] for todo in the_todos(structured)]


def is_completed(todo: dict) -> bool:
    return todo["completed"]
