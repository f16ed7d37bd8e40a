"""What the publisher does in a test that kills it: the same for the same seed, wherever it was interrupted."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import TypeVar

from sqlalchemy import func, insert, select

from summit_chassis.database import Database
from summit_contracts.fact import Fact
from summit_testkit.probe.services import CODES, coded, refused, withdrawn, written

T = TypeVar("T")

_AGGREGATES = 9
_MOST_FACTS = 12


@dataclass(frozen=True)
class Step:
    """One transaction of the publisher."""

    number: int
    facts: tuple[Fact, ...]
    is_rolled_back: bool
    """It changes its mind after it has staged them."""


@dataclass(frozen=True)
class Workload:
    """A number of transactions, told by a seed."""

    seed: int = 1
    transactions: int = 60

    def steps(self) -> Iterator[Step]:
        """The transactions, in order."""
        chance = Random(self.seed)
        for number in range(self.transactions):
            many = chance.randint(1, _MOST_FACTS)
            facts = tuple(_fact(chance, f"{number}-{place}") for place in range(many))
            yield Step(number, facts, is_rolled_back=chance.random() < 0.1)


def _fact(chance: Random, says: str) -> Fact:
    invitee = chance.choice(CODES[:_AGGREGATES])
    make = chance.choices((withdrawn, refused, coded), (7, 2, 1))[0]
    return make(f"{says}-of-{invitee}", invitee)


class ChangedItsMind(Exception):
    """The publisher does not commit after all."""


async def write(database: Database, workload: Workload, *, pause: float = 0.0) -> None:
    """All of the workload is committed; what an earlier process committed of it is not done again.

    A database that goes away is waited for: whether a commit was heard or not, the row that came with it tells.
    """
    last = await _in_spite_of_everything(lambda: _last_written(database))
    for step in workload.steps():
        if step.number > last:
            await _in_spite_of_everything(partial(_commit, database, step))
            await asyncio.sleep(pause)


async def _in_spite_of_everything(work: Callable[[], Awaitable[T]]) -> T:
    while True:
        try:
            return await work()
        except Exception:  # noqa: BLE001  # killed and restarted under it, the database fails in every way there is
            await asyncio.sleep(0.1)


async def _last_written(database: Database) -> int:
    async with database.engine.connect() as connection:
        return int(
            (await connection.execute(select(func.coalesce(func.max(written.c.number), -1)))).scalar_one()
        )


async def _commit(database: Database, step: Step) -> None:
    with suppress(ChangedItsMind):
        async with database.transaction() as transaction:
            query = select(written.c.number).where(written.c.number == step.number)
            if (await transaction.connection.execute(query)).one_or_none():
                return
            await transaction.connection.execute(insert(written).values(number=step.number))
            transaction.stage(*step.facts)
            if step.is_rolled_back:
                raise ChangedItsMind
