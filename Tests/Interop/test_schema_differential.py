"""Schemas that others write are applied as the jsonschema package applies them.

A run is repeated with the seed that a failure names: MARTLET_SEED=7 makes it the only one.
"""

import collections
import functools
import json
import os
import pathlib
import random
import subprocess

import pytest
from differential import schema_opinions, schema_pairs

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEEDS = [int(os.environ["MARTLET_SEED"])] if "MARTLET_SEED" in os.environ else [1, 2]
SCHEMAS = 400
VALUES_OF_EACH = 10


@functools.cache
def program() -> str:
    build = subprocess.run(
        [ROOT / "Tests" / "Differential" / "build-schemas"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        timeout=2400,
        check=True,
    )
    return build.stdout.strip()


def verdicts(pairs: list[tuple[str, str]]) -> list[str]:
    """What Martlet says of each pair: valid, invalid and why, or refused and why."""
    lines = "".join(f'{{"schema":{schema},"value":{value}}}\n' for schema, value in pairs)
    run = subprocess.run(
        [program()],
        input=lines,
        stdout=subprocess.PIPE,
        text=True,
        timeout=600,
        check=True,
    )
    answers = run.stdout.splitlines()
    assert len(answers) == len(pairs)
    return answers


@pytest.mark.parametrize("seed", SEEDS)
def test_values_are_judged_as_by_jsonschema(seed):
    rng = random.Random(seed)
    print(f"seed {seed}")
    pairs = []
    for _ in range(SCHEMAS):
        made = schema_pairs.Pairs(rng)
        schema_opinions.PLAIN.check_schema(json.loads(made.schema_text))
        pairs += [(made.schema_text, made.value_text()) for _ in range(VALUES_OF_EACH)]
    counts: collections.Counter[str] = collections.Counter()
    unexplained = []
    for (schema, value), answer in zip(pairs, verdicts(pairs), strict=True):
        verdict = answer.split()[0]
        counts[verdict] += 1
        if verdict == "refused" or schema_opinions.exact(schema, value) != (verdict == "valid"):
            unexplained.append(f"{answer}: {schema} with {value}")
        elif schema_opinions.plain(schema, value) != (verdict == "valid"):
            # Only what is rounded to a double, or \d and \w beyond ASCII, can make them differ.
            counts["explained"] += 1
    assert not unexplained, f"seed {seed}: {len(unexplained)}:\n" + "\n".join(unexplained[:5])
    # Neither verdict is the rule, and what has to be explained is the exception.
    assert min(counts["valid"], counts["invalid"]) > len(pairs) / 4, counts
    assert counts["explained"] < len(pairs) / 50, counts


@pytest.mark.parametrize(
    ("schema", "value", "ours", "theirs"),
    [
        # A tenth is not what a double holds, and three of them are not 0.30000000000000004.
        ('{"multipleOf":0.1}', "0.3", "valid", False),
        # Doubles are read as the decimals that are written, and not as the nearest double.
        ('{"maximum":0.1}', "0.10000000000000000001", "invalid", True),
        ('{"const":0.1}', "0.10000000000000000001", "invalid", True),
        # Python reads it as infinity, which is no integer.
        ('{"type":"integer"}', "1e400", "valid", False),
        # ECMA-262 knows ASCII digits and letters only, and no other end than the end.
        (r'{"pattern":"^\\d$"}', '"٣"', "invalid", True),
        (r'{"pattern":"^\\w$"}', '"é"', "invalid", True),
        (r'{"pattern":"^a$"}', r'"a\n"', "invalid", True),
        # Of two members with a name Python takes the last.
        ('{"minProperties":1}', '{"a":1,"a":1}', "invalid", True),
    ],
)
def test_a_known_difference_is_still_one(schema, value, ours, theirs):
    assert verdicts([(schema, value)])[0].split()[0] == ours
    assert schema_opinions.plain(schema, value) is theirs


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ('{"$ref":"https://json-schema.org/draft/2020-12/schema"}', "leaves the document"),
        ('{"$ref":"other.json"}', "leaves the document"),
        ('{"pattern":"(?=a)"}', "lookahead"),
        (r'{"pattern":"(a)\\1"}', "backreferences"),
        ('{"pattern":"(a{1000}){1000}"}', "instructions"),
        ('{"$ref":"#"}', "without end"),
        ('{"$schema":"http://json-schema.org/draft-07/schema#"}', "2020-12"),
    ],
)
def test_a_schema_that_cannot_be_applied_is_refused(schema, reason):
    answer = verdicts([(schema, "1")])[0]
    assert answer.startswith("refused ") and reason in answer


@pytest.mark.parametrize("keyword", ["allOf", "anyOf", "oneOf"])
def test_a_schema_that_doubles_the_work_at_each_level_is_given_up(keyword):
    definitions = {
        f"d{n}": {keyword: [{"$ref": f"#/$defs/d{n + 1}"}, {"$ref": f"#/$defs/d{n + 1}"}]}
        for n in range(60)
    }
    schema = {"$defs": {**definitions, "d60": {"type": "null"}}, "$ref": "#/$defs/d0"}
    value = "null" if keyword == "allOf" else "1"
    assert "too many steps" in verdicts([(json.dumps(schema), value)])[0]
