"""Schemas of JSON Schema 2020-12 and values for them, at random but often just right or just wrong.

Names, numbers and texts come from small pools, so that a value satisfies a schema now and then.
"""

import json
import random

NAMES = ["a", "b", "c", "x1", "é", "😀", ""]
TEXTS = ["", "a", "ab", "aab", "b1", "1", "10", "é", "😀", "a😀b", "xyz", "-", "a b", "Ab", "٣"]
PATTERNS = [
    "a", "^a", "b$", "^a*b?$", "^(a|b)+$", "^[a-c]{1,2}$", "[^a-z]", r"\d", r"^\w+$", r"\s", "^.$",
    "^x", "1|é", "^(?:ab?)*$", r"^[\w-]{2,}$", "^$", r"\bb\b", "(a+)+$", "[é😀]", "a{2}", "^.{3}$",
]  # fmt: skip
KINDS = ["null", "boolean", "integer", "number", "string", "array", "object"]


# Which keywords make a value of a kind worth trying.
KEYWORDS = {
    "number": {"multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"},
    "string": {"minLength", "maxLength", "pattern", "format"},
    "array": {
        "items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems",
        "unevaluatedItems",
    },
    "object": {
        "properties", "patternProperties", "additionalProperties", "propertyNames", "required",
        "dependentRequired", "dependentSchemas", "minProperties", "maxProperties",
        "unevaluatedProperties",
    },
}  # fmt: skip


class Spelling(str):
    """A number as it is to stand in the text."""


NUMBERS = [
    Spelling(text)
    for text in [
        "0", "-0", "1", "1.0", "2", "3", "-1", "-2.5", "0.5", "1.5", "10e-1", "1e2", "100", "0.1",
        "0.3", "1.1", "2.2", "0.25", "7", "6", "12", "1E1", "4503599627370497.5", "1e300",
        "9007199254740993", "9007199254740992", "123456789012345678901234567890", "5e-324", "0.30",
    ]
]  # fmt: skip
DIVISORS = [Spelling(text) for text in ["1", "2", "3", "0.5", "0.1", "0.3", "1.5", "1e1", "2.0"]]
COUNTS = [Spelling(text) for text in ["0", "1", "1", "2", "2.0", "3"]]


def text_of(value, rng: random.Random) -> str:
    """JSON, numbers as they are spelt, and characters as escapes now and then."""
    if isinstance(value, Spelling):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=rng.random() < 0.3)
    if isinstance(value, list):
        return "[" + ",".join(text_of(element, rng) for element in value) + "]"
    if isinstance(value, dict):
        members = (f"{text_of(name, rng)}:{text_of(item, rng)}" for name, item in value.items())
        return "{" + ",".join(members) + "}"
    return json.dumps(value)


