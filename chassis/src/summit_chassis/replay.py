"""Dead letters applied again, each with all that waited behind it, as far as it goes."""

from collections.abc import Sequence
from typing import Any

from summit_chassis.applying import Applying
from summit_chassis.database import Database, Transaction, is_passing
from summit_chassis.deadletters import DeadLetter, DeadLetters, reason_of
from summit_chassis.subscribers import ComeAgain


class NotRipe(Exception):
    """A letter cannot be applied yet, or not at all; the text says why."""


class Replay:
    """Applies what a person marked for replay, and what was parked while its aggregate was set free."""

    def __init__(self, database: Database, applying: Applying[Any], dead_letters: DeadLetters) -> None:
        self._database = database
        self._applying = applying
        self._dead_letters = dead_letters
        self._interrupted: set[str] = set()
        self._seconds = 10.0

    async def replay(self, *, within: float) -> int:
        """How many aggregates went on, wholly or in part; `within` is what one transaction may take, in seconds.

        Raises:
            Exception: a passing fault of the surroundings.
        """
        self._seconds = within
        for letter_id in tuple(self._interrupted):
            await self._dead_letters.resume(letter_id)
            self._interrupted.discard(letter_id)
        return sum([await self._go_on(first) for first in await self._dead_letters.ripe()])

    async def _go_on(self, first: DeadLetter) -> bool:
        await self._dead_letters.claim(first)
        try:
            try:
                await self._at_once(first)
            except Exception as failure:
                if is_passing(failure):
                    raise
                return await self._one_by_one(first)
        except Exception:
            self._interrupted.add(first.dead_letter_id)
            raise
        return True

    async def _at_once(self, first: DeadLetter) -> None:
        """All letters of the aggregate in one transaction, which nobody can park another one beside."""
        async with self._database.transaction(within=self._seconds) as transaction:
            connection = transaction.connection
            await self._dead_letters.set_blocked(connection, first.aggregate_key, is_blocked=False)
            letters = await self._dead_letters.chain(connection, first)
            await self._apply(transaction, letters)

    async def _one_by_one(self, first: DeadLetter) -> bool:
        """Up to the first that fails, which is what blocks the aggregate from then on; whether any was applied."""
        async with self._database.engine.connect() as connection:
            letters = _in_order(await self._dead_letters.chain(connection, first))
        for place, letter in enumerate(letters):
            is_last = place == len(letters) - 1
            try:
                async with self._database.transaction(within=self._seconds) as transaction:
                    connection = transaction.connection
                    await self._dead_letters.set_blocked(connection, letter.aggregate_key, is_blocked=False)
                    await self._apply(transaction, [letter])
                    await self._dead_letters.set_blocked(
                        connection, letter.aggregate_key, is_blocked=not is_last
                    )
            except Exception as failure:
                if is_passing(failure):
                    raise
                await self._dead_letters.reopen(letter, reason_of(failure))
                if isinstance(failure, ComeAgain):
                    self._interrupted.add(letter.dead_letter_id)
                return place > 0
        return True

    async def _apply(self, transaction: Transaction, letters: Sequence[DeadLetter]) -> None:
        messages = [letter.incoming.parsed for letter in _in_order(letters)]
        verdicts = await self._applying.run(transaction, messages)
        for message, verdict in zip(messages, verdicts, strict=True):
            if verdict.outcome == "early":
                raise ComeAgain("something that it rests on has not come yet")
            if verdict.outcome not in ("applied", "known"):
                raise NotRipe(message.fault or "an earlier event of its aggregate is still missing")
        await self._dead_letters.close(transaction.connection, letters)


def _in_order(letters: Sequence[DeadLetter]) -> list[DeadLetter]:
    """By version: a stream that lost its tail may have numbered them otherwise."""
    return sorted(letters, key=lambda letter: (letter.incoming.parsed.version, letter.seq))
