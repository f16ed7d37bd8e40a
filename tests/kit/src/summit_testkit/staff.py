"""Somebody of the secretariat, who signs in at the local issuer as a browser would."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from summit_cli.servers.issuer import Issuer

BACK = "http://127.0.0.1:8000/console/signed-in"
CLIENT = "summit-portal"


def challenge_of(verifier: str) -> str:
    """What a client shows at first of the verifier that it shows in the end (RFC 7636, S256)."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


class Browser:
    """One person's browser at the issuer: it opens a link, asks for a code, and shows it with the verifier."""

    def __init__(self, issuer: Issuer) -> None:
        self._issuer = issuer
        self.verifier = secrets.token_urlsafe(48)
        self.nonce = secrets.token_urlsafe(24)
        self.state = secrets.token_urlsafe(24)
        self._cookies = httpx.Cookies()

    async def enter(self, desk: str) -> httpx.Response:
        """A fresh link to this desk is opened."""
        return await self.open(self._issuer.link(desk))

    async def open(self, link: str) -> httpx.Response:
        """The link is opened."""
        return await self._ask("GET", link)

    async def authorize(self, **changed: str | None) -> httpx.Response:
        """A code is asked for; `changed` says otherwise, none leaves something out."""
        asked: dict[str, str | None] = {
            "response_type": "code",
            "client_id": CLIENT,
            "redirect_uri": BACK,
            "scope": "openid",
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": challenge_of(self.verifier),
            "code_challenge_method": "S256",
            **changed,
        }
        named = {name: value for name, value in asked.items() if value is not None}
        return await self._ask("GET", "/authorize", params=named)

    async def code(self) -> str:
        """The code that the issuer sends back."""
        answer = await self.authorize()
        assert answer.status_code == 303, answer.text
        return said_back(answer)["code"]

    async def exchange(self, code: str, **changed: str) -> httpx.Response:
        """The code is exchanged."""
        asked = {
            "grant_type": "authorization_code",
            "client_id": CLIENT,
            "code": code,
            "redirect_uri": BACK,
            "code_verifier": self.verifier,
            **changed,
        }
        return await self._ask("POST", "/token", data=asked)

    async def id_token(self, desk: str) -> str:
        """What the issuer says about whoever opened a link to this desk."""
        await self.enter(desk)
        answer: dict[str, Any] = (await self.exchange(await self.code())).json()
        return str(answer["id_token"])

    async def _ask(self, method: str, path: str, **sent: Any) -> httpx.Response:
        """One request with the cookies so far; no connection is left open behind it."""
        async with httpx.AsyncClient(base_url=self._issuer.url, timeout=10, cookies=self._cookies) as client:
            answer = await client.request(method, path, **sent)
            self._cookies = client.cookies
            return answer


def said_back(answer: httpx.Response) -> dict[str, str]:
    """What stands in the address that the issuer sends the browser back to."""
    assert answer.headers["location"].startswith(f"{BACK}?")
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}