class Pairs:
    """One schema and any number of values for it."""

    def __init__(self, rng: random.Random):
        self.rng = rng
        self.definitions = rng.randrange(4)
        # References begin with it, as a definition may be a resource of its own.
        self.base = rng.choice(["", "", "https://example.com/root"])
        self.is_dynamic = rng.random() < 0.2
        self.root = self._document()
        self.schema_text = text_of(self.root, rng)

    def value_text(self) -> str:
        return text_of(self.value(self.root), self.rng)

    def value(self, schema=None, depth: int = 3):
        """Any value, but more often one of a kind that the schema is about."""
        rng = self.rng
        schema = self._meant(schema)
        if rng.random() < 0.15 and ("const" in schema or schema.get("enum")):
            return schema["const"] if "const" in schema else rng.choice(schema["enum"])
        kind = rng.choice(KINDS if depth else KINDS[:5])
        likely = [kind for kind, keywords in KEYWORDS.items() if keywords & schema.keys()]
        types = schema.get("type", likely)
        types = [types] if isinstance(types, str) else types
        if types and rng.random() < 0.7:
            kind = rng.choice(types)
        if kind == "null":
            return None
        if kind == "boolean":
            return rng.random() < 0.5
        if kind in ("integer", "number"):
            return rng.choice(NUMBERS)
        if kind == "string":
            return rng.choice(TEXTS)
        if kind == "array":
            return self._array(schema, depth)
        return self._object(schema, depth)

    def _array(self, schema: dict, depth: int) -> list:
        first = schema.get("prefixItems", [])
        rest = schema.get("items", schema.get("contains", schema.get("unevaluatedItems")))
        if depth <= 0:
            return []
        return [
            self.value(first[index] if index < len(first) else rest, depth - 1)
            for index in range(self.rng.randrange(5))
        ]

    def _object(self, schema: dict, depth: int) -> dict:
        if depth <= 0:
            return {}
        known = schema.get("properties", {})
        names = self.rng.sample(NAMES, self.rng.randrange(4))
        names += [name for name in [*known, *schema.get("required", [])] if self.rng.random() < 0.6]
        rest = schema.get("additionalProperties", schema.get("unevaluatedProperties"))
        return {name: self.value(known.get(name, rest), depth - 1) for name in names}

    def _meant(self, schema) -> dict:
        """The schema, or one that it applies to the same value."""
        for _ in range(4):
            if not isinstance(schema, dict):
                return {}
            inside = [schema[name] for name in ("if", "then", "else", "not") if name in schema]
            for keyword in ("allOf", "anyOf", "oneOf"):
                inside += schema.get(keyword, [])
            target = schema.get("$ref", "").rpartition("/d")[2]
            if target.isdigit():
                inside.append(self.root["$defs"][f"d{target}"])
            if "$dynamicRef" in schema or schema.get("$ref", "").endswith("#"):
                inside.append(self.root)
            if not inside or self.rng.random() < 0.4:
                return schema
            schema = self.rng.choice(inside)
        return schema if isinstance(schema, dict) else {}

    def _document(self):
        """A schema with definitions; each refers to later ones only, or to any from inside."""
        rng = self.rng
        root = self.schema(3, defined=-1)
        if not isinstance(root, dict):
            root = {"not": {"not": root}}
        if self.base:
            root = {"$id": self.base, **root}
        if self.is_dynamic:
            root["$dynamicAnchor"] = "node"
        root["$defs"] = {}
        for index in range(self.definitions):
            schema = self.schema(2, defined=index)
            root["$defs"][f"d{index}"] = schema
            if not isinstance(schema, dict):
                continue
            resource = self.base
            if self.base and rng.random() < 0.5:
                schema["$id"] = f"part{index}"
                resource = f"https://example.com/part{index}"
                if rng.random() < 0.5:
                    schema["$dynamicAnchor"] = "node"
            if rng.random() < 0.5:
                schema["$anchor"] = f"anchor{index}"
                self._name_anchor(root, index, f"{resource}#anchor{index}")
        return root

    def _name_anchor(self, schema, index: int, reference: str) -> None:
        """Lets some references to a definition name its anchor instead."""
        if isinstance(schema, list):
            for element in schema:
                self._name_anchor(element, index, reference)
        if isinstance(schema, dict):
            if schema.get("$ref") == f"{self.base}#/$defs/d{index}" and self.rng.random() < 0.5:
                schema["$ref"] = reference
            for name, item in schema.items():
                if name not in ("enum", "const"):
                    self._name_anchor(item, index, reference)

    def schema(self, depth: int, defined: int, consumed: bool = False):
        """A schema inside definition number `defined`.

        `consumed` says whether it is applied to a part of the value that the definition sees; only
        then may it refer back.
        """
        rng = self.rng
        if rng.random() < 0.12:
            return rng.random() < 0.7
        makers = [*SCALAR, *((CONTAINER + APPLICATOR) * 2 if depth > 0 else [])]
        schema = {}
        for make in rng.sample(makers, rng.choice([1, 1, 2, 2, 3, 4])):
            schema |= make(self, depth - 1, defined, consumed)
        if rng.random() < 0.25:
            schema |= self._reference(defined, consumed)
        if depth > 0 and rng.random() < 0.2:
            keyword = rng.choice(["unevaluatedProperties", "unevaluatedItems"])
            schema[keyword] = rng.choice([False, self.schema(0, defined, True)])
        return schema

    def _reference(self, defined: int, consumed: bool) -> dict:
        if consumed and self.rng.random() < 0.3:
            if self.is_dynamic and self.rng.random() < 0.5:
                return {"$dynamicRef": f"{self.base}#node"}
            return {"$ref": f"{self.base}#"}
        first = 0 if consumed else defined + 1
        if first >= self.definitions:
            return {}
        return {"$ref": f"{self.base}#/$defs/d{self.rng.randrange(first, self.definitions)}"}


