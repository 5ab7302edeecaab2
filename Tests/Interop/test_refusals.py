"""What the modern protocol refuses, and how: HTTP status and JSON-RPC code."""

import base64

import pytest

import callers
import messages
import wire


def tools_list(tokens, **meta) -> messages.Message:
    return messages.modern("tools/list", {"_meta": meta}, token=tokens.make())


def without_meta(message: messages.Message, name: str | None) -> messages.Message:
    """The message without one member of `_meta`, or without all of it."""
    params = dict(message.body["params"])
    meta = params.pop("_meta")
    if name is not None:
        params["_meta"] = {key: value for key, value in meta.items() if key != name}
    return message.saying(params=params)


def raw(tokens, body: bytes, method: str = "tools/list") -> bytes:
    """A modern request whose body is anything at all."""
    message = messages.modern(method, token=tokens.make())
    return wire.request(list(message.fields.items()), body)


@pytest.mark.parametrize(
    "body",
    [b"{", b"", b"nonsense", b'{"jsonrpc":"2.0",}', b'{"a":"\xff"}', b"[" * 1_000, b"{}{}"],
    ids=repr,
)
def test_a_body_that_is_not_json_is_a_parse_error(server, tokens, body):
    with wire.Connection(server.port) as connection:
        response = connection.exchange(raw(tokens, body))
    assert (response.status, response.error["code"]) == (400, -32700)


NOT_REQUESTS = {
    "a string": '"tools/list"',
    "null": "null",
    "an array of requests": '[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]',
    "an empty array": "[]",
    "an empty object": "{}",
    "a response": '{"jsonrpc":"2.0","id":1,"result":{}}',
    "a request of another version": '{"jsonrpc":"1.0","id":1,"method":"tools/list","params":{}}',
    "a request whose method is a number": '{"jsonrpc":"2.0","id":1,"method":1,"params":{}}',
    "a request whose id is null": '{"jsonrpc":"2.0","id":null,"method":"tools/list","params":{}}',
    "a request whose id is true": '{"jsonrpc":"2.0","id":true,"method":"tools/list","params":{}}',
}


@pytest.mark.parametrize("name", NOT_REQUESTS)
def test_json_that_is_not_a_request_is_an_invalid_request(server, tokens, name):
    with wire.Connection(server.port) as connection:
        response = connection.exchange(raw(tokens, NOT_REQUESTS[name].encode()))
    assert (response.status, response.error["code"]) == (400, -32600)


@pytest.mark.parametrize(
    "missing", [messages.PROTOCOL_VERSION, messages.CLIENT_CAPABILITIES, None], ids=str
)
def test_a_request_without_its_meta_has_invalid_params(caller, tokens, missing):
    response = caller.send(without_meta(tools_list(tokens), missing))
    assert (response.status, response.error["code"]) == (400, -32602)


def test_a_request_need_not_say_what_its_client_is_called(caller, tokens):
    response = caller.send(without_meta(tools_list(tokens), messages.CLIENT_INFO))
    assert response.status == 200


MISMATCHES = {
    "the version of the body is another": lambda t: tools_list(
        t, **{messages.PROTOCOL_VERSION: "2025-11-25"}
    ),
    "Mcp-Method is missing": lambda t: tools_list(t).without("Mcp-Method"),
    "Mcp-Method is another": lambda t: tools_list(t).having(mcp_method="server/discover"),
    "Mcp-Method is empty": lambda t: tools_list(t).having(mcp_method=""),
    "Mcp-Name is missing": lambda t: messages.call("list_todos", t.make()).without("Mcp-Name"),
    "Mcp-Name is another": lambda t: messages.call("list_todos", t.make()).having(
        mcp_name="add_todo"
    ),
    "Mcp-Name differs in case": lambda t: messages.call("list_todos", t.make()).having(
        mcp_name="List_Todos"
    ),
    "Mcp-Name is not base64": lambda t: messages.call("list_todos", t.make()).having(
        mcp_name="=?base64?!?="
    ),
    "initialize comes under the modern version": lambda t: (
        messages.initialize("2025-11-25", token=t.make()).having(
            mcp_protocol_version=messages.MODERN, mcp_method="initialize"
        )
    ),
    "a modern body comes under a legacy version": lambda t: tools_list(t).having(
        mcp_protocol_version="2025-11-25"
    ),
    "a modern body comes without a version": lambda t: tools_list(t).without(
        "MCP-Protocol-Version"
    ),
}


