"""A service whose chassis does one thing wrong, and which dies in the moment when that matters: for tests of the judge.

python -m summit_testkit.chaos.mutated MUTANT PACKAGE serve
"""

import asyncio
import os
import runpy
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import text

from summit_chassis import applying, relay
from summit_chassis.applying import Applying, Verdict
from summit_chassis.broker import Outgoing, publish
from summit_chassis.connection import SummitClient
from summit_chassis.consumer import Consumer
from summit_chassis.database import Transaction
from summit_chassis.driven import Statement
from summit_chassis.inbox import Inbox

_NTH = 7
"""It dies at so many-th of the moments that matter."""


def _dies(*, times: int = 1, doing: str = "") -> Callable[[], None]:
    """Called so often, this process ends, if not so many of its kind have before."""
    died = [Path(f"died-{sys.argv[2]}-{doing}{number}") for number in range(times)]
    calls = 0

    def moment() -> None:
        nonlocal calls
        calls += 1
        if calls >= _NTH and (left := [one for one in died if not one.exists()]):
            left[0].touch()
            os._exit(1)

    return moment


def nothing() -> None:
    """The chassis as it is, which dies in the same moments: between commit and acknowledgement, and between publishing and mark."""
    apply, hearing = Inbox.apply, _dies(doing="hearing")
    mark, publishing = relay.Relay._mark, _dies(doing="publishing")

    async def applied(self: Inbox[Any], messages: Sequence[Any]) -> Any:
        verdicts = await apply(self, messages)
        hearing()
        return verdicts

    async def marked(self: relay.Relay, seqs: Any, acknowledged: Any, connection: Any) -> None:
        publishing()
        await mark(self, seqs, acknowledged, connection)

    Inbox.apply = applied  # type: ignore[method-assign]  # so it dies
    relay.Relay._mark = marked  # type: ignore[method-assign]  # so it dies


def acknowledge_before_commit() -> None:
    """A message is acknowledged as it comes."""
    apply, moment = Consumer._apply, _dies()

    async def mutated(self: Consumer, batch: Sequence[Any]) -> None:
        await self._answer_all([(one, Verdict("applied")) for one in batch])
        await self._client.flush()
        moment()
        await apply(self, batch)

    Consumer._apply = mutated  # type: ignore[method-assign]  # that is the mutant


def no_inbox() -> None:
    """Nothing remembers what was applied."""
    progress, apply, moment = Applying._progress, Inbox.apply, _dies()

    async def forgetful(self: Applying[Any], transaction: Transaction, parsed: Sequence[Any]) -> Any:
        found = await progress(self, transaction, parsed)
        found.known.clear()
        for one in parsed:
            found.versions[one.aggregate_key] = min(
                found.versions.get(one.aggregate_key, 0), max(one.version - 1, 0)
            )
        return found

    async def mutated(self: Inbox[Any], messages: Sequence[Any]) -> Any:
        verdicts = await apply(self, messages)
        moment()
        return verdicts

    applying._REMEMBER = Statement(
        "SELECT CAST(:now AS timestamptz), CAST(:ids AS text[]), CAST(:types AS text[])"
    )
    Applying._progress = forgetful  # type: ignore[method-assign]  # that is the mutant
    Inbox.apply = mutated  # type: ignore[method-assign]  # that is the mutant


def mark_before_publish() -> None:
    """Rows count as published before they are."""
    moment = _dies()

    async def mutated(self: relay.Relay) -> int | None:
        async with self._database.engine.begin() as connection:
            rows = (await connection.execute(relay._SELECT, {"avoided": [], "limit": 1000})).all()
            await connection.execute(
                text("UPDATE outbox SET pub_seq = 1, published_at = now() WHERE pub_seq IS NULL")
            )
        if not rows:
            return 0
        moment()
        for row in rows:
            await publish(
                self._client,
                row.stream,
                [Outgoing(row.event_id, row.subject, row.payload, row.headers)],
            )
        return len(rows)

    relay.Relay.relay_once = mutated  # type: ignore[method-assign]  # that is the mutant


def high_water_mark() -> None:
    """The relay takes what stands above the last row that it published; what is committed later than it stands is never seen."""
    relay._SELECT = text(
        "SELECT seq, event_id, stream, subject, payload, headers FROM outbox WHERE pub_seq IS NULL"
        " AND seq > (SELECT coalesce(max(seq), 0) FROM outbox WHERE pub_seq IS NOT NULL)"
        " AND stream <> ALL(CAST(:avoided AS text[])) ORDER BY seq LIMIT :limit"
    )
    write, number = Transaction.write, 0

    async def mutated(self: Transaction) -> None:
        nonlocal number
        number += 1
        await write(self)
        await asyncio.sleep(0.3 * (number % 2))  # every other commit takes a while

    Transaction.write = mutated  # type: ignore[method-assign]  # that is the mutant


def no_reconciliation() -> None:
    """What was acknowledged once counts as kept for ever."""

    async def everything(self: relay.Relay, connection: Any, stream: str, held: int) -> int:
        del self, connection, stream, held
        return 2**40

    async def anywhere(self: relay.Relay, connection: Any, stream: str) -> None:
        del self, connection, stream

    relay.Relay._kept = everything  # type: ignore[method-assign]  # that is the mutant
    relay.Relay._last_seq = anywhere  # type: ignore[method-assign]  # a fence would only stop it


def publish_before_commit() -> None:
    """Facts go out while it is not known yet whether they become true."""
    made, write, moment = relay.Relay.__init__, Transaction.write, _dies(times=3)
    clients: list[SummitClient] = []

    def remembered(self: relay.Relay, database: Any, client: SummitClient) -> None:
        made(self, database, client)
        clients.append(client)

    async def mutated(self: Transaction) -> None:
        await write(self)
        if not (self.staged and clients):
            return
        for row in (await self.connection.execute(relay._SELECT, {"avoided": [], "limit": 1000})).all():
            await publish(
                clients[-1], row.stream, [Outgoing(row.event_id, row.subject, row.payload, row.headers)]
            )
        moment()

    relay.Relay.__init__ = remembered  # type: ignore[method-assign]  # that is the mutant
    Transaction.write = mutated  # type: ignore[method-assign]  # that is the mutant


MUTANTS: dict[str, Callable[[], None]] = {
    one.__name__: one
    for one in (
        acknowledge_before_commit,
        no_inbox,
        mark_before_publish,
        publish_before_commit,
        high_water_mark,
        no_reconciliation,
    )
}

if __name__ == "__main__":
    _, mutant, package, *rest = sys.argv
    {**MUTANTS, "nothing": nothing}[mutant]()
    sys.argv = [package, *rest]
    runpy.run_module(package, run_name="__main__", alter_sys=True)
