"""Where strangers knock: whoever shows a secret or has a mail sent is answered so often in a minute, and not oftener.

What may be guessed is guarded by its owner, who counts by invitation (`registration/domain/access.py`). Here it is counted by
address, so that one machine that tries many links keeps nobody else waiting.
"""

import time
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Annotated, Final

from fastapi import Depends
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.exceptions import HTTPException
from starlette.requests import Request

_HOUSEHOLD: Final = 64
"""Bits of an IPv6 address that one subscriber is given; what follows is theirs to choose. Source: RFC 6177."""


class Doorkeeper:
    """Counts who knocks at this process, for a minute each."""

    def __init__(self, per_minute: int) -> None:
        self._limit = RateLimitItemPerMinute(per_minute)
        self._counter = MovingWindowRateLimiter(MemoryStorage())

    async def seconds_to_wait(self, address: str) -> int:
        """None where whoever knocks from there is answered; else after how many seconds they are again."""
        household = _household(address)
        if await self._counter.hit(self._limit, household):
            return 0
        window = await self._counter.get_window_stats(self._limit, household)
        return max(1, int(window.reset_time - time.time()) + 1)


def _household(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:  # a socket without an address: whoever stands there is one
        return address
    if isinstance(found, IPv4Address):
        return address
    return str(ip_network((found, _HOUSEHOLD), strict=False))


async def _knock(request: Request) -> None:
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    wait = await doorkeeper.seconds_to_wait(request.client.host if request.client else "")
    if wait:
        raise HTTPException(429, f"Try again in {wait} s.", {"Retry-After": str(wait)})


Knocking = Annotated[None, Depends(_knock)]
"""A route that strangers may ask, and that shows a secret to another service or has a mail sent."""
