"""Clients, and how they register themselves (RFC 7591)."""

import hmac
import secrets

from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc7591 import ClientRegistrationEndpoint


class Client(ClientMixin):
    """A client, as its registration left it."""

    def __init__(self, id: str, secret: str | None, metadata: dict):
        self.id, self.secret, self.metadata = id, secret, metadata

    def get_client_id(self) -> str:
        return self.id

    def get_default_redirect_uri(self) -> str | None:
        uris = self.metadata.get("redirect_uris") or [None]
        return uris[0] if len(uris) == 1 else None

    def get_allowed_scope(self, scope: str | None) -> str:
        # Step-up asks for scopes that nobody knew of at registration.
        return scope or ""

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.metadata.get("redirect_uris", [])

    def check_client_secret(self, client_secret: str) -> bool:
        return self.secret is not None and hmac.compare_digest(self.secret, client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == self.metadata["token_endpoint_auth_method"]

    def check_response_type(self, response_type: str) -> bool:
        return response_type in self.metadata.get("response_types", ["code"])

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in self.metadata.get("grant_types", ["authorization_code"])


class Registration(ClientRegistrationEndpoint):
    """Open to all, as the authorization servers are that agents meet."""

    def authenticate_token(self, request) -> object:
        return self

    def get_server_metadata(self) -> dict:
        return self.server.metadata

    def generate_client_id(self, request) -> str:
        return f"client-{secrets.token_urlsafe(8)}"

    def generate_client_info(self, request) -> dict:
        info = super().generate_client_info(request)
        if request.payload.data.get("token_endpoint_auth_method") == "none":
            # RFC 7591 §3.2.1: a secret is issued to those only who authenticate with one.
            del info["client_secret"], info["client_secret_expires_at"]
        return info

    def save_client(self, client_info: dict, client_metadata: dict, request) -> Client:
        client = Client(client_info["client_id"], client_info.get("client_secret"), client_metadata)
        self.server.clients[client.id] = client
        return client
