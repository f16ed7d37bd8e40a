"""An OpenID Connect provider for one machine: staff sign in with one-time links, and nothing else is made easier.

It is no part of a real deployment, where the organisation's own provider stands. It is as
strict as that one: authorization code with PKCE S256, the one redirect address it was told, codes that work once.
Source: OpenID Connect Core 1.0, section 3.1; RFC 7636; RFC 9700, section 2.1.
"""

import asyncio
import hashlib
import hmac
import re
import secrets
import socket
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlencode

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import ECKey

from summit_cli.servers.failures import ServerFailed
from summit_cli.servers.login_links import LoginLinks
from summit_cli.servers.ports import LOOPBACK, free_port

CLIENT_ID = "summit-portal"
"""What the portal is called here."""
_SIGN_IN = "/console/sign-in"
_SIGN_IN_BACK = "/console/signed-in"
_COOKIE = "summit_local_issuer"
_SIGNED_IN_SECONDS = 120.0
_CODE_SECONDS = 60.0
_ID_TOKEN_SECONDS = 120
_STARTS_WITHIN = 10.0  # seconds
_CHALLENGE = re.compile(r"^[A-Za-z0-9_-]{43}$")
_VERIFIER = re.compile(r"^[A-Za-z0-9._~-]{43,128}$")
_LINK_NEEDED = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Local sign-in</title>
<p>Open a sign-in link that <code>make run</code> or <code>make up</code> printed. Each works once; <code>summit sign-in-links</code> or <code>make sign-in-links</code> prints new ones."""


@dataclass(frozen=True)
class _Code:
    """What a code stands for."""

    desk: str
    redirect_uri: str
    challenge: str
    nonce: str
    until: float


class _Refused(Exception):
    """The request is not as it must be; the message is an error code of OAuth."""


class Issuer:
    """The provider, in a thread of this process. `redirect_uri` is the only address it sends anybody back to.

    It listens on `host`, and is known as `called` to browsers and services, if that is another address.
    """

    def __init__(
        self,
        links: Path,
        port: int | None = None,
        *,
        client_id: str,
        redirect_uri: str,
        sign_in_url: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        host: str = LOOPBACK,
        called: str | None = None,
    ) -> None:
        self.links = LoginLinks(links)
        self.client_id = client_id
        self._host = host
        self._port = port or free_port()
        self.url = called or f"http://{LOOPBACK}:{self._port}"
        """What it calls itself in its tokens."""
        self._redirect_uri = redirect_uri
        self._sign_in_url = sign_in_url
        self._now = now
        self._key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"})
        self._signed_in: dict[str, tuple[str, float]] = {}
        self._codes: dict[str, _Code] = {}
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @classmethod
    def of_portal(
        cls,
        links: Path,
        port: int,
        portal_url: str,
        *,
        now: Callable[[], datetime],
        host: str = LOOPBACK,
        called: str | None = None,
    ) -> Self:
        """The one that staff of this portal sign in with."""
        back, sign_in = f"{portal_url}{_SIGN_IN_BACK}", f"{portal_url}{_SIGN_IN}"
        return cls(
            links,
            port,
            client_id=CLIENT_ID,
            redirect_uri=back,
            sign_in_url=sign_in,
            now=now,
            host=host,
            called=called,
        )

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._port

    def link(self, desk: str) -> str:
        """An address that signs in as this desk, once."""
        return f"{self.url}/enter/{self.links.new(desk)}"

    def start(self) -> Self:
        """It answers.

        Raises:
            ServerFailed: its port is taken, or it does not start.
        """
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self._host, self._port))
        except OSError as problem:
            listener.close()
            raise ServerFailed(
                f"the issuer cannot listen on {self._host}:{self._port}: {problem}"
            ) from problem
        config = uvicorn.Config(
            self._app(), log_level="error", access_log=False, lifespan="off", server_header=False
        )
        server = self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=lambda: asyncio.run(server.serve([listener])), name="issuer", daemon=True
        )
        self._thread.start()
        deadline = time.monotonic() + _STARTS_WITHIN
        while not server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise ServerFailed("the issuer does not start")
            self._thread.join(0.01)
        return self

    def stop(self) -> None:
        """It is gone; links that were not used stay good. Idempotent."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(_STARTS_WITHIN)
        self._server = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _app(self) -> FastAPI:
        app = FastAPI(openapi_url=None)
        app.add_api_route("/.well-known/openid-configuration", self._discovery, response_model=None)
        app.add_api_route("/jwks", self._jwks, response_model=None)
        app.add_api_route("/enter/{secret}", self._enter, response_model=None)
        app.add_api_route("/authorize", self._authorize, response_model=None)
        app.add_api_route("/token", self._token, methods=["POST"], response_model=None)
        return app

    async def _discovery(self) -> Mapping[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "scopes_supported": ["openid"],
            "claims_supported": ["sub", "groups"],
        }

    async def _jwks(self) -> Mapping[str, Any]:
        return {"keys": [{**self._key.as_dict(private=False), "kid": self._key.thumbprint()}]}

    async def _enter(self, secret: str) -> Response:
        desk = self.links.use(secret)
        if desk is None:
            return HTMLResponse(_LINK_NEEDED, 410)
        session = secrets.token_urlsafe(32)
        self._signed_in[session] = (desk, time.monotonic() + _SIGNED_IN_SECONDS)
        response = RedirectResponse(self._sign_in_url, 303)
        response.set_cookie(
            _COOKIE,
            session,
            max_age=int(_SIGNED_IN_SECONDS),
            path="/authorize",
            httponly=True,
            samesite="lax",
        )
        return response

    async def _authorize(self, request: Request) -> Response:
        asked = request.query_params
        # Nobody is sent to an address that was not agreed on, not even with an error. Source: RFC 9700, 4.11.
        if asked.get("client_id") != self.client_id or asked.get("redirect_uri") != self._redirect_uri:
            return JSONResponse({"error": "invalid_request"}, 400)
        state = asked.get("state", "")
        try:
            self._check_authorization(asked)
        except _Refused as refused:
            return self._back(error=str(refused), state=state)
        desk, until = self._signed_in.pop(request.cookies.get(_COOKIE, ""), ("", 0.0))
        if until < time.monotonic():
            return HTMLResponse(_LINK_NEEDED, 401)
        code = secrets.token_urlsafe(32)
        self._codes[code] = _Code(
            desk,
            self._redirect_uri,
            asked["code_challenge"],
            asked["nonce"],
            time.monotonic() + _CODE_SECONDS,
        )
        response = self._back(code=code, state=state)
        response.delete_cookie(_COOKIE, path="/authorize")
        return response

    def _check_authorization(self, asked: Mapping[str, str]) -> None:
        if asked.get("response_type") != "code":
            raise _Refused("unsupported_response_type")
        if "openid" not in asked.get("scope", "").split():
            raise _Refused("invalid_scope")
        is_s256 = asked.get("code_challenge_method") == "S256"
        if not (is_s256 and _CHALLENGE.match(asked.get("code_challenge", ""))):
            raise _Refused("invalid_request")
        if not (asked.get("state") and asked.get("nonce")):
            raise _Refused("invalid_request")

    def _back(self, **said: str) -> RedirectResponse:
        return RedirectResponse(f"{self._redirect_uri}?{urlencode({**said, 'iss': self.url})}", 303)

    async def _token(self, request: Request) -> Response:
        asked = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        if asked.get("grant_type") != "authorization_code":
            return _error("unsupported_grant_type")
        if asked.get("client_id") != self.client_id:
            return _error("invalid_client")
        code = self._codes.pop(asked.get("code", ""), None)  # used up, whatever comes of it
        if code is None or code.until < time.monotonic() or asked.get("redirect_uri") != code.redirect_uri:
            return _error("invalid_grant")
        if not _is_answer_to(code.challenge, asked.get("code_verifier", "")):
            return _error("invalid_grant")
        answer = {
            "access_token": secrets.token_urlsafe(16),
            "token_type": "Bearer",
            "expires_in": _ID_TOKEN_SECONDS,
            "id_token": self._id_token(code),
        }
        return JSONResponse(answer, headers={"cache-control": "no-store"})

    def _id_token(self, code: _Code) -> str:
        now = int(self._now().timestamp())
        claims = {
            "iss": self.url,
            "sub": f"{code.desk}-desk",
            "aud": self.client_id,
            "iat": now,
            "exp": now + _ID_TOKEN_SECONDS,
            "nonce": code.nonce,
            "groups": [code.desk],
        }
        return jwt.encode({"alg": "ES256", "kid": self._key.thumbprint()}, claims, self._key, ["ES256"])


def _is_answer_to(challenge: str, verifier: str) -> bool:
    if not _VERIFIER.match(verifier):
        return False
    digest = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(digest, challenge)


def _error(code: str) -> Response:
    return JSONResponse({"error": code}, 400, headers={"cache-control": "no-store"})
