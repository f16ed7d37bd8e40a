"""Dead letters applied again, each with all that waited behind it, as far as it goes."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from summit_chassis.applying import Applying
from summit_chassis.database import Database, Transaction
from summit_chassis.deadletters import DeadLetter, DeadLetters, reason_of
from summit_chassis.faults import is_passing
from summit_chassis.subscribers import ComeAgain

_FIRST_WAIT_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 60.0


class NotRipe(Exception):
    """A letter cannot be applied yet, or not at all; the text says why."""


class Interrupted:
    """Letters whose replay ended by nothing that lies in them: each comes again by itself, after longer and longer."""

    def __init__(self) -> None:
        self._due_at: dict[str, float] = {}
        self._waits: dict[str, float] = {}

    def note(self, letter: DeadLetter) -> None:
        """It comes again, after twice the time that it waited last."""
        letter_id = letter.dead_letter_id
        before = self._waits.get(letter_id, _FIRST_WAIT_SECONDS / 2)
        self._waits[letter_id] = min(2 * before, _LONGEST_WAIT_SECONDS)
        self._due_at[letter_id] = time.monotonic() + self._waits[letter_id]

    def due(self) -> list[str]:
        """The ids of those that waited long enough."""
        now = time.monotonic()
        return [letter_id for letter_id, at in self._due_at.items() if at <= now]

    def begun(self, letter_id: str) -> None:
        """It is tried again, because it was due or because a person asked."""
        self._due_at.pop(letter_id, None)

    def ended(self, letters: Sequence[DeadLetter]) -> None:
        """They are through."""
        for letter in letters:
            self._waits.pop(letter.dead_letter_id, None)


class Replay:
    """Applies what a person marked for replay, and what was parked while its aggregate was set free.

    One letter is claimed at any moment: it is `dead` until it is through. So however a replay ends, what blocks an aggregate can
    be seen, and asked for again; and a letter that kills the process is not replayed for ever.
    """

    _claimed: DeadLetter

    def __init__(self, database: Database, applying: Applying[Any], dead_letters: DeadLetters) -> None:
        self._database = database
        self._applying = applying
        self._dead_letters = dead_letters
        self._interrupted = Interrupted()
        self._seconds = 10.0

    async def replay(self, *, within: float) -> int:
        """How many aggregates went on, wholly or in part; `within` is what one transaction may take, in seconds.

        Raises:
            Exception: a passing fault of the surroundings.
        """
        self._seconds = within
        for letter_id in self._interrupted.due():
            await self._dead_letters.resume(letter_id)
            self._interrupted.begun(letter_id)
        return sum([await self._go_on(first) for first in await self._dead_letters.ripe()])

    async def _go_on(self, first: DeadLetter) -> bool:
        """Whether any letter of this aggregate was applied."""
        async with self._database.transaction() as transaction:
            await self._dead_letters.claim(transaction.connection, first)
        self._claimed = first
        self._interrupted.begun(first.dead_letter_id)
        try:
            return await self._at_once(first) or await self._one_by_one(first)
        except asyncio.CancelledError:
            await self._dead_letters.resume(self._claimed.dead_letter_id)  # the next process goes on
            raise
        except Exception:
            self._interrupted.note(self._claimed)
            raise

    async def _at_once(self, first: DeadLetter) -> bool:
        """All letters of the aggregate in one transaction, which nobody can park another one beside; false if that failed."""
        try:
            async with self._database.transaction(within=self._seconds) as transaction:
                connection = transaction.connection
                await self._dead_letters.set_free(connection, first.aggregate_key)
                await self._apply(transaction, await self._dead_letters.chain(connection, first))
        except Exception as failure:
            if is_passing(failure):
                raise
            return False
        return True

    async def _one_by_one(self, first: DeadLetter) -> bool:
        """Up to the first that fails, which is what blocks the aggregate from then on; whether any was applied."""
        async with self._database.engine.connect() as connection:
            letters = _in_order(await self._dead_letters.chain(connection, first))
        for place, self._claimed in enumerate(letters):
            try:
                await self._one(self._claimed, letters[place + 1 : place + 2])
            except Exception as failure:
                if is_passing(failure):
                    raise
                await self._dead_letters.reopen(self._claimed, reason_of(failure))
                if isinstance(failure, ComeAgain):
                    self._interrupted.note(self._claimed)
                return place > 0
        return True

    async def _one(self, letter: DeadLetter, following: Sequence[DeadLetter]) -> None:
        """This letter is through, and the one that follows, if one does, is claimed, or neither."""
        async with self._database.transaction(within=self._seconds) as transaction:
            connection = transaction.connection
            await self._dead_letters.set_free(connection, letter.aggregate_key)
            await self._apply(transaction, [letter])
            for one in following:
                await self._dead_letters.claim(connection, one)

    async def _apply(self, transaction: Transaction, letters: Sequence[DeadLetter]) -> None:
        messages = [letter.incoming.parsed for letter in _in_order(letters)]
        verdicts = await self._applying.run(transaction, messages)
        for message, verdict in zip(messages, verdicts, strict=True):
            if verdict.outcome == "early":
                raise ComeAgain("something that it rests on has not come yet")
            if verdict.outcome not in ("applied", "known"):
                raise NotRipe(message.fault or "an earlier event of its aggregate is still missing")
        await self._dead_letters.close(transaction.connection, letters)
        self._interrupted.ended(letters)


def _in_order(letters: Sequence[DeadLetter]) -> list[DeadLetter]:
    """By version: a stream that lost its tail may have numbered them otherwise."""
    return sorted(letters, key=lambda letter: (letter.incoming.parsed.version, letter.seq))
