"""A server on one core and `wrk` on another: what the scripts beside this file measure with."""

import base64
import contextlib
import dataclasses
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import re
import struct
import subprocess
import sys

from harness import CLIENT_CORE, ENVIRONMENT, ROOT, SERVER_CORE, Failure, base64url

SECONDS_PER_RUN = int(os.environ.get("SECONDS_PER_RUN", "3"))
SECRET = ENVIRONMENT["JWT_SECRET"]

# The ceiling that also verifies the token of each request: a line to compare with, not a target.
CEILINGS = ("ceiling", "ceiling with HS256")

# One subject from one address makes all the requests: as limits go, an attack.
UNLIMITED = ["--requests-per-subject", "0", "--failed-authentications-per-peer", "0"]


@dataclasses.dataclass
class Workload:
    name: str
    fields: dict[str, str]
    body: str
    verify: object  # (status, body) -> whether the answer is right
    servers: tuple[str, ...] = ("ceiling", "martlet")
    tokens: pathlib.Path | None = None
    refused: bool = False
    forged: bool = False


@dataclasses.dataclass
class Sample:
    requests_per_second: float
    user_microseconds: float
    kernel_microseconds: float
    writes_per_sync: float | None

    @property
    def microseconds(self) -> float:
        return self.user_microseconds + self.kernel_microseconds


class Server:
    """A server on the server's core, and what it has used so far."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], log):
        self.name = name
        self.sync_count_file = environment.get("SYNC_COUNT")
        self.process = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            preexec_fn=lambda: os.sched_setaffinity(0, {SERVER_CORE}),
        )
        for line in self.process.stdout:
            if found := re.match(r"listening on http://127\.0\.0\.1:(\d+)/mcp", line):
                self.port = int(found[1])
                return
        raise Failure(f"{name} did not come up; see {log.name}")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def cpu_seconds(self) -> tuple[float, float]:
        """User and kernel time of all its threads so far."""
        text = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text()
        user, kernel = text.rpartition(")")[2].split()[11:13]
        ticks = os.sysconf("SC_CLK_TCK")
        return int(user) / ticks, int(kernel) / ticks

    def sync_count(self) -> int | None:
        if self.sync_count_file is None:
            return None
        return struct.unpack("=Q", pathlib.Path(self.sync_count_file).read_bytes())[0]

    def ask(self, workload: Workload) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            connection.request("POST", "/mcp", workload.body.encode(), workload.fields)
            response = connection.getresponse()
            return response.status, response.read()

    def refuses(self, workload: Workload) -> bool:
        """Whether it answers the work with a refusal, as is right for it."""
        if self.name == "ceiling":
            return False
        return workload.forged if self.name in CEILINGS else workload.refused

    def check(self, workload: Workload) -> None:
        status, body = self.ask(workload)
        if self.name in CEILINGS:
            right = status == (401 if self.refuses(workload) else 200)
        else:
            right = workload.verify(status, body)
        if not right:
            raise Failure(f"{self.name} answers {workload.name} with {status} {body[:300]!r}")


def measure(server: Server, workload: Workload, connections: int) -> Sample:
    server.check(workload)
    environment = {
        **os.environ,
        "REQUEST_FIELDS": "\n".join(f"{n}: {v}" for n, v in workload.fields.items()),
        "REQUEST_BODY": workload.body,
    }
    if workload.tokens is not None:
        environment["REQUEST_TOKENS"] = str(workload.tokens)
    command = [
        "wrk", "-t1", f"-c{connections}", f"-d{SECONDS_PER_RUN}s",
        "-s", str(ROOT / "Benchmarks/Load/request.lua"), f"http://127.0.0.1:{server.port}",
    ]  # fmt: skip
    syncs, (user, kernel) = server.sync_count(), server.cpu_seconds()
    output = subprocess.run(
        command,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {CLIENT_CORE}),
    ).stdout
    user_after, kernel_after = server.cpu_seconds()
    server.check(workload)

    count = int(re.search(r"(\d+) requests in", output)[1])
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
    unwanted = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    refused = int(unwanted[1]) if unwanted else 0
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+)", output)
    if count == 0 or (errors and any(map(int, errors.groups()))):
        raise Failure(f"{workload.name} on {server.name}:\n{output}")
    if errors:
        # An answer took more than two seconds, which says something of the machine's other work.
        print(f"bench: late answers: {workload.name} on {server.name}", file=sys.stderr)
    if refused != (count if server.refuses(workload) else 0):
        raise Failure(f"{refused} of {count} were refused: {workload.name} on {server.name}")
    written = None
    if workload.name.startswith("add_todo") and syncs is not None:
        written = count / max(1, server.sync_count() - syncs)
    return Sample(rate, (user_after - user) / count * 1e6, (kernel_after - kernel) / count * 1e6,
                  written)  # fmt: skip


def sign(claims: dict) -> str:
    parts = [{"alg": "HS256", "typ": "JWT"}, claims]
    signed = ".".join(base64url(json.dumps(p, separators=(",", ":")).encode()) for p in parts)
    code = hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64url(code)}"


def claims_of(token: str) -> dict:
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def message(token: str, method: str, params: dict) -> tuple[dict[str, str], str]:
    fields = {
        "Authorization": f"Bearer {token}",
        "Accept": "application/json, text/event-stream",
        "Content-Type": "application/json",
        "MCP-Protocol-Version": "2026-07-28",
        "Mcp-Method": method,
    }
    if "name" in params:
        fields["Mcp-Name"] = params["name"]
    params = {
        **params,
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": {"name": "bench", "version": "1.0.0"},
            "io.modelcontextprotocol/clientCapabilities": {},
        },
    }
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    return fields, json.dumps(body, separators=(",", ":"))


def succeeded(status: int, body: bytes) -> dict | None:
    """The result of a call that did what it was asked."""
    result = json.loads(body).get("result") if status == 200 else None
    return result if result and not result.get("isError") else None


def seed(server: Server, token: str) -> None:
    """Puts the ten to-dos there that the reading workloads list."""
    for number in range(10):
        arguments = {"title": f"water the plants on balcony {number}"}
        fields, body = message(token, "tools/call", {"name": "add_todo", "arguments": arguments})
        status, answer = server.ask(Workload("seed", fields, body, None))
        if not succeeded(status, answer):
            raise Failure(f"{server.name} cannot be seeded: {status} {answer[:300]!r}")


def built(name: str) -> str:
    path = ROOT / ".build/release" / name
    if not os.access(path, os.X_OK):
        raise Failure(f"no executable at {path}; `make bench` builds it")
    return str(path)
