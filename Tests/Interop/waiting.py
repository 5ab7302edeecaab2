"""Waiting for what happens in its own time, without saying in advance how long that takes."""

import collections.abc
import time

SECONDS_MAX = 30


def eventually(condition: collections.abc.Callable[[], object], seconds: float = SECONDS_MAX):
    """What the condition returns once that is true; fails if it never is."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"still not so after {seconds} s"
        time.sleep(0.02)
    return found
