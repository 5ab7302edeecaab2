"""The authorization server itself: on loopback, in a thread, broken and mended on command."""

import collections
import collections.abc
import json
import os
import secrets
import socket
import threading
import time
import urllib.parse

import authlib.oauth2
import werkzeug.exceptions
import werkzeug.routing
import werkzeug.serving
from authlib.integrations.flask_oauth2.requests import FlaskJsonRequest, FlaskOAuth2Request
from authlib.oauth2.rfc9207 import IssuerParameter
from werkzeug.wrappers import Request, Response

from . import clients, documents, grants, keys
from .owner import ResourceOwner

# Authlib knows no loopback exception (RFC 8252 §8.3) but this.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

TODO_SCOPES = [
    *["read:todos", "create:todos", "update:todos", "delete:todos", "list:tools", "call:tools"]
]

# What is served, by the names that counts and replacements use.
METADATA, OPENID, KEY_SET = "metadata", "openid metadata", "key set"
REGISTRATION, AUTHORIZATION, TOKEN = "registration", "authorization", "token"


class _Issuer(IssuerParameter):
    def __init__(self, issuer: str):
        self._issuer = issuer

    def get_issuer(self) -> str:
        return self._issuer


class _Endpoints(authlib.oauth2.AuthorizationServer):
    """What Authlib asks of a framework, for requests of Werkzeug."""

    def __init__(self, issuer: str, ring: keys.KeyRing, metadata: dict, expires_seconds: int):
        super().__init__(scopes_supported=metadata.get("scopes_supported"))
        self.metadata = metadata
        self.clients: dict[str, clients.Client] = {}
        self.codes: dict[str, grants.Code] = {}
        self.refresh_tokens: dict[str, grants.RefreshToken] = {}
        self.register_token_generator(
            "default", grants.TokenGenerator(issuer, ring, expires_seconds)
        )
        self.register_grant(grants.AuthorizationCodeGrant, [grants.PKCE])
        self.register_grant(grants.RefreshTokenGrant)
        self.register_endpoint(clients.Registration)
        self.register_extension(_Issuer(issuer))

    def query_client(self, client_id: str) -> clients.Client | None:
        return self.clients.get(client_id)

    def save_token(self, token: dict, request) -> None:
        if "refresh_token" in token:
            self.refresh_tokens[token["refresh_token"]] = grants.RefreshToken(
                request.client.get_client_id(), token.get("scope", ""), request.user
            )

    def create_oauth2_request(self, request):
        if isinstance(request, FlaskOAuth2Request):
            return request
        return FlaskOAuth2Request(request)

    def create_json_request(self, request) -> FlaskJsonRequest:
        return FlaskJsonRequest(request)

    def handle_response(self, status: int, body, fields) -> Response:
        if isinstance(body, dict):
            body = json.dumps(body)
        return Response(body, status=status, headers=fields)

    def send_signal(self, name: str, *args, **kwargs) -> None:
        pass


class _QuietHandler(werkzeug.serving.WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args) -> None:
        pass


