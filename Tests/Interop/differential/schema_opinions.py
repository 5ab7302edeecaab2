"""What the jsonschema package thinks: as it is, and where it neither rounds nor goes beyond ASCII."""

import decimal
import fractions
import json
import re

import jsonschema

PLAIN = jsonschema.Draft202012Validator


def _is_integer(_, value) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, decimal.Decimal):
        return value == value.to_integral_value()
    return isinstance(value, int)


def _multiple_of(validator, divisor, value, _):
    if validator.is_type(value, "number") and (
        fractions.Fraction(value) / fractions.Fraction(divisor)
    ).denominator != 1:
        yield jsonschema.ValidationError("not a multiple")


def _search(pattern: str, text: str) -> bool:
    """As in ECMA-262: the classes are those of ASCII."""
    return re.search(pattern, text, re.ASCII) is not None


def _pattern(validator, pattern, value, _):
    if validator.is_type(value, "string") and not _search(pattern, value):
        yield jsonschema.ValidationError("no match")


def _pattern_properties(validator, properties, value, _):
    if not validator.is_type(value, "object"):
        return
    for pattern, schema in properties.items():
        for name, item in value.items():
            if _search(pattern, name):
                yield from validator.descend(item, schema, path=name, schema_path=pattern)


EXACT = jsonschema.validators.extend(
    PLAIN,
    {"multipleOf": _multiple_of, "pattern": _pattern, "patternProperties": _pattern_properties},
    type_checker=PLAIN.TYPE_CHECKER.redefine("integer", _is_integer),
)


def plain(schema: str, value: str) -> bool:
    return PLAIN(json.loads(schema)).is_valid(json.loads(value))


def exact(schema: str, value: str) -> bool:
    """Numbers are decimals and never rounded, and patterns mean what ECMA-262 says."""

    def read(text):
        return json.loads(text, parse_float=decimal.Decimal)

    return EXACT(read(schema)).is_valid(read(value))
