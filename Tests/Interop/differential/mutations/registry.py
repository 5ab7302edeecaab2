"""The mutations by their names, and what several of them need."""

import base64
import collections.abc
import random

from ..world import Draft, World

Mutation = collections.abc.Callable[[random.Random, Draft, World], str]

MUTATIONS: dict[str, Mutation] = {}


def mutation(function: Mutation) -> Mutation:
    MUTATIONS[function.__name__.replace("_", " ")] = function
    return function


def parts(token: str) -> list[str]:
    return token.split(".")


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
