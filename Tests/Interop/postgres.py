"""A PostgreSQL of the tests' own, and servers that share it."""

import contextlib
import pathlib
import subprocess
from collections.abc import Iterator

import pytest

import everything as everything_servers
import proxies
import server as serving
import tokens as minting

SCRIPT = serving.ROOT / "Tests" / "postgres-cluster"


class Missing(Exception):
    """PostgreSQL is not installed."""


class Cluster:
    """PostgreSQL on a port of this machine, which is removed when it is closed."""

    def __init__(self):
        self.port = proxies.free_port()
        self._process = subprocess.Popen(
            [SCRIPT, str(self.port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        word, _, rest = self._line().partition(" ")
        if word != "ready":
            raise Missing(rest or "the cluster did not start")
        self.directory = rest

    def _line(self) -> str:
        return self._process.stdout.readline().rstrip("\n")

    def command(self, word: str) -> None:
        """Does one of "stop" (at once), "start" and "restart"."""
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()
        assert self._line() == "ok", word

    def make_schema(self) -> str:
        """The URL of an empty schema."""
        name = minting.fresh("schema").replace("-", "_")
        self.run(f"CREATE SCHEMA {name}")
        return (
            f"postgres://martlet:loopback@127.0.0.1:{self.port}/postgres"
            f"?options=-csearch_path%3D{name}"
        )

    def run(self, sql: str) -> str:
        """What psql prints, as the superuser."""
        address = f"postgres://martlet@/postgres?host={self.directory}&port={self.port}"
        command = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", address, "-c", sql]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(60)


@contextlib.contextmanager
def lent() -> Iterator[Cluster]:
    """A cluster for the time of the block; where there is no PostgreSQL the test is skipped."""
    try:
        cluster = Cluster()
    except Missing as reason:
        pytest.skip(str(reason))
    try:
        yield cluster
    finally:
        cluster.close()


def make_replicas(
    make_server, directory: pathlib.Path, url: str, count: int = 2, **environment
) -> list[serving.Server]:
    """Servers that share a database, a secret and a seal key, not started yet."""
    seal_key = directory / "seal.key"
    if not seal_key.exists():
        everything_servers.make_seal_key(seal_key).chmod(0o600)
    variables = {
        "MARTLET_DATABASE": url,
        "MARTLET_SEAL_KEY_FILE": str(seal_key),
        **environment,
    }
    return [make_server(f"replica-{n}", environment=variables) for n in range(count)]
