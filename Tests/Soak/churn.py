#!/usr/bin/env python3
"""An hour of agents that come and go, and of clients that behave badly: does the server stay as it was?

    MARTLET_BIN=.build/release/martlet AGENTLOAD_BIN=.build/release/agentload \\
        Tests/Soak/churn.py [SECONDS [RATE]]

`agentload` makes RATE (500) calls a second for SECONDS (3,600), in both eras and every role. Each agent
leaves its connection after twenty requests, each token is good for twenty seconds, and some of what is
asked is to be refused. Meanwhile others send half a request, pipeline and hang up, reset, or open a
stream and vanish. Every ten seconds memory and descriptors of the server are noted.

The status is 1 if a call failed, if memory in the last quarter is a tenth and 4 MiB above that of the
second, by when the caches of tokens and results are full, or if descriptors are left when everybody has gone.
"""

import contextlib
import json
import os
import pathlib
import random
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "Interop"))

import messages  # noqa: E402
import server as serving  # noqa: E402
import tokens as minting  # noqa: E402
import wire  # noqa: E402

AGENTS = 400
# As much is deleted as added: what the database grows by, its page cache may grow by.
MIX = "list_todos=60,add_todo=5,complete_todo=5,update_todo_text=5,delete_todo=15,forbidden=5,forged=5"
SAMPLE_SECONDS = 10
GROWTH_SHARE_MAX, GROWTH_BYTES_MAX = 0.10, 4 << 20
RUDE_CLIENTS = 4
# When the rude get new tokens, which are good for longer.
TOKEN_SECONDS = 30


def encoded(message: messages.Message) -> bytes:
    return wire.request(list(message.fields.items()), message.octets)


class RudeClient:
    """Begins what it does not finish, again and again."""

    def __init__(self, server: serving.Server, seed: int):
        self._port = server.port
        self._tokens = minting.TokenSource(server)
        self._random = random.Random(seed)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.count = 0
        self.failure: str | None = None

    def __enter__(self) -> "RudeClient":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            made = -TOKEN_SECONDS
            while not self._stop.is_set():
                if time.monotonic() - made > TOKEN_SECONDS:
                    made, token = time.monotonic(), self._tokens.make()
                self._visit(token)
                self.count += 1
                self._stop.wait(self._random.uniform(0, 0.1))
        except Exception as error:  # the server was not there, which it should always be
            self.failure = repr(error)

    def _visit(self, token: str) -> None:
        with socket.create_connection(("127.0.0.1", self._port), 30) as connection:
            one = encoded(messages.call("list_todos", token, 1))
            match self._random.randrange(5):
                case 0:
                    connection.sendall(one[: self._random.randrange(len(one))])
                case 1:
                    connection.sendall(one * self._random.randrange(2, 20))
                case 2:
                    connection.sendall(one * 3)
                    connection.recv(100)
                    # Closing resets it then.
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                case 3:
                    filter = {"notifications": {"toolsListChanged": True}}
                    message = messages.modern("subscriptions/listen", filter, token=token, id=1)
                    connection.sendall(encoded(message))
                    connection.recv(1_000)
                case 4:
                    connection.sendall(self._random.randbytes(200))
                    with contextlib.suppress(ConnectionResetError):
                        connection.recv(1_000)


class Samples:
    """Memory and descriptors of a process, every ten seconds."""

    def __init__(self, pid: int):
        self._directory = pathlib.Path(f"/proc/{pid}")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.memory: list[int] = []
        self.descriptors: list[int] = []

    def __enter__(self) -> "Samples":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._stop.set()
        self._thread.join()

    def descriptor_count(self) -> int:
        return len(os.listdir(self._directory / "fd"))

    def _run(self) -> None:
        while not self._stop.wait(SAMPLE_SECONDS):
            for line in (self._directory / "status").read_text().splitlines():
                if line.startswith("RssAnon:"):
                    self.memory.append(int(line.split()[1]) * 1_024)
            self.descriptors.append(self.descriptor_count())

    def quarter(self, number: int) -> float:
        """The median memory of a quarter of the time, 0 to 3."""
        length = len(self.memory) // 4
        return statistics.median(self.memory[number * length : (number + 1) * length])


def load(server: serving.Server, seconds: int, rate: float, directory: pathlib.Path) -> dict:
    agentload = os.environ.get("AGENTLOAD_BIN") or str(serving.binary("agentload"))
    result = directory / "result.json"
    command = [agentload, "run", server.url, "--agents", str(AGENTS), "--mix", MIX]
    command += ["--roles", "admin=2,user=2,readonly=1", "--eras", "modern=3,legacy=1"]
    command += ["--requests-per-connection", "20", "--source-addresses", "50"]
    command += ["--token-lifetime", "20s", "--renew-tokens", "early"]
    command += ["--rate", str(rate), "--spacing", "random", "--duration", f"{seconds}s"]
    command += ["--server-pid", str(server.pid), "--json", str(result), "--label", "churn"]
    ran = subprocess.run(command, env=server.environment, stdout=subprocess.PIPE, text=True)
    print(ran.stdout, flush=True)
    if not result.exists():
        raise SystemExit("agentload has no result")
    return json.loads(result.read_text())["summary"]


def main() -> int:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 3_600
    rate = float(sys.argv[2]) if len(sys.argv) > 2 else 500
    faults = []
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        limits = {"MARTLET_FAILED_AUTHENTICATIONS_PER_PEER": "0"}
        server = serving.Server(directory / "state", loops=2, environment=limits).start()
        try:
            rude = [RudeClient(server, seed) for seed in range(RUDE_CLIENTS)]
            with Samples(server.pid) as samples:
                time.sleep(2)
                descriptors = samples.descriptor_count()
                for one in rude:
                    one.__enter__()
                try:
                    summary = load(server, seconds, rate, directory)
                finally:
                    for one in rude:
                        one.__exit__()
                # What was begun and not finished has its deadlines.
                for _ in range(120):
                    if samples.descriptor_count() <= descriptors:
                        break
                    time.sleep(1)
                left = samples.descriptor_count() - descriptors
            faults += [f"a rude client was failed: {one.failure}" for one in rude if one.failure]
            if summary["failed"]:
                faults.append(f"{summary['failed']} calls failed")
            if left > 0:
                faults.append(f"{left} descriptors are left")
            before, after = samples.quarter(1), samples.quarter(3)
            if after > before * (1 + GROWTH_SHARE_MAX) + GROWTH_BYTES_MAX:
                faults.append("memory grows")
            print(
                f"{seconds} s: {summary['succeeded']} calls succeeded, {summary['failed']} failed; "
                f"{sum(one.count for one in rude)} rude visits; memory "
                + ", ".join(f"{samples.quarter(n) / (1 << 20):.1f}" for n in range(4))
                + f" MiB in the quarters; descriptors {descriptors} before, "
                f"{max(samples.descriptors)} at most, {descriptors + left} after"
            )
        finally:
            server.stop()
    for fault in faults:
        print(f"FAULT: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
