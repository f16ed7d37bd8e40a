"""How often a message was tried, counted where a crash does not reach it."""

from sqlalchemy import text

from summit_chassis.database import Database

_COUNT = text("""
    INSERT INTO inbox_attempt AS known (message_id, attempts, reason) VALUES (:message_id, 1, :reason)
    ON CONFLICT (message_id) DO UPDATE
    SET attempts = greatest(known.attempts + 1 - :survived, 1), reason = excluded.reason RETURNING attempts
""")
_FORGET = text("DELETE FROM inbox_attempt WHERE message_id = :message_id")


class Attempts:
    """The attempts of one service at messages that fail, or that may be what kills the process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._survived: dict[str, int] = {}

    async def count(self, message_id: str, reason: str) -> int:
        """Another attempt is on record; how many there are now, without those that were no fault of the message."""
        survived = self._survived.get(message_id, 0)
        async with self._database.transaction() as transaction:
            result = await transaction.connection.execute(
                _COUNT, {"message_id": message_id, "reason": reason, "survived": survived}
            )
            attempts = int(result.scalar_one())
        self._survived.pop(message_id, None)
        return attempts

    def survived(self, message_id: str) -> None:
        """An attempt counted beforehand ended by a fault of the surroundings: the next counting takes it back."""
        self._survived[message_id] = self._survived.get(message_id, 0) + 1

    async def forget(self, message_id: str) -> None:
        """The message is through."""
        self._survived.pop(message_id, None)
        async with self._database.transaction() as transaction:
            await transaction.connection.execute(_FORGET, {"message_id": message_id})
