"""Of the claims (RFC 7519 §4)."""

import random

from ..world import AUDIENCE, HOUR, Draft, World
from .registry import mutation


def replaced(rng: random.Random, draft: Draft, name: str, values: list) -> str:
    value = rng.choice(values)
    if value is ABSENT:
        draft.claims.pop(name, None)
    else:
        draft.claims[name] = value
    return draft.token()


ABSENT = object()
ODD = [ABSENT, None, True, False, "", "1", [], {}, [1], {"a": 1}]


@mutation
def another_exp(rng: random.Random, draft: Draft, world: World) -> str:
    good = draft.claims["exp"]
    passed = good - 48 * HOUR
    values = [passed, 0, -1, -(2**63), -(2**70), good + 0.5, passed + 0.5, float(good), 1e18]
    values += [2**31, 2**53, 2**53 + 1, 2**63 - 1, 2**63, 2**64, 10**30, 1e300, str(good)]
    return replaced(rng, draft, "exp", values + ODD)


@mutation
def another_nbf(rng: random.Random, draft: Draft, world: World) -> str:
    later = draft.claims["exp"] + 48 * HOUR
    values = [later, later + 0.5, 0, -1, -0.5, 2**63, 2**64, 1e300, -1e300, -(10**30), str(later)]
    return replaced(rng, draft, "nbf", values + ODD)


@mutation
def another_iat(rng: random.Random, draft: Draft, world: World) -> str:
    later = draft.claims["exp"] + 48 * HOUR
    values = [later, 0, -1, 0.5, 2**63, 2**64, 1e300, -(10**30), str(later)]
    return replaced(rng, draft, "iat", values + ODD)


@mutation
def another_aud(rng: random.Random, draft: Draft, world: World) -> str:
    near = [AUDIENCE + "/", AUDIENCE[:-1], AUDIENCE.upper(), AUDIENCE + "\u0000", " " + AUDIENCE]
    lists = [[AUDIENCE, 1], [AUDIENCE, None], [[AUDIENCE]], ["x"] * 50 + [AUDIENCE], [""], near]
    values = [*near, *lists, {AUDIENCE: AUDIENCE}, [AUDIENCE, AUDIENCE], "*", ["*"]]
    return replaced(rng, draft, "aud", values + ODD)


@mutation
def another_iss(rng: random.Random, draft: Draft, world: World) -> str:
    name = draft.issuer.name
    near = [name + "/", name[:-1], name.upper(), name + "\u0000", name + "#x", [name], {name: 1}]
    others = [issuer.name for issuer in world.issuers]
    return replaced(rng, draft, "iss", near + others + ODD)


@mutation
def another_sub(rng: random.Random, draft: Draft, world: World) -> str:
    values = ["x" * 256, "é" * 127, "é" * 128, "\u0000", "a\nb", "\u0085", "\u2028", "\ufeff"]
    return replaced(rng, draft, "sub", values + ODD + [7, 7.5, 2**70])


@mutation
def another_jti(rng: random.Random, draft: Draft, world: World) -> str:
    return replaced(rng, draft, "jti", [*ODD, 7, "x" * 1_000, "\u0000"])


@mutation
def a_long_token(rng: random.Random, draft: Draft, world: World) -> str:
    draft.claims["filler"] = "x" * rng.choice([1_000, 4_000, 5_000, 6_500, 9_000, 11_000])
    return draft.token()
