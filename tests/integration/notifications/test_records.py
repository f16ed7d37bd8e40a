"""What becomes of letters is put on record together, and each change stands for itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from sqlalchemy import text

from summit_chassis.http import Door
from summit_notifications.domain.delivery import DeliveryState
from summit_notifications.domain.errors import AttemptReplaced
from summit_notifications.domain.ports import Kept, Unit
from summit_notifications.handlers.records import Begin, Records
from summit_notifications.store.work import SqlUnit
from summit_testkit.desk import Desk


class Ledger:
    """The letters of a service, and how many transactions changed them."""

    def __init__(self, notifications: Desk) -> None:
        self._database = notifications.database
        self._door: Door[Unit] = Door(notifications.database, SqlUnit)
        self.transactions = 0

    @property
    def begin(self) -> Begin:
        @asynccontextmanager
        async def counted() -> AsyncIterator[Unit]:
            self.transactions += 1
            async with self._door.begin() as unit:
                yield unit

        return counted

    async def copies(self, number: int) -> list[str]:
        """So many letters like the one that is due; their ids."""
        columns = "edition_id, letter, invitee, member_id, cause, audience, part, content, written_at, state, due_at, void_at, attempts, is_last_attempt, recipients"
        copied = text(
            f"INSERT INTO letters (letter_id, {columns}) SELECT letter_id || '-' || number, {columns}"  # noqa: S608  # names of columns
            " FROM letters, generate_series(1, :number) AS number RETURNING letter_id"
        )
        async with self._database.engine.begin() as connection:
            return list((await connection.execute(copied, {"number": number})).scalars())

    async def reasons(self) -> list[str]:
        async with self._database.engine.connect() as connection:
            query = text("SELECT reason FROM letters WHERE reason IS NOT NULL ORDER BY reason")
            return list((await connection.execute(query)).scalars())


@pytest.fixture
def ledger(notifications_with_a_letter: Desk) -> Ledger:
    return Ledger(notifications_with_a_letter)


async def put_off(unit: Unit, kept: Kept) -> None:
    """The letter waits, with its own id for a reason."""
    await unit.letters.save(
        replace(kept.delivery, state=DeliveryState.RETRYING, reason=kept.delivery.letter_id)
    )


async def too_late(unit: Unit, kept: Kept) -> None:
    raise AttemptReplaced(kept.delivery.letter_id)


async def broken(unit: Unit, kept: Kept) -> None:
    await put_off(unit, kept)
    raise ZeroDivisionError


async def test_what_comes_while_a_transaction_is_under_way_shares_the_next(ledger: Ledger) -> None:
    records, letters = Records(), await ledger.copies(20)
    await asyncio.gather(*(records.change(ledger.begin, one, put_off) for one in letters))
    assert await ledger.reasons() == sorted(letters)
    assert ledger.transactions == 1


async def test_two_changes_of_one_letter_see_each_other(ledger: Ledger) -> None:
    records, (letter,) = Records(), await ledger.copies(1)
    seen: list[DeliveryState] = []

    async def looking(unit: Unit, kept: Kept) -> None:
        seen.append(kept.delivery.state)
        await put_off(unit, kept)

    await asyncio.gather(*(records.change(ledger.begin, letter, looking) for _ in range(2)))
    assert seen == [DeliveryState.QUEUED, DeliveryState.RETRYING]
    assert ledger.transactions == 2


async def test_a_change_that_comes_too_late_takes_no_other_with_it(ledger: Ledger) -> None:
    records, letters = Records(), await ledger.copies(3)
    changes = [
        (letters[0], put_off),
        (letters[1], too_late),
        ("no such letter", put_off),
        (letters[2], put_off),
    ]
    ended = await asyncio.gather(
        *(records.change(ledger.begin, letter, change) for letter, change in changes), return_exceptions=True
    )
    assert [type(one) for one in ended] == [type(None), AttemptReplaced, AttemptReplaced, type(None)]
    assert await ledger.reasons() == [letters[0], letters[2]]
    assert ledger.transactions == 1


async def test_a_change_that_cannot_be_made_is_undone_alone(ledger: Ledger) -> None:
    records, letters = Records(), await ledger.copies(3)
    changes = zip(letters, (put_off, broken, put_off), strict=True)
    ended = await asyncio.gather(
        *(records.change(ledger.begin, letter, change) for letter, change in changes), return_exceptions=True
    )
    assert [type(one) for one in ended] == [type(None), ZeroDivisionError, type(None)]
    assert await ledger.reasons() == [letters[0], letters[2]]


async def test_nobody_is_told_that_a_change_is_on_record_when_its_commit_broke_off(ledger: Ledger) -> None:
    records, letters = Records(), await ledger.copies(2)

    @asynccontextmanager
    async def breaking_off() -> AsyncIterator[Unit]:
        async with ledger.begin() as unit:
            yield unit
            raise ConnectionResetError("the database is gone")

    ended = await asyncio.gather(
        *(records.change(breaking_off, letter, put_off) for letter in letters), return_exceptions=True
    )
    assert [type(one) for one in ended] == [ConnectionResetError, ConnectionResetError]
    assert await ledger.reasons() == []
    assert ledger.transactions == 1
    await records.change(ledger.begin, letters[0], put_off)  # and the next one is not kept from it
    assert await ledger.reasons() == [letters[0]]
