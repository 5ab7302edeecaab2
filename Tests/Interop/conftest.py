"""Fixtures: a server everybody shares, servers of a test's own, and tokens for both."""

import contextlib

import pytest
from authorization import AuthorizationServer

import callers
import everything as everything_servers
import postgres
import proxies
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


@pytest.fixture(scope="module")
def cluster():
    """PostgreSQL, which the tests of a module share and do not stop."""
    with postgres.lent() as one:
        yield one


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


@pytest.fixture(scope="session")
def everything_alone(tmp_path_factory):
    """One everything server with two loops."""
    state = tmp_path_factory.mktemp("everything") / "state"
    one = everything_servers.Everything(state, loops=2).start()
    yield one
    one.stop()


@pytest.fixture(scope="session")
def everything_pair(tmp_path_factory):
    """Two everything servers that have nothing in common but their seal key."""
    directory = tmp_path_factory.mktemp("pair")
    seal_key = everything_servers.make_seal_key(directory / "seal.key")
    pair = [
        everything_servers.Everything(directory / name, loops=1, seal_key=seal_key).start()
        for name in ("one", "two")
    ]
    yield pair
    for one in pair:
        one.stop()


@pytest.fixture(scope="session", params=["directly", "nginx", "haproxy"])
def everything(request, everything_alone, tmp_path_factory):
    """One everything server, reached in every way: what needs one process is tested here."""
    if request.param == "directly":
        yield everything_alone
        return
    with proxies.before([everything_alone], request.param, tmp_path_factory.mktemp("proxy")) as proxy:
        yield proxy


@pytest.fixture(scope="session", params=["nginx", "haproxy"])
def everything_behind_balancer(request, everything_pair, tmp_path_factory):
    """Two everything servers behind a proxy that sends every request to the other one."""
    with proxies.before(everything_pair, request.param, tmp_path_factory.mktemp("balancer")) as proxy:
        yield proxy
