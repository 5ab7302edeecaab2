"""Of the algorithm, and of the key taken for one of another (RFC 8725 §2.1)."""

import base64
import hmac
import random

from authorization import keys

from ..world import Draft, World, base64url, encoded
from .registry import decoded, mutation


@mutation
def an_algorithm_of_none(rng: random.Random, draft: Draft, world: World) -> str:
    draft.header["alg"] = rng.choice(["none", "None", "NONE", "nOnE", "none ", "no\u0000ne"])
    unsigned = f"{base64url(encoded(draft.header))}.{base64url(encoded(draft.claims))}"
    return f"{unsigned}.{rng.choice(['', 'AA', base64url(draft.signature(unsigned))])}"


@mutation
def an_algorithm_that_is_none(rng: random.Random, draft: Draft, world: World) -> str:
    names = ["", "hs256", "es256", "ES256K", "RSA1_5", "dir", "A128GCMKW", "HS1", "ES256 "]
    names.append("\uff25S256")
    draft.header["alg"] = rng.choice([*names, None, 0, 256, True, [draft.key.algorithm], {}])
    return draft.token()


@mutation
def no_algorithm(rng: random.Random, draft: Draft, world: World) -> str:
    del draft.header["alg"]
    return draft.token()


@mutation
def another_algorithm_claimed(rng: random.Random, draft: Draft, world: World) -> str:
    """Signed with the key's own; the header says otherwise."""
    draft.header["alg"] = rng.choice([*keys.SYMMETRIC, *keys.ASYMMETRIC, "Ed25519"])
    return draft.token()


@mutation
def another_algorithm_used(rng: random.Random, draft: Draft, world: World) -> str:
    """Signed with a key of the issuer, by an algorithm of its family that it is not bound to."""
    family = draft.key.algorithm[:2]
    fitting = {"RS": ["RS", "PS"], "PS": ["RS", "PS"], "HS": ["HS"]}.get(family)
    if fitting is None:
        draft.header["alg"] = "Ed25519" if family == "Ed" else "ES256K"
        return draft.token()
    algorithm = rng.choice(fitting) + rng.choice(["256", "384", "512"])
    draft.header["alg"] = algorithm
    return draft.signed(encoded(draft.header), encoded(draft.claims), alg=algorithm)


@mutation
def a_public_key_taken_for_a_secret(rng: random.Random, draft: Draft, world: World) -> str:
    """Algorithm confusion (RFC 8725 §2.1)."""
    if draft.key.algorithm in keys.SYMMETRIC:
        secrets = [b"", b"secret", b"\0" * 32]
    else:
        pem = draft.key.public_pem
        der = base64.b64decode(b"".join(pem.splitlines()[1:-1]))
        public = draft.key.public
        secrets = [pem, pem.strip(), pem.replace(b"\n", b"\r\n"), der, encoded(public)]
        secrets += [decoded(public[name]) for name in ("n", "x") if name in public]
    algorithm = rng.choice(keys.SYMMETRIC)
    draft.header["alg"] = algorithm
    signing_input = f"{base64url(encoded(draft.header))}.{base64url(encoded(draft.claims))}"
    # By hand: no library makes a secret of the octets of a public key.
    forged = hmac.digest(rng.choice(secrets), signing_input.encode(), f"sha{algorithm[2:]}")
    return f"{signing_input}.{base64url(forged)}"
