"""The services' HTTP interfaces as the play uses them: with tokens, with patience for a service that is just starting."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, Self

import httpx

ATTEMPTS = 8
_PATIENCE_SECONDS = 0.25


class DoorRefused(Exception):
    """A service answered that it will not; its problem document says why."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        try:
            self.problem: dict[str, Any] = response.json()
        except ValueError:
            self.problem = {"detail": response.text[:500]}
        super().__init__(
            f"{response.request.method} {response.request.url.path}: {self.status} "
            f"{self.problem.get('type', '')} {self.problem.get('detail', '')} {self.problem.get('faults', '')}"
        )


class Doors:
    """One client for each service."""

    def __init__(self, addresses: dict[str, str], token_of: Callable[[str | None], str]) -> None:
        self._clients = {
            service: httpx.AsyncClient(base_url=address, timeout=30, limits=httpx.Limits(max_connections=16))
            for service, address in addresses.items()
        }
        self._token_of = token_of

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
        headers: dict[str, str] | None = None,
        params: dict[str, Any] | None = None,
    ) -> httpx.Response:
        """The answer, as the secretariat or, with an invitee, as its nominator. A busy service is asked again.

        Raises:
            DoorRefused: the answer is a problem that another attempt would not change.
        """
        sent = {"authorization": f"Bearer {self._token_of(invitee)}", **(headers or {})}
        for attempt in range(1, ATTEMPTS + 1):
            try:
                response = await self._clients[service].request(
                    method, path, json=json, content=content, headers=sent, params=params
                )
            except httpx.TransportError:
                if attempt == ATTEMPTS:
                    raise
            else:
                if response.status_code != 503 or attempt == ATTEMPTS:
                    if response.is_success:
                        return response
                    raise DoorRefused(response)
            await asyncio.sleep(_PATIENCE_SECONDS * attempt)
        raise AssertionError("unreachable")

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
