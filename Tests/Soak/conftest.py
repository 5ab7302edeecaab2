"""What takes long, with the servers, proxies and callers of Tests/Interop."""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Interop"))

import pytest  # noqa: E402

import postgres  # noqa: E402
import server as serving  # noqa: E402


@pytest.fixture
def rounds() -> int:
    """How often everything is done that is done again and again."""
    return int(os.environ.get("SOAK_ROUNDS", "10"))


@pytest.fixture(scope="module")
def cluster():
    """PostgreSQL, which the tests of a module share and do not stop."""
    with postgres.lent() as one:
        yield one


@pytest.fixture
def make_server(tmp_path):
    """Makes servers that are killed if they still run at the end."""
    made = []

    def make(name: str, **options) -> serving.Server:
        made.append(serving.Server(tmp_path / name, **options))
        return made[-1]

    yield make
    for one in made:
        one.kill()
