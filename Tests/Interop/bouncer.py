"""PgBouncer before the PostgreSQL of the tests."""

import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator

import pytest

import postgres
import proxies
import waiting


class PgBouncer:
    """PgBouncer on a port of this machine, in a directory that is removed when it is closed."""

    def __init__(self, cluster: postgres.Cluster, mode: str, **settings: str | int):
        """`mode` is how connections are shared: "session", "transaction" or "statement"."""
        self.port = proxies.free_port()
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="martlet-pgbouncer."))
        self._process: subprocess.Popen | None = None
        users = self.directory / "users"
        users.write_text('"martlet" "loopback"\n')
        options = {
            "listen_addr": "127.0.0.1",
            "listen_port": self.port,
            "unix_socket_dir": "",
            "auth_type": "scram-sha-256",
            "auth_file": users,
            "pool_mode": mode,
            **settings,
        }
        lines = [f"{name} = {value}" for name, value in options.items()]
        (self.directory / "pgbouncer.ini").write_text(
            f"[databases]\n* = host=127.0.0.1 port={cluster.port}\n"
            "[pgbouncer]\n" + "\n".join(lines) + "\n"
        )
        if os.geteuid() == 0:
            # Which it does not run as.
            user = next(u for u in ("postgres", "nobody") if _exists(u))
            self._as = ["-u", user]
            for path in (self.directory, *self.directory.iterdir()):
                shutil.chown(path, user)
        else:
            self._as = []

    @staticmethod
    def path() -> str | None:
        return shutil.which("pgbouncer", path=os.environ.get("PATH", "") + ":/usr/sbin")

    def url(self, database: str) -> str:
        return f"postgres://martlet:loopback@127.0.0.1:{self.port}/{database}"

    def start(self) -> "PgBouncer":
        with open(self.directory / "log", "ab") as log:
            self._process = subprocess.Popen(
                [self.path(), "-q", *self._as, str(self.directory / "pgbouncer.ini")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        waiting.eventually(self._answers)
        return self

    def _answers(self) -> bool:
        assert self._process.poll() is None, self.log()
        return proxies.accepts(self.port)

    def stop(self) -> None:
        """At once, with all that is in flight."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=30)
            self._process = None

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=30)
            self._process = None

    def log(self) -> str:
        return (self.directory / "log").read_text(errors="replace")

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.directory)


def _exists(user: str) -> bool:
    with contextlib.suppress(KeyError):
        pwd.getpwnam(user)
        return True
    return False


@contextlib.contextmanager
def before(cluster: postgres.Cluster, mode: str, **settings: str | int) -> Iterator[PgBouncer]:
    """PgBouncer for the time of the block; the test is skipped where it is not installed."""
    if PgBouncer.path() is None:
        pytest.skip("pgbouncer is not installed; Scripts/install-packages test installs it")
    one = PgBouncer(cluster, mode, **settings)
    try:
        yield one.start()
    finally:
        one.close()
