"""The server, PyJWT and joserfc decide alike about thousands of tokens, or differ for a reason.

A run is repeated with the seed that a failure names: MARTLET_SEED=7 makes it the only one.
"""

import collections
import json
import os
import random

import pytest
from authorization import keys
from differential import mutations, opinions, reasons
from differential.world import AUDIENCE, Issuer, World, honest
from joserfc import jwk

import asking
import server as serving
import trust

SEEDS = [int(os.environ["MARTLET_SEED"])] if "MARTLET_SEED" in os.environ else [1, 2]
TOKENS_OF_EACH_KIND = 60


@pytest.fixture(scope="module")
def world() -> World:
    secret = keys.SigningKey("HS256", jwk.OctKey.import_key(serving.SECRET.encode()))
    second = [keys.SigningKey.make("ES256", "second"), keys.SigningKey.make("RS256", "second")]
    return World(
        issuers=[
            Issuer("https://every.example", [keys.lasting(a) for a in keys.ASYMMETRIC]),
            Issuer("https://two.example/path", second),
            Issuer(serving.ISSUER, [secret]),
        ],
        strangers={a: keys.SigningKey.make(a) for a in [*keys.ASYMMETRIC, "HS256"]},
    )


@pytest.fixture(scope="module")
def trusting_server(world, tmp_path_factory):
    directory = tmp_path_factory.mktemp("differential")
    entries = []
    for number, issuer in enumerate(world.issuers[:2]):
        path = directory / f"keys-{number}.json"
        path.write_text(json.dumps({"keys": [key.public for key in issuer.keys]}))
        member = {"key_files": [str(path)], "audiences": [AUDIENCE], "profile": "ignored"}
        entries.append(trust.entry(issuer.name, **member))
    # The longest tokens are to be refused as tokens, not as fields that are too long.
    environment = {
        **trust.UNLIMITED,
        "JWT_AUDIENCE": AUDIENCE,
        "MARTLET_FIELD_SECTION_MAX": "57000",
    }
    server = serving.Server(
        directory / "state", environment=environment, settings={"issuers": entries}
    ).start()
    yield server
    server.stop()


VERDICTS = {asking.Asker.ACCEPTED: True, 401: False, 400: False}


def is_accepted(asker: asking.Asker, token: str) -> bool:
    response = asker.ask(token)
    assert response.status in VERDICTS, (response, token)
    return VERDICTS[response.status]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_difference_has_a_reason(trusting_server, world, seed):
    rng = random.Random(seed)
    made = [
        (name, mutate(rng, honest(rng, world), world))
        for name, mutate in mutations.MUTATIONS.items()
        for _ in range(TOKENS_OF_EACH_KIND)
    ]
    unexplained: dict[str, list[str]] = collections.defaultdict(list)
    verdicts: collections.Counter[tuple[str, bool]] = collections.Counter()
    with asking.Asker(trusting_server.port) as asker:
        for name, token in made:
            accepted = is_accepted(asker, token)
            verdicts[name, accepted] += 1
            verdict = "accepted" if accepted else "refused"
            if accepted and (rule := reasons.broken_rule(token)):
                unexplained[f"{name}: accepted, though {rule}"].append(token)
            for library, opinion in opinions.LIBRARIES.items():
                if opinion(world, token) == accepted:
                    continue
                if reasons.explanation(token, library, accepted) is None:
                    unexplained[f"{name}: {verdict}, unlike by {library}"].append(token)
    listed = [f"{kind} ({len(tokens)}): {tokens[0]}" for kind, tokens in unexplained.items()]
    assert not unexplained, f"seed {seed}:\n" + "\n".join(listed)
    # What decides nothing, and what decides everything, were both among them.
    assert verdicts["nothing", True] == TOKENS_OF_EACH_KIND
    for name in ("the signature of a stranger", "an algorithm of none", "no algorithm"):
        assert verdicts[name, False] == TOKENS_OF_EACH_KIND, name


@pytest.mark.parametrize("algorithm", [*keys.ASYMMETRIC, "Ed25519"])
def test_an_honest_token_of_every_algorithm_is_accepted_by_all_three(
    trusting_server, world, algorithm
):
    key = keys.lasting("EdDSA" if algorithm == "Ed25519" else algorithm)
    draft = honest(random.Random(algorithm), world)
    draft.claims["iss"] = world.issuers[0].name
    token = key.sign(draft.claims, alg=algorithm)
    assert asking.status(trusting_server, token) == asking.Asker.ACCEPTED
    assert opinions.of_joserfc(world, token)
    assert opinions.of_pyjwt(world, token) is (algorithm != "Ed25519")
