"""A service manager: sockets that it passes, what it is told, and the unit files."""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess

import pytest

import proxies
import server as serving
import waiting
import wire

UNITS = serving.ROOT / "deploy" / "systemd"
ACTIVATE = shutil.which("systemd-socket-activate")
ANALYZE = shutil.which("systemd-analyze")


class Manager:
    """The socket that a service manager reads."""

    def __init__(self, name: str):
        self.name = name
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.settimeout(serving.READY_SECONDS)
        self._socket.bind("\0" + name[1:] if name.startswith("@") else name)
        self.heard: list[str] = []

    def hear(self) -> str:
        self.heard.append(self._socket.recv(4096).decode())
        return self.heard[-1]

    def wait(self, word: str) -> str:
        while word not in (message := self.hear()):
            pass
        return message

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(params=["path", "abstract"])
def manager(request, tmp_path):
    name = str(tmp_path / "notify") if request.param == "path" else f"@martlet-{os.getpid()}"
    one = Manager(name)
    yield one
    one.close()


def test_a_manager_hears_of_every_turn_of_a_servers_life(own_server, manager):
    server = own_server(
        environment={"NOTIFY_SOCKET": manager.name, "WATCHDOG_USEC": "200000"}, database="memory"
    ).start()
    assert manager.wait("READY=1").startswith("READY=1\nSTATUS=")
    for _ in range(3):
        manager.wait("WATCHDOG=1")
    server.reload()
    reloading = manager.wait("RELOADING=1")
    assert int(reloading.partition("MONOTONIC_USEC=")[2]) > 0
    manager.wait("READY=1")
    server.terminate()
    manager.wait("STOPPING=1")
    assert server.wait() == 0
    # Somebody else's watchdog is nobody's business.
    other = own_server(
        "other",
        environment={
            "NOTIFY_SOCKET": manager.name,
            "WATCHDOG_USEC": "1000",
            "WATCHDOG_PID": "1",
        },
        database="memory",
    ).start()
    other.stop()
    manager.wait("STOPPING=1")
    last_ready = max(i for i, said in enumerate(manager.heard) if "READY=1" in said)
    assert not any("WATCHDOG" in said for said in manager.heard[last_ready:])


@pytest.mark.skipif(ACTIVATE is None, reason="systemd-socket-activate is not installed")
def test_a_socket_that_was_passed_is_served_and_outlives_the_server(own_server, tmp_path):
    server = own_server(database="memory")
    server.state.mkdir()
    ports = [proxies.free_port(), proxies.free_port()]
    path = tmp_path / "activated.sock"
    listening = [f"127.0.0.1:{ports[0]}", f"127.0.0.1:{ports[1]}", str(path)]
    arguments = [*server.arguments, "--loops", "2", "--database", "memory"]
    names = [f"--setenv={name}" for name in server.environment]
    with open(server.state.with_suffix(".log"), "ab") as log:
        activator = subprocess.Popen(
            [
                ACTIVATE,
                *[f"--listen={address}" for address in listening],
                *names,
                serving.binary(),
                "serve",
                *arguments,
            ],
            env=server.environment,
            stdout=log,
            stderr=log,
        )
    try:
        waiting.eventually(lambda: path.exists())
        # The first connection starts the server, and is not lost.
        for port in ports:
            with contextlib.closing(wire.Connection(port)) as connection:
                for _ in range(8):
                    answer = connection.exchange(
                        wire.request([], None, method="GET", target="/readyz")
                    )
                    assert answer.status == 200
        with socket.socket(socket.AF_UNIX) as local:
            local.connect(str(path))
            local.sendall(wire.request([], None, method="GET", target="/readyz"))
            assert local.recv(4096).startswith(b"HTTP/1.1 200")
        for address in [*(f"http://127.0.0.1:{port}/mcp" for port in ports), f"unix:{path}"]:
            waiting.eventually(lambda: f"listening on {address}\n" in server.log_tail())
    finally:
        activator.send_signal(signal.SIGTERM)
        assert activator.wait(serving.EXIT_SECONDS) == 0


def test_what_is_passed_must_be_a_socket_that_listens(own_server):
    server = own_server()
    server.state.mkdir()
    # A shell passes its own id on to what it becomes.
    script = 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$0" serve "$@" 3</dev/null'
    ran = subprocess.run(
        ["sh", "-c", script, serving.binary(), *server.arguments],
        env=server.environment,
        capture_output=True,
        text=True,
        timeout=serving.READY_SECONDS,
    )
    assert ran.returncode == 1
    assert "descriptor 3, which was passed" in ran.stderr


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")
def test_the_units_are_what_systemd_takes(tmp_path):
    units = []
    for unit in sorted(UNITS.glob("martlet.*")):
        # Where the executable is installed is where it must be for the units to be right.
        text = unit.read_text().replace("/usr/bin/martlet", str(serving.binary()))
        units.append(tmp_path / unit.name)
        units[-1].write_text(text)
    assert {unit.name for unit in units} == {"martlet.service", "martlet.socket"}
    ran = subprocess.run(
        [ANALYZE, "verify", "--man=no", *map(str, units)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    complaints = [line for line in ran.stderr.splitlines() if "martlet" in line]
    assert (ran.returncode, complaints) == (0, []), ran.stderr
    assert pathlib.Path("/usr/bin") / "martlet" != serving.binary()
