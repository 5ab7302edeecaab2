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
        return
    names = ("JSONRPCResultResponse", "JSONRPCResponse")
    validate(revision, next(name for name in names if name in definitions), response)
    validate(revision, RESULTS.get(method, "Result"), response["result"])
    if revision == messages.MODERN:
        assert isinstance(response["result"].get("resultType"), str), response
    else:
        later = {"resultType", "ttlMs", "cacheScope"} & response["result"].keys()
        assert not later, f"{later} came after {revision}"
