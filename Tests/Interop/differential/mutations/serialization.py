"""Of the compact serialization (RFC 7515 §7.1): letters, parts, signatures."""

import random
import string

from ..world import Draft, World, base64url, encoded
from .registry import decoded, mutation, parts


@mutation
def nothing(rng: random.Random, draft: Draft, world: World) -> str:
    return draft.token()


@mutation
def a_bit_flipped(rng: random.Random, draft: Draft, world: World) -> str:
    split = parts(draft.token())
    index = rng.randrange(3)
    octets = bytearray(decoded(split[index]))
    octets[rng.randrange(len(octets))] ^= 1 << rng.randrange(8)
    split[index] = base64url(bytes(octets))
    return ".".join(split)


@mutation
def a_letter_replaced(rng: random.Random, draft: Draft, world: World) -> str:
    token = draft.token()
    index = rng.randrange(len(token))
    letter = rng.choice(string.ascii_letters + string.digits + "-_.~+/=")
    return token[:index] + letter + token[index + 1 :]


@mutation
def a_letter_taken_out(rng: random.Random, draft: Draft, world: World) -> str:
    token = draft.token()
    index = rng.randrange(len(token))
    return token[:index] + token[index + 1 :]


@mutation
def a_letter_put_in(rng: random.Random, draft: Draft, world: World) -> str:
    token = draft.token()
    index = rng.randrange(1, len(token))
    return token[:index] + rng.choice("Aa0-_~+/=.") + token[index:]


@mutation
def white_space_put_in(rng: random.Random, draft: Draft, world: World) -> str:
    token = draft.token()
    index = rng.randrange(1, len(token))
    return token[:index] + rng.choice(" \t") + token[index:]


@mutation
def the_signature_shortened(rng: random.Random, draft: Draft, world: World) -> str:
    header, payload, signature = parts(draft.token())
    octets = decoded(signature)
    return f"{header}.{payload}.{base64url(octets[: rng.randrange(len(octets))])}"


@mutation
def the_signature_lengthened(rng: random.Random, draft: Draft, world: World) -> str:
    header, payload, signature = parts(draft.token())
    more = rng.choice([b"\0", rng.randbytes(1), rng.randbytes(64)])
    octets = decoded(signature)
    return f"{header}.{payload}.{base64url(rng.choice([octets + more, more + octets]))}"


@mutation
def the_signature_of_another(rng: random.Random, draft: Draft, world: World) -> str:
    header, payload, _ = parts(draft.token())
    draft.claims["sub"] = "somebody else"
    return f"{header}.{payload}.{parts(draft.token())[2]}"


@mutation
def the_signature_of_a_stranger(rng: random.Random, draft: Draft, world: World) -> str:
    stranger = world.strangers[draft.key.algorithm]
    return draft.signed(encoded(draft.header), encoded(draft.claims), stranger)


@mutation
def the_signature_of_zeros(rng: random.Random, draft: Draft, world: World) -> str:
    # Psychic signatures: r = s = 0 satisfies a verifier of ECDSA that checks no range.
    header, payload, signature = parts(draft.token())
    filler = rng.choice([b"\0", b"\xff"])
    return f"{header}.{payload}.{base64url(filler * len(decoded(signature)))}"


@mutation
def the_other_signature_of_ecdsa(rng: random.Random, draft: Draft, world: World) -> str:
    """(r, n - s), which verifies as well; of another algorithm, the signature reversed."""
    header, payload, signature = parts(draft.token())
    octets = decoded(signature)
    orders = {
        "ES256": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
        "ES384": int(
            "ffffffffffffffffffffffffffffffffffffffffffffffff"
            "c7634d81f4372ddf581a0db248b0a77aecec196accc52973",
            16,
        ),
    }
    if draft.key.algorithm in orders:
        half = len(octets) // 2
        order = orders[draft.key.algorithm]
        s = order - int.from_bytes(octets[half:], "big")
        octets = octets[:half] + s.to_bytes(half, "big")
    else:
        octets = octets[::-1]
    return f"{header}.{payload}.{base64url(octets)}"


@mutation
def the_signature_in_der(rng: random.Random, draft: Draft, world: World) -> str:
    header, payload, signature = parts(draft.token())
    octets = decoded(signature)
    half = len(octets) // 2
    numbers = b""
    for number in (octets[:half], octets[half:]):
        number = number.lstrip(b"\0") or b"\0"
        number = b"\0" + number if number[0] & 0x80 else number
        numbers += bytes([2, len(number) & 0x7F]) + number
    return f"{header}.{payload}.{base64url(bytes([0x30, len(numbers) & 0x7F]) + numbers)}"


@mutation
def padding(rng: random.Random, draft: Draft, world: World) -> str:
    split = parts(draft.token())
    index = rng.randrange(3)
    split[index] += rng.choice(["=", "==", "===", "=" * (-len(split[index]) % 4)])
    if index == 2 or rng.random() < 0.5:
        return ".".join(split)
    signature = draft.signature(".".join(split[:2]))
    return ".".join([*split[:2], base64url(signature)])


@mutation
def spare_bits(rng: random.Random, draft: Draft, world: World) -> str:
    """The bits of a last letter that belong to no octet, set (RFC 4648 §3.5) and signed."""
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    split = parts(draft.token())
    index = rng.randrange(3)
    if index < 2:
        # White space so that there are spare bits at all.
        octets = decoded(split[index])
        split[index] = base64url(octets + b" " * (-(len(octets) + 1) % 3 + 1))
    if len(split[index]) % 4:
        last = alphabet.index(split[index][-1])
        split[index] = split[index][:-1] + alphabet[last ^ 1]
    if index < 2:
        split[2] = base64url(draft.signature(".".join(split[:2])))
    return ".".join(split)


@mutation
def the_alphabet_of_base64(rng: random.Random, draft: Draft, world: World) -> str:
    return draft.token().replace("-", "+").replace("_", "/")


@mutation
def parts_missing_or_too_many(rng: random.Random, draft: Draft, world: World) -> str:
    token = draft.token()
    header, payload, signature = parts(token)
    return rng.choice(
        [
            header,
            f"{header}.{payload}",
            f"{header}.{payload}.",
            f".{payload}.{signature}",
            f"{header}..{signature}",
            f"{payload}.{signature}",
            f"{header}.{payload}.{signature}.",
            f".{token}",
            f"{token}.{signature}",
            f"{header}.{payload}.{signature}.{header}.{payload}",
            f"{payload}.{header}.{signature}",
            "...",
            "..",
            ".",
            "e30.e30.e30",
        ]
    )


@mutation
def a_json_serialization(rng: random.Random, draft: Draft, world: World) -> str:
    header, payload, signature = parts(draft.token())
    flattened = {"protected": header, "payload": payload, "signature": signature}
    return base64url(encoded(flattened))
