"""Fixtures: a server everybody shares, servers of a test's own, and tokens for both."""

import contextlib

import pytest
from authorization import AuthorizationServer

import callers
import server as serving
import tokens as minting
import trust


def pytest_sessionstart():
    """One message where every test would fail for the same reason."""
    try:
        serving.binary()
    except serving.ServerFailure as failure:
        pytest.exit(str(failure), returncode=pytest.ExitCode.USAGE_ERROR)


@pytest.fixture(scope="session")
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """One server for the tests that leave nothing behind but to-dos in their own workspaces."""
    shared = serving.Server(tmp_path_factory.mktemp("shared") / "state").start()
    yield shared
    shared.stop()


@pytest.fixture(scope="session")
def tokens(server):
    return minting.TokenSource(server)


@pytest.fixture
def caller(server):
    with callers.Caller(server.port) as caller:
        yield caller


@pytest.fixture
def own_server(tmp_path):
    """Makes servers a test may stop, kill and start again; what still runs is stopped."""
    made = []

    def make(name: str = "state", **options) -> serving.Server:
        made.append(serving.Server(tmp_path / name, **options))
        return made[-1]

    yield make
    for one in made:
        one.kill()


@pytest.fixture
def make_issuer():
    """Makes authorization servers that are up until the test ends."""
    with contextlib.ExitStack() as stack:
        yield lambda **options: stack.enter_context(AuthorizationServer(**options))


@pytest.fixture
def issuer(make_issuer):
    return make_issuer()


@pytest.fixture
def server_trusting(own_server):
    """Makes a running server that trusts these issuers and nobody else."""

    def make(*issuers: AuthorizationServer, **options) -> serving.Server:
        return own_server(**trust.options(*issuers, **options)).start()

    return make
