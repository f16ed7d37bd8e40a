"""What a form was answered with a moment ago: the same form, sent again before its answer arrived, is answered the same.

It is kept in this process alone, for as long as somebody is impatient. Only success is kept: what was refused is asked anew.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

SECONDS: Final = 60.0
"""For how long an answer is kept; a code of signing in lives longer (`registration/domain/access.py`)."""


class Lately:
    """Answers by the digest of the form that asked for them (`shell/session.py::digest_of`)."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._held: dict[str, tuple[float, asyncio.Future[Any]]] = {}

    async def once(self, form: str, do: Callable[[], Awaitable[Any]]) -> Any:
        """What is done, or was done for the same form within a minute, or is being done for it now.

        Raises:
            Exception: as `do`.
        """
        self._forget()
        if form not in self._held:
            self._held[form] = (self._now() + SECONDS, asyncio.ensure_future(do()))
        doing = self._held[form][1]
        try:
            return await asyncio.shield(doing)  # who goes away takes nothing from who waits for the same
        except Exception:
            self._held.pop(form, None)
            raise

    def _forget(self) -> None:
        now = self._now()
        self._held = {form: kept for form, kept in self._held.items() if now < kept[0]}
