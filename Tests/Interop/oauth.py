"""The published clients' own OAuth, end to end but for the person and the browser."""

import threading
import urllib.error
import urllib.request
import webbrowser

import fastmcp.client.auth.oauth
import httpx2
import mcp.client.auth
import mcp.shared.auth
from authorization import server

import waiting

CALLBACK = "http://127.0.0.1:1/callback"


class Memory(mcp.client.auth.TokenStorage):
    """What a client keeps, open to the test."""

    def __init__(self):
        self.tokens: mcp.shared.auth.OAuthToken | None = None
        self.client: mcp.shared.auth.OAuthClientInformationFull | None = None

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens) -> None:
        self.tokens = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client_info) -> None:
        self.client = client_info


def of_mcp(url: str, memory: Memory | None = None) -> mcp.client.auth.OAuthClientProvider:
    """The OAuth of the mcp library, which leaves browser and callback to the application."""
    answers: list[dict[str, str]] = []

    async def visit(authorization_url: str) -> None:
        async with httpx2.AsyncClient(trust_env=False) as browser:
            answer = await browser.get(authorization_url)
        assert answer.status_code == 302, answer.text
        answers.append(server.parameters_of(answer.headers["location"]))

    async def called_back() -> mcp.shared.auth.AuthorizationCodeResult:
        answer = answers.pop()
        assert "code" in answer, answer
        return mcp.shared.auth.AuthorizationCodeResult(
            code=answer["code"], state=answer.get("state"), iss=answer.get("iss")
        )

    metadata = mcp.shared.auth.OAuthClientMetadata(
        client_name="interop", redirect_uris=[CALLBACK], token_endpoint_auth_method="none"
    )
    return mcp.client.auth.OAuthClientProvider(
        url, metadata, memory or Memory(), redirect_handler=visit, callback_handler=called_back
    )


def of_fastmcp(url: str) -> fastmcp.client.auth.oauth.OAuth:
    """The OAuth of the fastmcp library, which opens a browser and listens for its callback."""
    return fastmcp.client.auth.oauth.OAuth(url, callback_host="127.0.0.1")


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def browse(url: str) -> None:
    """Visits the page and then the callback, which need not listen yet."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirection)
    try:
        with opener.open(url, timeout=10) as page:
            raise AssertionError(f"a page without a redirection: {page.status}")
    except urllib.error.HTTPError as answer:
        assert answer.code == 302, answer
        callback = answer.headers["location"]

    def is_called_back() -> bool:
        try:
            with opener.open(callback, timeout=10):
                return True
        except urllib.error.HTTPError:
            raise
        except urllib.error.URLError:
            return False

    waiting.eventually(is_called_back)


def use_automatic_browser(monkeypatch) -> None:
    """Has every page that a client opens visited by a thread."""

    def visit(url: str, *_, **__) -> bool:
        threading.Thread(target=browse, args=(url,), daemon=True).start()
        return True

    monkeypatch.setattr(webbrowser, "open", visit)
