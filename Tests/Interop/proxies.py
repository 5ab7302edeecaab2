"""nginx and HAProxy before a server, with the configurations of deploy/."""

import contextlib
import os
import pathlib
import re
import shutil
import socket
import subprocess

import pytest

import server as serving
import waiting

DEPLOY = serving.ROOT / "deploy"


class Proxy:
    """A proxy that spreads requests over servers, one after the other, whoever sends them."""

    # The program, and where Debian has it when PATH does not.
    program: str
    configuration: str

    def __init__(self, directory: pathlib.Path, ports: list[int]):
        self.directory = directory
        self.ports = ports
        self.port = free_port()
        self.process: subprocess.Popen | None = None

    @classmethod
    def path(cls) -> str | None:
        return shutil.which(cls.program, path=os.environ.get("PATH", "") + ":/usr/sbin")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/mcp"

    def configured(self) -> str:
        """The configuration of deploy/, with the ports of this run and as many servers."""
        text = (DEPLOY / self.configuration).read_text().replace("127.0.0.1:8080", self.address)
        servers = re.compile(r"^ +server .*127\.0\.0\.1:300\d.*\n", re.MULTILINE)
        lines = servers.findall(text)
        assert len(lines) == 2, f"{self.configuration} should name two servers"
        chosen = [
            self.naming(number, re.sub(r"127\.0\.0\.1:300\d", f"127.0.0.1:{port}", lines[0]))
            for number, port in enumerate(self.ports)
        ]
        return text.replace("".join(lines), "".join(chosen))

    def naming(self, number: int, line: str) -> str:
        """The line of a server by which it is told from the others."""
        return line

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def command_line(self) -> list[str]:
        raise NotImplementedError

    def start(self) -> "Proxy":
        self.directory.mkdir(parents=True, exist_ok=True)
        with open(self.directory / "log", "ab") as log:
            self.process = subprocess.Popen(
                self.command_line(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        waiting.eventually(self._answers)
        return self

    def _answers(self) -> bool:
        assert self.process.poll() is None, (self.directory / "log").read_text()
        return accepts(self.port)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=30)
            self.process = None


class Nginx(Proxy):
    program = "nginx"
    configuration = "nginx.conf"

    def command_line(self) -> list[str]:
        here = self.directory
        temporary = "\n".join(
            f"    {name}_temp_path {here}/{name};"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;\n" if os.geteuid() == 0 else ""
        (here / "included.conf").write_text(self.configured())
        (here / "nginx.conf").write_text(
            f"{user}daemon off;\nworker_processes 1;\npid {here}/pid;\nerror_log stderr;\n"
            "events { worker_connections 4096; }\n"
            f"http {{\n    access_log off;\n{temporary}\n    include {here}/included.conf;\n}}\n"
        )
        return [self.path(), "-p", str(here), "-e", "stderr", "-c", str(here / "nginx.conf")]


class HAProxy(Proxy):
    program = "haproxy"
    configuration = "haproxy.cfg"

    def naming(self, number: int, line: str) -> str:
        return line.replace("server one ", f"server number-{number} ")

    def command_line(self) -> list[str]:
        file = self.directory / "haproxy.cfg"
        file.write_text(self.configured())
        # In the foreground, one process that ends when it is told to.
        return [self.path(), "-db", "-f", str(file)]


KINDS = {"nginx": Nginx, "haproxy": HAProxy}


@contextlib.contextmanager
def before(servers, name: str, directory: pathlib.Path):
    """A proxy of this kind in front of servers; the test is skipped where it is not installed."""
    kind = KINDS[name]
    if kind.path() is None:
        pytest.skip(f"{name} is not installed; Scripts/install-packages test installs it")
    proxy = kind(directory / name, [one.port for one in servers])
    try:
        yield proxy.start()
    finally:
        proxy.stop()


def accepts(port: int) -> bool:
    """Whether somebody listens on a port of this machine."""
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    return False


def free_port() -> int:
    """A port nobody listens on; somebody may take it before the proxy does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
