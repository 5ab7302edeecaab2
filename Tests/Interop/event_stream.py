"""Event streams (WHATWG HTML §9.2), read as their bytes arrive."""

import collections.abc
import dataclasses
import json


@dataclasses.dataclass
class Event:
    data: str
    id: str | None = None
    retry: int | None = None
    name: str = "message"

    @property
    def message(self) -> dict:
        return json.loads(self.data)


class Parser:
    """Turns bytes, however they are cut, into events; counts comments."""

    def __init__(self):
        self._received = b""
        self.comment_count = 0

        # Whether the first line was a comment: what opens a stream for whoever stands between.
        self.begins_with_comment: bool | None = None

    def feed(self, octets: bytes) -> collections.abc.Iterator[Event]:
        self._received += octets
        while b"\n\n" in self._received:
            block, self._received = self._received.split(b"\n\n", 1)
            event = self._event(block.decode("utf-8"))
            if event is not None:
                yield event

    def _event(self, block: str) -> Event | None:
        event = Event("")
        data = []
        is_event = False
        for line in block.split("\n"):
            assert "\r" not in line, f"a line that ends in another way: {line!r}"
            if self.begins_with_comment is None:
                self.begins_with_comment = line.startswith(":")
            if line.startswith(":"):
                self.comment_count += 1
                continue
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            is_event = True
            match field:
                case "data":
                    data.append(value)
                case "id":
                    event.id = value
                case "retry":
                    event.retry = int(value)
                case "event":
                    event.name = value
                case _:
                    raise AssertionError(f"no field of an event: {line!r}")
        event.data = "\n".join(data)
        return event if is_event else None

    @property
    def is_between_events(self) -> bool:
        return self._received == b""
