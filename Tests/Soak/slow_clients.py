#!/usr/bin/env python3
"""Thousands of slow clients beside a few honest ones: what the honest ones notice.

    MARTLET_BIN=.build/release/martlet Tests/Soak/slow_clients.py [SECONDS [CONNECTIONS]]

`slowhttptest` holds CONNECTIONS (8,000) in each of its modes, again and again as the server cuts them
off, for SECONDS (60), while agents on eight connections of their own call `list_todos` all the time.
Prints a line for each mode; the status is 1 if an honest call failed.
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "Interop"))

import callers  # noqa: E402
import server as serving  # noqa: E402
import tokens as minting  # noqa: E402

AGENT_COUNT = 8
THINK_SECONDS = 0.01


class Agents:
    """Honest clients, and how long their calls took."""

    def __init__(self, port: int, token: str):
        self._port = port
        self._token = token
        self._stop = threading.Event()
        self.seconds: list[float] = []
        self.failures: list[str] = []
        self._threads = [threading.Thread(target=self._run) for _ in range(AGENT_COUNT)]

    def __enter__(self) -> "Agents":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        number = 0
        try:
            with callers.Caller(self._port) as caller:
                while not self._stop.is_set():
                    number += 1
                    begin = time.perf_counter()
                    caller.call("list_todos", self._token, number)
                    self.seconds.append(time.perf_counter() - begin)
                    time.sleep(THINK_SECONDS)
        except Exception as error:  # whatever it is, an honest client was failed
            self.failures.append(repr(error))

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1_000


def modes(port: int, token: str) -> dict[str, list[str]]:
    endpoint = f"http://127.0.0.1:{port}/mcp"
    # The only field whose value slowhttptest takes as it is, and so a place for more fields.
    authorized = (
        f"a=b\r\nAuthorization: Bearer {token}\r\nMCP-Protocol-Version: 2026-07-28\r\n"
        "Mcp-Method: tools/call\r\nMcp-Name: list_todos"
    )
    body = ["-B", "-t", "POST", "-f", "application/json", "-m", "application/json, text/event-stream"]
    return {
        "slow heads": ["-H", "-i", "1", "-u", endpoint],
        "slow bodies, no token": [*body, "-i", "1", "-s", "8192", "-u", endpoint],
        "slow bodies, a token": [*body, "-i", "1", "-s", "8192", "-j", authorized, "-u", endpoint],
        "slow readers": ["-X", "-k", "10", "-w", "1", "-y", "16", "-z", "4", "-u", endpoint],
        "ranges": ["-R", "-u", endpoint],
    }


def attack(arguments: list[str], seconds: int, connections: int) -> tuple[int, int]:
    """Runs one mode; how many connections were held at most, and how often it was begun."""
    end = time.monotonic() + seconds
    most, count = 0, 0
    while (left := end - time.monotonic()) > 1:
        most = max(most, attack_once(arguments, int(left), connections))
        count += 1
    return most, count


def attack_once(arguments: list[str], seconds: int, connections: int) -> int:
    """Ends before its time if the server has cut off everybody."""
    command = ["slowhttptest", "-c", str(connections), "-r", "1000", "-l", str(seconds), "-p", "5"]
    run = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
    plain = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", run.stdout)
    held = [int(count) for count in re.findall(r"connected:\s+(\d+)", plain)]
    if not held:
        raise SystemExit(f"slowhttptest did nothing: {plain[-500:]} {run.stderr[-500:]}")
    return max(held)


def main() -> int:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    connections = int(sys.argv[2]) if len(sys.argv) > 2 else 8_000
    failed = False
    with tempfile.TemporaryDirectory() as directory:
        server = serving.Server(pathlib.Path(directory) / "state", loops=2).start()
        try:
            token = minting.TokenSource(server).make()
            with callers.Caller(server.port) as caller:
                for number in range(10):
                    caller.add(token, f"to-do {number}")

            def report(what: str, agents: Agents, held: int, attacks: int) -> None:
                times = ", ".join(
                    f"{name} {agents.percentile(share):.2f} ms"
                    for name, share in (("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999))
                )
                print(
                    f"{what}: {attacks} times, {held} held at most; "
                    f"{len(agents.seconds)} honest calls, {times}, "
                    f"{len(agents.failures)} agents failed",
                    flush=True,
                )
                for failure in agents.failures:
                    print(f"  {failure}")

            with Agents(server.port, token) as agents:
                time.sleep(seconds / 4)
            report("nobody else", agents, 0, 0)
            failed |= bool(agents.failures)
            for name, arguments in modes(server.port, token).items():
                with Agents(server.port, token) as agents:
                    held, attacks = attack(arguments, seconds, connections)
                report(name, agents, held, attacks)
                failed |= bool(agents.failures)
        finally:
            server.stop()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
