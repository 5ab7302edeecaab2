"""Two and three processes that share a PostgreSQL database, behind proxies that alternate.

What one process of the other modules shows runs here as well, with one connection a request: no two
requests of a session, a question or a task need meet the same process.
"""

import pytest

import everything as everything_servers
import messages
import proxies
import streams
import test_everything_asking as asking
import test_everything_clients as clients
import test_everything_legacy as legacy
import test_everything_modern as modern
import test_tasks as tasks
import waiting

# In turn to each: so many requests meet every process, wherever they begin.
ROUND_COUNT = 6


@pytest.fixture(scope="module", params=[2, 3], ids=["two", "three"])
def processes(request, cluster, tmp_path_factory):
    """Everything servers on one schema; the last of them only looks for what the others do."""
    directory = tmp_path_factory.mktemp("shared")
    seal_key = everything_servers.make_seal_key(directory / "seal.key")
    url = cluster.make_schema()
    made = []
    for number in range(request.param):
        one = everything_servers.Everything(directory / str(number), loops=1, seal_key=seal_key)
        one.options += ["--database", url]
        made.append(one)
    made[-1].options += ["--polls"]
    for one in made:
        one.start()
    yield made
    for one in made:
        one.stop()


@pytest.fixture(scope="module", params=["nginx", "haproxy"])
def everything(request, processes, tmp_path_factory):
    """What the tests of one process call it."""
    with proxies.before(processes, request.param, tmp_path_factory.mktemp("proxy")) as proxy:
        yield proxy


@pytest.fixture
def host():
    return everything_servers.Host()


@pytest.fixture
def session(everything):
    return streams.Session(everything.port, capabilities=legacy.ALL)


@pytest.fixture
def client(everything):
    return tasks.Client(everything.port)


# Requests of the server, with the clients that others wrote and over plain sockets.
test_the_model_is_asked = clients.test_the_model_of_the_client_is_asked
test_the_user_is_asked = clients.test_the_user_is_asked_and_may_decline
test_a_form_has_defaults = clients.test_a_form_has_a_default_of_every_type
test_a_form_has_choices = clients.test_a_form_has_every_kind_of_choice
test_roots_are_asked_for = clients.test_the_roots_of_the_client_are_asked_for
test_a_call_goes_on = clients.test_a_call_goes_on_when_all_was_answered
test_a_prompt_asks = clients.test_a_prompt_can_ask_too
test_nobody_is_asked_in_vain = clients.test_a_client_that_cannot_be_asked_is_not
test_a_call_is_cancelled = clients.test_a_call_that_is_cancelled_leaves_the_connection_usable
test_a_session_ends = clients.test_a_session_is_pinged_and_ended
test_a_question_is_answered = legacy.test_a_question_is_answered_from_another_connection
test_another_session_cannot_answer = legacy.test_another_session_cannot_answer
test_resources_and_prompts_ask = (
    asking.test_in_a_session_resources_and_prompts_ask_on_their_own_streams
)
test_a_session_is_sent_to_an_address = (
    asking.test_a_session_is_sent_to_an_address_and_told_when_that_is_done
)
test_a_request_is_cancelled = legacy.test_a_request_is_cancelled_by_its_own_session_alone

# What sessions change.
test_a_session_hears_of_its_resource = (
    clients.test_a_session_hears_of_a_resource_that_it_subscribed_to
)


# Resumption.
test_a_connection_that_breaks_off = clients.test_a_connection_that_breaks_off_is_resumed
test_a_stream_is_primed_and_resumed = legacy.test_a_stream_is_primed_and_resumed_on_any_loop
test_what_was_seen_is_not_sent_again = legacy.test_events_that_were_seen_are_not_sent_again
test_events_of_another_session = legacy.test_the_events_of_another_session_are_not_resumed
test_a_client_that_leaves = legacy.test_a_client_that_leaves_finds_its_answer_later


def test_a_log_level_comes_to_hold_at_every_process(session):
    for level, count in [("emergency", 1), ("debug", 8)]:
        assert session.send("logging/setLevel", {"level": level}).result == {}

        def holds(count=count):
            told = []
            for _ in range(ROUND_COUNT):
                with session.stream("test_logging_tool") as stream:
                    told.append(len(list(stream)))
            return set(told) == {count + 1}

        waiting.eventually(holds)


