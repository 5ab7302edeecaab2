"""Who grants, and what."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class ResourceOwner:
    """The one user of the authorization server: always signed in, never asked twice."""

    subject: str = "ada"
    # What is added to every access token, such as a role or a workspace.
    claims: dict = dataclasses.field(default_factory=dict)
    # An owner who does not consent denies every request.
    consents: bool = True
    # What the owner grants at most; None is whatever a client asks for.
    scopes: frozenset[str] | None = None
    # The protected resource that the token is for (RFC 8707); each grant has an owner of its own.
    resources: tuple[str, ...] = ()

    def get_user_id(self) -> str:
        return self.subject

    def granted(self, scope: str | None) -> str:
        asked = (scope or "").split()
        return " ".join(s for s in asked if self.scopes is None or s in self.scopes)
