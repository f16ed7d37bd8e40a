"""The services' HTTP interfaces as commands use them: with tokens, with patience for a service that is just starting."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from summit_cli.servers.ports import LOOPBACK

ATTEMPTS = 8
_PATIENCE_SECONDS = 0.25
_ANSWER_WITHIN = 30  # seconds
_TOKEN_FRESH_FOR = 600  # seconds; tokens live longer


class DoorRefused(Exception):
    """A service answered that it will not; its problem document says why."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        try:
            self.problem: dict[str, Any] = response.json()
        except ValueError:
            self.problem = {"detail": response.text[:500]}
        said = " ".join(str(self.problem[key]) for key in ("detail", "remedy") if self.problem.get(key))
        super().__init__(f"{response.request.method} {response.request.url}: {self.status}\n{said}")

    @property
    def slug(self) -> str:
        """What kind of refusal it is, e.g. `registration-closed`."""
        return str(self.problem.get("type", "")).rsplit(":", 1)[-1]


class NoAnswer(Exception):
    """Nobody answers at a service's address."""


class Doors:
    """One client for each service."""

    def __init__(self, addresses: Mapping[str, str], token_of: Callable[[str | None], str]) -> None:
        self._clients = {service: client_of(address) for service, address in addresses.items()}
        self._token_of = token_of
        self._tokens: dict[str | None, tuple[float, str]] = {}

    @property
    def services(self) -> tuple[str, ...]:
        """Whose doors these are."""
        return tuple(self._clients)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(client.aclose() for client in self._clients.values()))

    async def call(
        self,
        service: str,
        method: str,
        path: str,
        *,
        invitee: str | None = None,
        json: Any = None,
        content: str | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        """The answer, as the secretariat or, with an invitee, as its nominator. A busy service is asked again.

        Raises:
            DoorRefused: the answer is a problem that another attempt would not change.
            NoAnswer: nobody answers there, or the service's address is not known.
        """
        if service not in self._clients:
            raise NoAnswer(f"{service} does not run here; see `summit status`.")
        sent = {"authorization": f"Bearer {self._token(invitee)}", **(headers or {})}
        for attempt in range(1, ATTEMPTS + 1):
            try:
                response = await self._clients[service].request(
                    method, path, json=json, content=content, headers=sent, params=params
                )
            except httpx.TransportError as problem:
                if attempt == ATTEMPTS:
                    address = self._clients[service].base_url
                    raise NoAnswer(f"{service} does not answer at {address}: {problem!r}") from problem
            else:
                if response.status_code != httpx.codes.SERVICE_UNAVAILABLE or attempt == ATTEMPTS:
                    if response.is_success:
                        return response
                    raise DoorRefused(response)
            await asyncio.sleep(_PATIENCE_SECONDS * attempt)
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def get(self, service: str, path: str, **params: Any) -> Any:
        """What a read answers with."""
        return (await self.call(service, "GET", path, params=params)).json()

    async def pages(self, service: str, path: str, **params: Any) -> AsyncIterator[Any]:
        """Every item of a list, page by page."""
        cursor: str | None = None
        while True:
            page = await self.get(service, path, **params, **({"cursor": cursor} if cursor else {}))
            for item in page["items"]:
                yield item
            cursor = page.get("next_cursor")
            if not cursor:
                return

    def _token(self, invitee: str | None) -> str:
        made_at, token = self._tokens.get(invitee, (float("-inf"), ""))
        if time.monotonic() - made_at > _TOKEN_FRESH_FOR:
            token = self._token_of(invitee)
            self._tokens[invitee] = (time.monotonic(), token)
        return token


def client_of(address: str, *, within: float = _ANSWER_WITHIN) -> httpx.AsyncClient:
    """A client for one service, that waits so many seconds for an answer."""
    is_here = urlsplit(address).hostname == LOOPBACK
    return httpx.AsyncClient(
        base_url=address,
        timeout=within,
        limits=httpx.Limits(max_connections=16),
        # What runs on this machine is never behind a proxy, and speaks plain HTTP: no certificates to load.
        trust_env=not is_here,
        verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if is_here else True,
    )
