"""What pages ask of the services that own things: over HTTP, with the person's own token, and never with one of the portal's.

A refusal (RFC 9457) becomes `Refused`, which forms put beside their fields; a service that is away becomes `Unavailable`.
What was refused can be told again, e.g. in another language: then no owner is asked for a change (`Change`).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx

from summit_contracts.fact import Service

_SECONDS = httpx.Timeout(10.0, connect=3.0)


class Refused(Exception):
    """The owner refused; `slug` does not change, `detail` and `remedy` are the owner's words, in English."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.problem = problem
        super().__init__(f"{status} {self.slug}: {self.detail}")

    @property
    def slug(self) -> str:
        """The stable name of the problem."""
        return str(self.problem.get("type", "")).rpartition(":")[2] or "refused"

    @property
    def detail(self) -> str:
        """What is wrong, in the owner's words."""
        return str(self.problem.get("detail") or self.problem.get("title") or "")

    @property
    def remedy(self) -> str | None:
        """What to do about it, in the owner's words."""
        return self.problem.get("remedy")

    @property
    def is_late(self) -> bool:
        """Whether what was to be changed is no more as whoever asked had seen it."""
        return self.status == HTTPStatus.PRECONDITION_FAILED

    @property
    def faults(self) -> dict[str, str]:
        """What is wrong with which field, by the field's path, e.g. `members.0.rank`."""
        listed = {str(one["field"]): str(one["detail"]) for one in self.problem.get("faults", ())}
        named = self.problem.get("field")
        return listed or ({str(named): self.detail} if named else {})


@dataclass
class Change:
    """What a form asks for, while it is answered."""

    sent: Sequence[tuple[str, str]]
    """The form, field by field."""
    refused: Refused | None = None
    """The last that an owner refused of it; none where it was the page itself that refused it."""
    is_told_again: bool = False
    """It was refused before: each owner is taken to refuse it as it did then, and is not asked."""


_ANSWERED: ContextVar[Change | None] = ContextVar("change", default=None)


def answered() -> Change | None:
    """The change that is being answered; none where a page is only looked at."""
    return _ANSWERED.get()


@contextmanager
def answering(change: Change | None) -> Iterator[None]:
    """Within, this is the change that is being answered."""
    token = _ANSWERED.set(change)
    try:
        yield
    finally:
        _ANSWERED.reset(token)


@contextmanager
def _changing() -> Iterator[None]:
    """Within, an owner is asked for a change, and what it refuses is noted.

    Raises:
        Refused: it is told again, and nobody is asked.
    """
    change = answered()
    if change and change.is_told_again:
        raise change.refused or Refused(HTTPStatus.CONFLICT, {})
    try:
        yield
    except Refused as refused:
        if change:
            change.refused = refused
        raise


class Unavailable(Exception):
    """The service did not answer. Whether anything was changed is not known."""

    def __init__(self, service: Service) -> None:
        self.service = service
        super().__init__(f"{service} does not answer")


@dataclass(frozen=True)
class Answer:
    """What the owner said."""

    status: int
    body: Any
    """Parsed JSON; bytes where it is none."""
    etag: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class Services:
    """A connection to each of the services, shared by all requests."""

    def __init__(self, addresses: Mapping[Service, str | None]) -> None:
        self._clients = {
            service: httpx.AsyncClient(base_url=address, timeout=_SECONDS)
            for service, address in addresses.items()
            if address
        }

    def __contains__(self, service: Service) -> bool:
        """Whether there is such a service here."""
        return service in self._clients

    async def ask(
        self,
        service: Service,
        method: str,
        path: str,
        *,
        token: str | None = None,
        json: Any = None,
        params: Mapping[str, Any] | None = None,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """What the owner answered.

        Raises:
            Refused: it said no, and why.
            Unavailable: it did not answer, or could not, or there is none here.
        """
        if service not in self:
            raise Unavailable(service)
        sent = {
            "Authorization": f"Bearer {token}" if token else None,
            "If-Match": if_match,
            "Idempotency-Key": idempotency_key,
            **(headers or {}),
        }
        with nullcontext() if method == "GET" else _changing():
            try:
                response = await self._clients[service].request(
                    method,
                    path,
                    json=json,
                    params=params,
                    headers={name: value for name, value in sent.items() if value is not None},
                )
            except httpx.HTTPError as fault:
                raise Unavailable(service) from fault
            return _read(service, response)

    async def get(self, service: Service, path: str, **how: Any) -> Answer:
        """What the owner answered; as `ask`."""
        return await self.ask(service, "GET", path, **how)

    async def post(self, service: Service, path: str, **how: Any) -> Answer:
        """What the owner answered; as `ask`."""
        return await self.ask(service, "POST", path, **how)

    async def close(self) -> None:
        """All connections are closed."""
        for client in self._clients.values():
            await client.aclose()


def _read(service: Service, response: httpx.Response) -> Answer:
    is_json = "json" in response.headers.get("content-type", "")
    if response.status_code in (502, 503, 504):
        raise Unavailable(service)
    if response.is_error:
        raise Refused(response.status_code, response.json() if is_json else {"title": response.reason_phrase})
    body = response.json() if is_json and response.content else response.content
    return Answer(response.status_code, body, response.headers.get("etag"), response.headers)
