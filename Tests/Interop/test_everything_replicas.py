"""Two processes that share a seal key and nothing else, behind proxies that alternate."""

import pytest

import everything as everything_servers
import messages
import streams
import test_everything_clients as alone
import test_everything_modern as modern

every_client = alone.every_client

ROUND_COUNT = 6


@pytest.fixture
def everything(everything_behind_balancer):
    """What the tests of one process call it, so that those that need no relay run here as well."""
    return everything_behind_balancer


@pytest.fixture
def host():
    return everything_servers.Host()


# All of the modern era that concerns requests, and of the legacy era what sealed ids carry.
test_everything_is_listed = alone.test_everything_that_the_contract_names_is_listed_and_described
test_a_schema_is_unchanged = (
    alone.test_an_arbitrary_schema_reaches_the_client_unchanged_and_is_checked
)
test_every_kind_of_content_arrives = alone.test_every_kind_of_content_arrives
test_a_tool_that_fails_says_so = alone.test_a_tool_that_fails_says_so_in_its_result
test_resources_are_read = alone.test_resources_are_read
test_prompts_are_got = alone.test_prompts_are_got
test_arguments_are_completed = alone.test_arguments_and_variables_are_completed
test_progress_is_reported = alone.test_progress_is_reported
test_logs_of_requests = alone.test_log_messages_come_from_the_level_that_the_request_names
test_a_resource_that_changes = alone.test_a_listener_hears_of_a_resource_that_changes
test_an_argument_is_repeated_in_its_field = alone.test_an_argument_is_repeated_in_its_field
test_a_cancelled_call = alone.test_a_call_that_is_cancelled_leaves_the_connection_usable

test_a_question_is_answered = modern.test_a_question_is_asked_and_the_answer_used
test_rounds_are_carried = modern.test_answers_of_earlier_rounds_are_carried_in_the_state
test_several_questions = (
    modern.test_several_questions_are_asked_at_once_and_only_open_ones_again
)
test_a_changed_state = modern.test_a_state_that_was_changed_is_refused
test_the_tool_of_a_state = modern.test_a_state_is_good_for_the_tool_it_was_made_for
test_a_prompt_takes_two_rounds = modern.test_a_prompt_takes_two_rounds
test_a_missing_capability = modern.test_a_capability_that_is_missing_is_named
test_a_field_must_agree = modern.test_an_argument_and_its_field_must_agree
test_progress_is_a_stream = (
    modern.test_progress_turns_the_response_into_a_stream_that_ends_with_it
)
test_streams_are_not_kept = modern.test_what_is_told_arrives_when_it_is_told
test_a_subscription_is_acknowledged = (
    modern.test_a_subscription_is_acknowledged_with_what_is_honoured
)


def test_the_proxy_spreads_requests(everything, everything_pair):
    """Without this the other tests here show nothing."""
    before = [one.descriptor_count() for one in everything_pair]
    opened = [
        modern.listen(everything.port, number, toolsListChanged=True) for number in range(8)
    ]
    for stream in opened:
        stream.next()
    after = [one.descriptor_count() for one in everything_pair]
    for stream in opened:
        stream.close()
    assert [late - early >= 3 for early, late in zip(before, after, strict=True)] == [True, True]


@pytest.mark.parametrize("revision", messages.LEGACY)
def test_a_sealed_session_is_good_at_every_replica(everything, revision):
    session = streams.Session(everything.port, revision)
    for _ in range(ROUND_COUNT):
        assert session.send("ping").result == {}
        assert session.send("tools/list").result["tools"]
        assert session.send("prompts/list").result["prompts"]
        read = session.send("resources/read", {"uri": "test://static-text"}).result
        assert read["contents"][0]["text"].startswith("This is the content")
        got = session.send("prompts/get", {"name": "test_simple_prompt"}).result
        assert got["messages"][0]["content"]["type"] == "text"
        called = session.call("test_simple_text").result
        assert called["content"][0]["text"].startswith("This is a simple text")


def test_a_session_id_that_was_changed_is_unknown_at_every_replica(everything):
    session = streams.Session(everything.port)
    session.id = modern.changed(session.id, len(session.id) // 2)
    for _ in range(ROUND_COUNT):
        assert session.send("ping").status == 404
