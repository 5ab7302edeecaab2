"""The real server as a process: started on a free port, stopped by its process id."""

import json
import os
import pathlib
import queue
import re
import signal
import subprocess
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]

SECRET = "an interoperability secret of sixty-four characters, no more, no"
AUDIENCE = "https://todos.example/mcp"
ISSUER = "https://issuer.example"

# A debug build under the thread sanitizer on a busy machine still starts within this.
READY_SECONDS = 60
EXIT_SECONDS = 60


class ServerFailure(Exception):
    """The server did not do what starting or stopping it promises."""


def binary(name: str = "martlet") -> pathlib.Path:
    """An executable under test: beside MARTLET_BIN, or what the package's builds leave behind."""
    named = os.environ.get("MARTLET_BIN")
    if named:
        path = pathlib.Path(named)
        candidates = [path if name == "martlet" else path.with_name(name)]
    else:
        candidates = [ROOT / ".build" / kind / name for kind in ("debug", "release")]
    for candidate in candidates:
        if candidate.is_file() and os.access(candidate, os.X_OK):
            return candidate.resolve()
    raise ServerFailure(
        "no executable at " + ", ".join(map(str, candidates)) + "; build it, or set MARTLET_BIN"
    )


class Server:
    """One `martlet serve`, and the state directory that outlives it."""

    def __init__(
        self,
        state: pathlib.Path,
        *,
        loops: int = 2,
        database: str | None = None,
        environment: dict[str, str | None] | None = None,
        settings: dict | None = None,
    ):
        """`settings` is the configuration file; a variable that is None is not set."""
        self.state = state
        self.arguments = ["--state-directory", str(state)]
        if settings is not None:
            path = state.with_suffix(".json")
            path.write_text(json.dumps(settings))
            self.arguments += ["--config", str(path)]
        self.serve_arguments = ["--listen", "127.0.0.1:0", "--loops", str(loops)]
        if database is not None:
            self.serve_arguments += ["--database", database]
        inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        # What sanitizers and library paths need must reach the server; a developer's own
        # settings must not.
        inherited |= {n: v for n, v in os.environ.items() if n.endswith("SAN_OPTIONS")}
        if "LD_LIBRARY_PATH" in os.environ:
            inherited["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
        variables = {
            **inherited,
            "JWT_SECRET": SECRET,
            "JWT_AUDIENCE": AUDIENCE,
            "JWT_ISSUER": ISSUER,
            "JWT_EXPIRY": "3600",
            "ALLOWED_ORIGINS": "https://app.example",
            # One subject sends more than its share in some tests; what the limit does is tested
            # where the clock is the test's own.
            "MARTLET_REQUESTS_PER_SUBJECT": "0",
            # No balancer has to notice that a server stops, but where a test is about that.
            "MARTLET_DRAIN_DELAY_SECONDS": "0",
            **(environment or {}),
        }
        self.environment = {n: value for n, value in variables.items() if value is not None}
        self.process: subprocess.Popen | None = None
        self.port = 0
        # What it has written to standard output since it was started last.
        self.said: list[str] = []

    @property
    def command_line(self) -> list[pathlib.Path | str]:
        return [binary(), "serve", *self.serve_arguments, *self.arguments]

    def start(self) -> "Server":
        """Starts the server and returns once it says that it listens."""
        assert self.process is None, "the server runs already"
        self.state.mkdir(parents=True, exist_ok=True)
        log = open(self.state.with_suffix(".log"), "ab")
        with log:
            self.process = subprocess.Popen(
                self.command_line,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        lines: queue.Queue[str | None] = queue.Queue()
        self.said = []
        drain = threading.Thread(
            target=self._drain, args=(self.process, lines, self.said), daemon=True
        )
        drain.start()
        while True:
            try:
                line = lines.get(timeout=READY_SECONDS)
            except queue.Empty:
                line = None
            if line is None:
                self.kill()
                raise ServerFailure(f"the server did not come up:\n{self.log_tail()}")
            found = re.match(r"listening on https?://127\.0\.0\.1:(\d+)/mcp\s*$", line)
            if found:
                self.port = int(found[1])
                return self

    @staticmethod
    def _drain(process: subprocess.Popen, lines: queue.Queue, said: list[str]) -> None:
        """Reads standard output to its end, so that the server never waits for a reader."""
        with process.stdout:
            for line in process.stdout:
                said.append(line.decode(errors="replace"))
                lines.put(said[-1])
        lines.put(None)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/mcp"

    @property
    def pid(self) -> int:
        assert self.process is not None, "the server does not run"
        return self.process.pid

    def terminate(self) -> None:
        """Asks the server to stop; `wait` tells how it went."""
        os.kill(self.pid, signal.SIGTERM)

    def wait(self) -> int:
        """The exit status, negative for a signal."""
        assert self.process is not None, "the server does not run"
        try:
            status = self.process.wait(EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise ServerFailure(f"the server did not exit:\n{self.log_tail()}") from None
        self.process = None
        return status

    def reload(self) -> None:
        """Asks the server to read its files again; its log tells how that went."""
        os.kill(self.pid, signal.SIGHUP)

    def stop(self) -> None:
        """Stops the server if it runs, and fails unless it exits cleanly."""
        if self.process is None:
            return
        self.terminate()
        status = self.wait()
        if status != 0:
            raise ServerFailure(f"the server exited with {status}:\n{self.log_tail()}")

    def kill(self) -> None:
        """Ends the server as a power cut would end it, as far as a process can tell."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What `martlet` says to these arguments where the server has its settings from."""
        return subprocess.run(
            [binary(), *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=READY_SECONDS,
        )

    def token(self, role: str, *options: str) -> str:
        """A token made by the server's own command line."""
        made = self.command("token", "--role", role, *options, *self.arguments)
        if made.returncode != 0:
            raise ServerFailure(f"cannot make a token: {made.stderr.strip()}")
        return made.stdout.strip()

    def log_tail(self) -> str:
        try:
            return self.state.with_suffix(".log").read_text(errors="replace")[-4000:]
        except OSError:
            return "(no log)"

    def descriptor_count(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def private_bytes(self) -> int:
        """Memory that is this process's alone (Private_Clean and Private_Dirty)."""
        total = 0
        for line in open(f"/proc/{self.pid}/smaps_rollup"):
            if line.startswith("Private_"):
                total += int(line.split()[1]) * 1024
        return total
