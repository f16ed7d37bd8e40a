"""The door that routes open: one transaction per request, creation that may be repeated, changes that name their version."""

import asyncio
import hashlib
import json
import re
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from random import random
from typing import Any, Generic, TypeVar

from fastapi import Request, Response
from pydantic import BaseModel
from sqlalchemy import Column, DateTime, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError

from summit_chassis.database import Database, Transaction
from summit_chassis.driven import Statement
from summit_chassis.faults import is_lost_turn
from summit_chassis.identity import Caller
from summit_chassis.ids import new_id
from summit_contracts.errors import Invalid, Stale

U = TypeVar("U")
T = TypeVar("T")

_TURNS = 4
"""How often a change is tried that the database undoes for somebody else's sake; the pauses between add up to half a second."""
_PAUSE_SECONDS = 0.05

_KEY = re.compile(r"^[\x21-\x7e]{1,100}$")
_ETAG = re.compile(r'^(?:W/)?"(\d{1,18})"$')


class IdempotencyKeyReused(Invalid):
    """The key was used before, with another request."""

    slug = "idempotency-key-reused"
    title = "This Idempotency-Key was used for another request."


class MalformedHeader(Invalid):
    """A header does not have the form it must have."""

    slug = "malformed-header"
    title = "A header is malformed."


class VersionNotNamed(Stale):
    """A change must say which version it was decided on."""

    slug = "if-match-needed"
    title = "Say which version you are changing."


class VersionMoved(Stale):
    """Somebody else changed it in the meantime."""

    slug = "stale-version"
    title = "It was changed in the meantime."


def tables(metadata: MetaData) -> None:
    """Adds what is remembered of creations to a service's own tables."""
    Table(
        "idempotency",
        metadata,
        Column("account", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("fingerprint", LargeBinary, nullable=False),
        Column("status", Integer),
        Column("headers", JSONB),
        Column("body", LargeBinary),
        Column("made_at", DateTime(timezone=True), nullable=False, index=True),
    )


@dataclass(frozen=True)
class Created:
    """What a creation answers with."""

    body: BaseModel
    location: str
    revision: int | None = None
    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)


_CLAIM = Statement("""
    INSERT INTO idempotency (account, key, fingerprint, made_at) VALUES (:account, :key, :fingerprint, :now)
    ON CONFLICT DO NOTHING RETURNING key
""")
_RECALL = Statement(
    "SELECT fingerprint, status, headers, body FROM idempotency WHERE account = :account AND key = :key"
)
_FORGET = Statement("DELETE FROM idempotency WHERE headers ->> 'location' = :location")
_KEEP = Statement("""
    UPDATE idempotency SET status = :status, headers = CAST(:headers AS jsonb), body = :body
    WHERE account = :account AND key = :key
""")


