"""How far the read model is: asked of the database once for all who want to know at the same time."""

import asyncio
import contextlib
from typing import Any, Final

from summit_chassis.database import Database

_LAST: Final = "SELECT coalesce(max(seq), 0) FROM happenings"
_LINGERS_SECONDS: Final = 0.2
"""A connection is kept for so long after the last question: to borrow one costs several times what the question does."""


class Revision:
    """The number of the last fact that was heard. A page made after it was told shows that fact and all before it."""

    def __init__(self, database: Database) -> None:
        # No transaction around a single statement.
        self._engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._waiting: list[asyncio.Future[int]] = []
        self._came = asyncio.Event()
        self._asking: asyncio.Task[None] | None = None
        database.before_dispose(self._rest)

    async def now(self) -> int:
        """The number as of a moment after this was called, so that nothing which was committed before is missed.

        Raises:
            Exception: as the database; everybody who asked at the same time is told the same.
        """
        told: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append(told)
        self._came.set()
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask())
        return await told

    async def _ask(self) -> None:
        asking: list[asyncio.Future[int]] = []
        try:
            async with self._engine.connect() as borrowed:
                # The driver itself: what lies above it would cost more than the question.
                connection: Any = (await borrowed.get_raw_connection()).driver_connection
                while await self._somebody_waits():
                    asking, self._waiting = self._waiting, []
                    last: int = await connection.fetchval(_LAST)
                    for one in asking:
                        if not one.done():  # its visitor may have left
                            one.set_result(last)
        except Exception as fault:  # noqa: BLE001  # whatever it is, it is told to those who asked
            for one in (*asking, *self._waiting):
                if not one.done():
                    one.set_exception(fault)
            self._waiting, self._asking = [], None

    async def _rest(self) -> None:
        if self._asking:
            self._asking.cancel()
            await asyncio.wait([self._asking])

    async def _somebody_waits(self) -> bool:
        """Whether anybody asked, now or a little later; if nobody did, the next who comes has to begin anew."""
        self._came.clear()
        if not self._waiting:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LINGERS_SECONDS):
                    await self._came.wait()
        if not self._waiting:
            self._asking = None
        return bool(self._waiting)
