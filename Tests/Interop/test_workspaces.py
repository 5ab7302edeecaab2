"""Within a workspace roles decide; across workspaces nothing is visible (DESIGN §5)."""

import re

import callers
import messages
import todos
import tokens as minting


def test_subjects_of_one_workspace_share_its_todos(caller, tokens):
    workspace = minting.fresh("workspace")
    added = caller.add(tokens.make("user", workspace), "tea")
    assert caller.list_all(tokens.make("readonly", workspace)) == [added]


def test_a_todo_of_another_workspace_can_be_neither_seen_nor_changed(caller, tokens):
    mine, theirs = tokens.make(), tokens.make()
    todo = caller.add(mine, "tea")

    assert caller.list_all(theirs) == []
    for tool, more in [
        ("complete_todo", {}),
        ("update_todo_text", {"text": "x"}),
        ("delete_todo", {}),
    ]:
        assert caller.call(tool, theirs, id=todo["id"], **more)["isError"] is True
    assert caller.list_all(mine) == [todo]


def without_number(result: dict, number: int) -> list[str]:
    """The words of a result with a number blotted out where it stands as a whole."""
    texts = [block["text"] for block in result["content"]]
    assert any(re.search(rf"\b{number}\b", text) for text in texts), f"no {number} in {texts}"
    return [re.sub(rf"\b{number}\b", "#", text) for text in texts]


def test_an_id_of_another_workspace_is_refused_in_the_words_for_one_that_never_was(
    caller, tokens
):
    theirs = tokens.make()
    todo = caller.add(tokens.make(), "tea")
    unknown = 987_654_321

    for tool, more in [
        ("complete_todo", {}),
        ("update_todo_text", {"text": "x"}),
        ("delete_todo", {}),
    ]:
        foreign = caller.call(tool, theirs, id=todo["id"], **more)
        missing = caller.call(tool, theirs, id=unknown, **more)
        assert foreign["isError"] is True and missing["isError"] is True
        assert without_number(foreign, todo["id"]) == without_number(missing, unknown)


def test_a_cursor_of_one_workspace_shows_nothing_of_another(caller, tokens):
    mine, theirs = tokens.make(), tokens.make()
    for number in range(3):
        caller.add(mine, f"mine {number}")
    caller.add(theirs, "theirs")
    cursor = todos.next_cursor(caller.call("list_todos", mine, limit=1)["structuredContent"])
    assert cursor

    rest = caller.call("list_todos", mine, cursor=cursor)
    assert todos.titles(rest["structuredContent"]) == ["mine 1", "mine 2"]
    result = caller.call("list_todos", theirs, cursor=cursor)
    assert "mine" not in str(result)


def test_pages_neither_repeat_nor_skip_a_todo(caller, tokens):
    token = tokens.make()
    added = [caller.add(token, f"todo {number}") for number in range(250)]
    assert caller.list_all(token) == added


def test_a_list_can_be_of_completed_todos_only_or_of_open_ones(caller, tokens):
    token = tokens.make()
    ids = [caller.add(token, f"todo {number}")["id"] for number in range(6)]
    for id in ids[::2]:
        caller.call("complete_todo", token, id=id)

    for completed, wanted in [(True, ids[::2]), (False, ids[1::2])]:
        page = caller.call("list_todos", token, completed=completed)["structuredContent"]
        assert [todo["id"] for todo in page["todos"]] == wanted


def test_a_caller_reads_its_own_acknowledged_writes_on_every_connection(server, tokens):
    """Each loop may remember encoded lists; none may show one from before the write."""

    def talk() -> None:
        token = tokens.make()
        with callers.Caller(server.port) as writer, callers.Caller(server.port) as reader:
            for number in range(50):
                assert len(reader.list_all(token)) == number
                writer.add(token, f"todo {number}")
                assert len(reader.list_all(token)) == number + 1

    callers.at_once([talk] * 8)


def test_a_write_retried_under_its_idempotency_key_happens_once(caller, tokens):
    token = tokens.make()
    first = caller.call("add_todo", token, title="tea", idempotency_key="k1")
    again = caller.call("add_todo", token, 2, title="tea", idempotency_key="k1")
    assert again["structuredContent"] == first["structuredContent"]
    assert len(caller.list_all(token)) == 1

    other = caller.call("add_todo", token, title="milk", idempotency_key="k1")
    assert other["isError"] is True
    assert len(caller.list_all(token)) == 1


def test_an_idempotency_key_may_come_in_the_meta_of_the_request(caller, tokens):
    token = tokens.make()
    for id in (1, 2):
        message = messages.modern(
            "tools/call",
            {
                "name": "add_todo",
                "arguments": {"title": "tea"},
                "_meta": {"dev.martlet/idempotencyKey": "k1"},
            },
            token=token,
            id=id,
        )
        assert not caller.send(message).result.get("isError")
    assert len(caller.list_all(token)) == 1


def test_retries_at_the_same_time_still_happen_once(server, tokens):
    claims = tokens.claims()

    def add() -> dict:
        with callers.Caller(server.port) as caller:
            return caller.call(
                "add_todo", tokens.sign(claims), title="tea", idempotency_key="once"
            )["structuredContent"]

    results = callers.at_once([add] * 16)
    assert all(result == results[0] for result in results)
    with callers.Caller(server.port) as caller:
        assert len(caller.list_all(tokens.sign(claims))) == 1