class Door(Generic[U]):
    """What a route needs to do its work: a unit of work within a transaction, the time, fresh ids."""

    def __init__(self, database: Database, make_unit: Callable[[Transaction], U]) -> None:
        self._database = database
        self._make_unit = make_unit

    def now(self) -> datetime:
        """The present moment in UTC."""
        return self._database.clock.now()

    def new_id(self) -> str:
        """An identifier nobody has used before."""
        return new_id()

    def begin(self) -> AbstractAsyncContextManager[U]:
        """A unit of work; leaving it without an error commits it."""
        return self._begin()

    @asynccontextmanager
    async def _begin(self) -> Any:
        async with self._database.transaction() as transaction:
            yield self._make_unit(transaction)

    async def change(self, work: Callable[[U], Awaitable[T]]) -> T:
        """What `work` answers, committed; where the database lets somebody else go first and undoes it, it is done again.

        `work` may run more than once and keeps nothing from one time to the next.
        """
        return await self._in_turns(self._once(work))

    async def remove(self, location: str, work: Callable[[U], Awaitable[None]]) -> None:
        """What `work` removes is gone, and so is the answer to its creation, which was kept for whoever asks again."""

        async def once() -> None:
            async with self._database.transaction() as transaction:
                await work(self._make_unit(transaction))
                await transaction.run(_FORGET, {"location": location})

        await self._in_turns(once)

    async def _in_turns(self, once: Callable[[], Awaitable[T]]) -> T:
        for turn in range(1, _TURNS):
            try:
                return await once()
            except DBAPIError as failure:
                if not is_lost_turn(failure):
                    raise
            await asyncio.sleep(_PAUSE_SECONDS * 2**turn * random())  # noqa: S311  # so that two do not meet again; no secret
        return await once()

    def _once(self, work: Callable[[U], Awaitable[T]]) -> Callable[[], Awaitable[T]]:
        async def once() -> T:
            async with self.begin() as unit:
                return await work(unit)

        return once

    async def create(
        self, request: Request, caller: Caller, make: Callable[[U], Awaitable[Created]]
    ) -> Response:
        """The answer to a creation; the same request with the same `Idempotency-Key` gets the same answer and changes nothing.

        Raises:
            IdempotencyKeyReused: the key came with another request before.
            MalformedHeader: the key is not 1 to 100 visible ASCII characters.
        """
        key = request.headers.get("idempotency-key")
        if key is None:

            async def once(unit: U) -> Response:
                return answer(await make(unit))

            return await self.change(once)
        if not _KEY.match(key):
            raise MalformedHeader(
                "Idempotency-Key must be 1 to 100 visible ASCII characters.",
                remedy="Send a UUID.",
                field="Idempotency-Key",
            )
        fingerprint = hashlib.sha256(
            f"{request.method} {request.url.path}?{request.url.query}\n".encode() + await request.body()
        ).digest()
        names = {"account": caller.account, "key": key}
        return await self._in_turns(lambda: self._create_once(names, fingerprint, make))

    async def _create_once(
        self, names: dict[str, str], fingerprint: bytes, make: Callable[[U], Awaitable[Created]]
    ) -> Response:
        async with self._database.transaction() as transaction:
            claim = {**names, "fingerprint": fingerprint, "now": transaction.now}
            if not await transaction.run(_CLAIM, claim):
                (kept,) = await transaction.run(_RECALL, names)
                return _recalled(kept, fingerprint)
            response = answer(await make(self._make_unit(transaction)))
            headers = json.dumps(
                {name: response.headers[name] for name in ("location", "etag") if name in response.headers}
            )
            said = {"status": response.status_code, "headers": headers, "body": response.body}
            await transaction.run(_KEEP, {**names, **said})
            return response


def answer(created: Created) -> Response:
    """As a creation is answered, which `Door.create` keeps; a route that creates what must not be kept, a secret, answers so itself."""
    headers = {"location": created.location, **created.headers}
    if created.revision is not None:
        headers["etag"] = etag(created.revision)
    return Response(created.body.model_dump_json(), created.status, headers, "application/json")


def _recalled(row: Any, fingerprint: bytes) -> Response:
    if row.fingerprint != fingerprint:
        raise IdempotencyKeyReused(
            "The same Idempotency-Key came with another request before.",
            remedy="Use a fresh key for a new request; repeat a request with exactly the same body.",
            field="Idempotency-Key",
        )
    return Response(row.body, row.status, {**row.headers, "idempotent-replay": "true"}, "application/json")


def etag(revision: int) -> str:
    """The entity tag of this revision."""
    return f'"{revision}"'


def revision_named(request: Request) -> int:
    """The revision that `If-Match` names.

    Raises:
        VersionNotNamed: there is no such header. MalformedHeader: it is no entity tag of ours.
    """
    header = request.headers.get("if-match")
    if header is None:
        raise VersionNotNamed(
            "A change needs the header If-Match.",
            remedy="Read it first and send its ETag back as If-Match.",
            field="If-Match",
        )
    match = _ETAG.match(header.strip())
    if not match:
        raise MalformedHeader(
            "If-Match is not an ETag of this system.",
            remedy='Send the ETag as it came, e.g. "3".',
            field="If-Match",
        )
    return int(match.group(1))


def must_be_current(named: int, current: int) -> None:
    """Nothing, if the caller decided on what is there now.

    Raises:
        VersionMoved: it was changed since.
    """
    if named != current:
        raise VersionMoved(
            f"You decided on version {named}; it is at version {current} now.",
            remedy="Read it again, look at what changed, and decide anew.",
            field="If-Match",
            current_version=current,
        )
