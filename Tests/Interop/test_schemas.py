"""Whether this run held what the server sent against the schemas."""

import pytest

import messages
import schemas


@pytest.mark.parametrize("revision", messages.REVISIONS)
def test_bodies_are_held_against_the_schema_of_their_revision(revision):
    if schemas.directory() is None:
        pytest.skip("no schemas beside the repository and MARTLET_SHARED names none")
    empty = {"tools": []}
    if revision == messages.MODERN:
        empty |= {"resultType": "complete", "ttlMs": 0, "cacheScope": "private"}
    schemas.validate(revision, "ListToolsResult", empty)
    with pytest.raises(AssertionError):
        schemas.validate(revision, "ListToolsResult", {**empty, "tools": [{"name": 1}]})