def scalar(keyword, pool):
    return lambda pairs, *_: {keyword: pairs.rng.choice(pool)}


def inner(keyword):
    """A keyword whose schema is applied to a part of the value."""
    return lambda pairs, depth, defined, _: {keyword: pairs.schema(depth, defined, True)}


def here(keyword):
    """A keyword whose schema is applied to the same value."""
    return lambda pairs, depth, defined, consumed: {keyword: pairs.schema(depth, defined, consumed)}


def several(keyword, part: bool):
    def make(pairs, depth, defined, consumed):
        count = pairs.rng.randrange(1, 4)
        return {keyword: [pairs.schema(depth, defined, part or consumed) for _ in range(count)]}

    return make


def named(keyword, pool, part: bool):
    def make(pairs, depth, defined, consumed):
        names = pairs.rng.sample(pool, pairs.rng.randrange(1, 4))
        return {keyword: {name: pairs.schema(depth, defined, part or consumed) for name in names}}

    return make


def kinds(pairs, *_):
    names = pairs.rng.sample(KINDS, pairs.rng.choice([1, 1, 1, 2, 3]))
    return {"type": names[0] if len(names) == 1 else names}


def enumeration(pairs, *_):
    return {"enum": [pairs.value(1) for _ in range(pairs.rng.randrange(1, 5))]}


def required(pairs, *_):
    return {"required": pairs.rng.sample(NAMES, pairs.rng.randrange(3))}


def dependent_required(pairs, *_):
    rng = pairs.rng
    return {"dependentRequired": {rng.choice(NAMES): rng.sample(NAMES, rng.randrange(3))}}


def condition(pairs, depth, defined, consumed):
    branches = {"if": pairs.schema(depth, defined, consumed)}
    for keyword in pairs.rng.sample(["then", "else"], pairs.rng.randrange(3)):
        branches[keyword] = pairs.schema(depth, defined, consumed)
    return branches


def containing(pairs, depth, defined, consumed):
    made = inner("contains")(pairs, depth, defined, consumed)
    for keyword in pairs.rng.sample(["minContains", "maxContains"], pairs.rng.choice([0, 0, 1, 2])):
        made[keyword] = pairs.rng.choice(COUNTS)
    return made


SCALAR = [
    kinds, kinds, kinds, enumeration, required, dependent_required,
    lambda pairs, *_: {"const": pairs.value(2)},
    scalar("multipleOf", DIVISORS), scalar("minimum", NUMBERS), scalar("maximum", NUMBERS),
    scalar("exclusiveMinimum", NUMBERS), scalar("exclusiveMaximum", NUMBERS),
    scalar("minLength", COUNTS), scalar("maxLength", COUNTS), scalar("pattern", PATTERNS),
    scalar("minItems", COUNTS), scalar("maxItems", COUNTS),
    scalar("uniqueItems", [True, True, False]),
    scalar("minProperties", COUNTS), scalar("maxProperties", COUNTS),
    scalar("format", ["date", "email"]),
]  # fmt: skip
CONTAINER = [
    inner("items"), several("prefixItems", part=True), containing,
    named("properties", NAMES, part=True), named("properties", NAMES, part=True),
    named("patternProperties", PATTERNS, part=True), inner("additionalProperties"),
    inner("propertyNames"), named("dependentSchemas", NAMES, part=False),
]  # fmt: skip
APPLICATOR = [
    several("allOf", part=False), several("anyOf", part=False), several("oneOf", part=False),
    here("not"), condition,
]  # fmt: skip
