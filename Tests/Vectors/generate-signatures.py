#!/usr/bin/env python3
"""Writes signatures.json: keys in every form and tokens of every algorithm, good and bad.

Needs cryptography, PyJWT and joserfc. RSA-PSS and ECDSA are randomized and the keys are new, so each
run writes another file that says the same. The private keys are published here: use them nowhere
else.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import sys

import cryptography
import joserfc
import jwt as pyjwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from joserfc import jwk as joserfc_jwk
from joserfc import jws as joserfc_jws

HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
CURVES = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493
PAYLOAD = json.dumps(
    {
        "iss": "https://issuer.example",
        "aud": "https://mcp.example/mcp",
        "sub": "ada",
        "exp": 4102444800,
    }
).encode()


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def signing_input(algorithm: str, payload: bytes = PAYLOAD) -> str:
    return base64url(json.dumps({"alg": algorithm}).encode()) + "." + base64url(payload)


def pem(key, encoding_format) -> str:
    encoding = serialization.Encoding.PEM
    if hasattr(key, "private_bytes"):
        plain = serialization.NoEncryption()
        return key.private_bytes(encoding, encoding_format, plain).decode()
    return key.public_bytes(encoding, encoding_format).decode()


def key_entry(name: str, key) -> dict:
    private, public = serialization.PrivateFormat, serialization.PublicFormat
    forms = {
        "pkcs8": pem(key, private.PKCS8),
        "spki": pem(key.public_key(), public.SubjectPublicKeyInfo),
    }
    if isinstance(key, rsa.RSAPrivateKey):
        forms["pkcs1"] = pem(key, private.TraditionalOpenSSL)
        forms["pkcs1Public"] = pem(key.public_key(), public.PKCS1)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        forms["sec1"] = pem(key, private.TraditionalOpenSSL)
    imported = joserfc_jwk.import_key(forms["pkcs8"], key_type(key))
    encrypted = key.private_bytes(
        serialization.Encoding.PEM,
        private.PKCS8,
        serialization.BestAvailableEncryption(b"password"),
    ).decode()
    return {
        "name": name,
        "privateJWK": imported.as_dict(private=True),
        "publicJWK": imported.as_dict(private=False),
        "thumbprint": imported.thumbprint(),
        "pem": forms,
        "encryptedPEM": encrypted,
    }


def key_type(key) -> str:
    if isinstance(key, rsa.RSAPrivateKey):
        return "RSA"
    return "EC" if isinstance(key, ec.EllipticCurvePrivateKey) else "OKP"


def by_pyjwt(algorithm: str, key) -> str:
    return pyjwt.api_jws.encode(PAYLOAD, key, algorithm=algorithm, headers={"typ": None})


def by_joserfc(algorithm: str, key) -> str:
    name = "Ed25519" if algorithm == "EdDSA" else algorithm
    imported = joserfc_jwk.import_key(pem(key, serialization.PrivateFormat.PKCS8), key_type(key))
    return joserfc_jws.serialize_compact({"alg": name}, PAYLOAD, imported, algorithms=[name])


def altered(token: str):
    """Signatures that are not the one that was made."""
    start, _, text = token.rpartition(".")
    signature = decoded(text)
    yield "the last byte is missing", start, signature[:-1]
    yield "the first byte is missing", start, signature[1:]
    yield "a zero follows", start, signature + b"\0"
    yield "a zero stands in front", start, b"\0" + signature
    yield "the lowest bit is changed", start, signature[:-1] + bytes([signature[-1] ^ 1])
    yield "the highest bit is changed", start, bytes([signature[0] ^ 0x80]) + signature[1:]
    yield "half of it", start, signature[: len(signature) // 2]
    yield "all zeros", start, bytes(len(signature))
    yield "all ones", start, b"\xff" * len(signature)
    yield "one byte", start, b"\1"
    header, payload = start.split(".")
    other = json.loads(decoded(payload)) | {"sub": "eve"}
    yield "of another payload", header + "." + base64url(json.dumps(other).encode()), signature


def ecdsa_cases(algorithm: str, key):
    size = (CURVES[algorithm].key_size + 7) // 8
    order = CURVES[algorithm].group_order
    digest = HASHES[algorithm[2:]]
    message = signing_input(algorithm).encode()
    der = key.sign(message, ec.ECDSA(digest))
    r, s = utils.decode_dss_signature(der)

    def raw(r: int, s: int, size: int = size) -> bytes:
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")

    yield True, "S and the order less S are both right", raw(r, order - s)
    yield False, "in DER", der
    for name, pair in {
        "R is 0": (0, s),
        "S is 0": (r, 0),
        "both are 0": (0, 0),
        "both are 1": (1, 1),
        "R is the order": (order, s),
        "S is the order": (r, order),
        "R is the order and S is 0": (order, 0),
        "R and S are exchanged": (s, r),
    }.items():
        yield False, name, raw(*pair)
    if s + order < 1 << (8 * size):
        yield False, "S is more than the order", raw(r, s + order)
    if r + order < 1 << (8 * size):
        yield False, "R is more than the order", raw(r + order, s)
    yield False, "each number has a zero more", raw(r, s, size + 1)
    for other in HASHES.values():
        if other.name != digest.name:
            wrong = utils.decode_dss_signature(key.sign(message, ec.ECDSA(other)))
            yield False, f"over {other.name}", raw(*wrong)
    while True:
        r, s = utils.decode_dss_signature(key.sign(message, ec.ECDSA(digest)))
        if r >> (8 * (size - 1)) == 0:
            yield True, "R begins with a zero", raw(r, s)
            yield False, "the zero that R begins with is left out", raw(r, s)[1:]
            return


def rsa_cases(algorithm: str, key):
    digest = HASHES[algorithm[2:]]
    message = signing_input(algorithm).encode()
    pss = {
        size: padding.PSS(padding.MGF1(digest), size)
        for size in (0, digest.digest_size - 1, digest.digest_size, padding.PSS.MAX_LENGTH)
    }
    if algorithm.startswith("RS"):
        yield False, "padded by PSS", key.sign(message, pss[digest.digest_size], digest)
        right = padding.PKCS1v15()
    else:
        right = pss[digest.digest_size]
        yield False, "padded by PKCS #1 v1.5", key.sign(message, padding.PKCS1v15(), digest)
        yield False, "without salt", key.sign(message, pss[0], digest)
        yield False, "with too short a salt", key.sign(message, pss[digest.digest_size - 1], digest)
        longest = key.sign(message, pss[padding.PSS.MAX_LENGTH], digest)
        yield False, "with the longest salt", longest
        other = HASHES["512" if algorithm != "PS512" else "256"]
        mask = padding.PSS(padding.MGF1(other), digest.digest_size)
        yield False, "with another hash in the mask", key.sign(message, mask, digest)
    for other in HASHES.values():
        if other.name != digest.name:
            salted = padding.PSS(padding.MGF1(other), other.digest_size)
            wrong = right if algorithm.startswith("RS") else salted
            yield False, f"over {other.name}", key.sign(message, wrong, other)
    modulus = key.public_key().public_numbers().n
    signature = int.from_bytes(key.sign(message, right, digest), "big")
    if signature + modulus < 1 << 2048:
        yield False, "not below the modulus", (signature + modulus).to_bytes(256, "big")
    yield False, "0", bytes(256)
    yield False, "1", (1).to_bytes(256, "big")
    yield False, "the modulus less 1", (modulus - 1).to_bytes(256, "big")


def eddsa_cases(key):
    message = signing_input("EdDSA").encode()
    signature = key.sign(message)
    scalar = int.from_bytes(signature[32:], "little")
    for count in range(1, 16):
        more = scalar + count * ED25519_ORDER
        if more < 1 << 256:
            name = f"S is {count} times the order more"
            yield False, name, signature[:32] + more.to_bytes(32, "little")
    yield False, "S is 0", signature[:32] + bytes(32)
    yield False, "R is the neutral element", b"\1" + bytes(31) + signature[32:]
    yield False, "R and S are exchanged", signature[32:] + signature[:32]
    prehashed = key.sign(hashlib.sha512(message).digest())
    yield False, "over a hash of the message", prehashed


def confusions(entry: dict):
    """The public key, which anybody has, taken for a secret."""
    texts = {f"the PEM document ({name})": text for name, text in entry["pem"].items()}
    texts["the public JWK"] = json.dumps(entry["publicJWK"])
    for name, text in texts.items():
        for algorithm in ("HS256", "HS384", "HS512"):
            message = signing_input(algorithm)
            digest = getattr(hashlib, "sha" + algorithm[2:])
            code = hmac.new(text.encode(), message.encode(), digest).digest()
            yield algorithm, f"the secret is {name}", message + "." + base64url(code)


def main() -> None:
    keys = {"RSA": rsa.generate_private_key(65537, 2048)}
    keys |= {curve.name: ec.generate_private_key(curve) for curve in CURVES.values()}
    keys["Ed25519"] = ed25519.Ed25519PrivateKey.generate()
    names = {f"{kind}{size}": "RSA" for kind in ("RS", "PS") for size in HASHES}
    names |= {algorithm: curve.name for algorithm, curve in CURVES.items()}
    names["EdDSA"] = "Ed25519"

    entries = [key_entry(name, key) for name, key in keys.items()]
    tokens = []

    def add(key: str, algorithm: str, comment: str, token: str, valid: bool) -> None:
        tokens.append(
            {
                "key": key,
                "algorithm": algorithm,
                "comment": comment,
                "token": token,
                "result": "valid" if valid else "invalid",
            }
        )

    for algorithm, name in names.items():
        key = keys[name]
        add(name, algorithm, "by PyJWT", by_pyjwt(algorithm, key), True)
        token = by_joserfc(algorithm, key)
        add(name, algorithm, "by joserfc", token, True)
        for comment, start, signature in altered(token):
            add(name, algorithm, comment, start + "." + base64url(signature), False)
        if algorithm.startswith("ES"):
            cases = ecdsa_cases(algorithm, key)
        else:
            cases = eddsa_cases(key) if algorithm == "EdDSA" else rsa_cases(algorithm, key)
        for valid, comment, signature in cases:
            token = signing_input(algorithm) + "." + base64url(signature)
            add(name, algorithm, comment, token, valid)
        # The same signature under the name of every other algorithm.
        start, _, signature = by_pyjwt(algorithm, key).rpartition(".")
        for other in names:
            if other != algorithm:
                token = signing_input(other) + "." + signature
                add(name, algorithm, f"under the name {other}", token, False)
    for entry in entries:
        for algorithm, comment, token in confusions(entry):
            add(entry["name"], algorithm, comment, token, False)

    document = {
        "description": "Keys in every form, and tokens signed with them, some wrongly; see README.md.",
        "generator": f"generate-signatures.py with cryptography {cryptography.__version__}, "
        f"PyJWT {pyjwt.__version__}, joserfc {joserfc.__version__}",
        "keys": entries,
        "tokens": tokens,
    }
    path = pathlib.Path(__file__).with_name("signatures.json")
    path.write_text(json.dumps(document, indent=1) + "\n")
    print(f"{len(tokens)} tokens", file=sys.stderr)


if __name__ == "__main__":
    main()
