"""What PyJWT and joserfc say of a token, configured as the server is.

Neither chooses among keys by algorithm and `kid` together, so this is done for both alike: a key is
asked only about the one algorithm it is bound to, and, where the token has a `kid`, only if it is
that key's.
"""

import collections.abc
import functools
import json

import jwt
from authorization import keys
from joserfc import jws
from joserfc import jwt as joserfc_jwt

from . import world as worlds

REQUIRED = ["iss", "sub", "aud", "exp"]


def candidates(world: worlds.World, header: object, claims: object):
    """The issuer that the token names, and the keys that may have signed it."""
    if not isinstance(header, dict) or not isinstance(claims, dict):
        return None, []
    issuer = world.issuer(claims.get("iss"))
    if issuer is None:
        return None, []
    algorithm = header.get("alg")
    algorithm = "EdDSA" if algorithm == "Ed25519" else algorithm
    found = [key for key in issuer.keys if key.algorithm == algorithm]
    if "kid" in header:
        # A key without a name of its own may have made any signature.
        found = [key for key in found if key.id in (None, header["kid"])]
    return issuer, found


def _accepts(check: collections.abc.Callable[[], object]) -> bool:
    try:
        check()
    except Exception:
        # A library that trips over a token has not accepted it, which is all that is asked here.
        return False
    return True


def of_pyjwt(world: worlds.World, token: str) -> bool:
    try:
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(token, options={"verify_signature": False})
    except Exception:
        return False
    issuer, found = candidates(world, header, claims)
    return any(_accepts(lambda key=key: _pyjwt_decode(token, issuer, key)) for key in found)


@functools.cache
def _pyjwt_key(key: keys.SigningKey) -> jwt.PyJWK:
    return jwt.PyJWK(key.public)


def _pyjwt_decode(token: str, issuer: worlds.Issuer, key: keys.SigningKey) -> None:
    jwt.decode(
        token,
        _pyjwt_key(key),
        algorithms=[key.algorithm],
        audience=worlds.AUDIENCE,
        issuer=issuer.name,
        leeway=worlds.SKEW_SECONDS,
        options={"require": REQUIRED},
    )


class _Registry(jws.JWSRegistry):
    """Ignores header parameters it does not know, which "MUST be ignored" (RFC 7515 §4).

    Only the server's own limit counts, which is one of the whole token.
    """

    max_header_length = max_payload_length = max_signature_length = 65_536

    def __init__(self, algorithms: list[str] | None = None):
        super().__init__(algorithms=algorithms, strict_check_header=False)


def of_joserfc(world: worlds.World, token: str) -> bool:
    try:
        unverified = jws.extract_compact(token.encode(), registry=_Registry())
        header, claims = unverified.headers(), json.loads(unverified.payload)
    except Exception:
        return False
    issuer, found = candidates(world, header, claims)
    return any(_accepts(lambda key=key: _joserfc_decode(token, issuer, key)) for key in found)


def _joserfc_decode(token: str, issuer: worlds.Issuer, key: keys.SigningKey) -> None:
    algorithms = [key.algorithm]
    if key.algorithm == "EdDSA":
        # Two names of one algorithm where the key is of Ed25519 (RFC 9864 §2.2).
        algorithms.append("Ed25519")
    decoded = joserfc_jwt.decode(token, key.key, registry=_Registry(algorithms))
    claims = joserfc_jwt.JWTClaimsRegistry(
        leeway=worlds.SKEW_SECONDS,
        iss={"essential": True, "value": issuer.name},
        aud={"essential": True, "value": worlds.AUDIENCE},
        sub={"essential": True},
        exp={"essential": True},
    )
    claims.validate(decoded.claims)


LIBRARIES = {"PyJWT": of_pyjwt, "joserfc": of_joserfc}
