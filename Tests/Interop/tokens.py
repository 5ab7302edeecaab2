"""Tokens that are valid, and tokens that are wrong in exactly one way.

Claims start from a token of the server's own making, so that what a role or a workspace is called
in a claims set is the server's affair.
"""

import base64
import functools
import itertools
import json
import time

import jwt

import server as serving

_numbers = itertools.count(1)


def fresh(word: str) -> str:
    """A name nobody has used before in this run."""
    return f"{word}-{next(_numbers)}"


class TokenSource:
    """Makes tokens for one server."""

    def __init__(self, server: "serving.Server"):
        self._server = server
        self._claims = functools.cache(self._read_claims)

    def _read_claims(self, role: str) -> dict:
        made = self._server.token(role, "--subject", "template", "--workspace", "template")
        return jwt.decode(
            made,
            self._server.environment["JWT_SECRET"],
            algorithms=["HS256"],
            audience=self._server.environment["JWT_AUDIENCE"],
            issuer=self._server.environment["JWT_ISSUER"],
        )

    def claims(self, role: str = "admin", workspace: str | None = None, **changes) -> dict:
        """The claims set of a new subject; a change to None leaves the claim out."""
        template = self._claims(role)
        claims = {
            name: workspace or fresh("workspace") if value == "template" else value
            for name, value in template.items()
            if name != "sub"
        }
        now = int(time.time())
        claims |= {"sub": fresh(role), "iat": now, "exp": now + 3600}
        claims.pop("nbf", None)
        claims.pop("jti", None)
        claims |= changes
        return {name: value for name, value in claims.items() if value is not None}

    def make(self, role: str = "admin", workspace: str | None = None, **changes) -> str:
        """A valid token, but for the changes."""
        return self.sign(self.claims(role, workspace, **changes))

    def sign(
        self,
        claims: dict,
        *,
        secret: str | None = None,
        algorithm: str = "HS256",
        jose_fields: dict | None = None,
    ) -> str:
        secret = self._server.environment["JWT_SECRET"] if secret is None else secret
        return jwt.encode(claims, secret, algorithm=algorithm, headers=jose_fields)

    def unsigned(self, claims: dict, algorithm: str = "none") -> str:
        """A token that claims to need no signature (RFC 8725 §2.1)."""
        parts = ({"alg": algorithm, "typ": "JWT"}, claims)
        return ".".join(base64url(json.dumps(part).encode()) for part in parts) + "."


def base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def with_last_signature_bit_changed(token: str) -> str:
    signed, _, signature = token.rpartition(".")
    octets = bytearray(base64.urlsafe_b64decode(signature + "=="))
    octets[-1] ^= 1
    return f"{signed}.{base64url(bytes(octets))}"