@pytest.mark.parametrize("name", MISMATCHES)
def test_fields_that_contradict_the_body_are_refused(caller, tokens, name):
    response = caller.send(MISMATCHES[name](tokens))
    assert (response.status, response.error["code"]) == (400, -32020)


@pytest.mark.parametrize("name", ["MCP-Protocol-Version", "Mcp-Method", "Mcp-Name"])
def test_a_routing_field_that_comes_twice_is_refused(server, tokens, name):
    message = messages.call("list_todos", tokens.make())
    fields = [*message.fields.items(), (name, message.fields[name])]
    with wire.Connection(server.port) as connection:
        response = connection.exchange(wire.request(fields, message.octets))
    assert (response.status, response.error["code"]) == (400, -32020)


def test_a_version_that_is_not_served_is_answered_with_those_that_are(caller, tokens):
    message = tools_list(tokens, **{messages.PROTOCOL_VERSION: "2099-12-31"})
    response = caller.send(message.having(mcp_protocol_version="2099-12-31"))

    assert (response.status, response.error["code"]) == (400, -32022)
    assert response.error["data"]["requested"] == "2099-12-31"
    assert messages.MODERN in response.error["data"]["supported"]


@pytest.mark.parametrize(
    "method", ["no/such/method", "ping", "logging/setLevel", "resources/subscribe"]
)
def test_a_method_the_modern_protocol_does_not_have_is_not_found(caller, tokens, method):
    response = caller.send(messages.modern(method, token=tokens.make()))
    assert (response.status, response.error["code"]) == (404, -32601)


BAD_PARAMS = {
    "an unknown tool": lambda t: messages.call("no_such_tool", t.make()),
    "a cursor nobody gave out": lambda t: messages.modern(
        "tools/list", {"cursor": "made up"}, token=t.make()
    ),
    "a log level nobody defined": lambda t: tools_list(t, **{messages.LOG_LEVEL: "shouting"}),
    "arguments that are an array": lambda t: messages.modern(
        "tools/call", {"name": "list_todos", "arguments": []}, token=t.make()
    ),
}


@pytest.mark.parametrize("name", BAD_PARAMS)
def test_params_that_make_no_sense_are_invalid(caller, tokens, name):
    response = caller.send(BAD_PARAMS[name](tokens))
    assert (response.status, response.error["code"]) == (400, -32602)


BAD_ARGUMENTS = {
    "no title": ("add_todo", {}),
    "a title that is a number": ("add_todo", {"title": 1}),
    "a title that is null": ("add_todo", {"title": None}),
    "an empty title": ("add_todo", {"title": ""}),
    "a title of white space": ("add_todo", {"title": " \t"}),
    "a title of 256 characters": ("add_todo", {"title": "x" * 256}),
    "an id that is text": ("complete_todo", {"id": "1"}),
    "an id that is a fraction": ("complete_todo", {"id": 1.5}),
    "an id of twenty digits": ("complete_todo", {"id": 10**19}),
    "a limit of zero": ("list_todos", {"limit": 0}),
    "a limit below zero": ("list_todos", {"limit": -1}),
    "a cursor nobody gave out": ("list_todos", {"cursor": "made up"}),
    "an idempotency key of 129 letters": (
        "add_todo",
        {"title": "x", "idempotency_key": "k" * 129},
    ),
}


@pytest.mark.parametrize("name", BAD_ARGUMENTS)
def test_arguments_a_tool_cannot_use_are_a_result_the_model_can_act_on(caller, tokens, name):
    tool, arguments = BAD_ARGUMENTS[name]
    result = caller.call(tool, tokens.make(), **arguments)

    assert result["isError"] is True
    assert any(block["type"] == "text" and block["text"] for block in result["content"])


