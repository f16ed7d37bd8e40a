"""The identity provider that staff sign in with, as far as the portal speaks with it: where to send people, and code for token.

What the token says is none of the portal's business: registration verifies it (ADR-0018).
Source: OpenID Connect Core 1.0, section 3.1; RFC 7636 (PKCE); RFC 9700, section 2.1.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx

_SECONDS = httpx.Timeout(10.0, connect=3.0)


class ProviderAway(Exception):
    """The provider does not answer, or not as one."""


class CodeRefused(Exception):
    """The provider does not take the code: it was used, is too old, or belongs to another sign-in."""


class Provider:
    """The provider at `issuer`, which knows the portal as `client_id` and sends people back to `redirect_uri` only."""

    def __init__(self, issuer: str, client_id: str, redirect_uri: str) -> None:
        self.issuer = issuer
        self._client_id = client_id
        self._redirect_uri = redirect_uri
        self._discovered: Mapping[str, Any] | None = None

    async def address(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where the browser has to go to sign in.

        Raises:
            ProviderAway: nobody knows.
        """
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._redirect_uri,
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        place = str((await self._places())["authorization_endpoint"])
        return f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}"

    async def id_token(self, code: str, *, verifier: str) -> str:
        """What the provider says about whoever brought the code.

        Raises:
            CodeRefused: it does not take the code.
            ProviderAway: it does not answer.
        """
        shown = {
            "grant_type": "authorization_code",
            "client_id": self._client_id,
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": verifier,
        }
        answer = await self._ask("POST", str((await self._places())["token_endpoint"]), data=shown)
        if answer.is_client_error:
            raise CodeRefused
        return str(_told(answer, "id_token")["id_token"])

    async def _places(self) -> Mapping[str, Any]:
        if self._discovered is None:
            place = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
            said = _told(await self._ask("GET", place), "issuer", "authorization_endpoint", "token_endpoint")
            if said["issuer"] != self.issuer:
                raise ProviderAway(f"{self.issuer} calls itself {said['issuer']}")
            self._discovered = said
        return self._discovered

    async def _ask(self, method: str, address: str, **sent: Any) -> httpx.Response:
        try:
            async with httpx.AsyncClient(timeout=_SECONDS) as client:
                return await client.request(method, address, **sent)
        except httpx.HTTPError as fault:
            raise ProviderAway(self.issuer) from fault


def _told(answer: httpx.Response, *names: str) -> Mapping[str, Any]:
    try:
        said: Mapping[str, Any] = answer.raise_for_status().json()
        if all(isinstance(said[name], str) for name in names):
            return said
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as fault:
        raise ProviderAway(str(answer.url)) from fault
    raise ProviderAway(str(answer.url))


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
