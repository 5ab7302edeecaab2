"""What the server sends, held against the JSON Schema of the revision it speaks."""

import functools
import json
import os
import pathlib

import jsonschema

import messages

RESULTS = {
    "initialize": "InitializeResult",
    "server/discover": "DiscoverResult",
    "tools/list": "ListToolsResult",
    "tools/call": "CallToolResult",
    "prompts/list": "ListPromptsResult",
    "prompts/get": "GetPromptResult",
    "resources/list": "ListResourcesResult",
    "resources/templates/list": "ListResourceTemplatesResult",
    "resources/read": "ReadResourceResult",
    "completion/complete": "CompleteResult",
    "ping": "EmptyResult",
    "logging/setLevel": "EmptyResult",
    "resources/subscribe": "EmptyResult",
    "resources/unsubscribe": "EmptyResult",
    "subscriptions/listen": "SubscriptionsListenResult",
}

NOTIFICATIONS = {
    "notifications/cancelled": "CancelledNotification",
    "notifications/elicitation/complete": "ElicitationCompleteNotification",
    "notifications/message": "LoggingMessageNotification",
    "notifications/progress": "ProgressNotification",
    "notifications/prompts/list_changed": "PromptListChangedNotification",
    "notifications/resources/list_changed": "ResourceListChangedNotification",
    "notifications/resources/updated": "ResourceUpdatedNotification",
    "notifications/subscriptions/acknowledged": "SubscriptionsAcknowledgedNotification",
    "notifications/tools/list_changed": "ToolListChangedNotification",
}

# What the tasks extension adds, and the file of its schema.
TASKS = "ext-tasks"
TASK_RESULTS = {
    "tasks/get": "GetTaskResult",
    "tasks/update": "UpdateTaskResult",
    "tasks/cancel": "CancelTaskResult",
}

REQUESTS = {
    "elicitation/create": "ElicitRequest",
    "roots/list": "ListRootsRequest",
    "sampling/createMessage": "CreateMessageRequest",
}

# What a modern server may answer with questions.
MULTI_ROUND = {"tools/call", "prompts/get", "resources/read"}

# Which error object has which form, where the specification says so.
ERRORS = {
    -32020: "HeaderMismatchError",
    -32021: "MissingRequiredClientCapabilityError",
    -32022: "UnsupportedProtocolVersionError",
}


def directory() -> pathlib.Path | None:
    """Where the schemas are; None when this machine has none."""
    root = pathlib.Path(__file__).resolve().parents[2]
    shared = os.environ.get("MARTLET_SHARED")
    found = (pathlib.Path(shared) if shared else root.parent / "shared") / "spec"
    return found if found.is_dir() else None


@functools.cache
def _schema(revision: str) -> dict:
    return json.loads((directory() / f"mcp-{revision}.schema.json").read_text())


@functools.cache
def _validator(revision: str, definition: str):
    schema = _schema(revision)
    section = "$defs" if "$defs" in schema else "definitions"
    assert definition in schema[section], f"{revision} defines no {definition}"
    # In draft-07 a bare $ref would hide the definitions beside it.
    narrowed = {
        "$schema": schema["$schema"],
        section: schema[section],
        "allOf": [{"$ref": f"#/{section}/{definition}"}],
    }
    return jsonschema.validators.validator_for(schema)(narrowed)


def validate(revision: str, definition: str, value) -> None:
    """Fails unless the value is an instance of the definition; says nothing without schemas."""
    if directory() is None:
        return
    problem = jsonschema.exceptions.best_match(_validator(revision, definition).iter_errors(value))
    assert problem is None, f"no {definition} of {revision}: {problem.message} in {value}"


def validate_response(revision: str, method: str | None, response: dict) -> None:
    """Fails unless this is a response to the method in that revision of the protocol."""
    if directory() is None:
        return
    definitions = _schema(revision).get("$defs") or _schema(revision)["definitions"]
    if "error" in response:
        names = ("JSONRPCErrorResponse", "JSONRPCError")
        validate(revision, next(name for name in names if name in definitions), response)
        specific = ERRORS.get(response["error"]["code"])
        if specific in definitions:
            validate(revision, specific, response)
        return
    names = ("JSONRPCResultResponse", "JSONRPCResponse")
    validate(revision, next(name for name in names if name in definitions), response)
    result = response["result"]
    if revision == messages.MODERN and result.get("resultType") == "task":
        assert method == "tools/call", f"{method} cannot become a task"
        validate(TASKS, "CreateTaskResult", result)
    elif revision == messages.MODERN and method in TASK_RESULTS:
        validate(TASKS, TASK_RESULTS[method], result)
        validate_task(result)
    elif revision == messages.MODERN and result.get("resultType") == "input_required":
        assert method in MULTI_ROUND, f"{method} cannot ask for input"
        validate(revision, "InputRequiredResult", result)
        for request in result.get("inputRequests", {}).values():
            validate(revision, REQUESTS[request["method"]], request)
    else:
        validate(revision, RESULTS.get(method, "Result"), result)
    if revision == messages.MODERN:
        assert isinstance(result.get("resultType"), str), response
        assert messages.SERVER_INFO in result["_meta"], response
    else:
        later = {"resultType", "ttlMs", "cacheScope"} & result.keys()
        assert not later, f"{later} came after {revision}"


def validate_task(task: dict) -> None:
    """Fails unless what a task brings along is what its tool would have answered or asked."""
    assert task.get("status") in (None, "failed") or "error" not in task, task
    if "result" in task:
        validate(messages.MODERN, "CallToolResult", task["result"])
        assert task["status"] == "completed", task
    for request in task.get("inputRequests", {}).values():
        validate(messages.MODERN, REQUESTS[request["method"]], request)


def validate_message(revision: str, message, method: str | None = None) -> str:
    """Fails unless this is a message that a server of the revision may send; says of what kind.

    `method` is that of the request, if this is its response.
    """
    if "method" not in message:
        validate_response(revision, method, message)
        return "response"
    if message["method"] == "notifications/tasks":
        assert revision == messages.MODERN, f"tasks came after {revision}"
        validate(TASKS, "TaskStatusNotification", message)
        validate_task(message["params"])
        return "notification"
    kinds = REQUESTS if "id" in message else NOTIFICATIONS
    assert message["method"] in kinds, f"a server does not send this: {message}"
    validate(revision, kinds[message["method"]], message)
    validate(revision, "JSONRPCRequest" if "id" in message else "JSONRPCNotification", message)
    if "id" not in message:
        return "notification"
    assert revision != messages.MODERN, f"a request of the server in the modern era: {message}"
    return "request"
