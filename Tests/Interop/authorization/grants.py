"""What may be exchanged for an access token, and what is in it."""

import dataclasses
import secrets

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, InvalidRequestError, TokenMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator
from joserfc import jwk

from .clients import Client
from .keys import KeyRing
from .owner import ResourceOwner

AUTHENTICATION_METHODS = ["none", "client_secret_basic", "client_secret_post"]


class InvalidTargetError(OAuth2Error):
    """The resource that was asked for is not one to be had (RFC 8707 §2)."""

    error = "invalid_target"


@dataclasses.dataclass(frozen=True)
class Code(AuthorizationCodeMixin):
    """An authorization code: used once, by the client it was issued to."""

    client_id: str
    redirect_uri: str | None
    scope: str
    owner: ResourceOwner
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self) -> str | None:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope


@dataclasses.dataclass(frozen=True)
class RefreshToken(TokenMixin):
    client_id: str
    scope: str
    owner: ResourceOwner

    def check_client(self, client: Client) -> bool:
        return client.get_client_id() == self.client_id

    def get_scope(self) -> str:
        return self.scope


def narrowed_to_resources(owner: ResourceOwner, asked: list[str]) -> ResourceOwner:
    """The owner's grant for the resources of a token request: no more than was authorized."""
    if owner.resources and not set(asked) <= set(owner.resources):
        raise InvalidTargetError()
    return dataclasses.replace(owner, resources=tuple(asked) or owner.resources)


class AuthorizationCodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = AUTHENTICATION_METHODS

    def validate_authorization_request(self) -> str:
        redirect_uri = super().validate_authorization_request()
        if self.request.payload.data.get("code_challenge_method") != "S256":
            # OAuth 2.1 asks for PKCE from everybody, and "plain" protects nobody.
            raise InvalidRequestError("PKCE with S256 is required", redirect_uri=redirect_uri)
        return redirect_uri

    def save_authorization_code(self, code: str, request) -> None:
        data = request.payload.data
        resources = tuple(request.payload.datalist.get("resource", []))
        self.server.codes[code] = Code(
            client_id=request.client.get_client_id(),
            redirect_uri=request.payload.redirect_uri,
            scope=request.user.granted(request.scope),
            owner=dataclasses.replace(request.user, resources=resources),
            code_challenge=data["code_challenge"],
            code_challenge_method=data["code_challenge_method"],
        )

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        # Gone with its first use, whether that succeeds or not.
        found = self.server.codes.pop(code, None)
        return found if found and found.client_id == client.get_client_id() else None

    def delete_authorization_code(self, authorization_code: Code) -> None:
        pass

    def authenticate_user(self, authorization_code: Code) -> ResourceOwner:
        asked = self.request.payload.datalist.get("resource", [])
        return narrowed_to_resources(authorization_code.owner, asked)


class RefreshTokenGrant(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = AUTHENTICATION_METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> RefreshToken | None:
        return self.server.refresh_tokens.get(refresh_token)

    def authenticate_user(self, refresh_token: RefreshToken) -> ResourceOwner:
        asked = self.request.payload.datalist.get("resource", [])
        return narrowed_to_resources(refresh_token.owner, asked)

    def revoke_old_credential(self, refresh_token: RefreshToken) -> None:
        del self.server.refresh_tokens[self.request.form["refresh_token"]]


class TokenGenerator(JWTBearerTokenGenerator):
    """Access tokens of RFC 9068, for the resource that was asked for."""

    def __init__(self, issuer: str, keys: KeyRing, expires_seconds: int):
        super().__init__(
            issuer,
            refresh_token_generator=lambda **_: secrets.token_urlsafe(24),
            expires_generator=expires_seconds,
        )
        self._keys = keys

    def access_token_generator(self, client, grant_type, user, scope) -> str:
        self.alg = self._keys.current.algorithm
        return super().access_token_generator(client, grant_type, user, scope)

    def get_jwks(self) -> jwk.KeySet:
        # Out of a set of one a key is taken together with its `kid`.
        current = self._keys.current
        return jwk.KeySet([jwk.import_key(current.private)])

    def get_audiences(self, client, user, scope) -> str | list[str]:
        if len(user.resources) == 1:
            return user.resources[0]
        return list(user.resources) or client.get_client_id()

    def get_extra_claims(self, client, grant_type, user, scope) -> dict:
        return user.claims


PKCE = CodeChallenge(required=True)
