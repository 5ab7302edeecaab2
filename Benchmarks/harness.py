"""What the scripts beside this file share: a server on its core, calls to it, and agentload."""

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
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
SERVER_CORE = int(os.environ.get("SERVER_CORE", "0"))
CLIENT_CORE = int(os.environ.get("CLIENT_CORE", "1"))
REPEATS = int(os.environ.get("REPEATS", "3"))
SECONDS_PER_RUN = int(os.environ.get("SECONDS_PER_RUN", "5"))

ENVIRONMENT = {
    "JWT_SECRET": "a benchmark's secret of sixty-four characters and not one more!!",
    "JWT_AUDIENCE": "https://bench.example/mcp",
    "JWT_ISSUER": "https://bench.example",
    "JWT_EXPIRY": "86400",
}


class Failure(Exception):
    """The benchmark cannot say anything."""


def executable(name: str) -> str:
    """The path in MARTLET_BIN, AGENTLOAD_BIN …, or where a release build puts it."""
    path = os.environ.get(f"{name.upper()}_BIN") or str(ROOT / ".build/release" / name)
    if not os.access(path, os.X_OK):
        raise Failure(f"no executable at {path}")
    return path


@dataclasses.dataclass
class Server:
    process: subprocess.Popen
    port: int


@contextlib.contextmanager
def martlet(*options: str, log: str, core: int | None = SERVER_CORE):
    """Runs the server with one loop and no access log until the block ends."""
    (ROOT / ".build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as state, open(ROOT / ".build" / log, "w") as errors:
        command = [executable("martlet"), "serve", "--listen", "127.0.0.1:0", "--loops", "1"]
        command += ["--access-log", "none", "--state-directory", state, *options]
        process = subprocess.Popen(
            command,
            env={**os.environ, **ENVIRONMENT},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            preexec_fn=lambda: core is None or os.sched_setaffinity(0, {core}),
        )
        try:
            for line in process.stdout:
                if found := re.match(r"listening on http://127\.0\.0\.1:(\d+)/mcp", line):
                    yield Server(process, int(found[1]))
                    break
            else:
                raise Failure(f"the server did not come up; see {errors.name}")
        finally:
            process.terminate()
            process.wait(60)


def base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def token(role: str, **changes) -> str:
    """A token of HS256, good for an hour unless the changes say otherwise."""
    now = int(time.time())
    claims = {
        "iss": ENVIRONMENT["JWT_ISSUER"], "aud": ENVIRONMENT["JWT_AUDIENCE"], "sub": role,
        "client_id": "bench", "role": role, "iat": now, "exp": now + 3600, **changes,
    }  # fmt: skip
    parts = [{"alg": "HS256", "typ": "JWT"}, claims]
    signed = ".".join(base64url(json.dumps(part).encode()) for part in parts)
    secret = ENVIRONMENT["JWT_SECRET"].encode()
    return f"{signed}.{base64url(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def call_tool(port: int, bearer: str | None, tool: str, arguments: dict) -> tuple[int, dict]:
    """Calls a tool in the modern protocol; the status and the message that came."""
    meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "bench", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    params = {"name": tool, "arguments": arguments, "_meta": meta}
    message = {"jsonrpc": "2.0", "id": 4711, "method": "tools/call", "params": params}
    fields = {
        "Accept": "application/json, text/event-stream", "Content-Type": "application/json",
        "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": tool,
    }  # fmt: skip
    if bearer:
        fields["Authorization"] = f"Bearer {bearer}"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(connection):
        connection.request("POST", "/mcp", json.dumps(message), fields)
        response = connection.getresponse()
        body = response.read()
    try:
        return response.status, json.loads(body)
    except ValueError:
        return response.status, {}


def give_way() -> None:
    """Has the process run beside what measures, and never instead of it."""
    os.sched_setaffinity(0, {CLIENT_CORE})
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


@contextlib.contextmanager
def load_in_background(port: int, *flags: str):
    """Lets agentload run beside the block, whatever it measures."""
    process = subprocess.Popen(
        [executable("agentload"), "run", f"http://127.0.0.1:{port}/mcp", *flags],
        env={**os.environ, **ENVIRONMENT},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=give_way,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def load(port: int, pid: int, *flags: str, subcommand: str = "run") -> dict:
    """What agentload measured; a call that did not succeed ends the benchmark."""
    with tempfile.TemporaryDirectory() as directory:
        result = pathlib.Path(directory) / "result.json"
        command = [executable("agentload"), subcommand, f"http://127.0.0.1:{port}/mcp", *flags]
        ran = subprocess.run(
            [*command, "--server-pid", str(pid), "--json", str(result)],
            env={**os.environ, **ENVIRONMENT},
            capture_output=True,
            text=True,
            preexec_fn=lambda: os.sched_setaffinity(0, {CLIENT_CORE}),
        )
        if ran.returncode != 0:
            raise Failure(f"{ran.stdout}{ran.stderr}")
        return json.loads(result.read_text())


def latency(result: dict, percentile: float) -> float:
    """In milliseconds."""
    points = result["summary"]["latency"]["percentiles"]
    return next(p["microseconds"] for p in points if p["percentile"] == percentile) / 1e3


def spread(values: list[float], digits: int) -> str:
    middle, low, high = statistics.median(values), min(values), max(values)
    return f"{middle:,.{digits}f} ({low:,.{digits}f}–{high:,.{digits}f})"