def test_a_title_of_255_characters_is_accepted(caller, tokens):
    assert caller.add(tokens.make(), "é" * 255)["title"] == "é" * 255


@pytest.mark.parametrize("id", [1, 0, -7, 2**53 - 1, "", "a", "é", 'quo"te', "x" * 200])
def test_an_answer_bears_the_id_of_its_request_whatever_it_is(caller, tokens, id):
    for method, outcome in [("tools/list", "result"), ("no/such/method", "error")]:
        answer = caller.send(messages.modern(method, token=tokens.make(), id=id)).json()
        assert outcome in answer
        assert answer["id"] == id and type(answer["id"]) is type(id)


def test_a_name_in_base64_is_decoded(caller, tokens):
    encoded = base64.b64encode(b"list_todos").decode()
    message = messages.call("list_todos", tokens.make()).having(mcp_name=f"=?base64?{encoded}?=")
    assert caller.send(message).status == 200


@pytest.mark.parametrize("accept", [None, "*/*", "application/json, text/event-stream"])
def test_a_client_that_takes_either_type_is_answered(caller, tokens, accept):
    message = tools_list(tokens).without("Accept")
    if accept is not None:
        message = message.having(accept=accept)
    assert caller.send(message).status == 200


@pytest.mark.parametrize("accept", ["text/html", "image/png, text/plain"])
def test_a_client_that_takes_neither_type_is_refused(caller, tokens, accept):
    assert caller.send(tools_list(tokens).having(accept=accept)).status == 406


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "json"])
def test_content_that_is_not_json_by_its_own_word_is_refused(caller, tokens, kind):
    assert caller.send(tools_list(tokens).having(content_type=kind)).status == 415


def test_content_type_may_have_parameters(caller, tokens):
    message = tools_list(tokens).having(content_type="application/json; charset=utf-8")
    assert caller.send(message).status == 200


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "PATCH"])
def test_the_modern_protocol_knows_no_method_but_post(server, tokens, method):
    fields = messages.modern("tools/list", token=tokens.make()).fields
    with wire.Connection(server.port) as connection:
        response = connection.exchange(
            wire.request(list(fields.items()), None, method=method)
        )
    assert response.status == 405
    assert "POST" in response.field("allow")


def test_options_says_which_methods_there_are(server, tokens):
    fields = messages.modern("tools/list", token=tokens.make()).fields
    with wire.Connection(server.port) as connection:
        response = connection.exchange(
            wire.request(list(fields.items()), None, method="OPTIONS")
        )
        assert (response.status, response.body) == (204, b"")
        allowed = {method.strip() for method in response.field("allow").split(",")}
        assert {"POST", "OPTIONS"} <= allowed
        # Nothing is named that is then refused, at least in the era that has it.
        legacy = [("MCP-Protocol-Version", messages.LEGACY[0])]
        for method in allowed - {"POST", "OPTIONS", "HEAD"}:
            answer = connection.exchange(wire.request(legacy, None, method=method))
            assert answer.status != 405, method


def test_a_notification_is_accepted_without_a_body(server, tokens):
    message = messages.modern("notifications/cancelled", {"requestId": 9}, token=tokens.make())
    del message.body["id"]
    with wire.Connection(server.port) as connection:
        response = connection.exchange(
            wire.request(list(message.fields.items()), message.octets)
        )
    assert (response.status, response.body) == (202, b"")


def test_a_modern_answer_names_the_server_and_how_long_it_may_be_kept(caller, tokens):
    for method in ("server/discover", "tools/list"):
        result = caller.send(messages.modern(method, token=tokens.make())).result
        assert result["resultType"] == "complete"
        assert result["_meta"][messages.SERVER_INFO]["name"]
        assert isinstance(result["ttlMs"], int) and result["ttlMs"] >= 0
    assert result["cacheScope"] == "private", "a list that depends on rights"
