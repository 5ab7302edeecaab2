"""Whom the server trusts, and a way to sign anything whatever on their behalf."""

import base64
import dataclasses
import hashlib
import json
import random
import time

from authorization import keys
from joserfc.jws import JWSRegistry

AUDIENCE = "https://differential.example/mcp"
SKEW_SECONDS = 60
HOUR = 3600


@dataclasses.dataclass(frozen=True)
class Issuer:
    name: str
    keys: list[keys.SigningKey]


@dataclasses.dataclass
class World:
    """The issuers, and an attacker's keys that nobody trusts."""

    issuers: list[Issuer]
    strangers: dict[str, keys.SigningKey]

    def issuer(self, name: object) -> Issuer | None:
        return next((issuer for issuer in self.issuers if issuer.name == name), None)


@dataclasses.dataclass
class Draft:
    """A token that is not signed yet: mutations change its parts before or after."""

    issuer: Issuer
    key: keys.SigningKey
    header: dict
    claims: dict

    def token(self) -> str:
        return self.signed(encoded(self.header), encoded(self.claims))

    def signed(
        self, header: bytes, payload: bytes, key: keys.SigningKey | None = None, alg=None
    ) -> str:
        """Exactly these octets, signed; `alg` signs with another algorithm than the key's."""
        signing_input = f"{base64url(header)}.{base64url(payload)}"
        return f"{signing_input}.{base64url(self.signature(signing_input, key, alg))}"

    def signature(self, signing_input: str, key: keys.SigningKey | None = None, alg=None) -> bytes:
        key = key or self.key
        algorithm = JWSRegistry.algorithms[alg or key.algorithm]
        return algorithm.sign(signing_input.encode(), key.key)


def encoded(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def honest(rng: random.Random, world: World) -> Draft:
    """A good token of one of the issuers, with what differs between good tokens left to chance."""
    issuer = rng.choice(world.issuers)
    key = rng.choice(issuer.keys)
    now = int(time.time())
    claims = {
        "iss": issuer.name,
        "sub": rng.choice(["ada", "grace@example.com", "用户-7", "a b", "x" * 255]),
        "aud": rng.choice([AUDIENCE, [AUDIENCE], ["https://other.example", AUDIENCE]]),
        "exp": now + rng.randrange(HOUR, 24 * HOUR),
        "role": "admin",
        "workspace": "differential",
    }
    optional = {
        "iat": now - rng.randrange(HOUR),
        "nbf": now - rng.randrange(HOUR),
        "jti": hashlib.sha256(rng.randbytes(8)).hexdigest()[:16],
        "client_id": "client",
        "note": rng.choice(["", "é", "\u0000", "🐦", {"a": [1, 2.5, None, True]}]),
    }
    claims |= {name: value for name, value in optional.items() if rng.random() < 0.5}
    members = list(claims.items())
    rng.shuffle(members)
    header = {"alg": key.algorithm}
    if key.id is not None and rng.random() < 0.8:
        header["kid"] = key.id
    if rng.random() < 0.8:
        header["typ"] = rng.choice(["JWT", "at+jwt", "AT+JWT", "application/at+jwt"])
    return Draft(issuer, key, header, dict(members))
