"""Of the JSON text of header or claims (RFC 8259)."""

import collections.abc
import json
import random

from ..world import Draft, World, encoded
from .registry import mutation


def respelled(
    rng: random.Random, draft: Draft, change: collections.abc.Callable[[bytes], bytes]
) -> str:
    """Signed after the text of one of the two parts was changed."""
    header, payload = encoded(draft.header), encoded(draft.claims)
    if rng.random() < 0.5:
        header = change(header)
    else:
        payload = change(payload)
    return draft.signed(header, payload)


@mutation
def a_member_twice(rng: random.Random, draft: Draft, world: World) -> str:
    def change(text: bytes) -> bytes:
        members = json.loads(text)
        name = rng.choice(list(members))
        value = rng.choice([members[name], "other", 1])
        spelled = json.dumps(name)
        if rng.random() < 0.3:
            spelled = '"' + "".join(f"\\u{ord(letter):04X}" for letter in name) + '"'
        again = f"{spelled}:{json.dumps(value)}".encode()
        if rng.random() < 0.5:
            return b"{" + again + b"," + text[1:]
        return text[:-1] + b"," + again + b"}"

    return respelled(rng, draft, change)


@mutation
def a_member_twice_further_down(rng: random.Random, draft: Draft, world: World) -> str:
    return respelled(rng, draft, lambda text: text[:-1] + b',"deep":{"a":1,"a":2}}')


@mutation
def a_huge_number(rng: random.Random, draft: Draft, world: World) -> str:
    numbers = ["1e400", "-1e400", "1" * 400, "1" * 4_400, "0." + "1" * 400, "1e-400", "1E+99999999"]
    number = rng.choice(numbers)
    name = rng.choice(["exp", "nbf", "iat", "other"])

    def change(text: bytes) -> bytes:
        members = {k: v for k, v in json.loads(text).items() if k != name}
        return encoded(members)[:-1] + f',"{name}":{number}}}'.encode()

    return respelled(rng, draft, change)


@mutation
def a_number_that_is_none(rng: random.Random, draft: Draft, world: World) -> str:
    numbers = ["NaN", "Infinity", "-Infinity", "01", "+1", ".5", "5.", "0x10", "1_000", "--1", "-"]
    number = rng.choice(numbers)
    return respelled(rng, draft, lambda text: text[:-1] + f',"n":{number}}}'.encode())


@mutation
def deep_nesting(rng: random.Random, draft: Draft, world: World) -> str:
    depth = rng.choice([2, 10, 60, 64, 65, 100, 128, 500, 1_000, 2_500])
    opening, closing = rng.choice([("[", "]"), ('{"a":', "}")])
    inner = "1" if opening != "[" else ""
    nested = opening * depth + inner + closing * depth
    return respelled(rng, draft, lambda text: text[:-1] + f',"deep":{nested}}}'.encode())


@mutation
def tricks_of_unicode(rng: random.Random, draft: Draft, world: World) -> str:
    values = [
        *[b"\\ud800", b"\\udc00\\ud800", b"\\ud83d\\ude00", b"\\u0000", b"\xef\xbb\xbf"],
        *[b"\xc0\x80", b"\xed\xa0\x80", b"\xff", b"\xf4\x90\x80\x80", b"\xe2\x80\xae", b"\x01"],
        *[b"\\x41", b"\\u12", b"\\U00000041", b"\t", b"\n", b"\\/", b"\x7f", b"\xc3"],
    ]
    value = rng.choice(values)
    place = rng.choice([b'"u":"%b"', b'"%b":1'])
    return respelled(rng, draft, lambda text: text[:-1] + b"," + place % value + b"}")


@mutation
def another_encoding(rng: random.Random, draft: Draft, world: World) -> str:
    encodings = ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "latin-1"]
    name = rng.choice(encodings)
    return respelled(rng, draft, lambda text: text.decode().encode(name, "replace"))


@mutation
def white_space_in_json(rng: random.Random, draft: Draft, world: World) -> str:
    space = rng.choice([b" ", b"\t", b"\r\n", b"\n\n ", b"\x0b", b"\x0c", b"\xc2\xa0", b"\0"])
    where = rng.choice(["before", "after", "inside"])

    def change(text: bytes) -> bytes:
        if where == "before":
            return space + text
        if where == "after":
            return text + space
        return text[:1] + space + text[1:]

    return respelled(rng, draft, change)


@mutation
def no_json(rng: random.Random, draft: Draft, world: World) -> str:
    def change(text: bytes) -> bytes:
        return rng.choice(
            [
                *[text[:-1], text[1:], text + b"x", text + text, text[:-1] + b",}"],
                *[b"null", b'"x"', b"1", b"[]", b"{}", b"{", b"true", text.replace(b'"', b"'")],
                *[text + b"//", b"/**/" + text, text.replace(b":", b"=", 1)],
                *[b"[" + text + b"]", encoded(text.decode())],
            ]
        )

    return respelled(rng, draft, change)


@mutation
def names_spelled_with_escapes(rng: random.Random, draft: Draft, world: World) -> str:
    def change(text: bytes) -> bytes:
        name = rng.choice(list(json.loads(text)))
        escaped = "".join(f"\\u{ord(letter):04x}" for letter in name)
        return text.replace(encoded(name) + b":", f'"{escaped}":'.encode(), 1)

    return respelled(rng, draft, change)


@mutation
def names_that_only_look_alike(rng: random.Random, draft: Draft, world: World) -> str:
    def change(text: bytes) -> bytes:
        name = rng.choice(list(json.loads(text)))
        other = rng.choice([name.upper(), name + " ", name.replace("a", "\u0430"), f"\u200b{name}"])
        return text.replace(encoded(name) + b":", encoded(other) + b":", 1)

    return respelled(rng, draft, change)
