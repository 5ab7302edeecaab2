"""Why the server may decide otherwise than a library: a closed list, each with its source.

A reason looks at the token itself, never at how the token came about, so that a difference of one
kind does not excuse another.
"""

import base64
import collections
import collections.abc
import dataclasses
import functools
import json
import math
import re
import time

from . import world as worlds

TOKEN_BYTES_MAX = 8_192
NESTING_MAX = 64
TYPES = {"jwt", "at+jwt", "application/jwt", "application/at+jwt"}
BOTH = frozenset({"PyJWT", "joserfc"})


class Anatomy:
    """What is in a token, read as leniently as anybody reads it."""

    def __init__(self, token: str):
        self.token = token
        self.parts = token.split(".")

    @functools.cached_property
    def octets(self) -> list[bytes]:
        """The parts decoded, whatever else than the alphabet is among them dropped."""
        found = []
        for part in self.parts:
            kept = re.sub(r"[^A-Za-z0-9_-]", "", part.replace("+", "-").replace("/", "_"))
            kept = kept[:-1] if len(kept) % 4 == 1 else kept
            found.append(base64.urlsafe_b64decode(kept + "=" * (-len(kept) % 4)))
        return found

    @functools.cached_property
    def is_canonical(self) -> bool:
        """Whether every part is the one base64url of its octets (RFC 4648 §3.5, RFC 7515 §2)."""
        return all(worlds.base64url(o) == p for o, p in zip(self.octets, self.parts))

    @functools.cached_property
    def are_utf8(self) -> bool:
        """Whether Python takes the text for UTF-8; it makes a guess by the first octets."""
        return all(json.detect_encoding(octets) == "utf-8" for octets in self.octets[:2])

    def _read(self, index: int):
        """The object, and the names that stand in it twice or more."""
        repeated: list[str] = []

        def pairs(members):
            counted = collections.Counter(name for name, _ in members)
            repeated[:] = [name for name, count in counted.items() if count > 1]
            return dict(members)

        try:
            return json.loads(self.octets[index], object_pairs_hook=pairs), repeated
        except (ValueError, RecursionError, IndexError):
            return None, repeated

    @functools.cached_property
    def header(self) -> dict:
        header, _ = self._read(0)
        return header if isinstance(header, dict) else {}

    @functools.cached_property
    def claims(self) -> dict:
        claims, _ = self._read(1)
        return claims if isinstance(claims, dict) else {}

    @functools.cached_property
    def repeats(self) -> bool:
        """Whether the outermost object of header or claims has a name twice.

        The hook runs for the outermost object last.
        """
        return any(self._read(index)[1] for index in (0, 1))

    @functools.cached_property
    def constants(self) -> set[str]:
        """What Python reads as numbers although JSON has no such thing."""
        found: set[str] = set()
        for octets in self.octets[:2]:
            try:
                json.loads(octets, parse_constant=lambda name: found.add(name))
            except (ValueError, RecursionError):
                pass
        return found

    @functools.cached_property
    def depth(self) -> int:
        """How deep the deeper of the two objects is nested."""
        deepest = 0
        for octets in self.octets[:2]:
            depth = 0
            for letter in re.sub(rb'"(\\.|[^"\\])*"', b"", octets):
                depth += (letter in b"[{") - (letter in b"]}")
                deepest = max(deepest, depth)
        return deepest

    @functools.cached_property
    def has_lone_surrogate(self) -> bool:
        def lone(text: str) -> bool:
            return any(0xD800 <= ord(letter) < 0xE000 for letter in text)

        return any(lone(json.dumps(v, ensure_ascii=False)) for v in (self.header, self.claims))

    @functools.cached_property
    def longest_number(self) -> int:
        found = re.findall(rb"\d+", b" ".join(self.octets[:2]))
        return max(map(len, found), default=0)

    def is_number(self, claim: str) -> bool:
        """Whether the claim is absent or a NumericDate (RFC 7519 §2)."""
        value = self.claims.get(claim, 0)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        try:
            return math.isfinite(float(value))
        except OverflowError:
            return False


@dataclasses.dataclass(frozen=True)
class Reason:
    text: str
    applies: collections.abc.Callable[[Anatomy], bool]
    libraries: frozenset[str] = BOTH


def _subject_is_unfit(anatomy: Anatomy) -> bool:
    """Kept in a database and named in logs: 1 to 255 bytes without control characters."""
    subject = anatomy.claims.get("sub", "absent")
    if not isinstance(subject, str):
        return True
    size = len(subject.encode("utf-8", "surrogatepass"))
    return not 1 <= size <= 255 or bool(re.search("[\x00-\x1f\x7f-\x9f]", subject))


def _type_is_another(anatomy: Anatomy) -> bool:
    kind = anatomy.header.get("typ", "JWT")
    return not isinstance(kind, str) or kind.lower() not in TYPES


STRICTER = [
    Reason("the token is longer than 8,192 bytes", lambda a: len(a.token) > TOKEN_BYTES_MAX),
    Reason("a part is not canonical base64url (RFC 7515 §2)", lambda a: not a.is_canonical),
    Reason("JSON is UTF-8 without a byte order mark (RFC 8259 §8.1)", lambda a: not a.are_utf8),
    Reason("a member stands twice (RFC 7515 §4 allows to refuse)", lambda a: a.repeats),
    Reason("NaN and Infinity are not JSON (RFC 8259 §6)", lambda a: bool(a.constants)),
    Reason("JSON is nested too deeply (RFC 8259 §9)", lambda a: a.depth > NESTING_MAX),
    Reason("a surrogate stands alone (RFC 8259 §8.2)", lambda a: a.has_lone_surrogate),
    Reason("typ is not that of an access token (RFC 8725 §3.11)", _type_is_another),
    Reason("no extension is understood (RFC 7515 §4.1.11)", lambda a: "crit" in a.header),
    Reason("b64 is not understood either (RFC 7797 §3)", lambda a: "b64" in a.header),
    Reason("sub is nothing to keep or to print", _subject_is_unfit),
    *[
        Reason(f"{name} is no NumericDate (RFC 7519 §2)", lambda a, n=name: not a.is_number(n))
        for name in ("exp", "nbf", "iat")
    ],
    Reason(
        "jti is no string (RFC 7519 §4.1.7)",
        lambda a: not isinstance(a.claims.get("jti", ""), str),
    ),
]

LENIENT = [
    Reason(
        "iat says how old a token is, not when it begins to be good (RFC 7519 §4.1.6)",
        lambda a: a.is_number("iat") and a.claims.get("iat", 0) > time.time(),
    ),
    Reason(
        "Ed25519 is EdDSA where the key is of that curve (RFC 9864 §2.2)",
        lambda a: a.header.get("alg") == "Ed25519",
        frozenset({"PyJWT"}),
    ),
    Reason(
        "Python reads no integer of more than 4,300 digits", lambda a: a.longest_number > 4_300
    ),
]


def broken_rule(token: str) -> str | None:
    """A rule of the server's own that forbids the token, whatever libraries think."""
    anatomy = Anatomy(token)
    return next((rule.text for rule in STRICTER if rule.applies(anatomy)), None)


def explanation(token: str, library: str, server_accepts: bool) -> str | None:
    """The first reason for which the server may differ from the library; None if there is none."""
    anatomy = Anatomy(token)
    for reason in LENIENT if server_accepts else STRICTER:
        if library in reason.libraries and reason.applies(anatomy):
            return reason.text
    return None