def test_a_session_that_has_ended_comes_to_be_unknown_at_every_process(session):
    with session.listen() as stream:
        assert stream.begins_with_comment
        assert session.delete().status in (200, 204)
        assert list(stream) == []
    waiting.eventually(
        lambda: {session.send("ping").status for _ in range(ROUND_COUNT)} == {404}
    )


# Tasks, of which every request may meet another process than the one that works.
test_the_extension_is_announced = tasks.test_the_extension_is_announced
test_a_task_tells_where_it_stands = (
    tasks.test_a_task_tells_where_it_stands_until_it_has_the_result
)
test_no_task_without_the_extension = (
    tasks.test_a_client_that_does_not_declare_the_extension_gets_no_task
)
test_a_task_is_unknown = tasks.test_a_task_that_does_not_exist_is_unknown
test_fields_agree_with_the_task = (
    tasks.test_the_fields_of_a_request_about_a_task_must_agree_with_it
)
test_a_stream_tells_of_tasks = tasks.test_a_stream_tells_where_its_tasks_stand


def test_what_a_task_asks_is_answered_at_whichever_process(client):
    for number in range(ROUND_COUNT):
        id = client.begin("test_task_elicitation")["taskId"]
        asking = client.wait(id, "input_required")
        [(key, request)] = asking["inputRequests"].items()
        assert (key, request["method"]) == ("user_name", "elicitation/create")
        for _ in range(ROUND_COUNT):
            wrong = client.update(id, {key: {"action": "accept", "content": {"name": 7}}})
            assert (wrong.status, wrong.error["code"]) == tasks.UNKNOWN
            assert client.update(id, {"nobody_asked": {"action": "decline"}}).status == 200
        name = f"Ada {number}"
        # Again and again, as a client does that lost the answer.
        answer = {"action": "accept", "content": {"name": name}}
        for _ in range(3):
            assert client.update(id, {key: answer}).status == 200
        assert tasks.text(client.wait(id, "completed")["result"]) == f"Hello, {name}!"


def test_a_task_is_cancelled_at_whichever_process(client):
    for number in range(ROUND_COUNT):
        tool = "test_task_work" if number % 2 else "test_task_elicitation"
        id = client.begin(tool, {"durationMs": 600_000} if number % 2 else {})["taskId"]
        assert client.cancel(id).status == 200
        client.wait(id, "cancelled")
        for _ in range(ROUND_COUNT):
            assert client.get(id)["status"] == "cancelled"
            assert client.cancel(id).status == 200


def test_the_proxy_spreads_requests(everything, processes):
    """Without this the other tests here show nothing."""
    before = [one.descriptor_count() for one in processes]
    sessions = [streams.Session(everything.port) for _ in range(4 * len(processes))]
    opened = [one.listen() for one in sessions]
    assert all(stream.begins_with_comment for stream in opened)
    after = [one.descriptor_count() for one in processes]
    for stream in opened:
        stream.close()
    assert all(late - early >= 2 for early, late in zip(before, after, strict=True))


# What one process announces; last, since others hear of it when the next test may have begun.
test_a_listener_hears_of_lists = (
    clients.test_a_listener_hears_of_what_it_asked_for_and_of_nothing_else
)
test_every_list_that_changes_is_told = (
    modern.test_every_list_that_changes_is_told_to_those_who_want_to_hear
)
test_every_subscription_hears = modern.test_a_subscription_is_known_on_every_loop


def next_of(stream: streams.Stream, method: str):
    """The next event with this message; those of other lists are of tests before."""
    while True:
        event = stream.next_event()
        if event.data and event.message["method"] == method:
            return event


def test_every_session_hears_of_a_list_that_changes(everything):
    sessions = [streams.Session(everything.port) for _ in range(ROUND_COUNT)]
    listening = [one.listen() for one in sessions]
    assert all(stream.begins_with_comment for stream in listening)
    sessions[0].call("test_trigger_resource_change")
    for stream in listening:
        next_of(stream, "notifications/resources/list_changed")
        stream.close()


def test_the_stream_of_a_session_is_resumed_at_any_process(session):
    with session.listen() as stream:
        last = stream.next_event().id
    for _ in range(ROUND_COUNT):
        # Nobody listens. That it was announced may be told twice, and never not at all.
        session.call("test_trigger_tool_change")
        with session.listen(last_event_id=last) as stream:
            last = next_of(stream, "notifications/tools/list_changed").id
