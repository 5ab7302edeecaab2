"""A browser without a window, driven over a pipe (the DevTools protocol, `--remote-debugging-pipe`).

Messages are JSON, each followed by a zero byte: requests go to the browser's descriptor 3, what it
has to say comes from its descriptor 4.
"""

import contextlib
import json
import os
import pathlib
import select
import shutil
import subprocess
import time
from collections.abc import Iterator

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")

# Long, so that a busy machine does not fail a test: nothing waits this long on an idle one.
TIMEOUT_SECONDS = 120
READ_SIZE = 1 << 16


class BrowserError(Exception):
    """The browser refused a request, ended, or did not answer within time."""


class Page:
    """A tab. It is the only one, so that it counts as seen and is drawn."""

    def __init__(self, browser: "Browser", session_id: str):
        self.browser, self.session_id = browser, session_id

    def ask(self, method: str, **params) -> dict:
        return self.browser.ask(method, session_id=self.session_id, **params)

    def open(self, url: str):
        """Returns as soon as scripts can be given to the new document."""
        answer = self.ask("Page.navigate", url=url)
        if reason := answer.get("errorText"):
            raise BrowserError(f"{url}: {reason}")

    def evaluate(self, expression: str):
        """The value of an expression, or of what it promises, as JSON has it."""
        answer = self.ask(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if details := answer.get("exceptionDetails"):
            raise BrowserError(json.dumps(details))
        return answer["result"].get("value")


class Browser:
    def __init__(self, requests: int, answers: int):
        self.requests, self.answers = requests, answers
        self.last_id = 0
        self.unread = b""

    @contextlib.contextmanager
    def page(self) -> Iterator[Page]:
        """An empty page, closed at the end."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        try:
            session = self.ask("Target.attachToTarget", targetId=target, flatten=True)
            yield Page(self, session["sessionId"])
        finally:
            self.ask("Target.closeTarget", targetId=target)

    def ask(self, method: str, *, session_id: str | None = None, **params) -> dict:
        self.last_id += 1
        request = {"id": self.last_id, "method": method, "params": params}
        if session_id:
            request["sessionId"] = session_id
        unsent = json.dumps(request).encode() + b"\0"
        while unsent:
            unsent = unsent[os.write(self.requests, unsent) :]
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while True:
            message = self._message(deadline)
            if message.get("id") == self.last_id:
                break
        if "error" in message:
            raise BrowserError(f"{method}: {message['error']}")
        return message["result"]

    def _message(self, deadline: float) -> dict:
        while b"\0" not in self.unread:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.answers], [], [], left)[0]:
                raise BrowserError("the browser did not answer within time")
            data = os.read(self.answers, READ_SIZE)
            if not data:
                raise BrowserError("the browser ended")
            self.unread += data
        text, _, self.unread = self.unread.partition(b"\0")
        return json.loads(text)


@contextlib.contextmanager
def running(folder: pathlib.Path) -> Iterator[Browser]:
    """A browser that keeps what it keeps in the folder, and ends with the block."""
    browser_reads, requests = os.pipe()
    answers, browser_writes = os.pipe()
    # bash, since others know no descriptor above 9.
    command = f'exec "$@" 3<&{browser_reads} 4>&{browser_writes}'
    flags = [
        "--headless=new",
        # The superuser's browser has no sandbox of its own; the pages are ours.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        f"--user-data-dir={folder / 'profile'}",
        "--remote-debugging-pipe",
        "about:blank",
    ]
    with open(folder / "browser.log", "wb") as log:
        process = subprocess.Popen(
            ["bash", "-c", command, "bash", BROWSER, *flags],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(browser_reads, browser_writes),
            env={**os.environ, "HOME": str(folder)},
        )
    os.close(browser_reads)
    os.close(browser_writes)
    try:
        yield Browser(requests, answers)
    finally:
        process.terminate()
        try:
            process.wait(timeout=TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        os.close(requests)
        os.close(answers)
