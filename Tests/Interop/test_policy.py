"""Policy as data: a file decides over HTTP, and `martlet policy` says beforehand what it will."""

import json

import pytest

import callers
import messages
import server as serving
import tokens as minting

POLICY = {
    "roles": {
        "admin": "*",
        "editor": [*("create:todos", "read:todos", "update:todos", "list:tools", "call:tools")],
    },
    "implied-scopes": {"todos": ["read:todos", "create:todos", "list:tools", "call:tools"]},
    "tools": {
        "delete_todo": [
            {"permissions": ["delete:todos"]},
            {
                "permissions": ["update:todos"],
                "when": [
                    {"claim": "department", "equals": "it"},
                    {"argument": "id", "in": [1, 2, 3]},
                ],
            },
        ]
    },
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    directory = tmp_path_factory.mktemp("policy")
    path = directory / "policy.json"
    path.write_text(json.dumps(POLICY))
    server = serving.Server(directory / "state", settings={"policy-file": str(path)}).start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def tokens(server):
    return minting.TokenSource(server)


def token_with(tokens: minting.TokenSource, **claims) -> str:
    """A token whose role is one of the policy's, or none."""
    changed = {**tokens.claims(), **claims}
    return tokens.sign({name: value for name, value in changed.items() if value is not None})


# A token's claims, the id that is asked for, and what becomes of that.
DECISIONS = [
    ({"role": "admin"}, 9, 200),
    ({"role": "editor", "department": "it"}, 2, 200),
    ({"role": "editor", "department": "it"}, 9, 403),
    ({"role": "editor", "department": "sales"}, 2, 403),
    ({"role": "editor"}, 2, 403),
    ({"role": "editor", "department": ["it"]}, 2, 403),
    ({"role": "nobody"}, 2, 403),
]


@pytest.mark.parametrize(("claims", "id", "status"), DECISIONS, ids=str)
def test_http_and_the_explanation_tell_the_same_story(server, tokens, tmp_path, claims, id, status):
    token = token_with(tokens, **claims)
    with callers.Caller(server.port) as caller:
        response = caller.send(messages.call("delete_todo", token, id=id))
    assert response.status == status

    path = tmp_path / "token"
    path.write_text(token + "\n")
    asked = ["--token-file", str(path), "--tool", "delete_todo"]
    asked += ["--arguments", json.dumps({"id": id})]
    explained = server.command("policy", "explain", *asked, *server.arguments)
    assert explained.returncode == (0 if status == 200 else 1), explained.stderr
    wanted = "decision      allowed" if status == 200 else "answer        403"
    assert wanted in explained.stdout
    assert "delete:todos" in explained.stdout
    assert token.rpartition(".")[2] not in explained.stdout


def test_a_scope_that_is_too_narrow_is_challenged_with_what_the_first_rule_needs(server, tokens):
    token = token_with(tokens, role=None, scope="todos")
    with callers.Caller(server.port) as caller:
        response = caller.send(messages.call("delete_todo", token, id=9))
    assert response.status == 403
    assert response.challenge["error"] == "insufficient_scope"
    assert set(response.challenge["scope"].split()) == {"delete:todos", "call:tools"}


def test_a_table_of_expected_decisions_is_run(server, tmp_path):
    cases = [
        {"name": f"{claims} on {id}", "claims": claims, "tool": "delete_todo"}
        | {"arguments": {"id": id}, "expect": "allowed" if status == 200 else "forbidden"}
        for claims, id, status in DECISIONS
    ]
    path = tmp_path / "cases.json"
    path.write_text(json.dumps({"cases": cases}))
    run = server.command("policy", "test", str(path), *server.arguments)
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"{len(cases)} passed, 0 failed" in run.stdout

    cases[0]["expect"] = "forbidden"
    path.write_text(json.dumps({"cases": cases}))
    run = server.command("policy", "test", str(path), *server.arguments)
    assert run.returncode == 1
    assert f"{len(cases) - 1} passed, 1 failed" in run.stdout
    assert cases[0]["name"] in run.stdout


def test_a_policy_to_try_out_is_logged_and_changes_no_answer(own_server, tmp_path):
    shadow = {**POLICY, "tools": {"add_todo": [{"permissions": ["delete:todos"]}]}}
    path = tmp_path / "shadow.json"
    path.write_text(json.dumps(shadow))
    server = own_server(settings={"shadow-policy-file": str(path)}).start()
    token = minting.TokenSource(server).make("user")
    with callers.Caller(server.port) as caller:
        assert caller.add(token, "a private matter")["title"] == "a private matter"
    server.stop()
    log = server.log_tail()
    assert "shadow policy" in log and "add_todo" in log
    assert "a private matter" not in log
