#!/usr/bin/env python3
"""Writes claims.json: tokens whose signatures are right, and what their claims decide.

Needs nothing but Python; each run writes the same bytes.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import sys

NOW = 1_800_000_000
SKEW = 60
ISSUER = "https://issuer.example"
AUDIENCE = "https://mcp.example/mcp"
SECRET = b"a secret of these vectors only: 0123456789"
OTHER_SECRET = b"another secret of these vectors: 987654321"

HEADER = {"alg": "HS256", "typ": "JWT"}
CLAIMS = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ada", "exp": NOW + 600}
ACCESS_HEADER = {"alg": "HS256", "typ": "at+jwt"}
ACCESS_CLAIMS = CLAIMS | {"client_id": "agent", "iat": NOW - 5, "jti": "t-1"}

# What stands for a claim that is not there.
ABSENT = object()

vectors: list[dict] = []


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def text(value: object) -> str:
    """A header or claims set as it is signed; what is text already may be no JSON."""
    if isinstance(value, str):
        return value
    present = {name: member for name, member in value.items() if member is not ABSENT}
    return json.dumps(present, separators=(",", ":"), ensure_ascii=False)


def sign(header: str, payload: str, secret: bytes) -> str:
    start = base64url(header.encode()) + "." + base64url(payload.encode())
    code = hmac.new(secret, start.encode(), hashlib.sha256).digest()
    return start + "." + base64url(code)


def add(
    section: str,
    comment: str,
    reason: str | None = None,
    *,
    header: object = HEADER,
    claims: object = CLAIMS,
    configuration: str = "ignored",
    time: int = NOW,
    secret: bytes = SECRET,
    expected: dict | None = None,
) -> None:
    header, payload = text(header), text(claims)
    vector = {
        "id": len(vectors) + 1,
        "section": section,
        "comment": comment,
        "configuration": configuration,
        "time": time,
        "header": header,
        "payload": payload,
        "token": sign(header, payload, secret),
        "result": "accepted" if reason is None else "refused",
    }
    if reason is not None:
        vector["reason"] = reason
    if expected is not None:
        vector["expected"] = expected
    vectors.append(vector)


def member(name: str, value: str, claims: dict = CLAIMS) -> str:
    """The claims with one member as it is spelled, which `json.dumps` might spell otherwise."""
    rest = text({key: item for key, item in claims.items() if key != name})
    return rest[:-1] + f',"{name}":{value}}}'


def spellings(section: str, name: str, claim: str, cases: dict[str, str | None]) -> None:
    """One claim in several spellings, each with the reason it is refused for, if it is."""
    for spelling, reason in cases.items():
        add(section, f"{claim} is {spelling}", reason, claims=member(name, spelling))


def expiry() -> None:
    for offset, reason in {
        600: None,
        1: None,
        0: None,
        -SKEW + 1: None,
        -SKEW: "expired",
        -SKEW - 1: "expired",
        -600: "expired",
    }.items():
        comment = f"expires {offset:+} s from now, with {SKEW} s of tolerance"
        add("exp", comment, reason, claims=CLAIMS | {"exp": NOW + offset})
    for offset, reason in {1: None, 0: "expired", -1: "expired"}.items():
        comment = f"expires {offset:+} s from now, with no tolerance"
        claims = CLAIMS | {"exp": NOW + offset}
        add("exp", comment, reason, claims=claims, configuration="no-skew")
    add("exp", "absent", "missing:exp", claims=CLAIMS | {"exp": ABSENT})
    spellings(
        "exp",
        "exp",
        "exp",
        {
            f"{NOW + 600}.5": None,
            f"{NOW + 600}.0": None,
            f"{NOW - SKEW}.9": "expired",
            "18000000e2": None,
            "1.8000006E9": None,
            "9007199254740993": None,
            "9223372036854775807": None,
            "9223372036854775808": None,
            "1e30": None,
            "-1": "expired",
            "0": "expired",
            "-0": "expired",
            "-9223372036854775809": "expired",
            "-1e30": "expired",
            "1e-30": "expired",
            "1e400": "malformed:exp",
            f'"{NOW + 600}"': "malformed:exp",
            "null": "malformed:exp",
            "true": "malformed:exp",
            "[]": "malformed:exp",
            "{}": "malformed:exp",
            f"[{NOW + 600}]": "malformed:exp",
            f"+{NOW + 600}": "malformed",
            f"0{NOW + 600}": "malformed",
            "NaN": "malformed",
            "Infinity": "malformed",
            "0x7FFFFFFF": "malformed",
        },
    )


def not_before() -> None:
    for offset, reason in {
        -600: None,
        0: None,
        1: None,
        SKEW: None,
        SKEW + 1: "not-yet-valid",
        600: "not-yet-valid",
    }.items():
        comment = f"valid {offset:+} s from now, with {SKEW} s of tolerance"
        add("nbf", comment, reason, claims=CLAIMS | {"nbf": NOW + offset})
    for offset, reason in {-1: None, 0: None, 1: "not-yet-valid"}.items():
        comment = f"valid {offset:+} s from now, with no tolerance"
        claims = CLAIMS | {"nbf": NOW + offset}
        add("nbf", comment, reason, claims=claims, configuration="no-skew")
    spellings(
        "nbf",
        "nbf",
        "nbf",
        {
            f"{NOW}.5": None,
            "-1e30": None,
            "1e30": "not-yet-valid",
            "9223372036854775807": "not-yet-valid",
            "-9223372036854775808": None,
            f'"{NOW}"': "malformed:nbf",
            "null": "malformed:nbf",
            "false": "malformed:nbf",
            "1e400": "malformed:nbf",
        },
    )
    add(
        "nbf",
        "begins after it ends: expiry is looked at first",
        "expired",
        claims=CLAIMS | {"nbf": NOW + 600, "exp": NOW - 600},
    )


def issued_at() -> None:
    spellings(
        "iat",
        "iat",
        "iat",
        {
            str(NOW): None,
            f"{NOW}.25": None,
            "0": None,
            "-1": None,
            f'"{NOW}"': "malformed:iat",
            "null": "malformed:iat",
            "[]": "malformed:iat",
            "1e400": "malformed:iat",
        },
    )
    add(
        "iat",
        "in the future: RFC 7519 gives it no meaning for validity",
        claims=CLAIMS | {"iat": NOW + 3600},
    )


def audience() -> None:
    for spelling, reason in {
        f'"{AUDIENCE}"': None,
        f'["{AUDIENCE}"]': None,
        f'["other","{AUDIENCE}"]': None,
        f'["{AUDIENCE}","other"]': None,
        f'["{AUDIENCE}","{AUDIENCE}"]': None,
        '"https://mcp.example/second"': None,
        r'"https:\/\/mcp.example\/mcp"': None,
        r'"\u0068ttps://mcp.example/mcp"': None,
        f'"{AUDIENCE}/"': "audience",
        f'"{AUDIENCE}?x"': "audience",
        f'"{AUDIENCE}#"': "audience",
        f'" {AUDIENCE}"': "audience",
        f'"{AUDIENCE} "': "audience",
        f'"{AUDIENCE}\\u0000"': "audience",
        f'"{AUDIENCE} other"': "audience",
        f'"{AUDIENCE},other"': "audience",
        '"https://mcp.example/mc"': "audience",
        '"https://mcp.example/mcpx"': "audience",
        '"https://mcp.example"': "audience",
        '"HTTPS://mcp.example/mcp"': "audience",
        '"https://MCP.example/mcp"': "audience",
        '"https://mcp.example/MCP"': "audience",
        '"https://mcp.example:443/mcp"': "audience",
        '"http://mcp.example/mcp"': "audience",
        '"https://mcp.example/%6Dcp"': "audience",
        '"https://mcp.example/./mcp"': "audience",
        '"mcp.example/mcp"': "audience",
        '"https://mcp.example/mсp"': "audience",
        '"*"': "audience",
        '""': "audience",
        "[]": "audience",
        '[""]': "audience",
        '["https://mcp.example","/mcp"]': "audience",
        '"https://issuer.example"': "audience",
        "null": "malformed:aud",
        "1": "malformed:aud",
        "true": "malformed:aud",
        "{}": "malformed:aud",
        f'{{"{AUDIENCE}":true}}': "malformed:aud",
        "[1]": "malformed:aud",
        "[null]": "malformed:aud",
        f'["{AUDIENCE}",1]': "malformed:aud",
        f'["{AUDIENCE}",null]': "malformed:aud",
        f'[["{AUDIENCE}"]]': "malformed:aud",
    }.items():
        add("aud", f"aud is {spelling}", reason, claims=member("aud", spelling))
    add("aud", "absent", "missing:aud", claims=CLAIMS | {"aud": ABSENT})
    add(
        "aud",
        "meant for another issuer's audience",
        "audience",
        claims=CLAIMS | {"aud": "https://other.example/mcp"},
    )


def issuer() -> None:
    for spelling, reason in {
        r'"https:\/\/issuer.example"': None,
        f'"{ISSUER}/"': "issuer",
        f'"{ISSUER} "': "issuer",
        f'"{ISSUER}\\u0000"': "issuer",
        '"https://issuer.exampl"': "issuer",
        '"https://issuer.example.evil.example"': "issuer",
        '"HTTPS://issuer.example"': "issuer",
        '"https://Issuer.example"': "issuer",
        '"http://issuer.example"': "issuer",
        '"issuer.example"': "issuer",
        '"https://issuer.example:443"': "issuer",
        '"https://issuer.exampleé"': "issuer",
        '""': "issuer",
        "null": "malformed:iss",
        "1": "malformed:iss",
        f'["{ISSUER}"]': "malformed:iss",
        "{}": "malformed:iss",
    }.items():
        add("iss", f"iss is {spelling}", reason, claims=member("iss", spelling))
    add("iss", "absent", "missing:iss", claims=CLAIMS | {"iss": ABSENT})
    other = CLAIMS | {"iss": "https://other.example", "aud": "https://other.example/mcp"}
    add("iss", "another trusted issuer", claims=other, secret=OTHER_SECRET)
    add("iss", "names an issuer that did not sign", "signature", claims=other)
    add("iss", "signed by another trusted issuer", "signature", secret=OTHER_SECRET)


def subject() -> None:
    for spelling, reason in {
        '"ada"': None,
        '"Ada \\"L\\" – π"': None,
        '" "': None,
        json.dumps("s" * 255): None,
        json.dumps("s" * 256): "malformed:sub",
        json.dumps("é" * 127, ensure_ascii=False): None,
        json.dumps("é" * 128, ensure_ascii=False): "malformed:sub",
        '""': "malformed:sub",
        '"a\\nb"': "malformed:sub",
        '"a\\u0000"': "malformed:sub",
        '"a\\u007f"': "malformed:sub",
        '"a\\u0085b"': "malformed:sub",
        "null": "malformed:sub",
        "7": "malformed:sub",
        '["ada"]': "malformed:sub",
    }.items():
        shown = spelling if len(spelling) < 40 else f"{len(spelling) - 2} characters long"
        add("sub", f"sub is {shown}", reason, claims=member("sub", spelling))
    add("sub", "absent", "missing:sub", claims=CLAIMS | {"sub": ABSENT})


def scope() -> None:
    for name, spelling, expected in (
        ("scope", '"read:todos call:tools"', ["read:todos", "call:tools"]),
        ("scope", '" read:todos  call:tools "', ["read:todos", "call:tools"]),
        ("scope", '""', []),
        ("scope", '["read:todos","call:tools"]', ["read:todos", "call:tools"]),
        ("scope", '["read:todos call:tools"]', ["read:todos", "call:tools"]),
        ("scope", "[]", []),
        ("scp", '"read:todos"', ["read:todos"]),
        ("scp", '["read:todos","call:tools"]', ["read:todos", "call:tools"]),
    ):
        add(
            "scope",
            f"{name} is {spelling}",
            claims=member(name, spelling),
            expected={"scope": expected},
        )
    add("scope", "absent", expected={"scope": None})
    add(
        "scope",
        "scope counts where scp is there too",
        claims=CLAIMS | {"scp": ["delete:todos"], "scope": "read:todos"},
        expected={"scope": ["read:todos"]},
    )
    for spelling in ("1", "null", "true", "{}", "[1]", '["a",null]', '[["a"]]'):
        add(
            "scope",
            f"scope is {spelling}",
            "malformed:scope",
            claims=member("scope", spelling),
        )


def extensions() -> None:
    for value in ([], ["b64"], ["exp"], ["http://example.com/UNDEFINED"], "exp", None):
        add(
            "crit",
            f"crit is {json.dumps(value)}",
            "extension",
            header=HEADER | {"crit": value},
        )
    add(
        "crit",
        "crit with the extension it names",
        "extension",
        header=HEADER | {"crit": ["b64"], "b64": True},
    )
    add("crit", "b64 is false", "extension", header=HEADER | {"b64": False})
    for name, value in {
        "jku": "https://evil.example/keys",
        "x5u": "https://evil.example/cert",
        "jwk": {"kty": "oct", "k": base64url(OTHER_SECRET)},
        "x5c": ["AA"],
    }.items():
        add("crit", f"{name} is passed over", header=HEADER | {name: value})
        add(
            "crit",
            f"{name} does not bring the key",
            "signature",
            header=HEADER | {name: value},
            secret=OTHER_SECRET,
        )


def repeated_members() -> None:
    for name, value in (
        ("iss", f'"{ISSUER}"'),
        ("sub", '"eve"'),
        ("exp", str(NOW + 9999)),
        ("aud", f'"{AUDIENCE}"'),
        (r"\u0073ub", '"eve"'),
    ):
        add(
            "repeated members",
            f"{name} stands twice",
            "repeated-member",
            claims=text(CLAIMS)[:-1] + f',"{name}":{value}}}',
        )
    for claims in (
        text(CLAIMS | {"role": "user"})[:-1] + ',"role":"admin"}',
        text(CLAIMS | {"role": "user"})[:-1] + r',"r\u006fle":"admin"}',
    ):
        add(
            "repeated members",
            "a claim of the issuer's own stands twice",
            "repeated-member",
            claims=claims,
        )
    for extra in ('"alg":"HS256"', r'"\u0061lg":"HS256"', '"typ":"at+jwt"'):
        add(
            "repeated members",
            f"{extra} in the header",
            "repeated-member",
            header=text(HEADER)[:-1] + "," + extra + "}",
        )


def types() -> None:
    # Which type passes under which profile; at+jwt with every claim that it must have.
    for value, ignored, preferred, required in (
        ("at+jwt", None, None, None),
        ("AT+JWT", None, None, None),
        ("application/at+jwt", None, None, None),
        ("Application/At+Jwt", None, None, None),
        ("JWT", None, None, "type"),
        ("jwt", None, None, "type"),
        ("application/jwt", None, None, "type"),
        (ABSENT, None, None, "type"),
        ("at+jwt ", "type", "type", "type"),
        ("at+JWT;v=1", "type", "type", "type"),
        ("application/application/at+jwt", "type", "type", "type"),
        ("JWS", "type", "type", "type"),
        ("JOSE", "type", "type", "type"),
        ("JWE", "type", "type", "type"),
        ("dpop+jwt", "type", "type", "type"),
        ("logout+jwt", "type", "type", "type"),
        ("secevent+jwt", "type", "type", "type"),
        ("token-introspection+jwt", "type", "type", "type"),
        ("id+jwt", "type", "type", "type"),
        ("", "type", "type", "type"),
    ):
        reasons = {"ignored": ignored, "preferred": preferred, "required": required}
        for configuration, reason in reasons.items():
            shown = "absent" if value is ABSENT else json.dumps(value)
            add(
                "typ",
                f"typ is {shown}, the profile {configuration}",
                reason,
                header=HEADER | {"typ": value},
                claims=ACCESS_CLAIMS,
                configuration=configuration,
            )
    for value in (1, None, [], ["at+jwt"], {}):
        add("typ", f"typ is {json.dumps(value)}", "malformed", header=HEADER | {"typ": value})
    add(
        "typ",
        "typ with an escape",
        header='{"alg":"HS256","typ":"at\\u002bjwt"}',
        claims=ACCESS_CLAIMS,
        configuration="required",
    )


def profiles() -> None:
    expected = {"clientID": "agent"}
    for configuration in ("ignored", "preferred", "required"):
        add(
            "profile",
            f"every claim of RFC 9068, the profile {configuration}",
            header=ACCESS_HEADER,
            claims=ACCESS_CLAIMS,
            configuration=configuration,
            expected=expected,
        )
        for name in ("client_id", "iat", "jti"):
            add(
                "profile",
                f"at+jwt without {name}, the profile {configuration}",
                None if configuration == "ignored" else f"missing:{name}",
                header=ACCESS_HEADER,
                claims=ACCESS_CLAIMS | {name: ABSENT},
                configuration=configuration,
            )
        for name in ("client_id", "jti"):
            add(
                "profile",
                f"at+jwt with an empty {name}, the profile {configuration}",
                None if configuration == "ignored" else f"malformed:{name}",
                header=ACCESS_HEADER,
                claims=ACCESS_CLAIMS | {name: ""},
                configuration=configuration,
            )
        for name in ("iss", "aud", "sub", "exp"):
            add(
                "profile",
                f"at+jwt without {name}, the profile {configuration}",
                f"missing:{name}",
                header=ACCESS_HEADER,
                claims=ACCESS_CLAIMS | {name: ABSENT},
                configuration=configuration,
            )
        add(
            "profile",
            f"at+jwt with azp in place of client_id, the profile {configuration}",
            None if configuration == "ignored" else "missing:client_id",
            header=ACCESS_HEADER,
            claims=ACCESS_CLAIMS | {"client_id": ABSENT, "azp": "agent"},
            configuration=configuration,
        )
    add("profile", "JWT without those claims, the profile preferred", configuration="preferred")
    add(
        "profile",
        "no type and none of those claims, the profile preferred",
        header={"alg": "HS256"},
        configuration="preferred",
    )
    add(
        "profile",
        "azp where there is no client_id",
        claims=CLAIMS | {"azp": "agent"},
        expected=expected,
    )
    add(
        "profile",
        "client_id counts where azp is there too",
        claims=CLAIMS | {"azp": "other", "client_id": "agent"},
        expected=expected,
    )
    for name in ("client_id", "azp", "jti"):
        for value in (1, None, ["agent"]):
            add(
                "profile",
                f"{name} is {json.dumps(value)}",
                f"malformed:{name}",
                claims=CLAIMS | {name: value},
            )


def identity_tokens() -> None:
    for name in ("nonce", "at_hash", "c_hash", "s_hash"):
        for configuration in ("ignored", "preferred"):
            add(
                "ID tokens",
                f"{name}, the profile {configuration}",
                "identity-token",
                claims=CLAIMS | {name: "n-0S6_WzA2Mj"},
                configuration=configuration,
            )
        add(
            "ID tokens",
            f"{name} of any kind",
            "identity-token",
            claims=CLAIMS | {name: None},
        )
        add(
            "ID tokens",
            f"{name} in what is typed as an access token",
            header=ACCESS_HEADER,
            claims=ACCESS_CLAIMS | {name: "n-0S6_WzA2Mj"},
            configuration="required",
        )
    add(
        "ID tokens",
        "nonce with an escape in its name",
        "identity-token",
        claims=text(CLAIMS)[:-1] + r',"n\u006fnce":"x"}',
    )
    add(
        "ID tokens",
        "nonce in the claim of another claim",
        claims=CLAIMS | {"act": {"nonce": "x"}},
    )
    for name in ("ID", "Refresh", "Offline", "Logout"):
        for header in (HEADER, ACCESS_HEADER):
            add(
                "ID tokens",
                f"a claim typ of {name}, typed {header['typ']}",
                "identity-token",
                header=header,
                claims=ACCESS_CLAIMS | {"typ": name},
            )
    add("ID tokens", "a claim typ of Bearer", claims=CLAIMS | {"typ": "Bearer"})
    add(
        "ID tokens",
        "a claim typ of Bearer beside nonce, as Keycloak writes them",
        claims=CLAIMS | {"typ": "Bearer", "nonce": "x"},
    )
    add("ID tokens", "a claim typ that says nothing here", claims=CLAIMS | {"typ": "DPoP"})
    add("ID tokens", "a claim typ of another kind", claims=CLAIMS | {"typ": 1})
    add(
        "ID tokens",
        "a claim token_use of id, as Amazon Cognito writes it",
        "identity-token",
        claims=CLAIMS | {"token_use": "id"},
    )
    add("ID tokens", "a claim token_use of access", claims=CLAIMS | {"token_use": "access"})
    add("ID tokens", "a claim token_use of another kind", claims=CLAIMS | {"token_use": None})
    add(
        "ID tokens",
        "an ID token for a client: its audience is not looked at first",
        "identity-token",
        claims=CLAIMS | {"aud": "agent", "nonce": "x"},
    )


def documents() -> None:
    for payload in ("null", "[]", '"x"', "1", "", "{", "{}}", "{} {}", "{'iss':1}"):
        add("JSON", f"the claims set is {payload or 'empty'}", "malformed", claims=payload)
    deep = "[" * 63 + "]" * 63
    add("JSON", "nested 64 deep", claims=member("x", deep))
    add("JSON", "nested 65 deep", "malformed", claims=member("x", "[" + deep + "]"))
    add("JSON", "white space everywhere", claims=json.dumps(CLAIMS, indent=4))
    add("JSON", "a byte order mark in front", "malformed", claims="\ufeff" + text(CLAIMS))
    add("JSON", "half of a surrogate pair", "malformed", claims=member("x", r'"\ud800"'))
    add("JSON", "a surrogate pair", claims=member("x", r'"\ud83d\ude00"'))
    add("JSON", "a comma too many", "malformed", claims=text(CLAIMS)[:-1] + ",}")
    add("JSON", "a comment", "malformed", claims=text(CLAIMS)[:-1] + "/**/}")


def algorithms() -> None:
    for name in ("none", "None", "hs256", "HS256 ", "HS-256", "A128KW", ""):
        add(
            "alg",
            f"alg is {json.dumps(name)}",
            "algorithm",
            header=HEADER | {"alg": name},
        )
    for name in ("HS384", "RS256", "ES256", "EdDSA"):
        add(
            "alg",
            f"alg is {name}, which the issuer is not configured for",
            "algorithm",
            header=HEADER | {"alg": name},
        )
    for value in (1, None, ["HS256"]):
        add("alg", f"alg is {json.dumps(value)}", "malformed", header=HEADER | {"alg": value})
    add("alg", "absent", "malformed", header={"typ": "JWT"})
    add("alg", "the kid of the key", header=HEADER | {"kid": "k1"})
    add("alg", "a kid that no key has", "key", header=HEADER | {"kid": "k2"})
    add(
        "alg",
        "a kid that another issuer's key has",
        "key",
        header=HEADER | {"kid": "other"},
    )
    add("alg", "kid is null", "malformed", header=HEADER | {"kid": None})


def configuration(profile: str, skew: int = SKEW) -> dict:
    return {
        "clockSkewSeconds": skew,
        "issuers": [
            {
                "issuer": ISSUER,
                "audiences": [AUDIENCE, "https://mcp.example/second"],
                "algorithms": ["HS256"],
                "profile": profile,
                "keys": ["k1"],
            },
            {
                "issuer": "https://other.example",
                "audiences": ["https://other.example/mcp"],
                "algorithms": ["HS256"],
                "profile": profile,
                "keys": ["other"],
            },
        ],
    }


def main() -> None:
    sections = (
        expiry,
        not_before,
        issued_at,
        audience,
        issuer,
        subject,
        scope,
        types,
        profiles,
        identity_tokens,
        extensions,
        repeated_members,
        documents,
        algorithms,
    )
    for section in sections:
        section()
    keys = {
        name: {"kty": "oct", "k": base64url(secret), "alg": "HS256", "kid": name}
        for name, secret in {"k1": SECRET, "other": OTHER_SECRET}.items()
    }
    document = {
        "description": "Decisions on the claims of tokens whose signatures are right; see README.md.",
        "keys": keys,
        "configurations": {
            "ignored": configuration("ignored"),
            "preferred": configuration("preferred"),
            "required": configuration("required"),
            "no-skew": configuration("ignored", 0),
        },
        "vectors": vectors,
    }
    path = pathlib.Path(__file__).with_name("claims.json")
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(vectors)} vectors", file=sys.stderr)


if __name__ == "__main__":
    main()
