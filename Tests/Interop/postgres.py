"""A PostgreSQL of the tests' own, and servers that share it."""

import contextlib
import os
import pathlib
import shutil
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

    def make_database(self) -> str:
        """The name of an empty database, for who cannot name a schema."""
        name = minting.fresh("database").replace("-", "_")
        self.run(f"CREATE DATABASE {name}")
        return name

    def url(self, database: str) -> str:
        return f"postgres://martlet:loopback@127.0.0.1:{self.port}/{database}"

    def run(self, sql: str, database: str = "postgres") -> str:
        """What psql prints, as the superuser."""
        address = f"postgres://martlet@/{database}?host={self.directory}&port={self.port}"
        command = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", address, "-c", sql]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def speak_tls(
        self,
        certificate: pathlib.Path | None,
        key: pathlib.Path | None = None,
        clients: pathlib.Path | None = None,
    ) -> None:
        """Has a certificate from now on, or none, and maybe an authority for those of clients."""
        files = {"ssl_cert_file": certificate, "ssl_key_file": key, "ssl_ca_file": clients}
        self.run(f"ALTER SYSTEM SET ssl = {'off' if certificate is None else 'on'}")
        for setting, path in files.items():
            change = "RESET" if path is None else "SET"
            value = "" if path is None else f" = '{self._own(path)}'"
            self.run(f"ALTER SYSTEM {change} {setting}{value}")
        self.command("restart")

    def let_in(self, line: str) -> None:
        """A line before those of pg_hba.conf, from the next start on."""
        path = pathlib.Path(self.directory) / "data" / "pg_hba.conf"
        path.write_text(f"{line}\n{path.read_text()}")

    def _own(self, path: pathlib.Path) -> pathlib.Path:
        """A copy that belongs to who runs PostgreSQL, as it demands of a key."""
        copy = pathlib.Path(self.directory) / path.name
        shutil.copy(path, copy)
        owner = os.stat(self.directory)
        os.chown(copy, owner.st_uid, owner.st_gid)
        copy.chmod(0o600)
        return copy

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
    make_server, directory: pathlib.Path, url: str, count: int = 2, *, loops: int = 2, **environment
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
    return [
        make_server(f"replica-{n}", loops=loops, environment=variables) for n in range(count)
    ]
