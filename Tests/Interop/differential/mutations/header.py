"""Of the other members of the JOSE header (RFC 7515 §4)."""

import base64
import random

from ..world import Draft, World, encoded
from .registry import mutation


@mutation
def a_tricky_kid(rng: random.Random, draft: Draft, world: World) -> str:
    others = [key.id for issuer in world.issuers for key in issuer.keys if key.id is not None]
    own = draft.key.id or "none"
    tricks = [
        *["", " ", "../../../../dev/null", "' OR '1'='1", "\u0000", own + "\u0000", own + " "],
        *[own.upper(), own.lower(), "x" * 2_000, "\u212b", "ﬁ"],
        *[None, 0, 1.0, True, [own], {"kid": own}],
    ]
    draft.header["kid"] = rng.choice([*tricks, *others])
    return draft.token()


@mutation
def a_kid_spelled_with_escapes(rng: random.Random, draft: Draft, world: World) -> str:
    name = "".join(f"\\u{ord(letter):04x}" for letter in draft.key.id or "none")
    draft.header["kid"] = "@"
    return draft.signed(
        encoded(draft.header).replace(b'"@"', f'"{name}"'.encode()), encoded(draft.claims)
    )


@mutation
def a_key_of_its_own(rng: random.Random, draft: Draft, world: World) -> str:
    """Brought along, where no key may ever be taken from; signed by the issuer or by a stranger."""
    stranger = world.strangers[draft.key.algorithm]
    certificate = base64.b64encode(encoded(stranger.public)).decode()
    brought = {
        "jwk": stranger.public,
        "jku": "https://evil.example/keys",
        "x5u": "https://evil.example/chain.pem",
        "x5c": [certificate],
        "x5t": "AAAA",
    }
    name = rng.choice(list(brought))
    draft.header[name] = brought[name]
    if rng.random() < 0.5:
        draft.header["kid"] = stranger.id
    signer = rng.choice([stranger, draft.key])
    return draft.signed(encoded(draft.header), encoded(draft.claims), signer)


@mutation
def something_critical(rng: random.Random, draft: Draft, world: World) -> str:
    extensions = [["exp"], ["x"], [], None, "exp", ["alg"], ["b64"], [1], {"x": 1}, ["x", "x"]]
    draft.header["crit"] = rng.choice(extensions)
    if rng.random() < 0.5:
        draft.header |= {"x": 1, "exp": 1, "b64": rng.choice([True, False])}
    return draft.token()


@mutation
def a_payload_that_is_said_not_to_be_base64(rng: random.Random, draft: Draft, world: World) -> str:
    # RFC 7797 §6 demands `crit` with it.
    draft.header["b64"] = rng.choice([False, True, "false", None])
    return draft.token()


@mutation
def another_type(rng: random.Random, draft: Draft, world: World) -> str:
    types = ["JOSE", "logout+jwt", "dpop+jwt", "id_token+jwt", "text/html", "", "JWT\u0000", "ＪＷＴ"]
    types += ["jwt", "Application/JWT", "at+JWT"]
    draft.header["typ"] = rng.choice([*types, None, 1, ["JWT"]])
    return draft.token()


@mutation
def a_header_of_no_consequence(rng: random.Random, draft: Draft, world: World) -> str:
    extra = {"cty": "JWT", "zip": "DEF", "enc": "A128GCM", "nonce": "n", "x": [[], {}], "ÿ": 1}
    name = rng.choice(list(extra))
    draft.header[name] = extra[name]
    return draft.token()
