"""The settings of a server that trusts issuers."""

from authorization import AuthorizationServer

# Every name is taken as it comes; a token without one has a workspace of its subject's own.
ANY_WORKSPACE = {"claim": "workspace", "names": "any", "absent": "own"}

KEY_SOURCES = {"key-set-url", "key-files", "secret-file"}

# Without the issuer that the tutorial's environment names configure.
NO_SECRET = {
    name: None for name in ("JWT_SECRET", "JWT_AUDIENCE", "JWT_ISSUER", "JWT_EXPIRY")
}
# What is provoked on purpose and by the thousand must not be limited.
UNLIMITED = {"MARTLET_FAILED_AUTHENTICATIONS_PER_PEER": "0"}


def entry(issuer: AuthorizationServer | str, **members) -> dict:
    """An element of `issuers`; `key_set_url="…"` sets a member.

    Its keys are discovered, unless a member says where else they come from.
    """
    name = issuer if isinstance(issuer, str) else issuer.issuer
    named = {member.replace("_", "-"): value for member, value in members.items()}
    whole = {"issuer": name, "workspace": ANY_WORKSPACE, **named}
    # An https URL would not need to be asked for this.
    return whole if KEY_SOURCES & whole.keys() else {**whole, "discovery": True}


def options(
    *issuers: AuthorizationServer | dict, settings: dict | None = None, **more
) -> dict:
    """What to make a `Server` with so that it trusts these issuers, and no secret."""
    entries = [one if isinstance(one, dict) else entry(one) for one in issuers]
    environment = {**NO_SECRET, **UNLIMITED, **more.pop("environment", {})}
    settings = {"issuers": entries, **(settings or {})}
    return {"environment": environment, "settings": settings, **more}