class AuthorizationServer:
    """One issuer.

    `path` makes it one of several of a host, `scopes` are those it knows, and `cache_seconds` is
    how long its key set may be kept (None says nothing of it).
    """

    def __init__(
        self,
        *,
        algorithm: str = "ES256",
        path: str = "",
        scopes: collections.abc.Iterable[str] = TODO_SCOPES,
        expires_seconds: int = 3600,
        cache_seconds: int | None = 300,
        served: collections.abc.Iterable[str] = (METADATA, OPENID),
        owner: ResourceOwner = ResourceOwner(),
    ):
        # Holds the port through an outage, so that nobody else takes it.
        self._reservation = self._bound_socket(0)
        self.port = self._reservation.getsockname()[1]
        self.path = path
        self.owner = owner
        self.cache_seconds = cache_seconds
        self.keys = keys.KeyRing(keys.SigningKey.make(algorithm))
        self.counts: collections.Counter[str] = collections.Counter()
        self.requests: list[tuple[str, dict[str, str]]] = []
        self._replacements: dict[str, documents.Replacement] = {}
        self._lock = threading.Lock()
        self._http: werkzeug.serving.BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None
        self._expires_seconds = expires_seconds
        self.metadata = self._metadata(list(scopes))
        self._endpoints = _Endpoints(self.issuer, self.keys, self.metadata, expires_seconds)
        self._routes = self._routing(set(served))

    # Addresses

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def issuer(self) -> str:
        return self.origin + self.path

    @property
    def key_set_url(self) -> str:
        return self.issuer + "/keys"

    def _metadata(self, scopes: list[str]) -> dict:
        """RFC 8414 §2, which OpenID Connect Discovery shares."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": self.issuer + "/authorize",
            "token_endpoint": self.issuer + "/token",
            "registration_endpoint": self.issuer + "/register",
            "jwks_uri": self.key_set_url,
            "scopes_supported": scopes,
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_methods_supported": grants.AUTHENTICATION_METHODS,
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }

    def _routing(self, served: set[str]) -> werkzeug.routing.Map:
        paths = [
            (KEY_SET, f"{self.path}/keys", "GET"),
            (REGISTRATION, f"{self.path}/register", "POST"),
            (AUTHORIZATION, f"{self.path}/authorize", "GET"),
            (TOKEN, f"{self.path}/token", "POST"),
        ]
        if METADATA in served:
            # RFC 8414 §3.1 inserts the well-known part between host and path.
            well_known = "/.well-known/oauth-authorization-server"
            paths.append((METADATA, well_known + self.path, "GET"))
        if OPENID in served:
            # OpenID Connect Discovery 1.0 §4.1 appends it.
            paths.append((OPENID, f"{self.path}/.well-known/openid-configuration", "GET"))
        rules = [
            werkzeug.routing.Rule(path, endpoint=name, methods=[method])
            for name, path, method in paths
        ]
        return werkzeug.routing.Map(rules)

    # Coming up, going down

    @staticmethod
    def _bound_socket(port: int) -> socket.socket:
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        bound.bind(("127.0.0.1", port))
        return bound

    def come_up(self) -> "AuthorizationServer":
        assert self._http is None, "the authorization server is up"
        with self._bound_socket(self.port) as listening:
            listening.listen(128)
            self._http = werkzeug.serving.make_server(
                "127.0.0.1",
                self.port,
                self._answer,
                threaded=True,
                request_handler=_QuietHandler,
                fd=listening.fileno(),
            )
        self._http.daemon_threads = True
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()
        return self

    def go_down(self) -> None:
        """Refuses connections from now on; what has a connection is still answered on it."""
        if self._http is not None:
            self._http.shutdown()
            self._thread.join()
            self._http.server_close()
            self._http = self._thread = None

    def __enter__(self) -> "AuthorizationServer":
        return self.come_up()

    def __exit__(self, *_) -> None:
        self.go_down()
        self._reservation.close()

    # Commands

    def replace(self, name: str, replacement: documents.Replacement) -> None:
        """Answers with something else than the right thing until `restore`."""
        with self._lock:
            self._replacements[name] = replacement

    def restore(self, name: str) -> None:
        with self._lock:
            del self._replacements[name]

    def claims(self, audience: str | list[str], **changes) -> dict:
        """The claims set of a good access token; a change to None leaves a claim out."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": self.owner.subject,
            "aud": audience,
            "client_id": "client",
            "iat": now,
            "exp": now + self._expires_seconds,
            "jti": secrets.token_urlsafe(12),
            "scope": " ".join(TODO_SCOPES),
            **self.owner.claims,
            **changes,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def mint(self, audience: str | list[str], **changes) -> str:
        """An access token without the ceremony, signed with the present key."""
        return self.keys.current.sign(self.claims(audience, **changes))

    # Answers

    def _answer(self, environment: dict, start_response) -> collections.abc.Iterable[bytes]:
        request = Request(environment)
        try:
            name, _ = self._routes.bind_to_environ(environment).match()
            with self._lock:
                self.counts[name] += 1
                self.requests.append((name, request.values.to_dict()))
                replacement = self._replacements.get(name)
            response = self._right_answer(name, request)
            if replacement is not None:
                response = replacement(response)
        except werkzeug.exceptions.HTTPException as refusal:
            response = refusal.get_response(environment)
        return response(environment, start_response)

    def _right_answer(self, name: str, request: Request) -> Response:
        if name in (METADATA, OPENID):
            return self._document(self.metadata)
        if name == KEY_SET:
            return self._document(self.keys.document())
        if name == REGISTRATION:
            return self._endpoints.create_endpoint_response("client_registration", request)
        if name == TOKEN:
            return self._endpoints.create_token_response(request)
        return self._authorize(request)

    def _document(self, document: dict) -> Response:
        response = Response(json.dumps(document), mimetype="application/json")
        if self.cache_seconds is not None:
            response.cache_control.max_age = self.cache_seconds
        return response

    def _authorize(self, request: Request) -> Response:
        """The page nobody sees: the owner consents, or does not, at once."""
        owner = self.owner if self.owner.consents else None
        asked = self._endpoints.create_oauth2_request(request)
        try:
            grant = self._endpoints.get_consent_grant(asked, self.owner)
        except authlib.oauth2.OAuth2Error as error:
            return self._endpoints.handle_error_response(asked, error)
        return self._endpoints.create_authorization_response(asked, owner, grant)

    def requested(self, name: str) -> list[dict[str, str]]:
        """The parameters of the requests that came for something."""
        with self._lock:
            return [parameters for asked, parameters in self.requests if asked == name]


def parameters_of(location: str) -> dict[str, str]:
    """The authorization response in the query of a redirection."""
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(location).query))
