"""A package that depends on Martlet by path builds, and serves a tool of its own."""

import os
import pathlib
import select
import signal
import subprocess
import time

import httpx2
import jwt
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "Examples" / "Greeter"
READY_SECONDS = 60
SECRET = "a secret that is long enough for HS256, and no more than a test's"


@pytest.fixture(scope="module")
def greeter():
    scratch = ROOT / ".build-greeter"
    build = ["swift", "build", "--package-path", str(PACKAGE), "--scratch-path", str(scratch)]
    subprocess.run(build, check=True, stdin=subprocess.DEVNULL, timeout=1800)
    binary = scratch / "debug" / "Greeter"
    server = subprocess.Popen(
        [binary, "127.0.0.1:0"],
        env={**os.environ, "GREETER_SECRET": SECRET},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        ready, _, _ = select.select([server.stdout], [], [], READY_SECONDS)
        assert ready, "the server did not say that it listens"
        line = server.stdout.readline()
        assert line.startswith("listening on http://127.0.0.1:"), line
        yield line.removeprefix("listening on ").strip()
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0


def call(url, role, name):
    claims = {
        "iss": "https://issuer.example",
        "aud": url,
        "sub": "ada",
        "role": role,
        "exp": int(time.time()) + 60,
    }
    meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    return httpx2.post(
        url,
        trust_env=False,
        headers={
            "Authorization": f"Bearer {jwt.encode(claims, SECRET, 'HS256')}",
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": "2026-07-28",
            "Mcp-Method": "tools/call",
            "Mcp-Name": "greet",
        },
        json={
            "jsonrpc": "2.0",
            "id": 1,
            "method": "tools/call",
            "params": {"name": "greet", "arguments": {"name": name}, "_meta": meta},
        },
    )


def test_an_outside_package_serves_a_tool_of_its_own(greeter):
    answer = call(greeter, "host", "Grace")
    assert answer.status_code == 200
    text = answer.json()["result"]["content"][0]["text"]
    assert text == "Hello, Grace! ada sends regards."


def test_a_refusal_of_an_outside_tool_reaches_the_model(greeter):
    result = call(greeter, "host", "Voldemort").json()["result"]
    assert result["isError"] is True
    assert result["content"][0]["text"] == "That name is not said here."


def test_an_outside_tool_is_closed_to_roles_that_lack_its_permission(greeter):
    assert call(greeter, "guest", "Grace").status_code == 403
