"""Callers that never pause, each on a connection that it keeps for as long as it may."""

import collections.abc
import threading

import callers
import waiting
import wire

# Sends one call, which is numbered, and returns its response.
Call = collections.abc.Callable[[callers.Caller, int], wire.Response]


class Load:
    """Runs each of the calls again and again until it is left; anything but 200 is a failure."""

    def __init__(self, port: int, calls: collections.abc.Iterable[Call]):
        self._port = port
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._run, args=(call,)) for call in calls]
        self.answered = 0
        self.failures: list[BaseException] = []

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self, call: Call) -> None:
        number = 0
        while not self._stop.is_set():
            try:
                with callers.Caller(self._port) as caller:
                    # Until the other end says that the connection is over.
                    is_over = False
                    while not is_over and not self._stop.is_set():
                        number += 1
                        answer = call(caller, number)
                        assert answer.status == 200, answer
                        with self._lock:
                            self.answered += 1
                        is_over = answer.field("connection") == "close"
            except BaseException as failure:
                with self._lock:
                    self.failures.append(failure)

    def wait_for_more(self, count: int = 200) -> None:
        """Returns when so many more calls have been answered, or one has failed."""
        goal = self.answered + count
        waiting.eventually(lambda: self.answered >= goal or self.failures)
