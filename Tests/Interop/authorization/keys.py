"""The keys of an issuer: one signs, and those that signed before stay published for a while."""

import functools
import itertools
import threading

from joserfc import jwk, jwt

_PARAMETERS = {
    "HS": (jwk.OctKey, {"256": 256, "384": 384, "512": 512}),
    "RS": (jwk.RSAKey, {"256": 2048, "384": 2048, "512": 2048}),
    "PS": (jwk.RSAKey, {"256": 2048, "384": 2048, "512": 2048}),
    "ES": (jwk.ECKey, {"256": "P-256", "384": "P-384", "512": "P-521"}),
    "Ed": (jwk.OKPKey, {"DSA": "Ed25519", "25519": "Ed25519"}),
}
SYMMETRIC = ["HS256", "HS384", "HS512"]
ASYMMETRIC = [
    *["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
]

_numbers = itertools.count(1)


class SigningKey:
    """A private key that is bound to one algorithm, and its public half."""

    def __init__(self, algorithm: str, key: jwk.Key, id: str | None = None):
        self.algorithm, self.key, self.id = algorithm, key, id

    @classmethod
    def make(cls, algorithm: str, id: str | None = None) -> "SigningKey":
        kind, sizes = _PARAMETERS[algorithm[:2]]
        key = kind.generate_key(sizes[algorithm[2:]], auto_kid=False)
        return cls(algorithm, key, id or f"{algorithm}-{next(_numbers)}")

    def sign(self, claims: dict, **jose_fields) -> str:
        """A token; a JOSE header parameter that is None is left out."""
        header = {"alg": self.algorithm, "typ": "at+jwt", "kid": self.id, **jose_fields}
        header = {name: value for name, value in header.items() if value is not None}
        return jwt.encode(header, claims, self.key, algorithms=[header["alg"]])

    @property
    def public(self) -> dict:
        """The JWK that others verify with."""
        return self._jwk(private=False)

    @property
    def private(self) -> dict:
        return self._jwk(private=True)

    def _jwk(self, private: bool) -> dict:
        named = {} if self.id is None else {"kid": self.id}
        members = self.key.as_dict(private=private)
        return {**members, **named, "use": "sig", "alg": self.algorithm}

    @property
    def public_pem(self) -> bytes:
        return self.key.as_pem(private=False)

    @property
    def private_pem(self) -> bytes:
        return self.key.as_pem(private=True)


@functools.cache
def lasting(algorithm: str) -> SigningKey:
    """A key for tests that only need one: making an RSA key takes a tenth of a second."""
    return SigningKey.make(algorithm, f"lasting-{algorithm}")


class KeyRing:
    """The keys that an issuer signs with and publishes, changed while others read them."""

    def __init__(self, first: SigningKey):
        self._lock = threading.Lock()
        self._published = [first]
        self._current = first

    @property
    def current(self) -> SigningKey:
        with self._lock:
            return self._current

    @property
    def published(self) -> list[SigningKey]:
        with self._lock:
            return list(self._published)

    def announce(self) -> SigningKey:
        """Publishes a key that does not sign yet."""
        return self._publish(SigningKey.make(self.current.algorithm))

    def adopt(self, key: SigningKey) -> SigningKey:
        """Signs with a key, which is published from now on if it was not."""
        with self._lock:
            if key not in self._published:
                self._published.append(key)
            self._current = key
        return key

    def rotate(self, algorithm: str | None = None) -> SigningKey:
        """Signs with a new key at once; the old ones stay published."""
        return self.adopt(SigningKey.make(algorithm or self.current.algorithm))

    def retire(self, count_kept: int = 1) -> None:
        """Withdraws all keys but the newest ones and the one that signs."""
        with self._lock:
            newest = self._published[-count_kept:]
            self._published = [k for k in self._published if k in newest or k is self._current]

    def withdraw_current(self) -> None:
        """Publishes another key than the one that signs."""
        with self._lock:
            self._published = [SigningKey.make(self._current.algorithm)]

    def _publish(self, key: SigningKey) -> SigningKey:
        with self._lock:
            self._published.append(key)
        return key

    def document(self) -> dict:
        """The JWK Set (RFC 7517 §5)."""
        return {"keys": [key.public for key in self.published]}
